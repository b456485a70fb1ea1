package exec

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// union gives the rows of its inputs one after the other, each under the output's columns.
func (x *Executor) union(n *plan.Union) (*relation, error) {
	ins := make([]*relation, len(n.Ins))
	maps := make([][]int, len(n.Ins))
	for i, in := range n.Ins {
		var err error
		if ins[i], err = x.compile(in); err != nil {
			return nil, err
		}
		if maps[i], err = unionMap(n, i, scopeOf(ins[i].cols)); err != nil {
			return nil, err
		}
	}
	blank := make(Row, len(n.Cols))
	for i, c := range n.Cols {
		blank[i] = value.NullOf(c.Type)
	}
	return &relation{n.Cols, func(emit func(Batch) error) error {
		w := x.writer(emit)
		for i, in := range ins {
			at := maps[i]
			base := append(Row(nil), blank...)
			for c := range n.Cols {
				if n.WithSource != 0 && n.Cols[c].ID == n.WithSource {
					base[c] = value.OfString(n.SourceNames[i])
				}
			}
			err := in.run(func(b Batch) error {
				for _, row := range b {
					out, err := w.row(len(base))
					if err != nil {
						return err
					}
					copy(out, base)
					for c, j := range at {
						if j >= 0 {
							out[c] = row[j]
						}
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		return w.flush()
	}}, nil
}

// unionMap gives the position in input i of each output column, -1 where it has none.
func unionMap(n *plan.Union, i int, s scope) ([]int, error) {
	at := make([]int, len(n.Cols))
	for c := range n.Cols {
		at[c] = -1
		id := n.Map[i][c]
		if id == 0 {
			continue
		}
		j, ok := s[id]
		if !ok {
			return nil, errorf(Internal, "column %s of a union is not among its input's", n.Cols[c].Name)
		}
		at[c] = j
	}
	return at, nil
}
