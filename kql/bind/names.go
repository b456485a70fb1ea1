package bind

import (
	"strconv"

	"github.com/vedette-siem/vedette/kql/plan"
)

// nameTable hands out names that are unique within one set of columns, as Kusto does: a name that is taken gets the next free number
// after the greatest that was given out for it.
type nameTable map[string]int

func (t nameTable) add(name string) {
	if _, ok := t[name]; !ok {
		t[name] = 0
	}
}

func (t nameTable) unique(name, base string) string {
	last, taken := t[name]
	if !taken {
		t[name] = 0
		return name
	}
	if base == "" {
		base = name
	}
	for n := last + 1; ; n++ {
		try := base + strconv.Itoa(n)
		if _, ok := t[try]; !ok {
			t[name] = n
			t[try] = 0
			return try
		}
	}
}

// uniqueColumns renames columns so that every name occurs once. The first column of a name keeps it, and a new name never takes one that
// occurs further on: k, k, k1 become k, k2, k1.
func uniqueColumns(cols []plan.Column) {
	t := make(nameTable, len(cols))
	clash := false
	for _, c := range cols {
		if _, ok := t[c.Name]; ok {
			clash = true
		}
		t.add(c.Name)
	}
	if !clash {
		return
	}
	seen := make(map[string]bool, len(cols))
	for i, c := range cols {
		if seen[c.Name] {
			cols[i].Name = t.unique(c.Name, "")
		} else {
			seen[c.Name] = true
		}
	}
}

// matchWildcard reports whether name matches pattern, in which * stands for any text.
func matchWildcard(pattern, name string) bool {
	star, mark := -1, 0
	p, n := 0, 0
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, n
			p++
		case p < len(pattern) && pattern[p] == name[n]:
			p++
			n++
		case star >= 0:
			p, mark = star+1, mark+1
			n = mark
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

// suggest gives the candidate nearest to name, or "" when none is near enough to be meant.
func suggest(name string, candidates []string) string {
	limit := min((len(name)+1)/3, 4)
	best, bestD := "", limit+1
	for _, c := range candidates {
		if c == name || len(c) > len(name)+limit || len(name) > len(c)+limit {
			continue
		}
		if d := distance(name, c, limit); d < bestD || d == bestD && d <= limit && c < best {
			best, bestD = c, d
		}
	}
	return best
}

// distance is the edit distance of a and b without regard to ASCII case (a difference of case alone counts 0), or limit+1 when greater.
func distance(a, b string, limit int) int {
	prev := make([]int, len(b)+1)
	cur := make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		low := cur[0]
		for j := 1; j <= len(b); j++ {
			cost := 1
			if lower(a[i-1]) == lower(b[j-1]) {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			low = min(low, cur[j])
		}
		if low > limit {
			return limit + 1
		}
		prev, cur = cur, prev
	}
	return prev[len(b)]
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
