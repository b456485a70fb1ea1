package ingest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/record"
	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store"
)

var arrived = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// decode decodes messages; the n-th has sequence n.
func decode(o DecoderOptions, bodies ...string) Decoded {
	d := NewDecoder(o)
	for i, b := range bodies {
		d.Add(record.Raw{Pos: record.Pos{Source: "test", Seq: int64(i)}, Arrived: arrived, Body: []byte(b)})
	}
	return d.Take()
}

// field gives one value of a chunk; null is nil.
func field(t *testing.T, c *store.Chunk, name string, row int) any {
	t.Helper()
	if name == store.Overflow {
		if c.Overflow.IsNull(row) {
			return nil
		}
		return string(c.Overflow.Text(row))
	}
	for i, col := range c.Columns {
		if col.Name != name {
			continue
		}
		v := &c.Vectors[i]
		if v.IsNull(row) {
			return nil
		}
		switch v.Kind {
		case store.Int32:
			return int64(v.I32[row])
		case store.Int64:
			return v.I64[row]
		case store.Float64:
			return v.F64[row]
		case store.Bool:
			return v.Bools[row]
		}
		return string(v.Text(row))
	}
	t.Fatalf("no column %s in %s", name, c.Table)
	return nil
}

func event(table, properties string) string {
	return `{"time":"2026-11-21T11:59:00Z","tenantId":"ten-1","category":"AdvancedHunting-` + table + `","properties":` + properties + `}`
}

// TestValues: one property of one record, as it lands in its column.
func TestValues(t *testing.T) {
	const types = "table T\n  group g\n  about a\n  time Timestamp\n  columns\n    Timestamp:datetime TimeGenerated:datetime S I:int L:long R:real B:bool D:datetime N:timespan G:guid M:decimal J:dynamic"
	tables, err := schema.Parse(types)
	if err != nil {
		t.Fatal(err)
	}
	cat, err := schema.NewCatalogue(tables)
	if err != nil {
		t.Fatal(err)
	}
	ticks := func(s string) int64 {
		at, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatal(err)
		}
		return store.Ticks(at)
	}
	const bad = "MISFIT"
	for _, c := range []struct {
		col, json string
		want      any
	}{
		{"S", `"plain"`, "plain"}, {"S", `""`, ""}, {"S", `null`, ""}, {"S", `12.50`, "12.50"}, {"S", `true`, "true"}, {"S", `{"a": [1, 2]}`, `{"a":[1,2]}`},
		{"S", `"C:\\x\t\"y\" \u00e9 \ud83d\ude00 \ud83d!"`, "C:\\x\t\"y\" é 😀 \ufffd!"}, {"S", "\"\xff\"", "\ufffd"},
		{"I", `5`, int64(5)}, {"I", `"-7"`, int64(-7)}, {"I", `3.0`, int64(3)}, {"I", `2147483648`, bad}, {"I", `1.5`, bad}, {"I", `"x"`, bad}, {"I", `""`, nil}, {"I", `true`, int64(1)}, {"I", `null`, nil},
		{"L", `9223372036854775807`, int64(9223372036854775807)}, {"L", `-9223372036854775808`, int64(-9223372036854775808)}, {"L", `9223372036854775808`, bad}, {"L", `1e3`, int64(1000)},
		{"L", `"123456789012"`, int64(123456789012)}, {"L", `[1]`, bad}, {"L", `" 1"`, bad},
		{"R", `1`, 1.0}, {"R", `"2.5"`, 2.5}, {"R", `1e-3`, 0.001}, {"R", `"NaN?"`, bad}, {"R", `false`, bad},
		{"B", `true`, true}, {"B", `0`, false}, {"B", `1`, true}, {"B", `"True"`, true}, {"B", `"0"`, false}, {"B", `2`, bad}, {"B", `"yes"`, bad}, {"B", `""`, nil},
		{"D", `"2026-11-21T10:04:49.8599832Z"`, ticks("2026-11-21T10:04:49.8599832Z")}, {"D", `"2026-11-21T10:04:49Z"`, ticks("2026-11-21T10:04:49Z")},
		{"D", `"2026-11-21T10:04:49.5"`, ticks("2026-11-21T10:04:49.5Z")}, {"D", `"2026-11-21T10:04:49.123456789+01:30"`, ticks("2026-11-21T08:34:49.1234567Z")},
		{"D", `"2026-11-21"`, ticks("2026-11-21T00:00:00Z")}, {"D", `"2026-11-21 10:04"`, ticks("2026-11-21T10:04:00Z")}, {"D", `"0001-01-01T00:00:00Z"`, int64(0)},
		{"D", `"9999-12-31T23:59:59.9999999Z"`, ticks("9999-12-31T23:59:59.9999999Z")}, {"D", `"2026-02-29T00:00:00Z"`, bad}, {"D", `"2026-11-21T25:00:00Z"`, bad}, {"D", `1700000000`, bad}, {"D", `"soon"`, bad},
		{"N", `"1.02:03:04.5"`, int64(937845000000)}, {"N", `"-00:00:01"`, int64(-10000000)}, {"N", `"1:2"`, bad},
		{"G", `"{A0B1C2D3-0000-1111-2222-333344445555}"`, "a0b1c2d3-0000-1111-2222-333344445555"}, {"G", `"a0b1c2d3000011112222333344445555"`, "a0b1c2d3-0000-1111-2222-333344445555"}, {"G", `"a0b1"`, bad},
		{"M", `"1.500"`, "1.5"}, {"M", `12`, "12"}, {"M", `1e2`, "100"}, {"M", `1e99999`, bad},
		{"J", `{"a" : [ 1 , "x y" ] }`, `{"a":[1,"x y"]}`}, {"J", `"{\"k\": \"v\"}"`, `{"k":"v"}`}, {"J", `"[1, 2]"`, `[1,2]`}, {"J", `"{not json"`, `"{not json"`}, {"J", `"text"`, `"text"`},
		{"J", `7`, `7`}, {"J", `null`, nil}, {"J", `""`, nil}, {"J", `true`, `true`},
	} {
		out := decode(DecoderOptions{Catalogue: cat}, event("T", `{"Timestamp":"2026-11-21T11:00:00Z","`+c.col+`": `+c.json+`}`))
		if len(out.Chunks) != 1 {
			t.Errorf("%s %s: no row: %+v", c.col, c.json, out.Refused)
			continue
		}
		got := field(t, out.Chunks[0], c.col, 0)
		switch {
		case c.want == bad:
			if got != nil || len(out.Refused) != 1 || out.Refused[0].Column != c.col || !json.Valid(out.Refused[0].Record) {
				t.Errorf("%s %s = %v with refusals %+v, want null and one refusal", c.col, c.json, got, out.Refused)
			}
		case !reflect.DeepEqual(got, c.want) || len(out.Refused) > 0:
			t.Errorf("%s %s = %#v, want %#v; refused %+v", c.col, c.json, got, c.want, out.Refused)
		}
	}
}

func TestEnvelope(t *testing.T) {
	one := event("DeviceInfo", `{"DeviceName":"a","Timestamp":"2026-11-20T00:00:00.0000001Z"}`)
	two := `{"properties":{"DeviceName":"b"},"time":"2026-11-21T11:59:00Z","category":"AdvancedHunting-DeviceInfo","tenantId":"ten-2"}`
	out := decode(DecoderOptions{}, `{"records": [`+one+` , `+two+`]}`, "\ufeff "+one+"\n", `{"records":[]}`)
	if len(out.Chunks) != 1 || out.Chunks[0].N != 3 || len(out.Refused) != 0 || out.Received["DeviceInfo"] != 3 {
		t.Fatalf("%+v", out)
	}
	c := out.Chunks[0]
	at := store.Ticks(time.Date(2026, 11, 20, 0, 0, 0, 100, time.UTC))
	sent := store.Ticks(time.Date(2026, 11, 21, 11, 59, 0, 0, time.UTC))
	for row, want := range [][]any{{"a", at, at, "ten-1", "DeviceInfo"}, {"b", sent, sent, "ten-2", "DeviceInfo"}, {"a", at, at, "ten-1", "DeviceInfo"}} {
		for i, col := range []string{"DeviceName", "Timestamp", "TimeGenerated", "TenantId", "Type"} {
			if got := field(t, c, col, row); got != want[i] {
				t.Errorf("row %d: %s = %v, want %v", row, col, got, want[i])
			}
		}
	}
	if c.Hash[0] != c.Hash[2] || c.Hash[0] == c.Hash[1] {
		t.Error("equal records must have equal hashes, others not")
	}
	if other := decode(DecoderOptions{Seed: 1}, one); other.Chunks[0].Hash[0] == c.Hash[0] {
		t.Error("the hash does not depend on the seed")
	}
	if out.Last["DeviceInfo"] != sent {
		t.Errorf("last event %d", out.Last["DeviceInfo"])
	}
}

func TestRefused(t *testing.T) {
	deep := strings.Repeat("[", 300) + strings.Repeat("]", 300)
	good := event("DeviceInfo", `{"DeviceName":"good"}`)
	for body, why := range map[string]string{
		`not json`:        "not valid JSON",
		``:                "not valid JSON",
		`{"a":1} {"b":2}`: "follows",
		`{"category":"AdvancedHunting-DeviceInfo"}`:              "no properties",
		`{"properties":{}}`:                                      "no category",
		`{"category":"a b","properties":{}}`:                     "not a table's name",
		event("DeviceInfo", `{"DeviceName":"half`):               "not valid JSON",
		event("DeviceInfo", `{"DeviceName":"x","OSPlatform`+"}"): "not valid JSON",
		event("DeviceInfo", `{"DeviceName":"x" "y"}`):            "not valid JSON",
		event("DeviceInfo", `{"New":`+deep+`}`):                  "deeper",
		event("DeviceInfo", `{"DeviceName":"\q"}`):               "not valid JSON",
		event("DeviceInfo", `{"New":01}`):                        "not valid JSON",
		event("DeviceInfo", `7`):                                 "not valid JSON",
	} {
		out := decode(DecoderOptions{}, good, body, good)
		if len(out.Refused) != 1 || !strings.Contains(out.Refused[0].Reason, why) || string(out.Refused[0].Record) != body || out.Refused[0].Pos.Seq != 1 {
			t.Errorf("%s: refused %+v, want %q", body, out.Refused, why)
		}
		if len(out.Chunks) != 1 || out.Chunks[0].N != 2 || field(t, out.Chunks[0], "DeviceName", 0) != "good" || field(t, out.Chunks[0], "DeviceName", 1) != "good" {
			t.Errorf("%s: the good records suffered: %+v", body, out.Chunks)
		}
		for i := range out.Chunks[0].Vectors {
			if n := out.Chunks[0].Vectors[i].Len(); n != 2 {
				t.Errorf("%s: column %d has %d rows", body, i, n)
			}
		}
	}
}

func TestUnknown(t *testing.T) {
	out := decode(DecoderOptions{},
		event("DeviceInfo", `{"DeviceName":"a","NewCount":1,"New\"Text":"x","NewBag":{"k": 1},"Nothing":null,"DeviceName":"b"}`),
		event("DeviceInfo", `{"NewCount":2.5,"DeviceName":"c"}`),
		event("NeverSeenEvents", `{"Timestamp":"2026-11-21T11:00:00Z","A":true}`))
	c := out.Chunks[0]
	if got := field(t, c, store.Overflow, 0); got != `{"NewCount":1,"New\"Text":"x","NewBag":{"k":1},"Nothing":null}` {
		t.Errorf("overflow %v", got)
	}
	if got := field(t, c, "DeviceName", 0); got != "b" {
		t.Errorf("of a key that comes twice the last counts, got %v", got)
	}
	want := []schema.Column{{Name: "New\"Text", Type: schema.String}, {Name: "NewBag", Type: schema.Dynamic}, {Name: "NewCount", Type: schema.Real}, {Name: "Nothing"}}
	if !reflect.DeepEqual(c.Found, want) {
		t.Errorf("found %v", c.Found)
	}
	if n := out.Chunks[1]; n.Table != "NeverSeenEvents" || field(t, n, store.Overflow, 0) != `{"A":true}` || field(t, n, "Type", 0) != "NeverSeenEvents" {
		t.Errorf("unknown table: %+v", n)
	}
}

func TestAliases(t *testing.T) {
	out := decode(DecoderOptions{}, event("CloudAppEvents", `{"Isp":"one"}`), event("CloudAppEvents", `{"ISP":"two","Isp":"three"}`), event("GraphAPIAuditEvents", `{}`))
	c := out.Chunks[0]
	if field(t, c, "ISP", 0) != "one" || field(t, c, "ISP", 1) != "two" || field(t, c, store.Overflow, 1) != `{"Isp":"three"}` {
		t.Errorf("%v %v %v", field(t, c, "ISP", 0), field(t, c, "ISP", 1), field(t, c, store.Overflow, 1))
	}
	if out.Chunks[1].Table != "GraphApiAuditEvents" {
		t.Errorf("table %s", out.Chunks[1].Table)
	}
}

func TestMappersAndSwitches(t *testing.T) {
	o := DecoderOptions{
		Enabled: func(table string) bool { return table != "DeviceInfo" },
		Mappers: map[string]Mapper{"Graph-Incident": func(tenant string, p []byte) ([]Row, error) {
			if string(p) == `{}` {
				return nil, fmt.Errorf("no id")
			}
			return []Row{{schema.SecurityIncident, []byte(`{"Title":"t","TenantId":"` + tenant + `","TimeGenerated":"2026-11-21T11:00:00Z"}`)}}, nil
		}},
	}
	out := decode(o, `{"category":"Graph-Incident","tenantId":"x","properties":{"id":"1"}}`, event("DeviceInfo", `{}`), `{"category":"Graph-Incident","properties":{}}`)
	if len(out.Chunks) != 1 || field(t, out.Chunks[0], "Title", 0) != "t" || field(t, out.Chunks[0], "TenantId", 0) != "x" {
		t.Errorf("%+v", out.Chunks)
	}
	if out.Skipped["DeviceInfo"] != 1 || len(out.Refused) != 1 || out.Refused[0].Reason != "no id" {
		t.Errorf("%+v", out)
	}
}

// FuzzDecode: whatever comes, every record ends as a row or a refusal and all columns stay of one length.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(event("DeviceInfo", `{"DeviceName":"a","New":[1,{"x":null}],"OSBuild":"7","Timestamp":"2026-11-20T00:00:00.1Z"}`)))
	f.Add([]byte(`{"records":[` + event("AlertInfo", `{}`) + `,{"properties":{"a":"\ud800"},"category":"X"}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		out := decode(DecoderOptions{}, string(body))
		rows := 0
		for _, c := range out.Chunks {
			rows += c.N
			for i := range c.Vectors {
				if c.Vectors[i].Len() != c.N {
					t.Fatalf("column %s has %d of %d rows", c.Columns[i].Name, c.Vectors[i].Len(), c.N)
				}
			}
			for r := range c.N {
				if o := field(t, c, store.Overflow, r); o != nil && !json.Valid([]byte(o.(string))) {
					t.Fatalf("overflow %v", o)
				}
			}
		}
		if rows != out.Rows {
			t.Fatalf("%d rows counted, %d there", out.Rows, rows)
		}
	})
}

func TestMessageThatTheCollectorCouldNotRead(t *testing.T) {
	d := NewDecoder(DecoderOptions{})
	d.Add(record.Raw{Body: []byte(`{"category":"AdvancedHunting-DeviceEvents","proper`), Broken: "the file ends in the middle of line 7"})
	out := d.Take()
	if out.Rows != 0 || len(out.Refused) != 1 || out.Refused[0].Reason != "the file ends in the middle of line 7" || len(out.Refused[0].Record) == 0 {
		t.Errorf("%d rows, refused %+v", out.Rows, out.Refused)
	}
}
