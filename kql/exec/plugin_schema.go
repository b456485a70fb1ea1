package exec

import (
	"sort"

	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// mergedColumn is one column of the schemas that schema_merge joins.
type mergedColumn struct {
	name           value.Value
	at             int64 // the furthest of its places
	moved          bool  // it has several places
	data, typ      string
	irreconcilable bool
}

// schemaMerge joins several results of getschema into one, ordered by place: schema_merge([PreserveOrder]). What cannot be joined is told
// in the column's row: a column in different places (unless PreserveOrder is false), or of types that have no common one.
func schemaMerge(c *pluginCall) (*output, error) {
	preserve := true
	if v, ok, err := c.option("PreserveOrder", 0); err != nil {
		return nil, err
	} else if ok {
		preserve = v.Null || v.I != 0
	}
	rows, err := c.rows()
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	for i, col := range c.in.cols {
		at[col.Name] = i
	}
	for _, name := range []string{"ColumnName", "ColumnOrdinal", "DataType", "ColumnType"} {
		if _, ok := at[name]; !ok {
			return nil, errorf(Invalid, "schema_merge works on the result of getschema; the column %s is missing", name)
		}
	}
	byName := map[string]*mergedColumn{}
	var merged []*mergedColumn
	for _, row := range rows {
		name, place := row[at["ColumnName"]], value.Convert(row[at["ColumnOrdinal"]], value.Long).I
		data, typ := row[at["DataType"]].S, row[at["ColumnType"]].S
		m := byName[name.S]
		if m == nil {
			m = &mergedColumn{name: name, at: place, data: data, typ: typ}
			byName[name.S] = m
			merged = append(merged, m)
			continue
		}
		m.moved = m.moved || m.at != place
		m.at = max(m.at, place)
		m.widen(data, typ)
	}
	sort.SliceStable(merged, func(i, j int) bool { return merged[i].at < merged[j].at })
	out := &output{cols: []plan.Column{own("ColumnName", value.String), own("ColumnOrdinal", value.Long), own("DataType", value.String), own("ColumnType", value.String)}}
	for i, m := range merged {
		ordinal := int64(i)
		if m.irreconcilable {
			m.fail("types have nothing in common")
		}
		if preserve && m.moved {
			ordinal = -1
			m.fail("columns are out of order")
		}
		out.rows = append(out.rows, Row{m.name, value.OfLong(ordinal), value.OfString(m.data), value.OfString(m.typ)})
	}
	return out, nil
}

// widen joins another type of the column: the wider of two numbers' types.
func (m *mergedColumn) widen(data, typ string) {
	if typ == m.typ {
		return
	}
	old, ok := value.TypeOf(m.typ)
	other, ok2 := value.TypeOf(typ)
	if !ok || !ok2 || !old.Numeric() || !other.Numeric() {
		m.irreconcilable = true
		return
	}
	if value.Wider(old, other) == other {
		m.data, m.typ = data, typ
	}
}

func (m *mergedColumn) fail(why string) {
	m.typ = "ERROR(" + why + ")"
	m.data = "ERROR(unknown CSL type:" + m.typ + ")"
}
