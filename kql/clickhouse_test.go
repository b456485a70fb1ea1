package kql_test

import (
	"context"
	"fmt"
	"iter"
	"testing"

	"github.com/vedette-siem/vedette/internal/store/chdb"
	"github.com/vedette-siem/vedette/kql/exec"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

// clickhouse is ClickHouse in the process.
type clickhouse struct {
	*chdb.Engine
	tables []string
}

func openClickHouse(t testing.TB) engine {
	path, err := chdb.Library()
	if err != nil {
		t.Skip(err)
	}
	e, err := chdb.Open(path, "max_threads=1", "max_memory_usage=1000000000", "max_execution_time=20")
	if err != nil {
		t.Fatal(err)
	}
	return &clickhouse{Engine: e}
}

func (c *clickhouse) dialect() sql.Dialect { return sql.ClickHouse }

func (c *clickhouse) close() {
	for _, name := range c.tables {
		if err := c.Drop(name); err != nil {
			panic(err)
		}
	}
	c.Close()
}

func (c *clickhouse) create(t testing.TB, v *plan.Values) string {
	var cols []chdb.Column
	for i, col := range v.Cols {
		cols = append(cols, chdb.Column{Name: fmt.Sprintf("s%d", i), Type: storedType(col.Type), Null: col.Type != value.String})
	}
	rows := make([][]any, len(v.Rows))
	for i, row := range v.Rows {
		for _, x := range row {
			rows[i] = append(rows[i], x.Stored())
		}
	}
	name, err := c.Create(cols, rows)
	if err != nil {
		t.Fatal(err)
	}
	c.tables = append(c.tables, name)
	return name
}

func (c *clickhouse) rows(ctx context.Context, text string, args []any, types []sql.Type, cols []plan.Column) iter.Seq2[exec.Batch, error] {
	return func(yield func(exec.Batch, error) bool) {
		err := c.Select(ctx, text, args, types, func(rows [][]any) bool {
			b := make(exec.Batch, len(rows))
			for i, row := range rows {
				b[i] = make(exec.Row, len(cols))
				for j, col := range cols {
					b[i][j] = value.FromStored(col.Type, row[j])
				}
			}
			return yield(b, nil)
		})
		if err != nil {
			yield(nil, err)
		}
	}
}
