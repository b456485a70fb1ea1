package tenant

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/tenant/graph"
	"github.com/vedette-siem/vedette/internal/tenant/world"
	"github.com/vedette-siem/vedette/kql"
	"github.com/vedette-siem/vedette/kql/exec"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

// hunter answers advanced-hunting queries over the world's history and its snapshot tables, as the service does: thirty days back, types by
// their .NET names, bool as SByte, at most 100,000 rows without a word about the rest.
type hunter struct {
	world *world.World
	now   func() time.Time
}

const (
	huntDays = 30
	huntRows = 100_000
)

func (h hunter) hunt(ctx context.Context, query, timespan string) (graph.Table, error) {
	now := h.now()
	span, err := huntSpan(timespan)
	if err != nil {
		return graph.Table{}, err
	}
	c, diags := kql.Compile(query, h, kql.Options{Now: ticksOf(now), InGo: true})
	if diags.HasErrors() {
		return graph.Table{}, fmt.Errorf("%s", kql.Errors(query, diags))
	}
	src := huntSource{h, ticksOf(now.Add(-span))}
	var out graph.Table
	for t, err := range c.Run(ctx, src) {
		if err != nil {
			return out, err
		}
		for _, col := range t.Columns {
			out.Columns = append(out.Columns, graph.Column{Name: col.Name, Type: netType(col.Type)})
		}
		for rows, err := range t.Rows {
			if err != nil {
				return out, err
			}
			for _, row := range rows {
				if len(out.Rows) == huntRows {
					return out, nil
				}
				cells := make(map[string]any, len(row))
				for i, v := range row {
					cells[t.Columns[i].Name] = huntCell(v)
				}
				out.Rows = append(out.Rows, cells)
			}
		}
		return out, nil // the service gives the first table
	}
	return out, nil
}

// huntCell is a value as the service writes it: 0 and 1 for bool, an empty object for a missing datetime or dynamic.
func huntCell(v value.Value) any {
	switch {
	case v.Null && (v.T == value.Datetime || v.T == value.Dynamic):
		return struct{}{}
	case v.T == value.Bool && !v.Null:
		return v.I
	}
	return json.RawMessage(v.AppendJSON(nil))
}

func netType(t value.Type) string {
	switch t {
	case value.Bool:
		return "SByte"
	case value.Int:
		return "Int32"
	case value.Long:
		return "Int64"
	case value.Real:
		return "Double"
	case value.Decimal:
		return "SqlDecimal"
	case value.Datetime:
		return "DateTime"
	case value.Timespan:
		return "TimeSpan"
	case value.GUID:
		return "Guid"
	case value.Dynamic:
		return "Object"
	}
	return "String"
}

var days = regexp.MustCompile(`^P(\d+)D$`)

// huntSpan reads the timespan as far as it is a number of days; the service's thirty days are the most.
func huntSpan(s string) (time.Duration, error) {
	if s == "" {
		return huntDays * 24 * time.Hour, nil
	}
	m := days.FindStringSubmatch(s)
	if m == nil {
		return 0, fmt.Errorf("the timespan %q is not a number of days such as P7D", s)
	}
	n, err := strconv.Atoi(m[1])
	if err != nil || n > 10_000 {
		return 0, fmt.Errorf("the timespan %q is too long", s)
	}
	return time.Duration(min(n, huntDays)) * 24 * time.Hour, nil
}

func ticksOf(t time.Time) int64 {
	const epoch = 621_355_968_000_000_000
	return epoch + t.Unix()*1e7 + int64(t.Nanosecond())/100
}

// Table implements plan.Catalog over the tables that the world fills.
func (h hunter) Table(name string) (*plan.Table, bool) {
	t, ok := schema.Builtin().Table(name)
	if !ok || !slices.Contains(h.Tables(), t.Name) {
		return nil, false
	}
	out := &plan.Table{Name: t.Name, TimeColumn: t.Time}
	for _, c := range t.Columns {
		typ, _ := value.TypeOf(string(c.Type))
		out.Columns = append(out.Columns, plan.TableColumn{Name: c.Name, Type: typ})
	}
	return out, true
}

// Tables implements plan.Catalog.
func (h hunter) Tables() []string {
	return slices.Sorted(slices.Values(append(slices.Clone(h.world.Tables()), h.world.SnapshotTables()...)))
}

// Function implements plan.Catalog; the service's own functions are built into the language.
func (hunter) Function(string) (params, body string, ok bool) { return "", "", false }

// huntSource reads the world's rows.
type huntSource struct {
	h    hunter
	from int64
}

// Query implements exec.Source; nothing is lowered, so it is never asked.
func (huntSource) Query(context.Context, *sql.Query, []plan.Column) iter.Seq2[exec.Batch, error] {
	return func(yield func(exec.Batch, error) bool) { yield(nil, fmt.Errorf("the simulated tenant has no engine")) }
}

// Scan implements exec.Source.
func (s huntSource) Scan(ctx context.Context, n *plan.Scan) iter.Seq2[exec.Batch, error] {
	events := s.h.world.History()
	if slices.Contains(s.h.world.SnapshotTables(), n.Table) {
		events = s.h.world.Snapshot(n.Table)
	}
	from := max(n.From, s.from)
	return func(yield func(exec.Batch, error) bool) {
		for e := range events {
			if ctx.Err() != nil {
				yield(nil, ctx.Err())
				return
			}
			if e.Table != n.Table || ticksOf(e.Time) < from || n.To != math.MaxInt64 && ticksOf(e.Time) > n.To {
				continue
			}
			row, err := huntRow(e, n)
			if err != nil || !yield(exec.Batch{row}, nil) {
				if err != nil {
					yield(nil, err)
				}
				return
			}
		}
	}
}

// huntRow types one event by the columns that are wanted. What the streamed copy adds to a table has the values that it would add.
func huntRow(e world.Event, n *plan.Scan) (exec.Row, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(e.Properties, &fields); err != nil {
		return nil, err
	}
	row := make(exec.Row, len(n.Cols))
	for i, c := range n.Cols {
		raw, ok := fields[n.Source[i]]
		switch {
		case ok:
			v, _ := value.ParseJSON(string(raw))
			if v.T == value.Dynamic && c.Type != value.Dynamic {
				v = v.Inner()
			}
			row[i] = value.Convert(v, c.Type)
		case n.Source[i] == schema.TimeGenerated:
			row[i] = value.OfDatetime(ticksOf(e.Time))
		case n.Source[i] == schema.TypeColumn:
			row[i] = value.OfString(e.Table)
		default:
			row[i] = value.NullOf(c.Type)
		}
	}
	return row, nil
}
