package bind

import (
	"strconv"
	"strings"

	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// aggregation gathers the aggregates of an operator while its expressions are bound.
type aggregation struct {
	items  []plan.AggItem
	by     map[plan.ColID]bool // columns that are grouped by as they are, or under another name
	inside int                 // > 0: within the arguments of an aggregate
	args   map[plan.ColID]bool // columns that are arguments of aggregates
}

// aggregated binds expressions over the row in which aggregates may stand.
func (b *binder) aggregated(a *aggregation, f func()) {
	outer := b.aggs
	b.aggs = a
	f()
	b.aggs = outer
}

// aggregate binds a call of an aggregate. The result refers to the column that the aggregate will make.
func (b *binder) aggregate(f *fn.Func, e *syntax.Call) bound {
	b.aggs.inside++
	defer func() { b.aggs.inside-- }()
	if f.Obsolete != "" {
		b.warnf(e.Func.At(), codeObsolete, "use "+f.Obsolete, "%s is an old spelling", quoteName(f.Name))
	}
	if several, ok := rowAggregates[f.Name]; ok {
		return b.rowAggregate(f, e, several)
	}
	args := make([]bound, 0, len(e.Args))
	for _, a := range e.Args {
		if _, star := a.(*syntax.Star); star {
			if f.Name == "count" {
				continue
			}
			b.errorf(a.At(), codeArguments, "%s() does not take *", f.Name)
			args = append(args, unknown(value.Unknown))
			continue
		}
		args = append(args, b.expr(a))
	}
	if f.Name == "count" && len(args) == 1 && args[0].typ != value.Bool && args[0].typ != value.Unknown && args[0].typ != value.Dynamic {
		// count(column) is not KQL, but it is written often, and everybody means the number of rows.
		b.warnf(e.At(), codeArguments, "write count()", "count() counts rows and takes no column")
		args = nil
	}
	for _, a := range args {
		if a.col != 0 {
			if b.aggs.args == nil {
				b.aggs.args = map[plan.ColID]bool{}
			}
			b.aggs.args[a.col] = true
		}
	}
	t, as, err := f.Bind(fnArgs(args))
	exprs, ok := b.arguments(args, as, err, e)
	title := ""
	if len(e.Args) > 0 {
		title, _ = b.title(e.Args[0])
	}
	if strings.HasPrefix(f.Name, "covariance") && len(e.Args) > 1 {
		second, _ := b.title(e.Args[1])
		title += "_" + second
	}
	types := []value.Type{t}
	if f.AggTypes != nil && err == nil {
		types = f.AggTypes(fnArgs(args))
	}
	item := plan.AggItem{Fn: f, Args: exprs}
	x := unknown(t)
	for i, t := range types {
		name := ""
		switch {
		case strings.HasPrefix(f.Name, "percentile"):
			name = b.percentileTitle(f.Name, title, args, i)
		case strings.HasPrefix(f.Name, "covariance"):
			name = f.Prefix + "_" + title
		}
		c := b.newColumn(name, t)
		item.Cols = append(item.Cols, c)
		if name != "" {
			it := plan.Item{Col: b.newColumn(name, t)}
			if ok {
				it.Expr = ref(c)
			}
			x.tuple = append(x.tuple, it)
		}
	}
	if !ok {
		return x
	}
	b.aggs.items = append(b.aggs.items, item)
	x.expr = ref(item.Cols[0])
	return x
}

// arguments converts bound arguments to what a declaration asks for.
func (b *binder) arguments(args []bound, as []value.Type, err error, e *syntax.Call) ([]plan.Expr, bool) {
	vague := false
	for _, a := range args {
		vague = vague || !a.ok() || a.typ == value.Unknown
	}
	if err != nil {
		if !vague {
			b.errorf(e.At(), codeArguments, "%s", err)
		}
		return nil, false
	}
	out := make([]plan.Expr, len(args))
	for i, a := range args {
		if !a.ok() {
			return nil, false
		}
		out[i] = a.expr
		if i < len(as) {
			out[i] = b.convert(a.expr, as[i])
		}
	}
	return out, true
}

// percentileTitle is percentile_x_95, or percentiles_x for the forms that give an array.
func (b *binder) percentileTitle(f, title string, args []bound, i int) string {
	if strings.HasSuffix(f, "_array") {
		return "percentiles_" + title
	}
	at := i + 1
	if strings.HasPrefix(f, "percentilew") || strings.HasPrefix(f, "percentilesw") {
		at++
	}
	text := ""
	if at < len(args) {
		if v := args[at].constant(); v != nil {
			text = constText(*v)
		}
	}
	frag := []byte(text)
	for i, c := range frag {
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80) {
			frag[i] = '_'
		}
	}
	return "percentile_" + title + "_" + string(frag)
}

// constText is a constant as part of a name.
func constText(v value.Value) string { return value.Convert(v, value.String).S }

// rowAggregates give values of one row of the group: they take *, and their columns have the names of their arguments.
var rowAggregates = map[string]rowNaming{
	"arg_max":  {word: "max"},
	"arg_min":  {word: "min"},
	"argmax":   {word: "max", old: true},
	"argmin":   {word: "min", old: true},
	"take_any": {word: "any", any: true},
	"any":      {word: "any", any: true, old: true},
}

type rowNaming struct {
	word     string
	any, old bool
}

// rowAggregate binds arg_max, arg_min, take_any and their old spellings: each argument gives a column, * one for every column of the row
// that is neither grouped by nor named already.
func (b *binder) rowAggregate(f *fn.Func, e *syntax.Call, naming rowNaming) bound {
	star := false
	for _, a := range e.Args {
		_, is := a.(*syntax.Star)
		star = star || is
	}
	var args []bound
	var cols []plan.Column // the wanted name, and the identity of the column that stands for it (0: a new one)
	taken := map[plan.ColID]bool{}
	add := func(i int, x bound, name string, id plan.ColID) {
		args = append(args, x)
		cols = append(cols, plan.Column{ID: id, Name: name, Type: x.typ})
	}
	usable := func(i int, id plan.ColID) bool {
		if i == 0 && !naming.any {
			return true
		}
		return !star || !taken[id] && !b.aggs.by[id]
	}
	first := ""
	for i, a := range e.Args {
		if _, ok := a.(*syntax.Star); ok {
			if b.row == nil {
				continue
			}
			for _, c := range b.row.cols {
				if usable(max(i, 1), c.ID) && !(naming.any && b.aggs.by[c.ID]) {
					taken[c.ID] = true
					add(i, bound{expr: ref(c), typ: c.Type, col: c.ID}, c.Name, c.ID)
				}
			}
			continue
		}
		x := b.expr(a)
		name, ok := b.title(a)
		if i == 0 {
			first = name
		}
		if n, named := a.(*syntax.Named); named && len(n.Names) == 1 {
			if id := x.column(); id == 0 || usable(i, id) {
				taken[id] = id != 0
				add(i, x, n.Names[0].Text, 0)
			}
			continue
		}
		if id := x.column(); id != 0 {
			if !usable(i, id) {
				continue
			}
			as := id
			if taken[id] || b.aggs.by[id] {
				as = 0
			}
			taken[id] = true
			if c, found := b.columnByID(id); found {
				name = c.Name
			}
			add(i, x, name, as)
			continue
		}
		if !ok {
			switch {
			case naming.any && naming.old, naming.old && i > 0:
				name = "arg" + strconv.Itoa(i)
			case naming.old:
				name = ""
			case naming.any:
				name = naming.word + "_arg" + strconv.Itoa(i)
			case i == 0:
				name = naming.word + "_"
			default:
				name = naming.word + "_" + first + "_arg" + strconv.Itoa(i)
			}
		}
		add(i, x, name, 0)
	}
	if len(args) == 0 {
		b.errorf(e.At(), codeArguments, "%s() needs at least one argument", f.Name)
		return unknown(value.Unknown)
	}
	t, as, err := f.Bind(fnArgs(args))
	exprs, ok := b.arguments(args, as, err, e)
	item := plan.AggItem{Fn: f, Args: exprs}
	x := unknown(t)
	for i, c := range cols {
		if naming.old && !naming.any {
			if i > 0 {
				c.Name = first + "_" + c.Name
			}
			c.Name = naming.word + "_" + c.Name
			c.ID = 0
		} else if naming.old && naming.any {
			if len(cols) == 1 && c.Name == "arg0" {
				c.Name = ""
			}
			c.Name = "any_" + c.Name
			c.ID = 0
		}
		out := b.newColumn(c.Name, c.Type)
		item.Cols = append(item.Cols, out)
		it := plan.Item{Col: plan.Column{ID: c.ID, Name: c.Name, Type: c.Type}}
		if it.Col.ID == 0 {
			it.Col.ID = b.newID()
		}
		if ok {
			it.Expr = ref(out)
		}
		x.tuple = append(x.tuple, it)
	}
	if ok {
		b.aggs.items = append(b.aggs.items, item)
		x.expr = ref(item.Cols[0])
	}
	return x
}

// columnByID gives the column of the current row with the identity.
func (b *binder) columnByID(id plan.ColID) (plan.Column, bool) {
	if b.row == nil {
		return plan.Column{}, false
	}
	for _, list := range [][]plan.Column{b.row.cols, b.row.hidden, b.row.inferred} {
		for _, c := range list {
			if c.ID == id {
				return c, true
			}
		}
	}
	return plan.Column{}, false
}
