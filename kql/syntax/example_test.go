package syntax_test

import (
	"fmt"

	"github.com/vedette-siem/vedette/kql/syntax"
)

func ExampleParse() {
	script, diags := syntax.Parse(`DeviceEvents | where ActionType == "x" | take 10`)
	fmt.Println(len(diags), "errors")
	pipe := script.Statements[0].(*syntax.ExprStatement).X.(*syntax.Pipe)
	for _, op := range pipe.Ops {
		fmt.Println(op.Head().Keyword, "at", op.At().Start)
	}
	// Output:
	// 0 errors
	// where at 15
	// take at 41
}

func ExampleDiag_Text() {
	const query = "DeviceEvents\n| wher ActionType == 'x'"
	_, diags := syntax.Parse(query)
	for _, d := range diags {
		fmt.Println(d.Text(query))
	}
	// Output:
	// 2:3: error: there is no operator `wher`
	//   | wher ActionType == 'x'
	//     ^^^^
	//   did you mean where?
}

func ExampleFormat() {
	text, _ := syntax.Format(`T|where a>1|join (U|where b=="x"|summarize count() by k,bin(Timestamp,1h)|where count_>10) on k`)
	fmt.Print(text)
	// Output:
	// T
	// | where a > 1
	// | join (
	//     U
	//     | where b == "x"
	//     | summarize count() by k, bin(Timestamp, 1h)
	//     | where count_ > 10
	// ) on k
}

func ExamplePrint() {
	e, _ := syntax.ParseExpr(`['a']  has_any( "x" , @'C:\y' )  and  b==datetime( 2024-01-01 )`)
	fmt.Println(syntax.Print(e))
	// Output:
	// ["a"] has_any ("x", "C:\\y") and b == datetime(2024-01-01)
}

func ExampleComplete() {
	const query = "T | where a > 1 | summarize count() by De"
	c := syntax.Complete(query, len(query))
	pipe, steps := c.Input()
	fmt.Println(c.Prefix, c.Expect&syntax.ExpectScalar != 0, steps, syntax.Print(pipe.Source))
	// Output:
	// De true 1 T
}
