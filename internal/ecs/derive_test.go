package ecs

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
)

// mapped makes the document of an event row and gives it by field.
func mapped(t *testing.T, opt Options, table, properties string) map[string]any {
	t.Helper()
	m, err := New(Event, opt)
	if err != nil {
		t.Fatal(err)
	}
	line, err := m.Append(nil, []byte(`{"category":"AdvancedHunting-`+table+`","properties":`+properties+`}`))
	if err != nil {
		t.Fatal(err)
	}
	return flatten(t, line)
}

func flatten(t *testing.T, line []byte) map[string]any {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal(line, &doc); err != nil {
		t.Fatalf("%v: %s", err, line)
	}
	out := map[string]any{}
	var walk func(string, any)
	walk = func(path string, v any) {
		if o, ok := v.(map[string]any); ok {
			for k, x := range o {
				walk(strings.TrimPrefix(path+"."+k, "."), x)
			}
			return
		}
		b, _ := json.Marshal(v)
		out[path] = string(b)
	}
	walk("", doc)
	return out
}

// TestRows maps small rows; every field of want must be there with this JSON, or absent for "".
func TestRows(t *testing.T) {
	mend := Options{}
	for _, c := range []struct {
		name, table, row string
		opt              Options
		want             map[string]string
	}{
		{"a registry key of another user", "DeviceRegistryEvents", `{"ActionType":"RegistryValueSet","RegistryKey":"HKEY_USERS\\S-1-5-18\\Run","RegistryValueName":"x","RegistryValueData":"new","PreviousRegistryValueData":"old"}`, Default(),
			map[string]string{"registry.hive": `"HKU"`, "registry.key": `"S-1-5-18\\Run"`, "registry.path": `"HKU\\S-1-5-18\\Run\\x"`, "registry.data.strings": `["new","old"]`, "event.action": `"modification"`, "event.type": `["change"]`, "host.os.type": `"windows"`}},
		{"a renamed key takes its name from before", "DeviceRegistryEvents", `{"ActionType":"RegistryKeyRenamed","RegistryKey":"","PreviousRegistryKey":"HKEY_CLASSES_ROOT\\a"}`, Default(),
			map[string]string{"registry.hive": `"HKCR"`, "registry.key": `"a"`, "registry.path": "", "event.type": `["change"]`}},
		{"a driver", "DeviceEvents", `{"ActionType":"DriverLoad","FolderPath":"C:\\d","FileName":"x.sys","InitiatingProcessFolderPath":"C:\\w","InitiatingProcessFileName":"a.exe"}`, Default(),
			map[string]string{"event.category": `["driver"]`, "event.action": `"load"`, "event.type": `["start"]`, "dll.path": `"C:\\d\\x.sys"`, "process.executable": `"C:\\w\\a.exe"`, "host.os.type": `"windows"`}},
		{"an action of another process", "DeviceEvents", `{"ActionType":"ProcessCreatedUsingWmiQuery","FileName":"b.exe","FolderPath":"C:\\b.exe","InitiatingProcessFileName":"a.exe","ProcessCommandLine":"b.exe 1"}`, Default(),
			map[string]string{"process.name": `"b.exe"`, "process.parent.name": `"a.exe"`, "process.args": `["b.exe","1"]`, "event.type": `["info","start"]`}},
		{"an API call's parameters", "DeviceEvents", `{"ActionType":"OpenProcessApiCall","FileName":"lsass.exe","FolderPath":"C:\\w","AdditionalFields":"{\"DesiredAccess\":16,\"x\":1}"}`, Default(),
			map[string]string{"event.type": `["access"]`, "process.Ext.api.name": `"OpenProcess"`, "process.Ext.api.parameters.desired_access_numeric": "16", "Target.process.executable": `"C:\\w\\lsass.exe"`, "m365_defender.event.additional_fields.x": "1"}},
		{"an incoming connection", "DeviceNetworkEvents", `{"ActionType":"InboundConnectionAccepted","LocalIP":"10.0.0.1","LocalPort":445,"RemoteIP":"10.0.0.2","RemotePort":5000,"Protocol":"TcpV4","AdditionalFields":"{\"direction\":\"In\"}"}`, Default(),
			map[string]string{"source.ip": `"10.0.0.2"`, "source.port": "445", "destination.ip": `"10.0.0.1"`, "destination.port": "445", "network.direction": `"inbound"`, "network.transport": `"tcp"`, "event.type": `["start"]`}},
		{"an incoming connection, mended", "DeviceNetworkEvents", `{"LocalPort":445,"RemoteIP":"10.0.0.2","RemotePort":5000,"AdditionalFields":"{\"direction\":\"In\"}"}`, mend,
			map[string]string{"source.port": "5000", "destination.port": "445"}},
		{"a bare name, mended", "DeviceNetworkEvents", `{"RemoteUrl":"a.example/b"}`, mend, map[string]string{"url.domain": `"a.example"`, "url.path": `"/b"`}},
		{"inspected DNS", "DeviceNetworkEvents", `{"ActionType":"DnsConnectionInspected","AdditionalFields":"{\"query\":\"a.example\",\"answers\":\"[\\\"10.0.0.1\\\"]\",\"TTLs\":\"[5.9]\",\"RD\":\"true\",\"uid\":\"u\"}"}`, Default(),
			map[string]string{"dns.question.name": `"a.example"`, "dns.answers": `[{"data":"10.0.0.1","ttl":5}]`, "dns.header_flags": `["RD"]`, "network.protocol": `"dns"`, "event.type": `["protocol"]`, "m365_defender.event.dns.query": "", "m365_defender.event.additional_fields.uid": `"u"`}},
		{"a logon", "DeviceLogonEvents", `{"ActionType":"LogonSuccess","Protocol":"Kerberos","AccountSid":"S-1-5-18","RemoteIP":"-"}`, Default(),
			map[string]string{"event.outcome": `"success"`, "network.protocol": `"kerberos"`, "source.ip": "", "host.os.type": `"windows"`, "error.message": ""}},
		{"a file whose folder has a point", "DeviceFileEvents", `{"ActionType":"FileRenamed","FolderPath":"C:\\a.b\\file","FileName":"file"}`, mend,
			map[string]string{"file.extension": "", "file.directory": `"C:\\a.b"`, "event.action": `"rename"`, "event.type": `["change"]`}},
		{"a wrong number", "DeviceFileEvents", `{"InitiatingProcessFileSize":"many"}`, Default(),
			map[string]string{"error.message": `["Processor convert with tag convert_InitiatingProcessFileSize in pipeline device failed with message: unable to convert [many] to long"]`}},
		{"an unknown table and unknown columns", "EntraIdSignInEvents", `{"AccountUpn":"a@b","SessionId":"s","InitiatingProcessX":1,"OSVersionX":2,"UserAgent":null}`, Default(),
			map[string]string{"event.category": `["authentication"]`, "m365_defender.event.session_id": `"s"`, "m365_defender.event.initiating_process.x": "1", "m365_defender.event.os_version_x": "2", "related.user": `["a@b"]`, "error.message": ""}},
		{"an unknown column with the name of a group", "DeviceInfo", `{"Device":"d"}`, Default(), map[string]string{"m365_defender.event.device_value": `"d"`}},
		{"a threat", "AlertEvidence", `{"AlertId":"1","Category":"Persistence","EntityType":"File","FileName":"x","Severity":"Critical"}`, Default(),
			map[string]string{"event.category": `["file","threat"]`, "event.type": `["indicator"]`, "threat.indicator.file.name": `"x"`, "file.name": "", "event.severity": "99", "event.kind": `"alert"`}},
		{"an identity", "IdentityInfo", `{"AccountObjectId":"o","AccountDisplayName":"D","City":"Oslo"}`, Default(),
			map[string]string{"event.kind": `"asset"`, "event.type": `["info","user"]`, "user.id": `"o"`, "user.full_name": `"D"`, "m365_defender.event.account.city": `"Oslo"`, "m365_defender.event.city": ""}},
		{"mail", "EmailEvents", `{"Subject":"s","InternetMessageId":"<i>","NetworkMessageId":"n","SenderIPv4":"10.0.0.1","EmailDirection":"Intra-org"}`, Default(),
			map[string]string{"email.message_id": `"\u003ci\u003e"`, "email.local_id": `"n"`, "source.ip": `["10.0.0.1"]`, "email.direction": `"Intra-org"`, "m365_defender.event.subject": ""}},
	} {
		got := mapped(t, c.opt, c.table, c.row)
		for field, want := range c.want {
			if got[field] == nil && want == "" {
				continue
			}
			if got[field] != want {
				t.Errorf("%s: %s is %v, want %v", c.name, field, got[field], want)
			}
		}
	}
}

func TestSplitCommandLine(t *testing.T) {
	for line, want := range map[string][]string{
		``:                            nil,
		`a b`:                         {"a", "b"},
		` "a b"  c	d `:                {"a b", "c", "d"},
		`"C:\Program Files\x.exe" /u`: {`C:\Program Files\x.exe`, "/u"},
		`a\\\"b c`:                    {`a\"b`, "c"},
		`a\\"b c"`:                    {`a\b c`},
		`"a""b" c`:                    {`a"b c`},
		`a "" b`:                      {"a", "b"},
		`x\y\ z`:                      {`x\y\`, "z"},
		`--k="v w"`:                   {"--k=v w"},
	} {
		if got := splitCommandLine(line); !slices.Equal(got, want) {
			t.Errorf("%q gives %q, want %q", line, got, want)
		}
	}
}

func TestHashOrder(t *testing.T) {
	for _, want := range [][]string{{"backgroundtaskhost.exe", "backgroundTaskHost.exe"}, {"python3.12", "python"}, {"MsSense.exe", "mssense.exe"}} {
		if got := hashOrder(slices.Clone(want)); !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if a, b := bucket("\U0001F600", 1<<16), bucket("x", 1<<16); a == b {
		t.Error("a letter beyond the 16-bit ones has no hash")
	}
}

func TestCutDate(t *testing.T) {
	for in, want := range map[string]string{
		"2022-11-07T17:07:42.0259186Z":  "2022-11-07T17:07:42.025Z",
		"2022-11-07T17:07:42.9999999Z":  "2022-11-07T17:07:42.999Z",
		"2022-11-07T17:07:42Z":          "2022-11-07T17:07:42.000Z",
		"2022-11-07T17:07:42.1Z":        "2022-11-07T17:07:42.100Z",
		"2024-02-29T00:00:00Z":          "2024-02-29T00:00:00.000Z",
		"2022-11-07T17:07:42.123+02:00": "2022-11-07T15:07:42.123Z",
		"2025-10-06 10:43:58":           "2025-10-06T10:43:58.000Z",
		"2023-02-29T00:00:00Z":          "",
		"yesterday":                     "",
	} {
		if got, ok := cutDate(in); got != want || ok != (want != "") {
			t.Errorf("%s gives %q, want %q", in, got, want)
		}
	}
}

func TestSnake(t *testing.T) {
	for in, want := range map[string]string{"IsProcessRemoteSession": "is_process_remote_session", "OSBuild": "os_build", "SHA256": "sha256",
		"@odata.type": "odata_type", "aadDeviceId": "aad_device_id", "cvssV3": "cvss_v3", "IPAddress": "ip_address", "already_so": "already_so"} {
		if got := snake(in); got != want {
			t.Errorf("%s gives %s, want %s", in, got, want)
		}
	}
}

func TestSplitURL(t *testing.T) {
	for in, want := range map[string]string{
		"http://u:p@h.example:80/a/b.gif?k=v#f": "http u:p h.example 80 /a/b.gif gif k=v f",
		"sub.domain.tld":                        "   0 sub.domain.tld   ",
		"https://h":                             "https  h 0    ",
		"https://[::1]:8443/":                   "https  [::1] 8443 /   ",
		"https://h/a%20b.x?q=%26":               "https  h 0 /a b.x x q=& ",
	} {
		a, ok := splitURL(in)
		got := strings.Join([]string{a.scheme, a.user, a.host, jsonNumber(a.port), a.path, a.extension(), a.query, a.fragment}, " ")
		if !ok || got != want {
			t.Errorf("%s gives %q, want %q", in, got, want)
		}
	}
	for _, in := range []string{"", "a b", "http://h:port/", "10.0.0.1:80", ":x"} {
		if _, ok := splitURL(in); ok {
			t.Errorf("%q is no URL", in)
		}
	}
}

func jsonNumber(n int) string { b, _ := json.Marshal(n); return string(b) }

func TestFingerprint(t *testing.T) {
	// SHA-1 over a zero byte and the text, in base64: what Elasticsearch's processor gives for one field.
	if got, want := fingerprint("a"), "MQZgDgMnync3HyUm33lO2EMiWFw="; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestMessages(t *testing.T) {
	m, err := New(Event, Options{StrictElastic: true, PreserveOriginal: true, Geo: func(ip string) (Geo, bool) {
		return Geo{City: "Oslo", CountryCode: "NO", Lat: 59.9, Lon: 10.75, Located: true, ASN: 64500, Organization: "Example"}, ip == "10.0.0.9"
	}})
	if err != nil {
		t.Fatal(err)
	}
	in := `{"records":[{"category":"AdvancedHunting-DeviceNetworkEvents","properties":{"RemoteIP":"10.0.0.9","ReportId":9007199254740993}},7,{"properties":{}}]}`
	out, err := m.Append(nil, []byte(in))
	if err == nil || !strings.Contains(err.Error(), "record 2") {
		t.Errorf("the error does not name record 2: %v", err)
	}
	docs := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	if len(docs) != 2 {
		t.Fatalf("%d documents: %s", len(docs), out)
	}
	first := flatten(t, docs[0])
	for field, want := range map[string]string{"destination.geo.city_name": `"Oslo"`, "destination.as.number": "64500",
		"destination.geo.location.lat": "59.9", "m365_defender.event.report_id": `"9007199254740993"`, "tags": `["preserve_original_event"]`,
		"event.original": `"{\"category\":\"AdvancedHunting-DeviceNetworkEvents\",\"properties\":{\"RemoteIP\":\"10.0.0.9\",\"ReportId\":9007199254740993}}"`} {
		if first[field] != want {
			t.Errorf("%s is %v, want %s", field, first[field], want)
		}
	}
	if second := flatten(t, docs[1]); second["error.message"] != `["Missing required field: m365_defender.event.category."]` {
		t.Errorf("a record without its table: %v", second)
	}
	again, _ := m.Append(nil, []byte(in))
	if !bytes.Equal(out, again) {
		t.Error("the same input gave other bytes")
	}
}

// TestFailed maps records with a value that cannot be read: they are marked and keep their text.
func TestFailed(t *testing.T) {
	for stream, want := range map[Stream]string{Machine: `"pipeline_error"`, Alert: `["alert","pipeline_error"]`, Incident: `"alert"`} {
		m, err := New(stream, Default())
		if err != nil {
			t.Fatal(err)
		}
		out, err := m.Append(nil, []byte(`{"id":"1","lastSeen":"soon","createdDateTime":"soon"}`))
		got := flatten(t, out)
		if err != nil || got["event.kind"] != want || got["error.message"] == nil {
			t.Errorf("%s: %v %s", stream, err, out)
		}
		if marked := got["event.original"] != nil && got["tags"] == `["preserve_original_event"]`; marked != (stream != Incident) {
			t.Errorf("%s: the original is kept: %v", stream, marked)
		}
	}
}

// TestConcurrentUse maps with one mapper from several goroutines; each must get what one alone gets.
func TestConcurrentUse(t *testing.T) {
	m, err := New(Event, Default())
	if err != nil {
		t.Fatal(err)
	}
	record := func(i int) []byte {
		return []byte(`{"category":"AdvancedHunting-DeviceFileEvents","properties":{"FileName":"f` + jsonNumber(i) + `","New` + jsonNumber(i%7) + `":1}}`)
	}
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 200 {
				out, err := m.Append(nil, record(g*1000+i))
				if err != nil || !bytes.Contains(out, []byte(`"name":"f`+jsonNumber(g*1000+i)+`"`)) {
					t.Errorf("%v: %s", err, out)
				}
			}
		})
	}
	wg.Wait()
}

func TestSplitStreams(t *testing.T) {
	for _, c := range []struct {
		stream Stream
		in     string
		n      int
	}{
		{Incident, `{"id":"1","alerts":[{"id":"a"},{"id":"b"}]}`, 2},
		{Incident, `{"id":"1","alerts":[]}`, 1},
		{Incident, `{"value":[]}`, 0},
		{Log, `{"id":"1","evidence":[{"entityType":"File"},{"entityType":"User"},{"entityType":"Ip"}]}`, 3},
		{Alert, `{"id":"1","evidence":[{"@odata.type":"x"}]}`, 1},
	} {
		m, err := New(c.stream, Default())
		if err != nil {
			t.Fatal(err)
		}
		out, err := m.Append(nil, []byte(c.in))
		if n := bytes.Count(out, []byte("\n")); err != nil || n != c.n {
			t.Errorf("%s %s: %d documents, want %d (%v)\n%s", c.stream, c.in, n, c.n, err, out)
		}
	}
	if _, err := New("nothing", Default()); err == nil {
		t.Error("there is no stream of that name")
	}
}

// FuzzMap maps anything: never a panic, always valid JSON, the same bytes again.
func FuzzMap(f *testing.F) {
	f.Add(`{"category":"AdvancedHunting-DeviceEvents","properties":{"ActionType":"OpenProcessApiCall","AdditionalFields":"{\"direction\":\"In\"}"}}`)
	f.Add(`{"category":"AdvancedHunting-DeviceNetworkEvents","properties":{"ActionType":"DnsConnectionInspected","AdditionalFields":{"answers":"[1]","TTLs":"[1.5]"}}}`)
	f.Add(`{"category":"AdvancedHunting-AlertInfo","properties":{"AttackTechniques":"[\"x (T1)\",2]"}}`)
	f.Add(`{"alerts":[{"evidence":[{"loggedOnUsers":[1,{"accountName":"\ud800"}]}]}],"evidence":{"@odata.type":1}}`)
	f.Add(`{"osPlatform":"ios","ipAddresses":[{"macAddress":"abc"}],"relatedFileInfo":{"fileIdentifier":1}}`)
	f.Add(`{"a":{"b":[[[[1e9,-0.5,"\u00e9\n",null,true]]]]}}`)
	var mappers []*Mapper
	for _, s := range Streams() {
		for _, strict := range []bool{true, false} {
			m, err := New(s, Options{StrictElastic: strict, PreserveDuplicates: strict, PreserveOriginal: true})
			if err != nil {
				f.Fatal(err)
			}
			mappers = append(mappers, m)
		}
	}
	f.Fuzz(func(t *testing.T, in string) {
		valid := json.Valid([]byte(in))
		for _, m := range mappers {
			out, err := m.Append(nil, []byte(in))
			if err == nil && !valid {
				t.Fatalf("%s took what is no JSON: %q", m.stream, in)
			}
			for _, line := range bytes.Split(bytes.TrimSpace(out), []byte("\n")) {
				if len(line) > 0 && !json.Valid(line) {
					t.Fatalf("%s: no JSON: %s", m.stream, line)
				}
			}
			if again, _ := m.Append(nil, []byte(in)); !bytes.Equal(out, again) {
				t.Fatalf("%s: other bytes the second time:\n%s\n%s", m.stream, out, again)
			}
		}
	})
}
