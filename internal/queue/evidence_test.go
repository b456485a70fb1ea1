package queue

import (
	"context"
	"encoding/json"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/query"
	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/kql/sql"
)

// empty is a store of empty tables.
type empty struct{}

func (empty) Query(context.Context, *sql.Query) iter.Seq2[*store.Batch, error] {
	return func(func(*store.Batch, error) bool) {}
}
func (empty) Table(name string) (*schema.Table, bool) { return schema.Builtin().Table(name) }
func (empty) Tables() []*schema.Table                 { return schema.Builtin().Tables() }
func (empty) Ready() time.Time                        { return time.Now() }

// TestEvidence: what is shown of each type, and a query that compiles and holds the value, whatever stands in it.
func TestEvidence(t *testing.T) {
	engine := query.New(query.Options{Store: empty{}, InGo: true})
	const nasty = `a\"b\\c\n'd` // as it stands in JSON
	for _, c := range []struct{ kind, json, title, holds string }{
		{"process", `"mdeDeviceId":"dev","processId":4711,"imageFile":{"fileName":"x.exe"}`, "x.exe (4711)", "ProcessId == 4711"},
		{"process", `"mdeDeviceId":"` + nasty + `","processId":1,"processCommandLine":"run"`, "run (1)", `a\"b\\c\n'd`},
		{"process", `"processId":1,"imageFile":{"fileName":"x.exe"}`, "x.exe (1)", ""},
		{"file", `"fileDetails":{"fileName":"f","sha256":"` + strings.Repeat("a", 64) + `"}`, "f", "SHA256"},
		{"file", `"fileDetails":{"fileName":"f","sha1":"` + strings.Repeat("b", 40) + `"}`, "f", "SHA1"},
		{"file", `"fileDetails":{"fileName":"f"}`, "f", ""},
		{"ip", `"ipAddress":"192.0.2.1"`, "192.0.2.1", "192.0.2.1"},
		{"url", `"url":"https://x.example/?a=\"b\""`, `https://x.example/?a="b"`, `https://x.example/?a=\"b\"`},
		{"device", `"mdeDeviceId":"dev","deviceDnsName":"ws1.example"`, "ws1.example", "DeviceId"},
		{"user", `"userAccount":{"userPrincipalName":"ada@x.example","azureAdUserId":"guid"}`, "ada@x.example", "AccountObjectId"},
		{"user", `"userAccount":{"accountName":"ada","userSid":"S-1-5-21"}`, "ada", "AccountSid"},
		{"mailbox", `"primaryAddress":"ada@x.example"`, "ada@x.example", "RecipientEmailAddress"},
		{"analyzedMessage", `"networkMessageId":"id","subject":"Hello"`, "Hello", "NetworkMessageId"},
		{"registryKey", `"registryHive":"HKEY_LOCAL_MACHINE","registryKey":"SOFTWARE\\Run","mdeDeviceId":"dev"`, `HKEY_LOCAL_MACHINE\SOFTWARE\Run`, `SOFTWARE\\Run`},
		{"registryValue", `"registryHive":"HKLM","registryKey":"K","registryValueName":"V","mdeDeviceId":"dev"`, `HKLM\K\V`, "DeviceRegistryEvents"},
		{"cloudApplication", `"displayName":"App"`, "App", ""},
		{"cloudApplication", `"displayName":"App","appId":11161`, "App", "ApplicationId == 11161"},
		{"cloudApplication", `"displayName":"App","appId":"1 or true"`, "App", ""},
		{"oauthApplication", `"displayName":"App","appId":"guid"`, "App", "OAuthAppId"},
		{"process", `"mdeDeviceId":"dev","processId":"1 or true"`, " (1 or true)", ""},
		{"url", `"url":"http://x.example/p.exe"`, "http://x.example/p.exe", `("http://x.example/p.exe", "x.example")`},
		{"user", `"userAccount":{"userPrincipalName":"ada@x.example","azureAdUserId":"guid","userSid":"S-1"}`, "ada@x.example", `AccountObjectId == "guid" or AccountSid == "S-1" or AccountUpn =~ "ada@x.example"`},
		{"user", `"userAccount":{"accountName":"ada"}`, "ada", ""},
		{"somethingNew", `"what":1`, "somethingNew", ""},
	} {
		for _, when := range [][2]string{{"2026-11-01T10:00:00.1234567Z", "2026-11-01T11:00:00Z"}, {"", ""}, {"2026-11-01T10:00:00Z", ""}} {
			var doc map[string]any
			if err := json.Unmarshal([]byte(`{"@odata.type":"#microsoft.graph.security.`+c.kind+`Evidence","verdict":"malicious","remediationStatus":"none","roles":["attacker",7],"createdDateTime":"2026-11-01T10:00:00Z",`+c.json+`}`), &doc); err != nil {
				t.Fatal(err)
			}
			e := evidence(doc, when[0], when[1])
			if e.Type != c.kind || e.Title != c.title || e.Verdict != "malicious" || len(e.Roles) != 1 || len(e.Fields) == 0 {
				t.Errorf("%s: %+v", c.kind, e)
			}
			if (c.holds == "") != (e.Query == "") || !strings.Contains(e.Query, c.holds) {
				t.Errorf("%s: the query is %q", c.kind, e.Query)
			}
			if e.Query == "" {
				continue
			}
			if cols, diags := engine.Check(e.Query); len(cols) == 0 || Faulty(diags) {
				t.Errorf("%s: %v\n%s", c.kind, diags, e.Query)
			}
		}
	}
}

// TestFlatten: numbers keep their digits, and depth is bounded.
func TestFlatten(t *testing.T) {
	var doc map[string]any
	if err := json.Unmarshal([]byte(`{"n":12345678,"f":1.5,"l":[{"a":true},"b"],"none":null,"deep":`+strings.Repeat(`{"x":`, 50)+"1"+strings.Repeat("}", 50)+`}`), &doc); err != nil {
		t.Fatal(err)
	}
	var out []Value
	flatten("", doc, &out, 0)
	got := map[string]string{}
	for _, v := range out {
		got[v.Name] = v.Value
	}
	if len(got) != 4 || got["n"] != "12345678" || got["f"] != "1.5" || got["l[0].a"] != "true" || got["l[1]"] != "b" {
		t.Errorf("%v", got)
	}
}

// TestHistory: each change is told once, with what it was before.
func TestHistory(t *testing.T) {
	s := newStore(t)
	q := New(s.engine)
	doc := func(status, severity, owner string, tags, comments int, at string) string {
		d := map[string]any{"id": "9", "displayName": "It", "severity": severity, "status": status, "assignedTo": owner, "createdDateTime": "2026-11-01T10:00:00Z", "lastUpdateDateTime": at,
			"lastModifiedBy": "ada", "customTags": []string{"a", "b"}[:tags], "comments": []map[string]any{{"comment": "hm", "createdByDisplayName": "ada", "createdDateTime": at}}[:comments]}
		if status == "redirected" {
			d["redirectIncidentId"] = "10"
		}
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	s.put(t, "t",
		doc("active", "low", "", 0, 0, "2026-11-01T10:00:00Z"),
		doc("inProgress", "low", "ada@x.example", 1, 0, "2026-11-01T10:00:00.5Z"),
		doc("inProgress", "high", "ada@x.example", 2, 1, "2026-11-01T12:00:00Z"),
		doc("inProgress", "high", "ada@x.example", 2, 1, "2026-11-01T12:30:00Z"), // nothing that the page tells
		doc("redirected", "high", "ada@x.example", 2, 1, "2026-11-01T13:00:00Z"),
	)
	one, err := q.Get(t.Context(), "", "9")
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, c := range one.History {
		for _, f := range c.Changes {
			told = append(told, c.At+" "+c.By+" "+f.Field+": "+f.From+" → "+f.To)
		}
	}
	want := []string{
		"2026-11-01T10:00:00Z ada created:  → It",
		"2026-11-01T10:00:00.5Z ada status: New → Active", "2026-11-01T10:00:00.5Z ada owner:  → ada@x.example", "2026-11-01T10:00:00.5Z ada tags:  → a",
		"2026-11-01T12:00:00Z ada severity: Low → High", "2026-11-01T12:00:00Z ada tags: a → a, b", "2026-11-01T12:00:00Z ada comments: 0 → 1",
		"2026-11-01T13:00:00Z ada status: Active → Closed", "2026-11-01T13:00:00Z ada classification:  → Undetermined", "2026-11-01T13:00:00Z ada tags: a, b → a, b, Redirected", "2026-11-01T13:00:00Z ada redirected to:  → 10",
	}
	if strings.Join(told, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(told, "\n"), strings.Join(want, "\n"))
	}
	if one.RedirectedTo == nil || *one.RedirectedTo != "10" || len(one.Comments) != 1 || one.Comments[0].Text != "hm" || one.Status != "Closed" {
		t.Errorf("%+v", one)
	}

	// the same number in another tenant is another incident
	s.put(t, "u", strings.Replace(doc("active", "high", "", 0, 0, "2026-11-02T10:00:00Z"), `"It"`, `"Another"`, 1))
	for tenant, title := range map[string]string{"t": "It", "u": "Another", "": "Another"} {
		one, err := q.Get(t.Context(), tenant, "9")
		if err != nil || one.Title != title || tenant == "u" && len(one.History) != 1 {
			t.Errorf("of tenant %q: %v %+v", tenant, err, one.Summary)
		}
	}
	if p, err := q.List(t.Context(), Filter{Limit: 10}); err != nil || p.Total != 2 {
		t.Errorf("%v %+v", err, p)
	}
}

// Faulty reports whether more is to be said of a query than that it names no time: evidence is looked for in all of it.
func Faulty(diags []query.Diagnostic) bool {
	return slices.ContainsFunc(diags, func(d query.Diagnostic) bool { return d.Code != "slow" })
}
