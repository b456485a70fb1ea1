package bind

import (
	"cmp"
	"embed"
	"slices"
	"strings"

	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// known is a tabular function of Defender or Sentinel that is no KQL.
type known struct {
	cols []plan.Column // the columns that it gives
	// piped functions are called by invoke on a table. Their text gives, for the keys K0, K1 … that the call makes of every row, the columns
	// that are put behind the table's.
	piped bool
	merge bool   // a column of the same name is replaced instead of being numbered
	needs string // a column that is the key, where the call names none
	timed bool   // the second key is the time that is asked about: the second argument, or that of the query
	// bind makes the table of a function that is no text.
	bind func(b *binder, e *syntax.Call) *rel
}

func when(name string) plan.Column { return plan.Column{Name: name, Type: value.Datetime} }
func flag(name string) plan.Column { return plan.Column{Name: name, Type: value.Bool} }

var knownFunctions map[string]*known

func init() {
	knownFunctions = map[string]*known{
		"FileProfile": {piped: true, cols: []plan.Column{text("SHA1"), text("SHA256"), text("MD5"), long("FileSize"), long("GlobalPrevalence"),
			when("GlobalFirstSeen"), when("GlobalLastSeen"), text("Signer"), text("Issuer"), text("SignerHash"), flag("IsCertificateValid"),
			flag("IsRootSignerMicrosoft"), text("SignatureState"), flag("IsExecutable"), text("ThreatName"), text("Publisher"), text("SoftwareName"),
			text("ProfileAvailability")}},
		"DeviceFromIP":       {piped: true, timed: true, cols: []plan.Column{text("IP"), text("DeviceId")}},
		"SeenBy":             {piped: true, merge: true, needs: "DeviceId", cols: []plan.Column{text("SeenBy")}},
		"_GetWatchlist":      {bind: (*binder).watchlist},
		"_GetWatchlistAlias": {bind: func(b *binder, _ *syntax.Call) *rel { return b.watchlistAliases() }},
	}
}

// Invocable lists the functions of Defender that invoke calls on a table, in order.
func Invocable() []string {
	var names []string
	for name, k := range knownFunctions {
		if k.piped {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Plugins lists the plugins that evaluate can run here, in order.
func Plugins() []string {
	var names []string
	for name, p := range plugins {
		if p.external == "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// callKnown binds a call of a known function; piped is the table that invoke passes.
func (b *binder) callKnown(k *known, e *syntax.Call, piped *rel) *rel {
	name := e.Func.Text
	if k.bind != nil {
		return k.bind(b, e)
	}
	if piped == nil {
		if len(e.Args) == 0 {
			b.errorf(e.At(), codeArguments, "%s() works on a table; write T | invoke %s(…)", name, name)
			return b.brokenTable()
		}
		b.apart(func() { piped = b.table(e.Args[0]) })
		e = &syntax.Call{Span: e.Span, Func: e.Func, Args: e.Args[1:]}
	}
	if piped.broken && len(piped.cols) == 0 {
		return piped
	}
	if _, ok := piped.node.(*plan.Shared); !ok {
		piped = piped.with(plan.NewShared(b.closed(piped), ""))
		piped.hidden = nil
	}
	keys, ok := b.knownKeys(k, e, piped)
	if !ok {
		return b.brokenTable()
	}
	given := make([]plan.Item, len(keys))
	for i, key := range keys {
		given[i] = plan.Item{Col: b.newColumn("K"+itoa(i), key.Type()), Expr: key}
	}
	cols := columnsOf(given)
	o := b.callFunction(b.knownText(name, knownHash(e)), nil, e.At(), &rel{node: plan.NewProject(piped.node, given), cols: cols})
	if o.table == nil || o.table.broken {
		return b.brokenTable()
	}
	right := b.closed(o.table)
	node := &plan.Join{Kind: plan.LeftOuter, Left: piped.node, Right: right}
	for i, key := range keys {
		node.On = append(node.On, plan.JoinKey{L: key, R: ref(o.table.cols[i])})
	}
	return b.knownColumns(k, piped, node, o.table.cols[len(keys):])
}

// knownKeys gives what the function is asked by, for a row of the piped table.
func (b *binder) knownKeys(k *known, e *syntax.Call, piped *rel) (keys []plan.Expr, ok bool) {
	name := e.Func.Text
	b.over(piped, func() {
		var args []bound
		for _, a := range e.Args {
			if n, named := a.(*syntax.Named); named && len(n.Names) == 1 {
				a = n.X
			}
			x := b.expr(a)
			if c := x.constant(); c != nil && c.T == value.String {
				// the column may be given by its name as a text
				if col, found := piped.findAny(c.S); found {
					x = bound{expr: ref(col), typ: col.Type}
				}
			}
			args = append(args, x)
		}
		if len(args) == 0 {
			key := cmp.Or(k.needs, k.cols[0].Name)
			col, found := piped.findAny(key)
			if !found {
				if !piped.open {
					b.errorf(e.At(), codeUnknownColumn, "%s() needs a column %s, or the name of another one in its place", name, quoteName(key))
					return
				}
				col = b.infer(piped, key, e.At())
			}
			args = append(args, bound{expr: ref(col), typ: col.Type})
		}
		if !args[0].ok() {
			return
		}
		keys, ok = append(keys, b.convert(args[0].expr, value.String)), true
		if !k.timed {
			return
		}
		var at plan.Expr = &plan.Lit{V: value.OfDatetime(b.env.Now)}
		if len(args) > 1 {
			if !args[1].ok() || args[1].typ != value.Datetime {
				if args[1].ok() {
					b.errorf(e.Args[1].At(), codeArguments, "%s(): argument 2 is the time that is asked about and must be a datetime, not %s", name, args[1].typ)
				}
				ok = false
				return
			}
			at = args[1].expr
		}
		keys = append(keys, at)
	})
	return keys, ok
}

// knownColumns puts the columns of the function behind those of the piped table.
func (b *binder) knownColumns(k *known, piped *rel, node *plan.Join, given []plan.Column) *rel {
	cols := append([]plan.Column(nil), piped.cols...)
	out := make([]plan.JoinCol, len(cols))
	for i, c := range cols {
		out[i].Src = c.ID
	}
	for _, c := range given {
		src := plan.JoinCol{Right: true, Src: c.ID}
		at := -1
		for i := range cols {
			if k.merge && cols[i].Name == c.Name {
				at = i
			}
		}
		if at >= 0 {
			cols[at], out[at] = c, src
		} else {
			cols, out = append(cols, c), append(out, src)
		}
	}
	uniqueColumns(cols)
	for i, c := range cols {
		out[i].Col = c
	}
	node.Out = out
	return piped.derive(node, cols).unordered()
}

//go:embed known/*.kql
var knownTexts embed.FS

// knownHash is the column by which files are asked for: that of the hash that the argument's name tells, else SHA1.
func knownHash(e *syntax.Call) string {
	if len(e.Args) > 0 {
		if n, ok := e.Args[0].(*syntax.Name); ok && strings.HasSuffix(strings.ToUpper(n.Text), "SHA256") {
			return "SHA256"
		}
	}
	return "SHA1"
}

// knownText gives the text of a known function as a stored function; nil if it has none.
func (b *binder) knownText(name, hash string) *funcSymbol {
	data, err := knownTexts.ReadFile("known/" + name + ".kql")
	if err != nil {
		return nil
	}
	return readFunction(name, "", strings.Replace(string(data), "= HASH\n", "= "+hash+"\n", 1))
}

// discover makes an Evaluate whose columns the rows decide: open, or closed where an earlier run has told the columns. carried are the
// columns of the input that stay, in order; discovered columns of other names come after them.
func (b *binder) discover(node *plan.Evaluate, r *rel, carried []plan.Column) {
	at := b.opened
	b.opened++
	if at < len(b.opt.Discovered) {
		have := map[string]plan.Column{}
		for _, c := range node.Cols {
			have[c.Name] = c
		}
		cols := make([]plan.Column, 0, len(b.opt.Discovered[at]))
		for _, d := range b.opt.Discovered[at] {
			c, ok := have[d.Name]
			if !ok || c.Type != d.Type {
				c = b.newColumn(d.Name, d.Type)
			}
			cols = append(cols, c)
		}
		// A row of tomorrow may bring more columns: what names one that none has brought yet is answered.
		node.Cols, r.cols, r.open = cols, cols, true
		return
	}
	node.Open = true
	r.open = true
	b.query.Open = append(b.query.Open, node)
}
