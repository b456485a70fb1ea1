package sqlgen

import "github.com/vedette-siem/vedette/kql/sql"

// Engines take long, some exponentially long, to plan statements that are nested deeply, and cannot be interrupted while they do. So a
// statement ends where it would be nested further, and Go takes its rows.
const (
	maxNested   = 16 // SELECTs within each other
	maxRepeated = 64 // SELECTs that stand in the text again, as those below an arg_max do
)

// shape is what a SELECT looks like when it is printed.
type shape struct{ nested, printed int }

// tooNested reports whether s should be a statement of its own.
func tooNested(s *sql.Select) bool {
	seen := map[*sql.Select]shape{}
	sh := shapeOf(s, seen, 0)
	return sh.nested > maxNested || sh.printed-len(seen) > maxRepeated
}

func shapeOf(s *sql.Select, seen map[*sql.Select]shape, depth int) shape {
	if sh, ok := seen[s]; ok {
		return sh
	}
	if depth > 2*maxNested {
		return shape{nested: maxNested}
	}
	sh := shape{}
	add := func(in *sql.Select) {
		i := shapeOf(in, seen, depth+1)
		sh.nested = max(sh.nested, i.nested)
		sh.printed = min(sh.printed+i.printed, 1<<20)
	}
	for _, u := range s.Union {
		add(u)
	}
	from(s.From, 0, add)
	sh.nested++
	sh.printed++
	seen[s] = sh
	return sh
}

// from calls f for the SELECTs of a relation.
func from(r sql.From, depth int, f func(*sql.Select)) {
	switch r := r.(type) {
	case sql.Sub:
		f(r.Q)
	case sql.Join:
		if depth < 1000 {
			from(r.L, depth+1, f)
			from(r.R, depth+1, f)
		}
	}
}
