package query_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/ingest"
	"github.com/vedette-siem/vedette/internal/query"
	"github.com/vedette-siem/vedette/internal/record"
	"github.com/vedette-siem/vedette/internal/store/duck"
)

// searchable are pieces of JSON strings as senders may write them.
var searchable = []string{"mimikatz", "Certutil", "K", `\u212a`, `\u006Bate`, " ", "-", `\n`, `\u000an`, `\"`, `\\`, `\/`, "é", `\u00c9`, "10", "e5", ".", "x", "日本", `\ud83d\ude42`, "_"}

func searchableText(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(5) {
		b.WriteString(searchable[r.IntN(len(searchable))])
	}
	return b.String()
}

// TestSearchSameAsGo holds conditions on texts inside dynamics, which the engine only narrows down, and the term index, which narrows down
// further, to the same queries run in Go over all rows.
func TestSearchSameAsGo(t *testing.T) {
	s, err := duck.Open(t.Context(), duck.Options{Dir: t.TempDir(), MemoryMB: 256})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	loop := ingest.New(ingest.Options{Store: s})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- loop.Run(ctx) }()
	defer func() { stop(); <-ended }()
	r := rand.New(rand.NewPCG(5, 6))
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	seq := int64(0)
	put := func(n int) {
		var batch []record.Raw
		for range n {
			seq++
			value := func() string {
				switch r.IntN(6) {
				case 0:
					return []string{"1.50", "1e3", "10", "true", "null", `["` + searchableText(r) + `",7]`, "{}"}[r.IntN(7)]
				case 1:
					return fmt.Sprintf(`{"k":"%s"}`, searchableText(r))
				}
				return fmt.Sprintf(`"%s"`, searchableText(r))
			}
			body := fmt.Sprintf(`{"category":"AdvancedHunting-DeviceProcessEvents","tenantId":"t","properties":{"Timestamp":%q,"ReportId":%d,"ProcessCommandLine":"%s","AdditionalFields":{"%s":%s,"k":%s},"Note":"%s","Extra":{"k":%s}}}`,
				at.Add(time.Duration(seq)*time.Second).Format(time.RFC3339), seq, searchableText(r), searchableText(r), value(), value(), searchableText(r), value())
			batch = append(batch, record.Raw{Pos: record.Pos{Source: "test", Partition: "0", Seq: seq}, Arrived: time.Now(), Body: []byte(body)})
		}
		if err := loop.Put(ctx, batch); err != nil {
			t.Fatal(err)
		}
		if err := loop.Flush(ctx); err != nil {
			t.Fatal(err)
		}
	}
	fast, slow := query.New(query.Options{Store: s}), query.New(query.Options{Store: s, InGo: true})
	check := func(when string) {
		found := 0
		for range 120 {
			subject := []string{"AdditionalFields", "AdditionalFields.k", `tostring(AdditionalFields["k"])`, "AdditionalFields.k.k", "tostring(AdditionalFields.k[0])",
				"Note", "Extra", "Extra.k", "ProcessCommandLine"}[r.IntN(9)]
			op := []string{"has", "has_cs", "hasprefix", "hassuffix", "contains", "startswith", "endswith", "==", "=~", "has_any", "has_all", "in", "in~", "!has"}[r.IntN(14)]
			lit := func() string { return `"` + strings.ReplaceAll(searchableText(r), `\/`, "/") + `"` }
			x := lit()
			switch op {
			case "has_any", "has_all", "in", "in~":
				x = "(" + lit() + ", " + lit() + ", 10)"
			}
			cond := subject + " " + op + " " + x
			if r.IntN(4) == 0 {
				cond += []string{" or ", " and "}[r.IntN(2)] + "AdditionalFields has " + lit()
			}
			text := "DeviceProcessEvents | where " + cond + " | project ReportId | order by ReportId asc"
			if r.IntN(6) == 0 {
				text = "search in (DeviceProcessEvents) " + lit() + " | project ReportId | order by ReportId asc"
			}
			var a, b answer
			if _, err := slow.Run(ctx, query.Request{Text: text}, &b); err != nil {
				continue // e.g. a list that cannot be compared
			}
			if _, err := fast.Run(ctx, query.Request{Text: text}, &a); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			if a.String() != b.String() {
				t.Fatalf("%s: %s\n got %s\nwant %s", when, text, &a, &b)
			}
			found += len(a.lines)
		}
		if found < 100 {
			t.Errorf("%s: only %d rows found; the queries test nothing", when, found)
		}
	}
	put(60)
	check("hot")
	if _, err := s.Seal(ctx, at.Add(48*time.Hour)); err != nil {
		t.Fatal(err)
	}
	check("sealed")
	for text, want := range map[string]string{
		"DeviceProcessEvents | where ProcessCommandLine has 'nothere'":      "DeviceProcessEvents: 0 of 1 blocks in 0 of 1 files (by the term index)\n",
		"DeviceProcessEvents | where AdditionalFields.k has 'nothere'":      "DeviceProcessEvents: 0 of 1 blocks in 0 of 1 files (by the term index)\n",
		"search in (DeviceProcessEvents) 'nothere'":                         "DeviceProcessEvents: 0 of 1 blocks in 0 of 1 files (by the term index)\n",
		"DeviceProcessEvents | where ProcessCommandLine contains 'nothere'": "DeviceProcessEvents: 1 of 1 blocks in 1 of 1 files\n",
	} {
		if got, err := fast.Explain(query.Request{Text: text}); err != nil || !strings.HasSuffix(got, want) {
			t.Errorf("%s: %v\n%s", text, err, got)
		}
	}
	put(20)
	check("sealed and hot")
}
