package fn_test

import (
	"fmt"

	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/value"
)

// A declaration says what a function takes and gives, and computes it.
func Example() {
	f := fn.Lookup("strlen")
	t, _, err := f.Bind([]fn.Arg{{Type: value.String}})
	fmt.Println(f.Name, t, err)
	fmt.Println(f.Eval(&fn.Env{}, []value.Value{value.OfString("Zürich")}).Text())
	_, _, err = f.Bind([]fn.Arg{{Type: value.Datetime}})
	fmt.Println(err)
	// Output:
	// strlen long <nil>
	// 6
	// strlen(): argument 1 (text) must be string|dynamic, not datetime
}
