package ecs_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/internal/ecs"
	"github.com/vedette-siem/vedette/internal/tenant/world"
)

// wanted says for each table which field must be set wherever a column has something. They are the fields that Elastic's published rules
// use; a field without a column must be set in every row.
var wanted = map[string]map[string]string{
	"DeviceProcessEvents": {
		"event.type": "", "event.category": "", "event.action": "ActionType", "host.id": "DeviceId", "host.name": "DeviceName",
		"process.name": "FileName", "process.executable": "FolderPath", "process.command_line": "ProcessCommandLine",
		"process.args": "ProcessCommandLine", "process.args_count": "ProcessCommandLine", "process.pid": "ProcessId",
		"process.entity_id": "ProcessId", "process.pe.original_file_name": "ProcessVersionInfoOriginalFileName",
		"process.parent.name": "InitiatingProcessFileName", "process.parent.executable": "InitiatingProcessFolderPath",
		"process.parent.args": "InitiatingProcessCommandLine", "process.parent.command_line": "InitiatingProcessCommandLine",
		"process.parent.pid": "InitiatingProcessId", "user.id": "AccountSid", "user.name": "AccountName", "user.domain": "AccountDomain",
		"host.os.type": "InitiatingProcessAccountSid", "process.Ext.token.integrity_level_name": "InitiatingProcessIntegrityLevel"},
	"DeviceRegistryEvents": {
		"event.type": "", "event.category": "", "host.os.type": "", "host.id": "DeviceId", "registry.key": "RegistryKey",
		"registry.path": "RegistryValueName", "registry.value": "RegistryValueName", "registry.data.strings": "RegistryValueData",
		"process.name": "InitiatingProcessFileName", "process.executable": "InitiatingProcessFolderPath",
		"process.args": "InitiatingProcessCommandLine", "process.pid": "InitiatingProcessId", "user.id": "InitiatingProcessAccountSid",
		"process.parent.name": "InitiatingProcessParentFileName"},
	"DeviceFileEvents": {
		"event.type": "", "event.category": "", "event.action": "", "host.id": "DeviceId", "host.os.type": "InitiatingProcessAccountSid",
		"file.path": "FolderPath", "file.name": "FileName", "file.size": "FileSize", "process.name": "InitiatingProcessFileName",
		"process.executable": "InitiatingProcessFolderPath", "user.id": "InitiatingProcessAccountSid",
		"process.parent.name": "InitiatingProcessParentFileName"},
	"DeviceNetworkEvents": {
		"event.type": "", "event.category": "", "host.id": "DeviceId", "host.os.type": "InitiatingProcessAccountSid",
		"destination.ip": "RemoteIP", "destination.port": "RemotePort", "source.ip": "LocalIP",
		"process.name": "InitiatingProcessFileName", "process.executable": "InitiatingProcessFolderPath",
		"process.args": "InitiatingProcessCommandLine", "user.id": "InitiatingProcessAccountSid"},
	"DeviceImageLoadEvents": {
		"event.type": "", "event.category": "", "host.os.type": "", "dll.name": "FileName", "dll.path": "FolderPath", "file.path": "FolderPath",
		"process.name": "InitiatingProcessFileName", "process.executable": "InitiatingProcessFolderPath"},
	"DeviceEvents":      {"event.type": "", "event.category": "", "event.action": "ActionType", "host.id": "DeviceId"},
	"DeviceLogonEvents": {"event.type": "", "event.category": "", "event.outcome": "", "user.name": "AccountName", "source.ip": "RemoteIP", "host.id": "DeviceId"},
	"DeviceInfo":        {"event.category": "", "host.os.full": "OSPlatform", "host.id": "DeviceId"},
	"AlertInfo":         {"event.kind": "", "event.id": "AlertId", "event.severity": "Severity", "message": "Title"},
	"AlertEvidence":     {"event.kind": "", "event.id": "AlertId", "event.type": ""},
	"EmailEvents":       {"event.category": "", "email.subject": "Subject", "email.message_id": "InternetMessageId"},
	"CloudAppEvents":    {"event.action": "ActionType", "event.id": "ReportId", "user.id": "AccountId"},
}

// TestCoverage maps the simulated tenant's history and says, by table, in how many rows the fields are set that published rules use.
func TestCoverage(t *testing.T) {
	root := shared(t)
	used := map[string]bool{}
	for i, line := range lines(t, filepath.Join(root, "rule-fields.tsv")) {
		if field, _, ok := strings.Cut(string(line), "\t"); ok && i > 0 {
			used[field] = true
		}
	}
	m, err := ecs.New(ecs.Event, ecs.Default())
	if err != nil {
		t.Fatal(err)
	}
	rows, set := map[string]int{}, map[string]map[string]int{}
	faults := map[string]int{}
	for _, rec := range records(12_000) {
		doc, err := m.Append(nil, rec)
		if err != nil {
			t.Fatalf("%v\n%s", err, rec)
		}
		got := decode(t, doc)
		var in struct {
			Category   string
			Properties map[string]any
		}
		if err := json.Unmarshal(rec, &in); err != nil {
			t.Fatal(err)
		}
		table := strings.TrimPrefix(in.Category, "AdvancedHunting-")
		if rows[table]++; set[table] == nil {
			set[table] = map[string]int{}
		}
		for field := range got {
			if used[field] {
				set[table][field]++
			}
		}
		if got["error.message"] != nil {
			faults[fmt.Sprint(table, ": error.message ", got["error.message"])]++
		}
		for field, column := range wanted[table] {
			if v := in.Properties[column]; got[field] == nil && (column == "" || v != nil && v != "" && v != "[]" && v != "{}") {
				faults[fmt.Sprintf("%s: no %s although %s is set", table, field, column)]++
			}
		}
	}
	tables := make([]string, 0, len(rows))
	for table := range rows {
		tables = append(tables, table)
	}
	sort.Strings(tables)
	for _, table := range tables {
		var fields []string
		for f, n := range set[table] {
			fields = append(fields, fmt.Sprintf("%s %d%%", f, 100*n/rows[table]))
		}
		sort.Strings(fields)
		t.Logf("%-26s %5d rows: %s", table, rows[table], strings.Join(fields, ", "))
	}
	for fault, n := range faults {
		t.Errorf("%s (%d rows)", fault, n)
	}
}

// TestOtherStreams maps the tenant's incidents, alerts and machines.
func TestOtherStreams(t *testing.T) {
	w := world.New(world.Config{Events: 6000})
	var incidents, alerts []any
	for _, i := range w.Incidents() {
		incidents = append(incidents, i.Doc)
	}
	for _, a := range w.Alerts() {
		alerts = append(alerts, a.Doc)
	}
	machines := make([]any, 0)
	for _, m := range w.Machines() {
		machines = append(machines, m)
	}
	for _, c := range []struct {
		stream ecs.Stream
		docs   []any
		need   []string
	}{
		{ecs.Incident, incidents, []string{"@timestamp", "event.id", "event.severity", "message"}},
		{ecs.Alert, alerts, []string{"@timestamp", "event.id", "event.severity", "event.category", "m365_defender.alert.evidence"}},
		{ecs.Machine, machines, []string{"host.id", "host.name", "host.os.type"}},
	} {
		m, err := ecs.New(c.stream, ecs.Default())
		if err != nil {
			t.Fatal(err)
		}
		if len(c.docs) == 0 {
			t.Errorf("the tenant has nothing for %s", c.stream)
		}
		missing := map[string]int{}
		for _, d := range c.docs {
			raw, err := json.Marshal(d)
			if err != nil {
				t.Fatal(err)
			}
			line, err := m.Append(nil, raw)
			if err != nil {
				t.Fatalf("%s: %v\n%s", c.stream, err, raw)
			}
			got := decode(t, line)
			for _, f := range append(c.need, "ecs.version", "event.kind") {
				if got[f] == nil {
					missing[f]++
				}
			}
			if got["error.message"] != nil {
				missing[fmt.Sprint(got["error.message"])]++
			}
		}
		for f, n := range missing {
			t.Errorf("%s: %s in %d of %d documents", c.stream, f, n, len(c.docs))
		}
	}
}
