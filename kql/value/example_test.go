package value_test

import (
	"fmt"

	"github.com/vedette-siem/vedette/kql/value"
)

// Values are made by the Of functions, compared and converted by Kusto's rules, and printed as tostring() does.
func Example() {
	v, ok := value.Parse(value.Timespan, "1.02:03:04")
	fmt.Println(v.Text(), ok)
	fmt.Println(value.Convert(value.OfString("0x1F"), value.Long).Text())
	fmt.Println(value.Convert(value.OfString("no number"), value.Long).Null)
	// Output:
	// 1.02:03:04 true
	// 31
	// true
}

func ExampleParseDynamic() {
	v := value.ParseDynamic(`{"User":"ann","Ports":[22,443]}`)
	bag := v.X.(*value.Bag)
	ports, _ := bag.Get("Ports")
	fmt.Println(v.T, ports.Text())
	// Output: dynamic [22,443]
}
