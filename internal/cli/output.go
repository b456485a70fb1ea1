package cli

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/vedette-siem/vedette/internal/query"
	"github.com/vedette-siem/vedette/kql/value"
)

// printer is a query.Sink that writes for a person or a program; Close writes what it still holds.
type printer interface {
	query.Sink
	Close() error
}

// formats are the values of --format.
var formats = map[string]func(io.Writer) printer{
	"table": func(w io.Writer) printer { return &tablePrinter{w: bufio.NewWriter(w)} },
	"csv":   func(w io.Writer) printer { return &csvPrinter{w: csv.NewWriter(w)} },
	"json":  func(w io.Writer) printer { return &jsonPrinter{w: bufio.NewWriter(w)} },
	"jsonl": func(w io.Writer) printer { return &jsonlPrinter{w: bufio.NewWriter(w)} },
}

// cellText is a value as a person reads it.
func cellText(v value.Value) string {
	if v.Null {
		return ""
	}
	b := v.AppendJSON(nil)
	if v.T != value.Dynamic && len(b) > 0 && b[0] == '"' {
		var s string
		if json.Unmarshal(b, &s) == nil {
			return s
		}
	}
	return string(b)
}

// harmless shows what a terminal would obey: rows hold what attackers wrote, and must not move the cursor, hide text or turn it around.
func harmless(s string) string {
	if strings.IndexFunc(s, obeyed) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if obeyed(r) {
			q := strconv.QuoteRuneToASCII(r)
			b.WriteString(q[1 : len(q)-1])
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func obeyed(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }

// tablePrinter aligns columns. Widths are decided on the first thousand rows, so that a long result still streams.
type tablePrinter struct {
	w      *bufio.Writer
	cols   []query.Column
	held   [][]string
	widths []int
	tables int
}

const (
	sampleRows = 1000
	widest     = 60
)

func (p *tablePrinter) Columns(_ string, cols []query.Column) error {
	if err := p.flush(); err != nil {
		return err
	}
	if p.tables++; p.tables > 1 {
		fmt.Fprintln(p.w)
	}
	p.cols, p.widths = cols, nil
	return nil
}

func (p *tablePrinter) Rows(rows [][]value.Value) error {
	for _, r := range rows {
		cells := make([]string, len(r))
		for i, v := range r {
			cells[i] = harmless(cellText(v))
		}
		p.held = append(p.held, cells)
	}
	if p.widths == nil && len(p.held) < sampleRows {
		return nil
	}
	return p.flush()
}

func (p *tablePrinter) flush() error {
	if p.cols == nil {
		return nil
	}
	if p.widths == nil {
		p.widths = make([]int, len(p.cols))
		head, rule := make([]string, len(p.cols)), make([]string, len(p.cols))
		for i, c := range p.cols {
			head[i] = c.Name
			p.widths[i] = utf8.RuneCountInString(c.Name)
			for _, r := range p.held {
				p.widths[i] = min(widest, max(p.widths[i], utf8.RuneCountInString(r[i])))
			}
			rule[i] = strings.Repeat("-", p.widths[i])
		}
		p.line(head)
		p.line(rule)
	}
	for _, r := range p.held {
		p.line(r)
	}
	p.held = p.held[:0]
	return p.w.Flush()
}

func (p *tablePrinter) line(cells []string) {
	var b strings.Builder
	for i, c := range cells {
		if i > 0 {
			b.WriteString("  ")
		}
		n := utf8.RuneCountInString(c)
		if n > p.widths[i] {
			c = string([]rune(c)[:max(0, p.widths[i]-1)]) + "…"
			n = p.widths[i]
		}
		right := p.cols[i].Type.Numeric()
		if right {
			b.WriteString(strings.Repeat(" ", p.widths[i]-n))
		}
		b.WriteString(c)
		if !right {
			b.WriteString(strings.Repeat(" ", p.widths[i]-n))
		}
	}
	fmt.Fprintln(p.w, strings.TrimRight(b.String(), " "))
}

func (p *tablePrinter) Close() error { return p.flush() }

// csvPrinter writes RFC 4180 with a header line a table.
type csvPrinter struct {
	w      *csv.Writer
	tables int
}

func (p *csvPrinter) Columns(_ string, cols []query.Column) error {
	if p.tables++; p.tables > 1 {
		if err := p.w.Write(nil); err != nil {
			return err
		}
	}
	names := make([]string, len(cols))
	for i, c := range cols {
		names[i] = c.Name
	}
	return p.w.Write(names)
}

func (p *csvPrinter) Rows(rows [][]value.Value) error {
	for _, r := range rows {
		cells := make([]string, len(r))
		for i, v := range r {
			cells[i] = cellText(v)
		}
		if err := p.w.Write(cells); err != nil {
			return err
		}
	}
	p.w.Flush()
	return p.w.Error()
}

func (p *csvPrinter) Close() error {
	p.w.Flush()
	return p.w.Error()
}

// jsonPrinter writes one document: {"tables":[{"name","columns","rows"}]}.
type jsonPrinter struct {
	w    *bufio.Writer
	open bool
	rows int
}

func (p *jsonPrinter) Columns(table string, cols []query.Column) error {
	head, err := json.Marshal(struct {
		Name    string      `json:"name"`
		Columns []namedType `json:"columns"`
		Rows    []struct{}  `json:"rows"`
	}{table, namedTypes(cols), []struct{}{}})
	if err != nil {
		return err
	}
	if p.open {
		fmt.Fprint(p.w, "\n]},")
	} else {
		fmt.Fprint(p.w, `{"tables":[`)
	}
	p.open, p.rows = true, 0
	_, err = p.w.Write(bytes.TrimSuffix(head, []byte("]}")))
	return err
}

func (p *jsonPrinter) Rows(rows [][]value.Value) error {
	for _, r := range rows {
		sep := ",\n"
		if p.rows++; p.rows == 1 {
			sep = "\n"
		}
		if _, err := p.w.Write(appendRow([]byte(sep), r)); err != nil {
			return err
		}
	}
	return nil
}

func (p *jsonPrinter) Close() error {
	if p.open {
		fmt.Fprintln(p.w, "\n]}]}")
	}
	return p.w.Flush()
}

// jsonlPrinter writes an object a row.
type jsonlPrinter struct {
	w     *bufio.Writer
	names [][]byte
}

func (p *jsonlPrinter) Columns(_ string, cols []query.Column) error {
	p.names = nil
	for _, c := range cols {
		name, err := json.Marshal(c.Name)
		if err != nil {
			return err
		}
		p.names = append(p.names, append(name, ':'))
	}
	return nil
}

func (p *jsonlPrinter) Rows(rows [][]value.Value) error {
	for _, r := range rows {
		b := []byte{'{'}
		for i, v := range r {
			if i > 0 {
				b = append(b, ',')
			}
			b = v.AppendJSON(append(b, p.names[i]...))
		}
		if _, err := p.w.Write(append(b, '}', '\n')); err != nil {
			return err
		}
	}
	return p.w.Flush()
}

func (p *jsonlPrinter) Close() error { return p.w.Flush() }

type namedType struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

func namedTypes(cols []query.Column) []namedType {
	out := make([]namedType, len(cols))
	for i, c := range cols {
		out[i] = namedType{c.Name, c.Type.String()}
	}
	return out
}

// appendRow appends a row as a JSON array, values as Kusto's v2 REST API encodes them.
func appendRow(b []byte, r []value.Value) []byte {
	b = append(b, '[')
	for i, v := range r {
		if i > 0 {
			b = append(b, ',')
		}
		b = v.AppendJSON(b)
	}
	return append(b, ']')
}
