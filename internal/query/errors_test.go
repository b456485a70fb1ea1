package query_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/vedette-siem/vedette/internal/query"
)

// TestPlacesOfDiagnostics: lines and columns are those of an editor, which counts UTF-16 units and ends lines at CR, LF and CRLF.
func TestPlacesOfDiagnostics(t *testing.T) {
	e := query.New(query.Options{Store: filled(t)})
	for _, c := range []struct {
		name, text   string
		line, column int
	}{
		{"first", `Nope`, 1, 1},
		{"in a line", `print x = nope`, 1, 11},
		{"after a tab", "print x =\tnope", 1, 11},
		{"second line", "DeviceProcessEvents\n| where nope == 1", 2, 9},
		{"CRLF", "DeviceProcessEvents\r\n| where nope == 1", 2, 9},
		{"CR", "DeviceProcessEvents\r| where nope == 1", 2, 9},
		{"after an accent", `print a = "é", x = nope`, 1, 20},
		{"after an emoji", `print a = "😀", x = nope`, 1, 21},
		{"emoji on a line before", "print a = \"😀\",\n  x = nope", 2, 7},
	} {
		cols, diags := e.Check(c.text)
		if cols != nil || len(diags) == 0 {
			t.Errorf("%s: no fault found", c.name)
			continue
		}
		d := diags[0]
		units := utf16.Encode([]rune(c.text))
		if d.Line != c.line || d.Column != c.column || d.EndLine != d.Line || d.EndColumn != d.Column+4 {
			t.Errorf("%s: from %d:%d to %d:%d, want %d:%d and four further", c.name, d.Line, d.Column, d.EndLine, d.EndColumn, c.line, c.column)
		}
		if got := string(utf16.Decode(units[d.Start:d.End])); !strings.EqualFold(got, "nope") {
			t.Errorf("%s: the offsets %d to %d are those of %q", c.name, d.Start, d.End, got)
		}
	}
}

// TestFaultsOfText: the error of a run tells the first fault in words and all of them with places.
func TestFaultsOfText(t *testing.T) {
	e := query.New(query.Options{Store: filled(t)})
	_, err := e.Run(t.Context(), query.Request{Text: "DeviceProcessEvents\n| where FilName == 1 and nothing > 2"}, &answer{})
	var q *query.Error
	if !errors.As(err, &q) || len(q.Diagnostics) < 2 || q.Kind != "invalid" || !strings.HasPrefix(q.Message, "line 2, column 9: ") {
		t.Fatalf("got %v", err)
	}
	if !strings.Contains(fmt.Sprint(q.Diagnostics), "FileName") {
		t.Errorf("the column that was meant is not suggested: %+v", q.Diagnostics)
	}
	for _, text := range []string{"", "   ", "// only a comment", ";;", "let x = 1;"} {
		_, err := e.Run(t.Context(), query.Request{Text: text}, &answer{})
		if !errors.As(err, &q) || q.Kind != "invalid" || q.Message == "" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestCheckGivesColumns(t *testing.T) {
	e := query.New(query.Options{Store: filled(t)})
	cols, diags := e.Check(`DeviceProcessEvents | where Timestamp > ago(1d) | summarize n = count(), newest = max(Timestamp) by FileName`)
	if fmt.Sprint(cols) != "[{FileName string} {n long} {newest datetime}]" || len(diags) != 0 {
		t.Errorf("%v %v", cols, diags)
	}
}

// TestAdviceOfTimes: a table that is read from its beginning is told, unless a time is set beside the text.
func TestAdviceOfTimes(t *testing.T) {
	e := query.New(query.Options{Store: filled(t)})
	for text, told := range map[string]bool{
		`DeviceProcessEvents | count`: true,
		`DeviceProcessEvents | where FileName == "a" | summarize count() by DeviceName | take 5`:      true,
		`let t = DeviceProcessEvents; t | count`:                                                      true,
		`DeviceProcessEvents | take 5`:                                                                false,
		`DeviceProcessEvents | where FileName == "a" | project FileName | take 5`:                     false,
		`DeviceProcessEvents | where Timestamp > ago(1d) | count`:                                     false,
		`DeviceProcessEvents | extend t = bin(Timestamp, 1h) | where t > ago(1d) | summarize count()`: false,
		`print 1`: false,
	} {
		if _, diags := e.Check(text); (len(diags) > 0) != told {
			t.Errorf("%s: %v", text, diags)
		}
		if _, sum := ask(t, e, query.Request{Text: text, From: time.Unix(0, 0)}); len(sum.Warnings) > 0 {
			t.Errorf("%s: a time is set, but %v", text, sum.Warnings)
		}
	}
}

// TestExplain: the plan, and the SQL where there is some.
func TestExplain(t *testing.T) {
	text := `DeviceProcessEvents | where FileName has "exe" | summarize count() by DeviceName`
	lowered, err := query.New(query.Options{Store: filled(t)}).Explain(query.Request{Text: text})
	if err != nil || !strings.Contains(lowered, "SELECT") {
		t.Errorf("%v\n%s", err, lowered)
	}
	inGo, err := query.New(query.Options{Store: filled(t), InGo: true}).Explain(query.Request{Text: text})
	if err != nil || inGo == lowered || inGo == "" {
		t.Errorf("%v\n%s", err, inGo)
	}
	if _, err := query.New(query.Options{Store: filled(t)}).Explain(query.Request{Text: "nope"}); err == nil {
		t.Error("nothing is wrong with it")
	}
}
