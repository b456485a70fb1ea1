package bind_test

import (
	"fmt"

	"github.com/vedette-siem/vedette/kql/plan"
)

// verify checks what every tree must have: expressions read only columns that the node's inputs give, no identity occurs twice in a
// node's output, and a union's map and a join's output name columns of the right input.
func verify(root plan.Node) error {
	v := &verifier{done: map[plan.Node]bool{}}
	v.node(root, nil)
	return v.err
}

type verifier struct {
	done map[plan.Node]bool
	err  error
}

func (v *verifier) fail(n plan.Node, format string, args ...any) {
	if v.err == nil {
		v.err = fmt.Errorf("%T: %s", n, fmt.Sprintf(format, args...))
	}
}

func ids(cols []plan.Column) map[plan.ColID]bool {
	m := make(map[plan.ColID]bool, len(cols))
	for _, c := range cols {
		m[c.ID] = true
	}
	return m
}

// node checks n and what is below it; constants are columns that enclosing operators make known to all expressions below.
func (v *verifier) node(n plan.Node, constants map[plan.ColID]bool) {
	if n == nil {
		v.fail(n, "a missing node")
		return
	}
	if v.done[n] {
		return
	}
	v.done[n] = true
	seen := map[plan.ColID]bool{}
	for _, c := range n.Columns() {
		if c.ID == 0 {
			v.fail(n, "column %q has no identity", c.Name)
		}
		if seen[c.ID] {
			v.fail(n, "identity %d of column %q occurs twice", c.ID, c.Name)
		}
		seen[c.ID] = true
	}
	known := map[plan.ColID]bool{}
	for id := range constants {
		known[id] = true
	}
	for _, in := range n.Inputs() {
		v.node(in, constants)
		for _, c := range in.Columns() {
			known[c.ID] = true
		}
	}
	switch n := n.(type) {
	case *plan.Join:
		l, r := ids(n.Left.Columns()), ids(n.Right.Columns())
		for _, c := range n.Out {
			if c.Right && !r[c.Src] || !c.Right && !l[c.Src] {
				v.fail(n, "output %q has no source", c.Col.Name)
			}
		}
		for _, k := range n.On {
			v.expr(n, k.L, l, constants)
			v.expr(n, k.R, r, constants)
			if k.L.Type() != k.R.Type() {
				v.fail(n, "keys of types %s and %s", k.L.Type(), k.R.Type())
			}
		}
		for id := range l {
			if r[id] {
				v.fail(n, "identity %d is on both sides", id)
			}
		}
		return
	case *plan.Union:
		for i, in := range n.Ins {
			have := ids(in.Columns())
			for c, id := range n.Map[i] {
				if c >= len(n.Cols) || !have[id] {
					v.fail(n, "input %d has no column %d for column %d of %d", i, id, c, len(n.Cols))
				}
			}
		}
	case *plan.MvApply:
		v.node(n.Sub, constants)
		sub := ids(n.Sub.Columns())
		for _, c := range n.Carry {
			if c.Right && !sub[c.Src] || !c.Right && !known[c.Src] {
				v.fail(n, "output %q has no source", c.Col.Name)
			}
		}
	case *plan.MvExpand:
		for _, c := range n.Out {
			if c.Item < 0 && !c.Index && !known[c.Src] {
				v.fail(n, "output %q has no source", c.Col.Name)
			}
		}
	case *plan.Partition:
		inner := constants
		if r, ok := n.Key.(*plan.Ref); ok && n.Constant {
			inner = map[plan.ColID]bool{r.ID: true}
			for id := range constants {
				inner[id] = true
			}
		}
		v.node(n.Sub, inner)
	case *plan.Generic:
		return // what its expressions read is the matter of its Spec
	}
	for _, e := range plan.Exprs(n) {
		v.expr(n, *e, known, constants)
	}
}

func (v *verifier) expr(n plan.Node, e plan.Expr, known, constants map[plan.ColID]bool) {
	if e == nil {
		v.fail(n, "a missing expression")
		return
	}
	plan.WalkExpr(e, func(e plan.Expr) {
		switch e := e.(type) {
		case *plan.Ref:
			if !known[e.ID] && !constants[e.ID] {
				v.fail(n, "column %d is not known", e.ID)
			}
		case *plan.ScalarQuery:
			v.node(e.In, constants)
		case *plan.ListQuery:
			v.node(e.In, constants)
		case *plan.Call:
			if e.Fn == nil {
				v.fail(n, "a call without a function")
			}
		}
	})
}
