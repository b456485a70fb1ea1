package bind_test

import (
	"fmt"

	"github.com/vedette-siem/vedette/kql/bind"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// logons is a catalog of one table.
type logons struct{}

func (logons) Table(name string) (*plan.Table, bool) {
	return &plan.Table{Name: "Logons", TimeColumn: "Timestamp", Columns: []plan.TableColumn{
		{Name: "Timestamp", Type: value.Datetime}, {Name: "Account", Type: value.String}, {Name: "Details", Type: value.Dynamic}}}, name == "Logons"
}
func (logons) Tables() []string                               { return []string{"Logons"} }
func (logons) Function(string) (params, body string, ok bool) { return "", "", false }

// Binding tells the columns of a result, or what is wrong and where.
func Example() {
	for _, text := range []string{
		"Logons | summarize count(), dcount(tostring(Details.ip)) by Account, bin(Timestamp, 1h)",
		"Logons | where Acount == 'ann' | take 'five'",
	} {
		script, _ := syntax.Parse(text)
		query, diags := bind.Bind(script, logons{}, bind.Options{})
		for _, d := range diags {
			fmt.Println(d.Text(text))
		}
		if diags.HasErrors() {
			continue
		}
		for _, c := range query.Results[0].Root.Columns() {
			fmt.Println(c.Name, c.Type)
		}
	}
	// Output:
	// Account string
	// Timestamp datetime
	// count_ long
	// dcount_Details_ip long
	// 1:16: error: there is no column `Acount`
	//   Logons | where Acount == 'ann' | take 'five'
	//                  ^^^^^^
	//   did you mean `Account`?
	// 1:39: error: the number of rows of take must be a whole number, not string
	//   Logons | where Acount == 'ann' | take 'five'
	//                                         ^^^^^^
}
