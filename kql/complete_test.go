package kql_test

import (
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/kql"
)

// TestComplete: ¦ is the place; each word of has is offered there as "kind text", none of the words of lacks is.
func TestComplete(t *testing.T) {
	for _, c := range []struct{ text, has, lacks string }{
		{"¦", "table A,operator print", "column k,aggregate count"},
		{"A | ¦", "operator where,operator summarize", "table A,column k"},
		{"A | wh¦", "operator where", "operator summarize"},
		{"A | where ¦", "column k,column Timestamp,function tolower", "aggregate count,table A"},
		{"A | where K¦", "column k", "column v"},
		{"A | extend own = v * 2 | project ow¦", "column own", "column v"},
		{"A | project k | where ¦ | take 5", "column k", "column v"},
		{"A | where k ¦", "operator has,operator contains", "function tolower"},
		{"A | summarize ¦", "aggregate count,aggregate dcount", "operator where"},
		{"A | summarize n = count() by k | where ¦", "column n,column k", "column v"},
		{"A | join kind=¦", "value leftanti,value inner", "table A"},
		{"A | join (B | where ¦", "column v", ""},
		{"let mine = A | project k; ¦", "let mine,table A", ""},
		{"let mine = A | project k; mine | where ¦", "column k", "column v"},
		{"A | mv-apply d on (where ¦", "column d,column k", ""},
		{"A | invoke ¦", "function FileProfile", ""},
		{"A | evaluate ¦", "plugin bag_unpack,plugin pivot", "plugin python"},
		{"A | extend x = 1 | where k == 'a¦", "", "column k,function tolower"},
		{"A | where nothing == 5 | where ¦", "column k", ""},
	} {
		before, after, _ := strings.Cut(c.text, "¦")
		found, _ := kql.Complete(before+after, len(before), twoTables{}, kql.Options{Now: corpusNow})
		have := map[string]bool{}
		for _, x := range found {
			have[x.Kind+" "+x.Text] = true
		}
		for _, w := range strings.Split(c.has, ",") {
			if w != "" && !have[w] {
				t.Errorf("%s: %s is not offered; offered are %.600v", c.text, w, found)
			}
		}
		for _, w := range strings.Split(c.lacks, ",") {
			if have[w] {
				t.Errorf("%s: %s is offered", c.text, w)
			}
		}
	}
}
