package exec

import (
	"slices"

	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// scanner is a compiled scan operator. Expressions read a wide row: the input's columns, the declared ones, then a block of both for the
// state of each step.
type scanner struct {
	x        *Executor
	spec     *plan.ScanOp
	width    int // the input's columns
	block    int // the input's and the declared columns
	defaults Row // a block of a step without state
	steps    []scanStep
	keys     []eval
	order    []eval
	how      []ordering
	out      []int // where each output column lies in the wide row, -1: the match
}

type scanStep struct {
	plan.ScanStep
	cond eval
	set  []eval
	at   []int // the declared column that each set fills, as a place in the block
}

// scanState is the active sequence of a step: the values of this step and those before it.
type scanState struct {
	blocks  []Row // by step, nil where a step was left out
	match   int64
	pending *scanOut // of output=last
}

// scanOut is an output row with its place in the input.
type scanOut struct {
	input, step int
	row         Row
	match       int64
}

func (x *Executor) scanOp(n *plan.Generic, s *plan.ScanOp, in *relation) (*relation, error) {
	c := &scanner{x: x, spec: s, width: len(in.cols), block: len(in.cols) + len(s.Declared)}
	wide := append([]plan.Column(nil), in.cols...)
	for _, d := range s.Declared {
		wide = append(wide, d.Col)
	}
	for _, st := range s.Steps {
		if len(st.State) != c.block {
			return nil, errorf(Internal, "scan: a step has %d columns of state, %d are wanted", len(st.State), c.block)
		}
		wide = append(wide, st.State...)
	}
	sc := scopeOf(wide)
	for _, col := range in.cols {
		c.defaults = append(c.defaults, value.NullOf(col.Type))
	}
	for _, d := range s.Declared {
		v := value.NullOf(d.Col.Type)
		if d.Default != nil {
			var err error
			if v, err = x.constant(d.Default); err != nil {
				return nil, err
			}
		}
		c.defaults = append(c.defaults, v)
	}
	if err := c.bind(n, sc); err != nil {
		return nil, err
	}
	return &relation{n.Cols, func(emit func(Batch) error) error { return c.run(in, emit) }}, nil
}

func (c *scanner) bind(n *plan.Generic, sc scope) error {
	var err error
	for _, st := range c.spec.Steps {
		k := scanStep{ScanStep: st}
		if k.cond, err = c.x.expr(st.Cond, sc); err != nil {
			return err
		}
		for _, set := range st.Set {
			f, err := c.x.expr(set.Expr, sc)
			if err != nil {
				return err
			}
			k.set, k.at = append(k.set, f), append(k.at, sc[set.Col.ID])
		}
		c.steps = append(c.steps, k)
	}
	if c.keys, err = c.x.exprs(c.spec.Keys, sc); err != nil {
		return err
	}
	for _, o := range c.spec.Order {
		f, err := c.x.expr(o.Expr, sc)
		if err != nil {
			return err
		}
		c.order, c.how = append(c.order, f), append(c.how, ordering{o.Desc, o.NullsFirst})
	}
	for _, col := range n.Cols {
		at, ok := sc[col.ID]
		if !ok {
			if at = -1; col.ID != c.spec.MatchID {
				return errorf(Internal, "scan: column %s is not among the input's", col.Name)
			}
		}
		c.out = append(c.out, at)
	}
	return nil
}

func (c *scanner) run(in *relation, emit func(Batch) error) error {
	t, err := c.x.collect(in)
	if err != nil {
		return err
	}
	defer t.free()
	parts := map[string][]Row{}
	var order []string
	vals := make(Row, len(c.keys))
	for _, row := range t.rows {
		for i, k := range c.keys {
			vals[i] = k(row)
		}
		key := string(rowKey(nil, vals))
		if parts[key] == nil {
			order = append(order, key)
		}
		parts[key] = append(parts[key], row)
	}
	w := c.x.writer(emit)
	var match int64
	for _, key := range order {
		rows := parts[key]
		if len(c.order) > 0 {
			slices.SortStableFunc(rows, func(a, b Row) int { return compareKeys(c.keysOf(a), c.keysOf(b), c.how) })
		}
		if err := c.part(w, rows, &match); err != nil {
			return err
		}
	}
	return w.flush()
}

func (c *scanner) keysOf(row Row) Row {
	out := make(Row, len(c.order))
	for i, o := range c.order {
		out[i] = o(row)
	}
	return out
}

// part walks the rows of one partition. Every row meets every step, the last step first.
func (c *scanner) part(w *writer, rows []Row, match *int64) error {
	states := make([]*scanState, len(c.steps))
	var outs []scanOut
	flush := func(s *scanState) {
		if s != nil && s.pending != nil {
			outs = append(outs, *s.pending)
			s.pending = nil
		}
	}
	wide := make(Row, c.block*(1+len(c.steps)))
	held, counted := int64(0), 0 // the rows in outs that are counted against the memory limit
	defer func() { c.x.mem.free(held) }()
	for i, row := range rows {
		if err := c.x.alive(); err != nil {
			return err
		}
		for ; counted < len(outs); counted++ {
			n := rowSize(outs[counted].row)
			held += n
			if err := c.x.mem.grow(n); err != nil {
				return err
			}
		}
		for k := len(c.steps) - 1; k >= 0; k-- {
			st := &c.steps[k]
			from := c.before(states, k)
			// the sequence of an earlier step goes on to this one
			if from >= 0 && c.holds(wide, row, st, states[from]) {
				flush(states[k])
				flush(states[from])
				next := &scanState{blocks: slices.Clone(states[from].blocks), match: states[from].match}
				states[from] = nil
				states[k] = next
				c.accept(wide, row, st, next, k, i, &outs)
				continue
			}
			first := k == 0 || from < 0 && c.optionalUpTo(k)
			if states[k] == nil && !first || !c.holds(wide, row, st, states[k]) {
				continue
			}
			if states[k] == nil {
				states[k] = &scanState{blocks: make([]Row, len(c.steps)), match: *match}
				*match++
			}
			c.accept(wide, row, st, states[k], k, i, &outs)
		}
	}
	for _, s := range states {
		flush(s)
	}
	slices.SortStableFunc(outs, func(a, b scanOut) int {
		if a.input != b.input {
			return a.input - b.input
		}
		return b.step - a.step
	})
	for _, o := range outs {
		out, err := w.row(len(c.out))
		if err != nil {
			return err
		}
		for i, at := range c.out {
			if at < 0 {
				out[i] = value.OfLong(o.match)
			} else {
				out[i] = o.row[at]
			}
		}
	}
	return nil
}

// before gives the nearest step before k that has a sequence to hand on, past optional steps; -1 if there is none.
func (c *scanner) before(states []*scanState, k int) int {
	for p := k - 1; p >= 0; p-- {
		if states[p] != nil {
			return p
		}
		if !c.steps[p].Optional {
			return -1
		}
	}
	return -1
}

func (c *scanner) optionalUpTo(k int) bool {
	for p := range k {
		if !c.steps[p].Optional {
			return false
		}
	}
	return true
}

// holds lays the wide row out for a state and asks the step's condition.
func (c *scanner) holds(wide, row Row, st *scanStep, s *scanState) bool {
	copy(wide, row)
	copy(wide[c.width:c.block], c.defaults[c.width:])
	for k := range c.steps {
		b := c.defaults
		if s != nil && s.blocks[k] != nil {
			b = s.blocks[k]
		}
		copy(wide[c.block*(k+1):], b)
	}
	v := st.cond(wide)
	return !v.Null && v.Bool()
}

// accept computes the step's assignments over the wide row that holds laid out, puts the row into the state and gives it out.
func (c *scanner) accept(wide, row Row, st *scanStep, s *scanState, k, input int, outs *[]scanOut) {
	block := slices.Clone(wide[:c.block])
	for i, f := range st.set {
		block[st.at[i]] = value.Convert(f(wide), block[st.at[i]].T)
	}
	s.blocks[k] = block
	o := scanOut{input: input, step: k, row: block, match: s.match}
	switch st.Output {
	case "last":
		s.pending = &o
	case "none":
	default:
		*outs = append(*outs, o)
	}
}
