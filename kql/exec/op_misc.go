package exec

import (
	"math/rand/v2"
	"sort"
	"strings"
	"unicode"

	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// rand gives a source of random numbers: the same for the same seed.
func (x *Executor) rand() *rand.Rand {
	if x.random == 0 {
		x.random = rand.Uint64()
	}
	x.random++
	return rand.New(rand.NewPCG(x.random, 0x9e3779b97f4a7c15))
}

// generic runs the operators that only Go knows.
func (x *Executor) generic(n *plan.Generic) (*relation, error) {
	ins := make([]*relation, len(n.Ins))
	for i, in := range n.Ins {
		var err error
		if ins[i], err = x.compile(in); err != nil {
			return nil, err
		}
	}
	switch s := n.Spec.(type) {
	case *plan.TopNested:
		return x.topNested(n, s, ins[0])
	case *plan.TopHitters:
		return x.topHitters(n, s, ins[0])
	case *plan.Reduce:
		return x.reduce(n, s, ins[0])
	case *plan.ScanOp:
		return x.scanOp(n, s, ins[0])
	case *plan.GraphTable:
		return x.graphTable(n, s, ins)
	case *plan.GraphMatch:
		return x.graphMatch(n, s, ins)
	}
	return nil, errorf(Unsupported, "the operator %s is not available here", n.Op)
}

// topHitters gives the most frequent values of an expression.
func (x *Executor) topHitters(n *plan.Generic, s *plan.TopHitters, in *relation) (*relation, error) {
	sc := scopeOf(in.cols)
	of, err := x.expr(s.Of.Expr, sc)
	if err != nil {
		return nil, err
	}
	weight := func(Row) value.Value { return value.OfLong(1) }
	if s.Weight != nil {
		if weight, err = x.expr(s.Weight, sc); err != nil {
			return nil, err
		}
	}
	countType := n.Cols[len(n.Cols)-1].Type
	return &relation{n.Cols, func(emit func(Batch) error) error {
		g := newGroups(x.mem)
		defer g.free()
		sums := map[*group]value.Value{}
		err := in.run(func(b Batch) error {
			for _, row := range b {
				gr, isNew, err := g.find(Row{of(row)}, 0)
				if err != nil {
					return err
				}
				if isNew {
					sums[gr] = zeroOf(countType)
				}
				if w := weight(row); !w.Null {
					sums[gr] = value.Add(sums[gr], value.Convert(w, countType))
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		sort.SliceStable(g.order, func(i, j int) bool { return value.Compare(sums[g.order[i]], sums[g.order[j]]) > 0 })
		rows := make([]Row, 0, min(int64(len(g.order)), max(0, s.N)))
		for _, gr := range g.order[:cap(rows)] {
			rows = append(rows, Row{gr.keys[0], value.Convert(sums[gr], countType)})
		}
		return x.emitRows(rows, emit)
	}}, nil
}

// reduce groups texts by the words that are frequent at their place.
func (x *Executor) reduce(n *plan.Generic, s *plan.Reduce, in *relation) (*relation, error) {
	text, err := x.expr(s.Expr, scopeOf(in.cols))
	if err != nil {
		return nil, err
	}
	return &relation{n.Cols, func(emit func(Batch) error) error {
		t, err := x.collect(in)
		if err != nil {
			return err
		}
		defer t.free()
		type place struct {
			at   int
			word string
		}
		frequency := map[place]int{}
		split := make([][]string, len(t.rows))
		for i, row := range t.rows {
			split[i] = reduceWords(text(row).Text(), s.Characters)
			for k, w := range split[i] {
				frequency[place{k, w}]++
			}
		}
		least := s.Threshold * float64(len(t.rows))
		type pattern struct {
			count int
			first string
		}
		patterns := map[string]*pattern{}
		var order []string
		of := make([]string, len(t.rows))
		for i, words := range split {
			var b strings.Builder
			known, star := false, false
			for k, w := range words {
				if c := frequency[place{k, w}]; float64(c) > least && (c > 1 || len(t.rows) == 1) {
					if b.Len() > 0 && !star {
						b.WriteByte(' ')
					}
					b.WriteString(w)
					known, star = true, false
				} else if !star {
					b.WriteByte('*')
					star = true
				}
			}
			p := b.String()
			if !known {
				p = "others"
			}
			of[i] = p
			if patterns[p] == nil {
				patterns[p] = &pattern{first: text(t.rows[i]).Text()}
				order = append(order, p)
			}
			patterns[p].count++
		}
		if others := patterns["others"]; others != nil {
			others.first = ""
		}
		sort.SliceStable(order, func(i, j int) bool { return patterns[order[i]].count > patterns[order[j]].count })
		out := func(p string) Row {
			return Row{value.OfString(p), value.OfLong(int64(patterns[p].count)), value.OfString(patterns[p].first)}
		}
		var rows []Row
		if s.Source {
			for i, row := range t.rows {
				rows = append(rows, append(append(Row(nil), row...), out(of[i])...))
			}
		} else {
			for _, p := range order {
				rows = append(rows, out(p))
			}
		}
		return x.emitRows(rows, emit)
	}}, nil
}

// reduceWords splits a text at white space and at the characters named.
func reduceWords(s, characters string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(characters, r) })
}
