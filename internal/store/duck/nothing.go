package duck

import (
	"slices"
	"strings"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/kql/sql"
)

// nothing reports whether q surely has no rows, because no file may hold rows that it asks for. Then the engine need not be asked: a search
// over all tables costs only for those that may have something.
//
// Rows only come while one looks (sealing waits), so what had none at the end had none at the beginning: the answer is of one moment.
func (s *Store) nothing(q *sql.Query) (bool, error) {
	s.snap.RLock()
	defer s.snap.RUnlock()
	e := &emptiness{s: s, conditions: conditionsOf(q)}
	none := e.sel(q.Root, 0)
	if e.err != nil && fault.KindOf(e.err) == fault.Internal {
		e.err = fault.New(fault.Invalid, "query", "%w", e.err)
	}
	return none && e.err == nil, e.err
}

// emptiness finds out where a tree has no rows. It may say no where it has none.
type emptiness struct {
	s          *Store
	conditions map[string]asked
	err        error
}

func (e *emptiness) sel(s *sql.Select, depth int) bool {
	if s == nil || depth > maxConditions || e.err != nil {
		return false
	}
	if s.Union != nil {
		for _, u := range s.Union {
			if !e.sel(u, depth+1) {
				return false
			}
		}
		return true
	}
	// An aggregate without keys has a row for no rows.
	if len(s.GroupBy) == 0 {
		if s.Having != nil {
			return false
		}
		for _, it := range s.Items {
			if mayAggregate(it.X, 0) {
				return false
			}
		}
	}
	return s.From != nil && e.from(s.From, depth+1)
}

func (e *emptiness) from(f sql.From, depth int) bool {
	if depth > maxConditions {
		return false
	}
	switch f := f.(type) {
	case sql.Scan:
		r, err := e.s.reading(f, e.conditions[f.Alias])
		if err != nil {
			e.err = err
			return false
		}
		return len(r.legs) == 0
	case sql.Sub:
		return e.sel(f.Q, depth+1)
	case sql.Join:
		switch f.Kind {
		case "INNER":
			return e.from(f.L, depth+1) || e.from(f.R, depth+1)
		case "LEFT", "SEMI", "ANTI":
			return e.from(f.L, depth+1)
		}
	}
	return false
}

// without gives s without the legs of unions that have no rows: each would have to be understood and planned by the engine.
func (e *emptiness) without(s *sql.Select, depth int) *sql.Select {
	if s == nil || depth > maxConditions {
		return s
	}
	out := *s
	if s.Union == nil {
		out.From = e.withoutIn(s.From, depth+1)
		return &out
	}
	out.Union = nil
	for _, u := range s.Union {
		if !sameNames(s.Union) || !e.sel(u, depth+1) {
			out.Union = append(out.Union, e.without(u, depth+1))
		}
	}
	if len(out.Union) == 0 {
		out.Union = s.Union[:1]
	}
	return &out
}

func (e *emptiness) withoutIn(f sql.From, depth int) sql.From {
	if depth > maxConditions {
		return f
	}
	switch x := f.(type) {
	case sql.Sub:
		x.Q = e.without(x.Q, depth+1)
		return x
	case sql.Join:
		x.L, x.R = e.withoutIn(x.L, depth+1), e.withoutIn(x.R, depth+1)
		return x
	}
	return f
}

// sameNames reports whether all legs of a union give their columns the same names, so that it does not matter which is the first.
func sameNames(union []*sql.Select) bool {
	for _, u := range union {
		if !slices.EqualFunc(u.Items, union[0].Items, func(a, b sql.Item) bool { return a.Name == b.Name }) {
			return false
		}
	}
	return true
}

// mayAggregate reports whether an expression could be an aggregate: a call of anything but the functions known to work row by row.
func mayAggregate(e sql.Expr, depth int) bool {
	if depth > maxConditions {
		return true
	}
	if c, ok := e.(sql.Call); ok && !rowwise(c.Name) {
		return true
	}
	found := false
	sql.Parts(e, func(p sql.Expr) { found = found || mayAggregate(p, depth+1) })
	return found
}

func rowwise(call string) bool {
	_, text := textCalls[call]
	return text || call == "coalesce" || call == "kql_has_any" || call == "kql_has_all" || call == "kql_may_have" || strings.HasPrefix(call, "kql_json_")
}
