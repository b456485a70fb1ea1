package query

import (
	"context"
	"iter"

	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/kql/exec"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

// source reads stored tables for the executor.
type source struct{ store store.Querier }

// Source reads a store's tables for queries that are compiled elsewhere, without the limits of an Engine.
func Source(s store.Querier) exec.Source { return source{s} }

// Scan implements exec.Source.
func (s source) Scan(ctx context.Context, n *plan.Scan) iter.Seq2[exec.Batch, error] {
	const alias = "t"
	q := &sql.Query{Root: &sql.Select{From: sql.Scan{Table: n.Table, Columns: n.Source, From: n.From, To: n.To, Alias: alias}, Limit: -1}}
	for i, c := range n.Cols {
		q.Root.Items = append(q.Root.Items, sql.Item{X: sql.Col{Table: alias, Name: n.Source[i]}, Name: n.Source[i]})
		q.Names = append(q.Names, n.Source[i])
		q.Types = append(q.Types, storageType(c.Type))
	}
	return s.Query(ctx, q, n.Cols)
}

// Query implements exec.Source.
func (s source) Query(ctx context.Context, q *sql.Query, cols []plan.Column) iter.Seq2[exec.Batch, error] {
	return func(yield func(exec.Batch, error) bool) {
		for b, err := range s.store.Query(ctx, q) {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(rowsOf(b, cols), nil) {
				return
			}
		}
	}
}

// rowsOf turns a columnar batch into rows of values. The rows stay valid after the batch is gone.
func rowsOf(b *store.Batch, cols []plan.Column) exec.Batch {
	width := len(cols)
	cells := make([]value.Value, b.N*width)
	for j, c := range cols {
		fill(cells[j:], width, &b.Vectors[j], c.Type, b.N)
	}
	rows := make(exec.Batch, b.N)
	for i := range rows {
		rows[i] = cells[i*width : (i+1)*width : (i+1)*width]
	}
	return rows
}

// fill writes one column's n values into every width-th cell.
func fill(cells []value.Value, width int, v *store.Vector, t value.Type, n int) {
	if v.Kind == store.Text {
		all := string(v.Bytes[v.Offsets[0]:v.Offsets[n]]) // one copy for the whole column
		base := v.Offsets[0]
		for i := range n {
			s := all[v.Offsets[i]-base : v.Offsets[i+1]-base]
			switch {
			case v.IsNull(i):
				cells[i*width] = value.NullOf(t)
			case t == value.String:
				cells[i*width] = value.Value{T: value.String, S: s}
			default:
				cells[i*width] = value.FromStored(t, s)
			}
		}
		return
	}
	for i := range n {
		if v.IsNull(i) {
			cells[i*width] = value.NullOf(t)
			continue
		}
		switch v.Kind {
		case store.Int32:
			cells[i*width] = value.FromStored(t, v.I32[i])
		case store.Int64:
			if t == value.Long || t == value.Timespan {
				cells[i*width] = value.Value{T: t, I: v.I64[i]}
			} else {
				cells[i*width] = value.FromStored(t, v.I64[i])
			}
		case store.Float64:
			cells[i*width] = value.FromStored(t, v.F64[i])
		case store.Bool:
			cells[i*width] = value.FromStored(t, v.Bools[i])
		}
	}
}

func storageType(t value.Type) sql.Type {
	switch t {
	case value.Bool:
		return sql.Bool
	case value.Int:
		return sql.Int
	case value.Long, value.Datetime, value.Timespan:
		return sql.Long
	case value.Real:
		return sql.Double
	}
	return sql.Text
}
