// Package chdb runs ClickHouse inside the process, so that tests hold the second dialect of the query language (sql.PrintClickHouse) to the
// real engine. Tables live in memory, in the storage form of every engine: string never null, datetime and timespan as ticks, guid, decimal
// and dynamic as text.
//
// The engine is a shared library that is found when it is first opened; building needs none. Library says where it is, scripts/chdb
// installs it. A store over a ClickHouse cluster is another thing: this package is for tests.
//
// It imports internal/fault and kql/sql.
package chdb

import (
	"context"
	"fmt"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/kql/sql"
)

// Engine is the engine, which there is once in a process, with a connection that makes tables and one that only reads.
type Engine struct {
	mu          sync.Mutex // a connection runs one statement at a time
	write, read handle
}

// Open loads the library at path (see Library) and starts the engine, or joins the one that runs. Tables of one Engine are not another's.
// Options are further settings of the reading connection, as name=value.
func Open(path string, options ...string) (*Engine, error) {
	if err := load(path); err != nil {
		return nil, err
	}
	write, err := connect(quiet)
	if err != nil {
		return nil, err
	}
	settings := slices.Clone(quiet)
	for name, v := range sql.ClickHouseSettings() {
		settings = append(settings, "--"+name+"="+v)
	}
	for _, o := range options {
		settings = append(settings, "--"+o)
	}
	read, err := connect(append(settings, "--readonly=1"))
	if err != nil {
		write.close()
		return nil, err
	}
	return &Engine{write: write, read: read}, nil
}

// Close closes the connections. The engine ends with the last of the process.
func (e *Engine) Close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.read.close()
	e.write.close()
}

var typeNames = map[sql.Type]string{sql.Bool: "Bool", sql.Int: "Int32", sql.Long: "Int64", sql.Double: "Float64", sql.Text: "String"}

// Column is a column of a table: one that is not Null holds a value in every row.
type Column struct {
	Name string
	Type sql.Type
	Null bool
}

// Create makes a table of rows, whose values are of the Go types of sql.Lit.V, and gives its name.
func (e *Engine) Create(columns []Column, rows [][]any) (name string, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	name = tableName()
	var b strings.Builder
	b.WriteString("CREATE TABLE " + name + " (")
	for i, c := range columns {
		if i > 0 {
			b.WriteString(", ")
		}
		t := typeNames[c.Type]
		if c.Null {
			t = "Nullable(" + t + ")"
		}
		b.WriteString(quote(c.Name) + " " + t)
	}
	b.WriteString(") ENGINE = Memory")
	if err := e.write.run(b.String()); err != nil {
		return "", engineFault(err)
	}
	if len(rows) == 0 {
		return name, nil
	}
	b.Reset()
	b.WriteString("INSERT INTO " + name + " FORMAT TSV ")
	b.WriteByte('\n')
	for _, row := range rows {
		for i, v := range row {
			if i > 0 {
				b.WriteByte('\t')
			}
			text, err := escaped(v)
			if err != nil {
				return "", err
			}
			b.WriteString(text)
		}
		b.WriteByte('\n')
	}
	if err := e.write.run(b.String()); err != nil {
		return "", engineFault(err)
	}
	return name, nil
}

// Drop forgets a table that Create made.
func (e *Engine) Drop(name string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return engineFault(e.write.run("DROP TABLE " + quote(name) + " SYNC"))
}

func quote(name string) string {
	return "`" + strings.NewReplacer(`\`, `\\`, "`", "\\`").Replace(name) + "`"
}

// Query prints q (scan as for sql.PrintClickHouse), runs it, and gives its rows as they come, in the Go types of sql.Lit.V. A result
// whose types are not q.Types is an error of kind Internal, as is a statement that the engine does not take.
func (e *Engine) Query(ctx context.Context, q *sql.Query, scan func(sql.Scan) (string, error)) iter.Seq2[[][]any, error] {
	return func(yield func([][]any, error) bool) {
		text, args, err := sql.PrintClickHouse(q, scan)
		if err != nil {
			yield(nil, err)
			return
		}
		if err := e.Select(ctx, text, args, q.Types, func(rows [][]any) bool { return yield(rows, nil) }); err != nil {
			yield(nil, err)
		}
	}
}

// Select runs a statement with the parameters p1, p2, … on the connection that only reads and gives its rows to each, until that gives
// false. types are the result's.
func (e *Engine) Select(ctx context.Context, text string, args []any, types []sql.Type, each func([][]any) bool) error {
	params := make([]param, len(args))
	for i, a := range args {
		t, err := escaped(a)
		if err != nil {
			return err
		}
		params[i] = param{"p" + strconv.Itoa(i+1), t}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	r, err := e.read.stream(text, params)
	if err != nil {
		return fmt.Errorf("%w in %s", engineFault(err), text)
	}
	defer r.close()
	for {
		if err := ctx.Err(); err != nil {
			r.cancel()
			return fault.New(fault.Canceled, "query", "%w", context.Cause(ctx))
		}
		data, err := r.next()
		if err != nil {
			return fmt.Errorf("%w in %s", engineFault(err), text)
		}
		if data == nil {
			return nil
		}
		bs, err := blocks(data)
		if err != nil {
			r.cancel()
			return fault.New(fault.Internal, "query", "%w in %s", err, text)
		}
		for _, b := range bs {
			if err := b.check(types); err != nil {
				r.cancel()
				return fault.New(fault.Internal, "query", "%w in %s", err, text)
			}
			if b.rows > 0 && !each(b.transposed()) {
				r.cancel()
				return nil
			}
		}
	}
}

// check holds a block to the types that were meant. The engine's comparisons are UInt8.
func (b *block) check(types []sql.Type) error {
	if len(b.columns) != len(types) {
		return fmt.Errorf("the statement has %d columns, the query says %d", len(b.columns), len(types))
	}
	for i, c := range b.columns {
		got := strings.TrimSuffix(strings.TrimPrefix(c.kind, "Nullable("), ")")
		if got == "UInt8" {
			got = "Bool"
		}
		if got != typeNames[types[i]] {
			return fmt.Errorf("column %d is %s where %s was meant", i, c.kind, typeNames[types[i]])
		}
	}
	return nil
}

func (b *block) transposed() [][]any {
	rows := make([][]any, b.rows)
	cells := make([]any, b.rows*len(b.columns))
	for i := range rows {
		rows[i] = cells[i*len(b.columns) : (i+1)*len(b.columns)]
		for j := range b.columns {
			rows[i][j] = b.columns[j].values[i]
		}
	}
	return rows
}

// escaped gives a value in the engine's escaped text form.
func escaped(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return `\N`, nil
	case bool:
		return strconv.FormatBool(v), nil
	case int32:
		return strconv.FormatInt(int64(v), 10), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case float64:
		switch {
		case math.IsNaN(v):
			return "nan", nil
		case math.IsInf(v, 0):
			return strconv.FormatFloat(v, 'g', -1, 64)[:1] + "inf", nil
		}
		return strconv.FormatFloat(v, 'g', -1, 64), nil
	case string:
		return escapes.Replace(v), nil
	}
	return "", fault.New(fault.Internal, "chdb", "no text form of %T", v)
}

var escapes = strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`, "\x00", `\0`, "\b", `\b`, "\f", `\f`, "'", `\'`)

// engineFault gives an error of the engine its kind by the engine's code.
func engineFault(err error) error {
	if err == nil {
		return nil
	}
	msg := err.Error()
	code := ""
	if _, rest, ok := strings.Cut(msg, "Code: "); ok {
		code, _, _ = strings.Cut(rest, ".")
	}
	kind := fault.Internal
	switch {
	case slices.Contains([]string{"241", "159", "396", "158", "307"}, code): // memory, time, result, rows, bytes
		kind = fault.Exhausted
	case slices.Contains([]string{"164", "497", "392"}, code): // readonly, access denied, query is prohibited
		kind = fault.Forbidden
	case code == "394":
		kind = fault.Canceled
	}
	return fault.New(kind, "chdb", "%s", strings.TrimSpace(msg))
}
