package exec

import (
	"sort"

	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// preview gives the first rows: preview(rows).
func preview(c *pluginCall) (*relation, error) {
	n, err := c.constants(0, 1)
	if err != nil {
		return nil, err
	}
	return c.in.first(n[0].I), nil
}

func countRows(c *pluginCall) (*output, error) {
	rows, err := c.rows()
	return &output{[]plan.Column{own("EstimatedRowsCount", value.Long)}, []Row{{value.OfLong(int64(len(rows)))}}}, err
}

// bagUnpack makes a column of every key of a bag: bag_unpack(bag [, prefix [, columnsConflict [, ignoredProperties]]]).
func bagUnpack(c *pluginCall) (*output, error) {
	rows, err := c.rows()
	if err != nil {
		return nil, err
	}
	bag, err := c.arg(0)
	if err != nil {
		return nil, err
	}
	prefix, _, err := c.option("OutputColumnPrefix", 1)
	if err != nil {
		return nil, err
	}
	conflict, ok, err := c.option("columnsConflict", 2)
	if err != nil {
		return nil, err
	}
	if !ok {
		conflict.S = "error"
	}
	ignore, err := c.ignored()
	if err != nil {
		return nil, err
	}
	types := map[string]value.Type{}
	for _, row := range rows {
		if b, ok := bag(row).X.(*value.Bag); ok {
			for i, k := range b.Keys {
				if !ignore[k] {
					types[k] = slotType(types[k], b.Vals[i])
				}
			}
		}
	}
	keys := make([]string, 0, len(types))
	for k := range types {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	var bagID plan.ColID
	if r, ok := c.n.Args[0].(*plan.Ref); ok {
		bagID = r.ID
	}
	// each output column: carried from the input at `at`, or the key
	type slot struct {
		at  int
		key string
		t   value.Type
	}
	var cols []plan.Column
	var slots []slot
	place := map[string]int{}
	for i, col := range c.in.cols {
		if col.ID != bagID {
			place[col.Name] = len(cols)
			cols, slots = append(cols, col), append(slots, slot{at: i})
		}
	}
	for _, k := range keys {
		name, t := prefix.S+k, types[k]
		if t == value.Unknown {
			t = value.Dynamic
		}
		s := slot{at: -1, key: k, t: t}
		if p, taken := place[name]; taken {
			switch conflict.S {
			case "replace_source":
				cols[p], slots[p] = own(name, t), s
			case "keep_source":
			default:
				return nil, errorf(Invalid, "bag_unpack: the key %q has the name of a column", name).hint("use columnsConflict='replace_source' or 'keep_source', or a prefix")
			}
			continue
		}
		place[name] = len(cols)
		cols, slots = append(cols, own(name, t)), append(slots, s)
	}
	if err := c.widen(len(rows), len(cols)); err != nil {
		return nil, err
	}
	out := &output{cols: cols, rows: make([]Row, len(rows))}
	for i, row := range rows {
		b, _ := bag(row).X.(*value.Bag)
		o := make(Row, len(slots))
		for j, s := range slots {
			switch {
			case s.at >= 0:
				o[j] = row[s.at]
				continue
			case b != nil:
				if v, ok := b.Get(s.key); ok {
					o[j] = value.Convert(value.OfDynamic(v), s.t)
					continue
				}
			}
			o[j] = value.NullOf(s.t)
		}
		out.rows[i] = o
	}
	return out, nil
}

func (c *pluginCall) ignored() (map[string]bool, error) {
	v, ok, err := c.option("ignoredProperties", 3)
	if err != nil || !ok {
		return nil, err
	}
	out := map[string]bool{}
	if list, ok := v.X.(value.Array); ok {
		for _, e := range list {
			out[e.Text()] = true
		}
	}
	return out, nil
}

// maxColumns bounds the columns that the values of rows can make.
const maxColumns = 10_000

// widen counts rows that a plugin is about to make of values, which may be a column each.
func (c *pluginCall) widen(rows, columns int) error {
	if columns > maxColumns {
		return errorf(Invalid, "%s would give %d columns; there can be %d", c.n.Plugin, columns, maxColumns).hint("filter the values before, or leave keys out")
	}
	return c.x.mem.grow(int64(rows) * (rowBytes + int64(columns)*valueBytes))
}

// slotType widens the type of a slot by a value: numbers to the wider, anything else that differs to dynamic.
func slotType(t value.Type, v value.Value) value.Type {
	v = v.Inner()
	switch {
	case v.Null:
		return t
	case t == value.Unknown || t == v.T:
		return v.T
	case t.Numeric() && v.T.Numeric():
		return value.Wider(t, v.T)
	}
	return value.Dynamic
}

// pivot turns the values of a column into columns: pivot(column [, aggregate] [, keys…]).
func pivot(c *pluginCall) (*output, error) {
	rows, err := c.rows()
	if err != nil {
		return nil, err
	}
	by, err := c.arg(0)
	if err != nil {
		return nil, err
	}
	agg := &aggCall{}
	aggType := value.Long
	used := map[plan.ColID]bool{}
	plan.Refs(c.n.Args[0], used)
	keysFrom := 1
	if len(c.n.Args) > 1 {
		if call, ok := c.n.Args[1].(*plan.Call); ok && call.Fn.Agg != nil {
			plan.Refs(call, used)
			aggType = call.T
			if agg, err = c.x.aggCall(plan.AggItem{Fn: call.Fn, Args: call.Args, Cols: []plan.Column{own("", call.T)}}, c.scope); err != nil {
				return nil, err
			}
			keysFrom = 2
		}
	}
	if agg.make == nil {
		agg.make = newCounter
	}
	keyCols, keys, err := c.dims(keysFrom)
	if err != nil {
		return nil, err
	}
	if len(keys) == 0 {
		for i, col := range c.in.cols {
			if !used[col.ID] {
				keyCols, keys = append(keyCols, col), append(keys, func(row Row) value.Value { return row[i] })
			}
		}
	}
	names := map[string]int{}
	var labels []string
	groups := newGroups(c.x.mem)
	defer groups.free()
	vals := make(Row, len(keys))
	perGroup := map[*group]map[string]int{} // label → index of its accumulator
	for _, row := range rows {
		label := by(row).Text()
		if _, ok := names[label]; !ok {
			names[label] = 0
			labels = append(labels, label)
		}
		for i, k := range keys {
			vals[i] = k(row)
		}
		g, _, err := groups.find(vals, 0)
		if err != nil {
			return nil, err
		}
		if perGroup[g] == nil {
			perGroup[g] = map[string]int{}
		}
		i, ok := perGroup[g][label]
		if !ok {
			i = len(g.accs)
			g.accs = append(g.accs, agg.make())
			perGroup[g][label] = i
		}
		agg.add(g.accs[i], row)
	}
	sort.Strings(labels)
	if err := c.widen(len(groups.order), len(keyCols)+len(labels)); err != nil {
		return nil, err
	}
	out := &output{cols: append([]plan.Column(nil), keyCols...)}
	for _, l := range labels {
		out.cols = append(out.cols, own(l, aggType))
	}
	for _, g := range groups.order {
		row := append(Row(nil), g.keys...)
		for _, l := range labels {
			acc := agg.make()
			if i, ok := perGroup[g][l]; ok {
				acc = g.accs[i]
			}
			row = append(row, acc.Result()[0])
		}
		out.rows = append(out.rows, row)
	}
	return out, nil
}

// narrow gives every cell as a row of its own.
func narrow(c *pluginCall) (*relation, error) {
	names := make([]value.Value, len(c.in.cols))
	for i, col := range c.in.cols {
		names[i] = value.OfString(col.Name)
	}
	return &relation{c.n.Cols, func(emit func(Batch) error) error {
		w := c.x.writer(emit)
		number := int64(0)
		err := c.in.run(func(b Batch) error {
			for _, row := range b {
				for i, v := range row {
					out, err := w.row(len(c.n.Cols))
					if err != nil {
						return err
					}
					for k, col := range c.n.Cols {
						switch col.Name {
						case "Row":
							out[k] = value.Convert(value.OfLong(number), col.Type)
						case "Column":
							out[k] = names[i]
						case "Value":
							out[k] = value.Convert(value.OfString(v.Text()), col.Type)
						default:
							out[k] = value.NullOf(col.Type)
						}
					}
				}
				number++
			}
			return nil
		})
		if err != nil {
			return err
		}
		return w.flush()
	}}, nil
}

// rowsNear keeps rows near those that fulfil a condition: rows_near(condition, before [, after]).
func rowsNear(c *pluginCall) (*output, error) {
	rows, err := c.rows()
	if err != nil {
		return nil, err
	}
	cond, err := c.arg(0)
	if err != nil {
		return nil, err
	}
	before, err := c.constants(1, 2)
	if err != nil {
		return nil, err
	}
	after := before[0]
	if v, ok, err := c.option("NumRowsAfter", 2); err != nil {
		return nil, err
	} else if ok {
		after = v
	}
	out := &output{cols: c.in.cols}
	next := 0 // the first row that is not given yet
	for i, row := range rows {
		if !truth(cond(row)) {
			continue
		}
		from := max(next, i-int(min(before[0].I, int64(i))))
		to := min(int64(len(rows)), int64(i)+after.I+1)
		for k := from; int64(k) < to; k++ {
			out.rows = append(out.rows, rows[k])
			next = k + 1
		}
	}
	return out, nil
}
