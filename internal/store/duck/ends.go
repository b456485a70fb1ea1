package duck

import (
	"cmp"
	"math"
	"slices"

	"github.com/vedette-siem/vedette/internal/store/terms"
	"github.com/vedette-siem/vedette/kql/sql"
)

// ends is what is asked of a scan of which only the first or last rows by event time are wanted, or just some rows. Whole files are passed
// over when others surely have enough; and as the rows of a sealed file lie in the order of their event time, it is read only at its end.
type ends struct {
	n        int64  // how many rows are wanted
	column   string // they are sorted by; empty: any rows will do
	desc     bool
	tied     bool  // which of the rows of one time are wanted is not indifferent
	from, to int64 // the bounds of the column, both included
}

// maxEnds bounds the conditions that are looked at.
const maxEnds = 20

// endsOf finds out whether s wants only the ends of its scan, nil when it does not.
func endsOf(s *sql.Select, sc sql.Scan) *ends {
	if s.Limit <= 0 || s.Distinct || len(s.GroupBy) > 0 || s.Having != nil || s.Qualify != nil {
		return nil
	}
	for _, it := range s.Items {
		if hasWindow(it.X, 0) || len(s.OrderBy) == 0 && mayAggregate(it.X, 0) { // beside an aggregate no column can be sorted by
			return nil
		}
	}
	e := &ends{n: s.Limit, from: math.MinInt64, to: math.MaxInt64}
	if len(s.OrderBy) > 0 {
		col, ok := s.OrderBy[0].X.(sql.Col)
		if !ok || col.Table != sc.Alias {
			return nil
		}
		e.column, e.desc, e.tied = col.Name, s.OrderBy[0].Desc, len(s.OrderBy) > 1
	}
	if s.Where != nil && (e.column == "" || !e.bounded(s.Where, sc.Alias, 0)) {
		return nil
	}
	return e
}

// bounded reports whether a condition only bounds the column, and takes the bounds over.
func (e *ends) bounded(x sql.Expr, alias string, depth int) bool {
	b, ok := x.(sql.Binary)
	if !ok || depth > maxEnds {
		return false
	}
	if b.Op == "AND" {
		return e.bounded(b.L, alias, depth+1) && e.bounded(b.R, alias, depth+1)
	}
	lit, ok := b.R.(sql.Lit)
	t, isTime := lit.V.(int64)
	if !ok || !isTime || b.L != sql.Expr(sql.Col{Table: alias, Name: e.column}) {
		return false
	}
	switch {
	case b.Op == ">=":
		e.from = max(e.from, t)
	case b.Op == "<=":
		e.to = min(e.to, t)
	case b.Op == ">" && t < math.MaxInt64:
		e.from = max(e.from, t+1)
	case b.Op == "<" && t > math.MinInt64:
		e.to = min(e.to, t-1)
	default:
		return false
	}
	return true
}

// within gives those of the files, which all have rows of table, that are read.
func (e *ends) within(files []*sealedFile, table string) []*sealedFile {
	if e == nil {
		return files
	}
	var whole []*part // all rows of these count
	for _, f := range files {
		p := f.parts[table]
		if e.column != "" && e.column != p.time {
			return files
		}
		if e.from <= p.lo && p.hi <= e.to {
			whole = append(whole, p)
		}
	}
	slices.SortFunc(whole, func(a, b *part) int {
		if e.column != "" && !e.desc {
			return cmp.Compare(a.hi, b.hi)
		}
		return cmp.Compare(b.lo, a.lo)
	})
	rows := int64(0)
	for i, p := range whole {
		if rows += p.rows; rows < e.n {
			continue
		}
		return slices.DeleteFunc(slices.Clone(files), func(f *sealedFile) bool {
			q := f.parts[table]
			switch {
			case e.column == "":
				return !slices.Contains(whole[:i+1], q)
			case e.desc: // n rows are no older than the oldest one of p
				return q.hi < p.lo
			}
			return q.lo > p.hi
		})
	}
	return files
}

// blocks gives the only blocks of a sealed file's table that can have what is wanted, nil for all.
func (e *ends) blocks(p *part) terms.Blocks {
	if e == nil || e.column != p.time || e.tied || p.rows <= e.n {
		return nil
	}
	first, last := 0, int((e.n-1)/terms.BlockRows)
	switch {
	case e.desc && p.hi <= e.to:
		first, last = int((p.rows-e.n)/terms.BlockRows), int((p.rows-1)/terms.BlockRows)
	case !e.desc && e.from <= p.lo:
	default:
		return nil
	}
	out := make(terms.Blocks, last/terms.SegmentBlocks+1)
	for b := first; b <= last; b++ {
		out[b/terms.SegmentBlocks] |= 1 << (b % terms.SegmentBlocks)
	}
	return out
}
