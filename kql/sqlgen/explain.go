package sqlgen

import (
	"fmt"
	"strings"

	"github.com/vedette-siem/vedette/kql/exec"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/sql"
)

// Explain describes a query lowered for an engine for a person: every result's tree with what Go does and what the engine does, then each SQL text
// with its constants. Tables are named, not the files behind them.
func Explain(q *plan.Query, d sql.Dialect) string {
	var b, texts strings.Builder
	n := 0
	for _, r := range q.Results {
		fmt.Fprintf(&b, "%s:\n", r.Name)
		b.WriteString(plan.Text(r.Root, func(node plan.Node) (string, bool) {
			s, ok := node.(*exec.SQL)
			if !ok {
				return "  go   ", false
			}
			n++
			fmt.Fprintf(&texts, "\nSQL %d (in place of)\n", n)
			texts.WriteString(indent(plan.Text(s.Plan, nil)))
			text, args, err := sql.Print(d, s.Query, func(sc sql.Scan) (string, error) { return `"` + sc.Table + `"`, nil })
			if err != nil {
				text = err.Error()
			}
			texts.WriteString(indent(text))
			for i, a := range args {
				fmt.Fprintf(&texts, "  %d: %#v\n", i+1, a)
			}
			return fmt.Sprintf("  sql %d", n), true
		}))
	}
	return b.String() + texts.String()
}

func indent(s string) string {
	return "  " + strings.ReplaceAll(strings.TrimRight(s, "\n"), "\n", "\n  ") + "\n"
}
