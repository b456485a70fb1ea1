package ingest

import (
	"fmt"
	"testing"
)

// TestIdentity: what says the same has one identity, however it is written; what says something else has another.
func TestIdentity(t *testing.T) {
	const at = `"Timestamp":"2026-11-01T10:00:00.1234567Z"`
	for name, tc := range map[string]struct {
		table, a, b string
		same        bool
	}{
		"order":               {"DeviceProcessEvents", `{"ActionType":"a","FileName":"b",` + at + `}`, `{` + at + `,"FileName":"b","ActionType":"a"}`, true},
		"missing":             {"DeviceProcessEvents", `{"ActionType":"a",` + at + `}`, `{"ActionType":"a","FileName":"","ProcessId":null,"AdditionalFields":{},` + at + `}`, true},
		"truth":               {"DeviceNetworkInfo", `{"IPv4Dhcp":"x","ConnectedNetworks":"[{\"a\":true}]",` + at + `}`, `{"IPv4Dhcp":"x","ConnectedNetworks":[{"a": true}],` + at + `}`, true},
		"bool as a number":    {"AADSignInEventsBeta", `{"IsExternalUser":true,` + at + `}`, `{"IsExternalUser":1,` + at + `}`, true},
		"other bool":          {"EntraIdSignInEvents", `{"IsManaged":false,` + at + `}`, `{` + at + `}`, false},
		"members in order":    {"CloudAppEvents", `{"RawEventData":{"a":1,"b":"é"},` + at + `}`, `{"RawEventData":{"b":"\u00e9","a":1.0},` + at + `}`, true},
		"members of others":   {"CloudAppEvents", `{"RawEventData":{"a":1,"b":2},` + at + `}`, `{"RawEventData":{"a":2,"b":1},` + at + `}`, false},
		"arrays have order":   {"CloudAppEvents", `{"RawEventData":[1,2],` + at + `}`, `{"RawEventData":[2,1],` + at + `}`, false},
		"what the copy adds":  {"DeviceEvents", `{"ActionType":"a",` + at + `}`, `{"ActionType":"a","TimeGenerated":"2026-11-01T10:05:00Z","MachineGroup":"x","Type":"DeviceEvents","_BilledSize":1,` + at + `}`, true},
		"a new column":        {"DeviceEvents", `{"ReportId":7,` + at + `}`, `{"ReportId":7,"Fresh":"x",` + at + `}`, true},
		"unknown, no report":  {"DeviceEvents", `{"ActionType":"a",` + at + `}`, `{"ActionType":"a","Fresh":"x",` + at + `}`, false},
		"unknown, missing":    {"DeviceEvents", `{"ActionType":"a",` + at + `}`, `{"ActionType":"a","Fresh":null,"Fresher":"",` + at + `}`, true},
		"another value":       {"DeviceEvents", `{"ReportId":7,"FileName":"a",` + at + `}`, `{"ReportId":7,"FileName":"b",` + at + `}`, false},
		"another column":      {"DeviceEvents", `{"FileName":"a",` + at + `}`, `{"FolderPath":"a",` + at + `}`, false},
		"before an empty one": {"CloudAppEvents", `{"Application":"a","RawEventData":[],` + at + `}`, `{"Application":"b","RawEventData":[],` + at + `}`, false},
		"values that misfit":  {"DeviceEvents", `{"ProcessId":"x",` + at + `}`, `{"ProcessId":"y",` + at + `}`, false},
		"long numbers":        {"DeviceEvents", `{"ReportId":9007199254740993,` + at + `}`, `{"ReportId":9007199254740992,` + at + `}`, false},
		"long numbers inside": {"CloudAppEvents", `{"RawEventData":{"n":9007199254740993},` + at + `}`, `{"RawEventData":{"n":9007199254740992},` + at + `}`, false},
	} {
		out := decode(DecoderOptions{Seed: 3}, event(tc.table, tc.a), event(tc.table, tc.b))
		if len(out.Chunks) != 1 || out.Chunks[0].N != 2 {
			t.Fatalf("%s: %d chunks, refused %v", name, len(out.Chunks), out.Refused)
		}
		if h := out.Chunks[0].Hash; (h[0] == h[1]) != tc.same {
			t.Errorf("%s: same %v, want %v", name, !tc.same, tc.same)
		}
	}
}

// TestIdentityOfBroken: text that only looks like JSON ends in some hash and not in a loop.
func TestIdentityOfBroken(t *testing.T) {
	h := hashing{5}
	for _, s := range []string{``, `{`, `[`, `{"a"`, `{"a":`, `[}`, `{]`, `{"a":1]`, `nul`, `"`, `"\`, `-`, `[[[`, `{"a" 1}`, `{,}`, `[,,]`} {
		h.json([]byte(s), 0, 0)
	}
	deep := fmt.Sprintf("%0*d", 400, 0)
	deepest := make([]byte, 0, 400)
	for range deep {
		deepest = append(deepest, '[')
	}
	h.json(deepest, 0, 0)
}
