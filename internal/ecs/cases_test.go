package ecs_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/internal/ecs"
)

// shared finds the folder of cases beside the repository.
func shared(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			at := filepath.Join(dir, "..", "shared", "ecs")
			if _, err := os.Stat(at); err != nil {
				t.Skip("the cases are not here: ../shared/ecs is absent")
			}
			return at
		}
	}
	t.Fatal("no go.mod above this test")
	return ""
}

func lines(t *testing.T, path string) [][]byte {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out [][]byte
	s := bufio.NewScanner(f)
	s.Buffer(nil, 16<<20)
	for s.Scan() {
		out = append(out, bytes.Clone(s.Bytes()))
	}
	return out
}

// flat turns a document into field → value; lists stay values.
func flat(prefix string, v any, into map[string]any) {
	if m, ok := v.(map[string]any); ok && len(m) > 0 {
		for k, x := range m {
			flat(strings.TrimPrefix(prefix+"."+k, "."), x, into)
		}
		return
	}
	into[prefix] = v
}

func decode(t *testing.T, line []byte) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(line, &m); err != nil {
		t.Fatalf("%v\n%s", err, line)
	}
	out := map[string]any{}
	flat("", m, out)
	return out
}

// difference is one field that is not as expected.
type difference struct{ field, want, got string }

func compare(want, got map[string]any) []difference {
	var out []difference
	text := func(m map[string]any, k string) string {
		v, ok := m[k]
		if !ok {
			return "(none)"
		}
		b, _ := json.Marshal(v)
		return string(b)
	}
	for k := range want {
		if !reflect.DeepEqual(want[k], got[k]) {
			out = append(out, difference{k, text(want, k), text(got, k)})
		}
	}
	for k := range got {
		if _, ok := want[k]; !ok {
			out = append(out, difference{k, "(none)", text(got, k)})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].field < out[j].field })
	return out
}

func has(list any, word string) bool {
	items, _ := list.([]any)
	for _, i := range items {
		if i == word {
			return true
		}
	}
	return false
}

// TestCases maps every raw record of the cases and compares with the document that Elastic's pipelines make of it. Geography is left out
// (no look-up function is given here), and what the agent adds to a sample.
func TestCases(t *testing.T) {
	root := shared(t)
	names, err := filepath.Glob(filepath.Join(root, "*", "*.input.jsonl"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases in %s: %v", root, err)
	}
	sort.Strings(names)
	equal, aged, total := map[string]int{}, map[string]int{}, map[string]int{}
	var report strings.Builder
	for _, name := range names {
		file := strings.TrimPrefix(strings.TrimSuffix(name, ".input.jsonl"), root+"/")
		stream, ok := streams[filepath.Dir(file)]
		if !ok {
			fmt.Fprintf(&report, "%s: left out, its stream is gone from Elastic's package\n", file)
			continue
		}
		expected, labels := lines(t, strings.Replace(name, ".input.", ".expected.", 1)), lines(t, strings.Replace(name, ".input.jsonl", ".labels.txt", 1))
		for i, in := range lines(t, name) {
			want := decode(t, expected[i])
			group := strings.Split(file, "/")[0]
			if group == "event" {
				group = file
			}
			total[group]++
			diffs := mapCase(t, stream, in, want)
			left := forgive(file, diffs)
			switch {
			case len(diffs) == 0:
				equal[group]++
			case len(left) == 0:
				aged[group]++
			default:
				fmt.Fprintf(&report, "%s %d (%s)\n", file, i+1, labels[i])
				for _, d := range left {
					fmt.Fprintf(&report, "    %s\n      want %.300s\n      got  %.300s\n", d.field, d.want, d.got)
				}
			}
		}
	}
	groups := make([]string, 0, len(total))
	for g := range total {
		groups = append(groups, g)
	}
	sort.Strings(groups)
	for _, g := range groups {
		t.Logf("%-24s %2d cases: %2d equal, %2d equal but for named differences, %2d different", g, total[g], equal[g], aged[g], total[g]-equal[g]-aged[g])
		if want := ratchet[g]; equal[g] < want[0] || equal[g]+aged[g] < want[1] {
			t.Errorf("%s: %d equal and %d with named differences; it has been %d and %d together", g, equal[g], aged[g], want[0], want[1])
		} else if equal[g] > want[0] || equal[g]+aged[g] > want[1] {
			t.Errorf("%s is better than the ratchet says: write {%d, %d}", g, equal[g], equal[g]+aged[g])
		}
	}
	t.Log("\n" + report.String())
}

// mapCase maps one record with the options its expected tags ask for.
func mapCase(t *testing.T, stream ecs.Stream, in []byte, want map[string]any) []difference {
	t.Helper()
	opt := ecs.Default()
	opt.PreserveDuplicates = has(want["tags"], "preserve_duplicate_custom_fields") || stream == ecs.Log
	opt.PreserveOriginal = has(want["tags"], "preserve_original_event")
	m, err := ecs.New(stream, opt)
	if err != nil {
		t.Fatal(err)
	}
	line, err := m.Append(nil, in)
	if err != nil {
		t.Fatalf("%v\n%s", err, in)
	}
	got := decode(t, bytes.TrimSpace(line))
	if opt.PreserveOriginal && got["event.original"] != string(in) {
		t.Errorf("event.original is not the record: %v", got["event.original"])
	}
	delete(got, "event.original")
	delete(want, "event.original")
	delete(got, "tags")
	delete(want, "tags")
	for k := range want {
		if strings.Contains(k, ".geo.") || strings.Contains(k, ".as.") {
			delete(want, k)
		}
		for _, agent := range []string{"agent.", "elastic_agent.", "data_stream.", "input.", "event.ingested", "event.dataset", "event.agent_id_status"} {
			if strings.HasPrefix(k, agent) {
				delete(want, k)
			}
		}
	}
	return compare(want, got)
}

var streams = map[string]ecs.Stream{"event": ecs.Event, "alert": ecs.Alert, "incident": ecs.Incident, "vulnerability": ecs.Vulnerability,
	"mde_log": ecs.Log, "mde_machine": ecs.Machine, "mde_machine_action": ecs.MachineAction, "mde_vulnerability": ecs.MDEVulnerability}

// ratchet are the cases that have been equal, and equal or different only for a named reason. They may only rise.
var ratchet = map[string][2]int{
	"alert":                  {0, 4},
	"event/alert":            {4, 6},
	"event/app-and-identity": {0, 6},
	"event/behavior":         {2, 2},
	"event/cloud":            {2, 3},
	"event/device":           {17, 20},
	"event/email":            {0, 5},
	"event/message":          {3, 3},
	"incident":               {2, 4},
	"mde_log":                {3, 3},
	"mde_machine":            {5, 5},
	"mde_machine_action":     {0, 5},
	"mde_vulnerability":      {0, 3},
	"vulnerability":          {1, 4},
}

type reason struct {
	file, why string
	extra     bool // only a field that the expected document does not have
	fields    []string
}

// reasons are the differences that are meant: the case was made by an older pipeline than the rules followed here, or a column is kept that
// Elastic's pipeline drops. A difference is forgiven when its case's file begins with file and its field is among the fields.
var reasons = []reason{
	{"", "columns that Elastic's pipelines do not name are kept under the custom prefix, not dropped", true, []string{
		"m365_defender.alert.product_name", "m365_defender.event.is_initiating_process_remote_session",
		"m365_defender.event.is_process_remote_session", "m365_defender.event.initiating_process.session_id",
		"m365_defender.event.azure_resource_id", "m365_defender.incident.alert.odata_type",
		"m365_defender.vulnerability.recommended_security_update_url"}},
	{"alert/alert", "case of 3.0-3.4: severities counted from 1; process.name and entity_id came with 4.x", false, []string{
		"event.severity", "process.entity_id", "process.name", "process.parent.entity_id"}},
	{"event/app-and-identity", "case of 2.3: ecs 8.10, host.ip no list, no host.os.type, no application.name", false, []string{
		"ecs.version", "host.ip", "host.os.type", "application.name"}},
	{"event/email", "case of 2.4-2.8: until 2.21.1 the two identifiers of a message stood in each other's place", false, []string{
		"email.local_id", "email.message_id"}},
	{"incident/incident", "case of 1.12: ecs 8.8, severities counted from 1, source.user not taken apart, processes without executable, name and entity_id", false, []string{
		"ecs.version", "event.severity", "host.hostname", "process.entity_id", "process.executable", "process.name",
		"process.parent.entity_id", "process.parent.executable", "related.user", "source.user.domain", "source.user.email", "source.user.name"}},
	{"mde_machine_action", "case before 4.1: the requestor's address not taken apart", false, []string{
		"related.user", "user.domain", "user.email", "user.name"}},
	{"mde_vulnerability", "event.id ended in the time of the run, so that no document was ever the same twice", false, []string{"event.id"}},
}

// forgive takes away the differences that have a reason.
func forgive(file string, diffs []difference) []difference {
	var left []difference
	for _, d := range diffs {
		if !slices.ContainsFunc(reasons, func(r reason) bool {
			return strings.HasPrefix(file, r.file) && slices.Contains(r.fields, d.field) && (!r.extra || d.want == "(none)")
		}) {
			left = append(left, d)
		}
	}
	return left
}
