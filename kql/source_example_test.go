package kql_test

import (
	"context"
	"fmt"
	"iter"

	"github.com/vedette-siem/vedette/kql"
	"github.com/vedette-siem/vedette/kql/exec"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

// memory is a catalog and a source of rows in memory: all that is needed to use the language over data of one's own.
type memory struct{}

func (memory) Table(name string) (*plan.Table, bool) {
	return &plan.Table{Name: "Logons", Columns: []plan.TableColumn{{Name: "Account", Type: value.String}, {Name: "Failed", Type: value.Bool}}}, name == "Logons"
}
func (memory) Tables() []string                               { return []string{"Logons"} }
func (memory) Function(string) (params, body string, ok bool) { return "", "", false }

// Scan gives the columns that are asked for, in their order.
func (memory) Scan(_ context.Context, s *plan.Scan) iter.Seq2[exec.Batch, error] {
	return func(yield func(exec.Batch, error) bool) {
		var batch exec.Batch
		for _, logon := range []map[string]value.Value{
			{"Account": value.OfString("ann"), "Failed": value.OfBool(true)},
			{"Account": value.OfString("bob"), "Failed": value.OfBool(false)},
			{"Account": value.OfString("ann"), "Failed": value.OfBool(true)},
		} {
			var row exec.Row
			for _, column := range s.Source {
				row = append(row, logon[column])
			}
			batch = append(batch, row)
		}
		yield(batch, nil)
	}
}

// Query is not called when everything runs in Go.
func (memory) Query(context.Context, *sql.Query, []plan.Column) iter.Seq2[exec.Batch, error] {
	return nil
}

func ExampleCompile() {
	q, diags := kql.Compile("Logons | where Failed | summarize Times = count() by Account", memory{}, kql.Options{InGo: true})
	if diags.HasErrors() {
		return
	}
	for table, err := range q.Run(context.Background(), memory{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		for rows := range table.Rows {
			for _, row := range rows {
				fmt.Println(row[0].Text(), row[1].Text())
			}
		}
	}
	// Output: ann 2
}
