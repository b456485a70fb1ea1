package bind_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/kql/bind"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
)

// excuse is a disagreement with Microsoft's front end that we want, with its reason.
type excuse struct {
	pattern *regexp.Regexp
	reason  string
	used    int
}

// readExcuses reads lines "pattern<TAB>reason"; # begins a comment.
func readExcuses(tb testing.TB) []*excuse {
	f, err := os.Open(filepath.Join("..", "testdata", "oracle.txt"))
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	var out []*excuse
	for s := bufio.NewScanner(f); s.Scan(); {
		if line := s.Text(); line != "" && line[0] != '#' {
			pattern, reason, ok := strings.Cut(line, "\t")
			if !ok {
				tb.Fatalf("oracle.txt: no reason in %q", line)
			}
			out = append(out, &excuse{pattern: regexp.MustCompile(pattern), reason: strings.TrimSpace(reason)})
		}
	}
	return out
}

// ours is what we say of a query, in the oracle's form; codes are those of the faults.
func ours(query string, cat plan.Catalog) (v verdict, open bool) {
	script, diags := syntax.Parse(query)
	v.Syntax = !diags.HasErrors()
	v.Faults = faults(query, diags)
	if !v.Syntax {
		return v, false
	}
	q, diags := bind.Bind(script, cat, bind.Options{Check: true, External: true, Now: 638_000_000_000_000_000})
	v.Semantic = !diags.HasErrors()
	v.Faults = append(v.Faults, faults(query, diags)...)
	if !v.Semantic || len(q.Results) == 0 {
		return v, true
	}
	open = len(q.Open) > 0
	if strings.Contains(query, "fork") || strings.Contains(query, "facet") {
		return v, true // several tables: which one the oracle means is not said
	}
	for _, c := range q.Results[len(q.Results)-1].Root.Columns() {
		v.Columns = append(v.Columns, [2]string{c.Name, c.Type.String()})
	}
	return v, open
}

func faults(query string, diags syntax.Diags) []string {
	var out []string
	for _, d := range diags {
		if d.Severity == syntax.Error {
			p := syntax.PositionAt(query, d.Start)
			out = append(out, strconv.Itoa(p.Line)+":"+strconv.Itoa(p.UTF16)+" "+d.Code+" "+d.Message)
		}
	}
	return out
}

var place = regexp.MustCompile(`^\d+:\d+ `)

// disagreement describes how the two verdicts differ; "" when they do not.
func disagreement(theirs, ours verdict, open bool) string {
	first := func(v verdict) string {
		if len(v.Faults) == 0 {
			return "without a reason"
		}
		return place.ReplaceAllString(v.Faults[0], "")
	}
	switch {
	case theirs.ok() && !ours.ok():
		return "we refuse: " + first(ours)
	case !theirs.ok() && ours.ok():
		return "we accept: " + first(theirs)
	case ours.ok() && !open && theirs.Columns != nil:
		if d := difference(theirs.Columns, ours.Columns); d != "" {
			return "columns: " + d
		}
	}
	return ""
}

// oracleRun holds queries to the oracle.
type oracleRun struct {
	tb       testing.TB
	oracle   *oracle
	cat      *tableMap
	excuses  []*excuse
	asked    int
	accepted int
	excused  int
	left     []unexplained
}

type unexplained struct{ Why, Query string }

func (r *oracleRun) check(name string, queries []string) {
	asked, accepted, excused, left := r.asked, r.accepted, r.excused, len(r.left)
	for i, theirs := range r.oracle.ask(queries) {
		query := queries[i]
		r.cat.openTables(query)
		own, open := ours(query, r.cat)
		r.asked++
		if theirs.ok() {
			r.accepted++
		}
		why := disagreement(theirs, own, open)
		if why == "" {
			continue
		}
		if e := slices.IndexFunc(r.excuses, func(e *excuse) bool { return e.pattern.MatchString(why + "\n" + query) }); e >= 0 {
			r.excuses[e].used++
			r.excused++
			continue
		}
		r.left = append(r.left, unexplained{why, query})
	}
	r.tb.Logf("%s: %d asked (%d right for Microsoft), %d disagreements with a reason, %d without", name, r.asked-asked, r.accepted-accepted, r.excused-excused, len(r.left)-left)
}

// TestOracle asks Microsoft's parser and binder about the reference's cases, about hunting queries and about queries made of them with
// mistakes: they and we accept the same ones and give them the same columns, but for the list in oracle.txt. KQL_ORACLE says how many are
// made; KQL_ORACLE_SEED chooses others; KQL_ORACLE_OUT names a file for those that are not explained.
func TestOracle(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("KQL_ORACLE"))
	if n == 0 {
		t.Skip("slow; `make conformance-oracle` runs it")
	}
	seed, _ := strconv.ParseUint(os.Getenv("KQL_ORACLE_SEED"), 10, 64)
	r := &oracleRun{tb: t, oracle: newOracle(t), cat: readCatalog(t, suite(t, "catalogue.json")), excuses: readExcuses(t)}
	tables := slices.Clone(r.cat.names)
	cases, hunting := queriesOf(t, "cases.jsonl"), queriesOf(t, "hunting.jsonl.gz")
	r.check("cases", cases)
	r.check("hunting", hunting)
	base := slices.Clone(cases)
	for _, q := range hunting {
		if len(q) < 600 {
			base = append(base, q)
		}
	}
	m, g := newMutator(t, seed, tables), newMutator(t, seed, tables)
	var mutated, generated []string
	for i := range n {
		if i%3 == 2 {
			generated = append(generated, g.generate())
		} else {
			mutated = append(mutated, m.mutate(base[m.IntN(len(base))]))
		}
	}
	r.check("mutated", mutated)
	r.check("generated", generated)
	if r.report(); len(r.left)*200 > n {
		t.Errorf("%d of %d made queries are not explained", len(r.left), n)
	}
}

func queriesOf(tb testing.TB, name string) []string {
	var out []string
	lines(tb, suite(tb, name), func(line []byte) {
		var c struct{ Query string }
		if err := json.Unmarshal(line, &c); err != nil {
			tb.Fatal(err)
		}
		out = append(out, c.Query)
	})
	return out
}

// report shows the disagreements without a reason by kind, the most frequent first.
func (r *oracleRun) report() {
	kinds := map[string][]string{}
	for _, u := range r.left {
		k := names.ReplaceAllString(u.Why, "‹›")
		kinds[k] = append(kinds[k], u.Query)
	}
	var keys []string
	for k := range kinds {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		return len(kinds[keys[i]]) > len(kinds[keys[j]]) || len(kinds[keys[i]]) == len(kinds[keys[j]]) && keys[i] < keys[j]
	})
	for _, k := range keys {
		shortest := slices.MinFunc(kinds[k], func(a, b string) int { return len(a) - len(b) })
		r.tb.Logf("%d × %s\n\t%s", len(kinds[k]), k, shortest)
	}
	if path := os.Getenv("KQL_ORACLE_OUT"); path != "" {
		data, _ := json.MarshalIndent(r.left, "", " ")
		if err := os.WriteFile(path, data, 0o644); err != nil {
			r.tb.Fatal(err)
		}
	}
	for _, e := range r.excuses {
		r.tb.Logf("%6d × %s: %s", e.used, e.pattern, e.reason)
	}
}

// names are the parts of a message that differ from query to query.
var names = regexp.MustCompile("`[^`]*`|'[^']*'|\"[^\"]*\"|\\b\\d+\\b")
