package query

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/kql/exec"
	"github.com/vedette-siem/vedette/kql/plan"
)

// readings says for a person what the store would read for a lowered query: which of its sealed files and blocks its time range and its
// term index leave. It is empty where the store cannot say, or has no sealed files of the query's time.
func readings(q *plan.Query, s store.Querier) string {
	p, ok := s.(store.Planner)
	if !ok {
		return ""
	}
	var b strings.Builder
	seen := map[*exec.SQL]bool{}
	for _, r := range q.Results {
		plan.Walk(r.Root, func(n plan.Node) {
			leaf, ok := n.(*exec.SQL)
			if !ok || seen[leaf] {
				return
			}
			seen[leaf] = true
			list, err := p.Readings(leaf.Query)
			if err != nil {
				fmt.Fprintf(&b, "  %v\n", err)
				return
			}
			for _, r := range list {
				if r.Files > 0 {
					fmt.Fprintf(&b, "  %s\n", readingText(r))
				}
			}
		})
	}
	if b.Len() == 0 {
		return ""
	}
	return "\nSealed files to read\n" + b.String()
}

func readingText(r store.Reading) string {
	s := fmt.Sprintf("%s: %s of %s blocks in %d of %d files", r.Table, thousands(r.ReadBlocks), thousands(r.Blocks), r.ReadFiles, r.Files)
	if r.Indexed {
		return s + " (by the term index)"
	}
	return s
}

// thousands writes n as 1,234,567.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
