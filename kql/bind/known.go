package bind

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// known is a tabular function of Defender or Sentinel that is no KQL: it becomes an Evaluate with its name as the plugin.
type known struct {
	piped bool          // called by invoke on a table, whose columns come first
	merge bool          // a column of the same name is replaced instead of being numbered
	cols  []plan.Column // the columns that it gives
	open  bool          // and others that are known only when it runs
}

func when(name string) plan.Column { return plan.Column{Name: name, Type: value.Datetime} }
func flag(name string) plan.Column { return plan.Column{Name: name, Type: value.Bool} }

var knownFunctions = map[string]*known{
	"FileProfile": {piped: true, cols: []plan.Column{text("SHA1"), text("SHA256"), text("MD5"), long("FileSize"), long("GlobalPrevalence"),
		when("GlobalFirstSeen"), when("GlobalLastSeen"), text("Signer"), text("Issuer"), text("SignerHash"), flag("IsCertificateValid"),
		flag("IsRootSignerMicrosoft"), text("SignatureState"), flag("IsExecutable"), text("ThreatName"), text("Publisher"), text("SoftwareName"),
		text("ProfileAvailability")}},
	"DeviceFromIP": {piped: true, cols: []plan.Column{text("IP"), text("DeviceId")}},
	"SeenBy":       {piped: true, merge: true, cols: []plan.Column{text("SeenBy")}},
	"AssignedIPAddresses": {cols: []plan.Column{when("Timestamp"), text("IPAddress"), text("IPType"), text("NetworkAdapterType"),
		dyn("ConnectedNetworks")}},
	"_GetWatchlist":      {open: true, cols: []plan.Column{text("_DTItemId"), when("LastUpdatedTimeUTC"), text("SearchKey")}},
	"_GetWatchlistAlias": {open: true, cols: []plan.Column{text("WatchlistAlias")}},
}

// callKnown binds a call of a known function; piped is the table that invoke passes.
func (b *binder) callKnown(k *known, e *syntax.Call, piped *rel) *rel {
	name := e.Func.Text
	if k.piped && piped == nil {
		if len(e.Args) == 0 {
			b.errorf(e.At(), codeArguments, "%s() works on a table; write T | invoke %s(…)", name, name)
			return b.brokenTable()
		}
		b.apart(func() { piped = b.table(e.Args[0]) })
		e = &syntax.Call{Span: e.Span, Func: e.Func, Args: e.Args[1:]}
	}
	node := &plan.Evaluate{Plugin: name, Params: map[string]value.Value{}}
	b.over(piped, func() {
		for _, a := range e.Args {
			if n, ok := a.(*syntax.Named); ok && len(n.Names) == 1 {
				if c := b.expr(n.X).constant(); c != nil {
					node.Params[n.Names[0].Text] = *c
				}
				continue
			}
			x := b.expr(a)
			if c := x.constant(); c != nil && k.piped && c.T == value.String {
				// the column may be given by its name as a text
				if col, ok := piped.findAny(c.S); ok {
					x = bound{expr: ref(col), typ: col.Type}
				}
			}
			if x.ok() {
				node.Args = append(node.Args, x.expr)
			}
		}
	})
	var cols []plan.Column
	if piped != nil {
		node = plan.NewEvaluate(piped.node, *node)
		cols = append(cols, piped.cols...)
	}
	for _, c := range k.cols {
		c.ID = b.newID()
		at := -1
		for i := range cols {
			if k.merge && cols[i].Name == c.Name {
				at = i
			}
		}
		if at >= 0 {
			cols[at] = c
		} else {
			cols = append(cols, c)
		}
	}
	uniqueColumns(cols)
	node.Cols = cols
	out := &rel{node: node, cols: cols}
	if piped != nil {
		out = piped.derive(node, cols)
	}
	if k.open {
		b.discover(node, out, cols[:0:0])
	}
	return out.unordered()
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
		node.Cols, r.cols = cols, cols
		return
	}
	node.Open = true
	r.open = true
	b.query.Open = append(b.query.Open, node)
}
