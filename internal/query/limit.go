package query

import (
	"fmt"
	"math"
	"time"

	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/kql/exec"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// tooLarge is Kusto's name for a result that is cut, by which users find what is written about it.
const tooLarge = "E_QUERY_RESULT_SET_TOO_LARGE"

// allowed is how long a query may run: what it asks for with set servertimeout, else the engine's time; never longer than its caller waits.
func (e *Engine) allowed(req Request, set map[string]value.Value) time.Duration {
	d := e.opt.Timeout
	if v, ok := set["servertimeout"]; ok {
		if t := value.Convert(v, value.Timespan); !t.Null && t.I > 0 {
			d = time.Duration(min(t.I, math.MaxInt64/100)) * 100
		}
	}
	if v, ok := set["norequesttimeout"]; ok && (v.T != value.Bool || v.Bool()) {
		d = e.opt.MaxTimeout
	}
	d = min(d, e.opt.MaxTimeout)
	if req.Timeout > 0 {
		d = min(d, req.Timeout)
	}
	return d
}

// applyScope narrows every table to the time that set query_datetimescope_from and query_datetimescope_to give, by the column that
// query_datetimescope_column names, else by its event time. Tables without that column stay as they are.
func applyScope(q *plan.Query) {
	at := func(name string) (t time.Time) {
		if v, ok := q.Options[name]; ok {
			if d := value.Convert(v, value.Datetime); !d.Null {
				t = store.TimeOf(d.I)
			}
		}
		return t
	}
	from, to := at("query_datetimescope_from"), at("query_datetimescope_to")
	if from.IsZero() && to.IsZero() {
		return
	}
	column := q.Options["query_datetimescope_column"].S
	made := map[*plan.Scan]plan.Node{}
	replace(q, func(n plan.Node) plan.Node {
		s, ok := n.(*plan.Scan)
		if !ok {
			return n
		}
		if made[s] == nil {
			made[s] = n
			if id := scopeColumn(s, column); id != 0 {
				made[s] = bounded(s, id, from, to)
			}
		}
		return made[s]
	})
}

func scopeColumn(s *plan.Scan, name string) plan.ColID {
	if name == "" {
		return s.TimeCol
	}
	for _, c := range s.Cols {
		if c.Name == name && c.Type == value.Datetime {
			return c.ID
		}
	}
	return 0
}

// limit counts a result against Kusto's limits.
type limit struct {
	rows, bytes       int64
	maxRows, maxBytes int64
	most              int64 // rows that are wanted: no more are given, which is no truncation
}

func newLimit(o Options, set map[string]value.Value, maxRows int64) *limit {
	l := &limit{maxRows: o.Rows, maxBytes: o.Bytes, most: 1 << 62}
	number := func(name string, to *int64) {
		if v, ok := set[name]; ok && !v.Null && (v.T == value.Long || v.T == value.Int) && v.I > 0 {
			*to = v.I
		}
	}
	number("truncationmaxrecords", &l.maxRows)
	number("truncationmaxsize", &l.maxBytes)
	number("query_take_max_records", &l.most)
	if v, ok := set["notruncation"]; ok && (v.Null || v.T != value.Bool || v.Bool()) {
		l.maxRows, l.maxBytes = 1<<62, 1<<62
	}
	if maxRows > 0 {
		l.maxRows = min(l.maxRows, maxRows)
	}
	return l
}

// take gives the part of a batch that still fits, and why the rest does not.
func (l *limit) take(batch exec.Batch) (exec.Batch, *Truncation) {
	for i, row := range batch {
		if l.rows == l.most {
			return batch[:i], nil
		}
		if l.rows == l.maxRows {
			return batch[:i], &Truncation{l.maxRows, fmt.Sprintf("the result has more than %d rows; the rest was left out (%s; set truncationmaxrecords, or summarize)", l.maxRows, tooLarge)}
		}
		for _, v := range row {
			l.bytes += 8 + int64(len(v.S))
			if v.T == value.Dynamic && !v.Null {
				l.bytes += 64
			}
		}
		if l.bytes > l.maxBytes && l.rows > 0 {
			return batch[:i], &Truncation{l.rows, "the result is larger than " + size(l.maxBytes) + "; the rest was left out (" + tooLarge + "; set truncationmaxsize, or project fewer columns)"}
		}
		l.rows++
	}
	return batch, nil
}

func size(bytes int64) string {
	if bytes < 1<<20 {
		return fmt.Sprintf("%d bytes", bytes)
	}
	return fmt.Sprintf("%d MiB", bytes>>20)
}
