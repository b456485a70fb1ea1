package kql_test

import (
	"context"
	"fmt"

	"github.com/vedette-siem/vedette/kql"
)

// A query that names no table needs neither a catalog nor a source.
func Example() {
	const text = `datatable(Device:string, Bytes:long)["pc1", 10, "pc2", 5, "pc1", 7]
| summarize Total = sum(Bytes) by Device
| sort by Total`
	q, diags := kql.Compile(text, nil, kql.Options{})
	if diags.HasErrors() {
		fmt.Print(kql.Errors(text, diags))
		return
	}
	for table, err := range q.Run(context.Background(), nil) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(table.Columns[0].Name, table.Columns[1].Name)
		for rows, err := range table.Rows {
			if err != nil {
				fmt.Println(err)
				return
			}
			for _, row := range rows {
				fmt.Println(row[0].Text(), row[1].Text())
			}
		}
	}
	// Output:
	// Device Total
	// pc1 17
	// pc2 5
}

func ExampleCheck() {
	const text = "print x = strlen(5, 'a')"
	fmt.Println(kql.Check(text, nil, kql.Options{}).HasErrors())
	// Output: true
}
