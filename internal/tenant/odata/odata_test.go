package odata

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

func TestFilter(t *testing.T) {
	doc := Doc{"status": "active", "n": 5.0, "on": true, "at": "2026-03-01T10:00:00.5Z", "who": nil}
	for text, want := range map[string]bool{
		"":                                          true,
		"status eq 'Active'":                        true,
		"status ne 'active'":                        false,
		"status eq 'a''b'":                          false,
		"n gt 4 and n le 5":                         true,
		"n lt 5 or on eq true":                      true,
		"not (n lt 5) and who eq null":              true,
		"who ne null":                               false,
		"who lt 'x'":                                false,
		"at ge 2026-03-01T10:00:00.5Z":              true,
		"at gt 2026-03-01T10:00:00.5Z":              false,
		"at lt 2026-03-01T11:00:00.51+01:00":        true,
		"(status eq 'x' or n eq 5) and on eq false": false,
	} {
		f, err := Parse(text, nil)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if f.Match(doc) != want {
			t.Errorf("%s is %v", text, !want)
		}
	}
	for _, bad := range []string{"status", "status eq", "status like 'x'", "(status eq 'x'", "status eq 'x", "status eq 'x' n", "secret eq 1", "n eq five", strings.Repeat("(", 100)} {
		if _, err := Parse(bad, []string{"status", "n"}); err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
}

func TestPages(t *testing.T) {
	var docs []Doc
	for i := range 25 {
		docs = append(docs, Doc{"id": fmt.Sprint(i), "at": fmt.Sprintf("2026-03-01T10:00:%02d.%dZ", 59-i, i%3)})
	}
	l := Limits{Default: 10, Top: 20, Reach: 30, Sensible: "at asc"}
	u, _ := url.Parse("https://host/v1.0/things?$count=true&$select=id")
	var got []string
	for link := u.String(); link != ""; {
		u, err := url.Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		q, err := Read(u.Query(), l)
		if err != nil {
			t.Fatal(err)
		}
		page, total := q.Apply(docs)
		if total != 25 || !q.Count {
			t.Errorf("total %d", total)
		}
		for _, d := range page {
			if picked := q.Pick(d); len(picked) != 1 {
				t.Errorf("selected %v", picked)
			}
			got = append(got, d["id"].(string))
		}
		link = q.Next(u, "https://host", total)
	}
	if len(got) != 25 || got[0] != "24" || got[24] != "0" {
		t.Errorf("pages hold %v", got)
	}
	for _, bad := range []string{"$top=21", "$top=x", "$skip=-1", "$top=20&$skip=11", "$skiptoken=!"} {
		v, _ := url.ParseQuery(bad)
		if _, err := Read(v, l); err == nil {
			t.Errorf("%s: no error", bad)
		} else if bad == "$top=21" && !strings.Contains(err.Error(), "The limit of '20' for Top query") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	if Instant("2026-03-01T10:00:00Z") >= Instant("2026-03-01T10:00:00.1Z") {
		t.Error("a whole second does not come before its tenth")
	}
}
