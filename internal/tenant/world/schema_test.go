package world

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// catalogue reads the tables and columns that the project is built against; it lies beside the repository.
func catalogue(t *testing.T) map[string]map[string]string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if filepath.Dir(dir) == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	text, err := os.ReadFile(filepath.Join(dir, "..", "shared", "schema", "schema_union.json"))
	if err != nil {
		t.Skip("the catalogue is not here: ", err)
	}
	var tables map[string]map[string]string
	if err := json.Unmarshal(text, &tables); err != nil {
		t.Fatal(err)
	}
	return tables
}

// stamped are columns that Sentinel adds; the stream has none of them, but for what IdentityAccountInfo says of an account.
func stamped(table, column string) bool {
	switch column {
	case "TimeGenerated", "SourceSystem":
		return true
	case "TenantId", "Type":
		return table != "IdentityAccountInfo"
	}
	return false
}

// empty are columns that Defender leaves empty in a tenant like ours.
var empty = map[string]string{
	"AwsResourceName": "the house is not in AWS", "GcpFullResourceName": "nor in Google Cloud", "HostDeviceId": "no nested machines", "ExclusionReason": "no device is excluded", "MitigationStatus": "no device is isolated",
	"DeletedDateTime": "nobody was deleted", "InitiatingProcessRemoteSessionIP": "image loads in remote sessions are rare", "InitiatingProcessRemoteSessionDeviceName": "image loads in remote sessions are rare",
}

func fits(kind string, v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case bool:
		return kind == "bool"
	case json.Number:
		whole := !strings.ContainsAny(v.String(), ".eE")
		return kind == "real" || whole && (kind == "int" || kind == "long")
	case string:
		switch kind {
		case "datetime":
			_, err := time.Parse("2006-01-02T15:04:05.0000000Z", v)
			return err == nil
		case "dynamic": // the endpoint tables have JSON inside a string
			return v == "" || json.Valid([]byte(v))
		}
		return kind == "string" || kind == "guid"
	case []any, map[string]any:
		return kind == "dynamic"
	}
	return false
}

func checkRows(t *testing.T, tables map[string]map[string]string, rows func(func(Event) bool), filled map[string]map[string]bool) {
	for e := range rows {
		want := tables[e.Table]
		if want == nil {
			if e.Table == "IdentityInfo" { // described for Sentinel only
				continue
			}
			t.Fatalf("table %s is not in the catalogue", e.Table)
		}
		dec := json.NewDecoder(bytes.NewReader(e.Properties))
		dec.UseNumber()
		var row map[string]any
		if err := dec.Decode(&row); err != nil {
			t.Fatalf("%s: %v in %s", e.Table, err, e.Properties)
		}
		has := filled[e.Table]
		if has == nil {
			has = map[string]bool{}
			filled[e.Table] = has
		}
		for column, kind := range want {
			v, ok := row[column]
			switch {
			case stamped(e.Table, column):
				continue
			case !ok:
				t.Fatalf("%s has no %s: %s", e.Table, column, e.Properties)
			case !fits(kind, v):
				if !has["!"+column] {
					t.Errorf("%s.%s is %s, got %v in %s", e.Table, column, kind, v, e.Properties)
				}
				has["!"+column] = true
			case v != nil:
				has[column] = true
			}
		}
		for column := range row {
			if want[column] == "" && column != "MachineGroup" {
				t.Fatalf("%s has a column %s that is not in the catalogue", e.Table, column)
			}
		}
		if stamp := row["Timestamp"]; stamp != ticksOf(e.Time).String() {
			t.Fatalf("%s: event is of %v, row of %v", e.Table, e.Time, stamp)
		}
	}
}

func TestEveryColumnIsThereAndOfItsType(t *testing.T) {
	tables := catalogue(t)
	w := New(Config{Events: 40_000})
	filled := map[string]map[string]bool{}
	checkRows(t, tables, w.History(), filled)
	for _, name := range w.SnapshotTables() {
		checkRows(t, tables, w.Snapshot(name), filled)
	}
	for _, name := range w.Tables() {
		for column := range tables[name] {
			if !filled[name][column] && !stamped(name, column) && empty[column] == "" {
				t.Errorf("%s.%s is null in every row", name, column)
			}
		}
	}
}
