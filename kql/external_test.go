package kql_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/kql"
	"github.com/vedette-siem/vedette/kql/exec"
)

// fetched runs a query and gives its rows as text, one a line.
func fetched(t *testing.T, text string, o kql.Options) (string, error) {
	t.Helper()
	q, diags := kql.Compile(text, nil, o)
	if diags.HasErrors() {
		t.Fatalf("%s\n%s", text, kql.Errors(text, diags))
	}
	var b strings.Builder
	for table, err := range q.Run(t.Context(), nil) {
		if err != nil {
			return "", err
		}
		for batch, err := range table.Rows {
			if err != nil {
				return "", err
			}
			for _, row := range batch {
				for i, v := range row {
					if i > 0 {
						b.WriteString(" | ")
					}
					if v.Null {
						b.WriteString("null")
					} else {
						b.WriteString(v.Text())
					}
				}
				b.WriteString("\n")
			}
		}
	}
	return b.String(), nil
}

func TestExternalData(t *testing.T) {
	var zipped, gzipped bytes.Buffer
	z := zip.NewWriter(&zipped)
	for _, name := range []string{"one.csv", "two.csv"} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(w, "h\n%s\n", name)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	g := gzip.NewWriter(&gzipped)
	fmt.Fprint(g, `{"a":1}`)
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	files := map[string]string{
		"https://h/a.csv":      "\xef\xbb\xbfname,n,when\r\n\"x, y\",1,2024-01-02\r\nz\r\n",
		"https://h/b.tsv?x=1":  "a\t1\n",
		"https://h/c.txt":      "first\r\nsecond, line\n",
		"https://h/d":          "a|2\n",
		"https://h/e.json":     "{\"a\":1,\"b\":{\"c\":[5,\"six\"]}}\n{\"a\":2}\n",
		"https://h/f.json":     "[\n {\"a\": 1},\n {\"a\": \"two\", \"b\": {\"c\": [7]}}\n]",
		"https://h/list.zip":   zipped.String(),
		"https://h/g.json.gz":  gzipped.String(),
		"https://h/h.parquet":  "PAR1",
		"https://h/broken.csv": "",
	}
	fetch := func(_ context.Context, url string) ([]byte, error) {
		data, ok := files[url]
		if !ok {
			return nil, errors.New("nothing is at " + url)
		}
		return []byte(data), nil
	}
	o := kql.Options{External: true, Fetch: fetch}
	for _, c := range []struct{ query, want string }{
		{`externaldata(name:string, n:long, when:datetime)["https://h/a.csv"] with (ignoreFirstRecord=true)`, "x, y | 1 | 2024-01-02T00:00:00.0000000Z\nz | null | null\n"},
		{`externaldata(name:string)[h@"https://h/a.csv;impersonate"] with (format='csv', IgnoreFirstRecord=True)`, "x, y\nz\n"},
		{`externaldata(name:string, n:long)["https://h/b.tsv?x=1"]`, "a | 1\n"},
		{`externaldata(line:string)["https://h/c.txt"]`, "first\nsecond, line\n"},
		{`externaldata(line:string)["https://h/c.txt"] with (format=txt, ignoreFirstRecord=true)`, "second, line\n"},
		{`externaldata(all:string)["https://h/c.txt"] with (format="raw") | project strlen(all)`, "20\n"},
		{`externaldata(n:long, a:string)["https://h/d"] with (format="psv", ingestionMapping='[{"Column":"n","Properties":{"Ordinal":"1"}}]')`, "2 | \n"},
		{`externaldata(a:string, b:dynamic)["https://h/e.json"]`, "1 | {\"c\":[5,\"six\"]}\n2 | null\n"},
		{`externaldata(a:long, b:dynamic)["https://h/f.json"] with (format="MultiJSON")`, "1 | null\nnull | {\"c\":[7]}\n"},
		{`externaldata(x:string, y:long)["https://h/e.json"] with (format=multijson, ingestionMapping='[{"Column":"x","Properties":{"Path":"$.b[\'c\'][1]"}},{"column":"y","path":"$.a"}]')`, "six | 1\n | 2\n"},
		{`externaldata(a:string)["https://h/list.zip"] with (ignoreFirstRecord=true)`, "one.csv\ntwo.csv\n"},
		{`externaldata(a:int)["https://h/g.json.gz", "https://h/e.json"]`, "1\n1\n2\n"},
		{`externaldata(a:int)["https://h/broken.csv"] | count`, "0\n"},
	} {
		got, err := fetched(t, c.query, o)
		if err != nil || got != c.want {
			t.Errorf("%s\n got %q, %v\nwant %q", c.query, got, err, c.want)
		}
	}
	for _, c := range []struct{ query, names string }{
		{`externaldata(a:string)["https://h/h.parquet"]`, "parquet"},
		{`externaldata(a:string)["https://h/a.csv"] with (format="cvs")`, "cvs"},
		{`externaldata(a:string)["https://h/a.csv"] with (format="json")`, "not JSON"},
		{`externaldata(a:string)["https://h/nothing"]`, "https://h/nothing"},
		{`externaldata(a:string)["https://h/e.json"] with (ingestionMapping='[{"Column":"a","Properties":{"Path":"a"}}]')`, "path"},
	} {
		if _, err := fetched(t, c.query, o); err == nil || !strings.Contains(err.Error(), c.names) {
			t.Errorf("%s: the error %v does not say %s", c.query, err, c.names)
		}
	}
	o.Memory = 100
	var x *exec.Error
	if _, err := fetched(t, `externaldata(a:string)["https://h/e.json"]`, o); !errors.As(err, &x) || x.Kind != exec.Exhausted {
		t.Errorf("beyond the memory limit: %v", err)
	}
}

// TestExternalDataEmpty: where nothing may be read, the data can be taken as empty, with a warning.
func TestExternalDataEmpty(t *testing.T) {
	const text = `externaldata(a:string, b:long)["https://h/a.csv"] | summarize n = count(), max(b)`
	q, diags := kql.Compile(text, nil, kql.Options{External: true})
	if diags.HasErrors() || len(diags) != 1 {
		t.Fatal(diags)
	}
	for table, err := range q.Run(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		for batch, err := range table.Rows {
			if err != nil || len(batch) != 1 || batch[0][0].I != 0 || !batch[0][1].Null {
				t.Errorf("%v, %v", batch, err)
			}
		}
	}
}
