package sql_test

import (
	"fmt"

	"github.com/vedette-siem/vedette/kql/sql"
)

// A tree is printed for an engine: identifiers are quoted, and constants are parameters.
func Example() {
	q := &sql.Query{Names: []string{"name"}, Types: []sql.Type{sql.Text}, Root: &sql.Select{
		Items: []sql.Item{{X: sql.Col{Table: "t", Name: `odd "name"`}, Name: "name"}},
		From:  sql.Scan{Table: "Logons", Columns: []string{`odd "name"`}, Alias: "t"},
		Where: sql.Binary{Op: "=", L: sql.Col{Table: "t", Name: `odd "name"`}, R: sql.Lit{V: "x'; DROP TABLE y", T: sql.Text}},
		Limit: 10,
	}}
	text, args, err := sql.PrintDuckDB(q, func(s sql.Scan) (string, error) { return "logons", nil })
	fmt.Println(text)
	fmt.Println(args, err)
	// Output:
	// SELECT "t"."odd ""name""" AS "name" FROM logons AS "t" WHERE ("t"."odd ""name""" = CAST($1 AS VARCHAR)) LIMIT 10
	// [x'; DROP TABLE y] <nil>
}
