package kql_test

import (
	"sort"
	"testing"

	"github.com/vedette-siem/vedette/kql/bind"
	"github.com/vedette-siem/vedette/kql/exec"
	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/sqlgen"
	"github.com/vedette-siem/vedette/kql/syntax"
)

// TestLowered counts, of a sample of the hunting queries, those of which the engine answers everything, and ranks what keeps the others in Go.
func TestLowered(t *testing.T) {
	queries := loadHunting(t)
	cat := loadCorpus(t, nil)
	whole, some := 0, 0
	why := map[string]int{}
	for i, q := range queries {
		if i%16 != 0 {
			continue // each sixteenth tells as much
		}
		script, diags := syntax.Parse(q.Query)
		if diags.HasErrors() {
			continue
		}
		p, diags := bind.Bind(script, cat, bind.Options{Now: corpusNow, External: true})
		if diags.HasErrors() || p == nil {
			continue
		}
		plan.Optimize(p, &fn.Env{Now: corpusNow})
		seen := map[string]bool{}
		sqlgen.Lower(p, sqlgen.Options{Dialect: sql.DuckDB, Refused: func(what string) { seen[what] = true }})
		asked, inGo := false, false
		for _, r := range p.Results {
			plan.Walk(r.Root, func(n plan.Node) {
				_, leaf := n.(*exec.SQL)
				asked, inGo = asked || leaf, inGo || !leaf
			})
		}
		switch {
		case !asked:
			continue
		case !inGo:
			whole++
			continue
		}
		some++
		for what := range seen {
			why[what]++
		}
	}
	t.Logf("hunting queries answered by the engine alone: %d; with Go above it: %d", whole, some)
	var ranked []string
	for what := range why {
		ranked = append(ranked, what)
	}
	sort.Slice(ranked, func(i, j int) bool {
		return why[ranked[i]] > why[ranked[j]] || why[ranked[i]] == why[ranked[j]] && ranked[i] < ranked[j]
	})
	for _, what := range ranked[:min(len(ranked), 60)] {
		t.Logf("%5d  %s", why[what], what)
	}
	ratchet(t, "testdata/lowered.txt", "duckdb", whole)
}
