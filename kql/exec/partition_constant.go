package exec

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// partitionConstant runs the form of partition with braces: a whole query for every key, in which the key's column is a constant.
func (x *Executor) partitionConstant(n *plan.Partition) (*relation, error) {
	in, err := x.compile(n.In)
	if err != nil {
		return nil, err
	}
	key, err := x.expr(n.Key, scopeOf(in.cols))
	if err != nil {
		return nil, err
	}
	id := plan.ColID(0)
	if r, ok := n.Key.(*plan.Ref); ok {
		id = r.ID
	}
	return &relation{n.Sub.Columns(), func(emit func(Batch) error) error {
		var keys []value.Value
		seen := map[string]bool{}
		err := in.run(func(b Batch) error {
			for _, row := range b {
				v := key(row)
				if k := string(value.AppendKey(nil, v)); !seen[k] {
					seen[k] = true
					keys = append(keys, v)
				}
			}
			return x.alive()
		})
		if err != nil {
			return err
		}
		for _, v := range keys {
			restore := x.setConstant(n.Sub, id, v)
			sub, err := x.compile(n.Sub)
			if err == nil {
				err = sub.run(emit)
			}
			restore()
			if err != nil {
				return err
			}
		}
		return nil
	}}, nil
}

// setConstant puts a value in place of a column in all expressions of a tree, and gives what undoes that.
func (x *Executor) setConstant(root plan.Node, id plan.ColID, v value.Value) (restore func()) {
	type change struct {
		at  *plan.Expr
		was plan.Expr
	}
	var changes []change
	plan.Walk(root, func(n plan.Node) {
		delete(x.lists, n)
		for _, e := range plan.Exprs(n) {
			now := plan.MapExpr(*e, func(e plan.Expr) plan.Expr {
				if r, ok := e.(*plan.Ref); ok && r.ID == id {
					return &plan.Lit{V: v}
				}
				return e
			})
			if now != *e {
				changes = append(changes, change{e, *e})
				*e = now
			}
		}
	})
	return func() {
		for _, c := range changes {
			*c.at = c.was
		}
	}
}
