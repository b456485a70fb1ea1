// Package queue is the incident queue as an analyst reads it: the current state of every incident, one incident with its alerts and evidence,
// and what changed when. It keeps nothing of its own: everything is a query over SecurityIncident and SecurityAlert.
//
// It imports internal/query and the words below.
package queue

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/query"
	"github.com/vedette-siem/vedette/kql/value"
)

// Queue reads incidents through a query engine.
type Queue struct{ engine *query.Engine }

// New makes a queue over engine.
func New(engine *query.Engine) *Queue { return &Queue{engine} }

// Summary is one incident in the list. Times are ISO 8601, "" where unknown.
type Summary struct {
	ID             string   `json:"id"` // Defender's incident id
	Number         int64    `json:"number"`
	Tenant         string   `json:"tenant"`
	Title          string   `json:"title"`
	Severity       string   `json:"severity"`
	Status         string   `json:"status"` // Sentinel's: New, Active, Closed
	DefenderStatus string   `json:"defenderStatus"`
	Classification string   `json:"classification"`
	Determination  string   `json:"determination"`
	Owner          string   `json:"owner"`
	Tags           []string `json:"tags"`
	Alerts         int      `json:"alerts"`
	Products       []string `json:"products"`
	Tactics        []string `json:"tactics"`
	Entities       Counts   `json:"entities"`
	Created        string   `json:"created"`
	LastUpdate     string   `json:"lastUpdate"`
	FirstActivity  string   `json:"firstActivity"`
	LastActivity   string   `json:"lastActivity"`
	URL            string   `json:"url"`
}

// Counts says how many distinct assets an incident's evidence names.
type Counts struct {
	Devices   int `json:"devices"`
	Users     int `json:"users"`
	Mailboxes int `json:"mailboxes"`
}

// Filter chooses and orders incidents.
type Filter struct {
	Status, Severity []string // empty: all
	Search           string   // in title, id, owner and tags, without regard to case
	Sort             string   // one of sorts
	Desc             bool
	Offset, Limit    int
}

var sorts = []string{"lastUpdate", "created", "severity", "status", "title", "alerts", "id"}

// ParseFilter reads a filter from a URL's query. Bad values are faults that name the parameter.
func ParseFilter(q url.Values) (Filter, error) {
	f := Filter{Search: q.Get("search"), Sort: q.Get("sort"), Desc: true, Limit: 100}
	if f.Sort == "" {
		f.Sort = "lastUpdate"
	}
	if !slices.Contains(sorts, f.Sort) {
		return f, fault.New(fault.Invalid, "list incidents", "sort=%q is not one of %s", f.Sort, strings.Join(sorts, ", "))
	}
	if d := q.Get("desc"); d != "" {
		var err error
		if f.Desc, err = strconv.ParseBool(d); err != nil {
			return f, fault.New(fault.Invalid, "list incidents", "desc=%q is neither true nor false", d)
		}
	}
	for name, words := range map[string]struct {
		to    *[]string
		known []string
	}{"status": {&f.Status, statuses}, "severity": {&f.Severity, severities}} {
		v := q.Get(name)
		if v == "" {
			continue
		}
		for _, word := range strings.Split(v, ",") {
			if !slices.Contains(words.known, word) {
				return f, fault.New(fault.Invalid, "list incidents", "%s=%q is not one of %s", name, word, strings.Join(words.known, ", "))
			}
			*words.to = append(*words.to, word)
		}
	}
	for name, to := range map[string]*int{"offset": &f.Offset, "limit": &f.Limit} {
		if v := q.Get(name); v != "" {
			n, err := strconv.Atoi(v)
			if err != nil || n < 0 || n > 1_000_000 {
				return f, fault.New(fault.Invalid, "list incidents", "%s=%q is not a number from 0 to 1000000", name, v)
			}
			*to = n
		}
	}
	if f.Limit == 0 || f.Limit > 1000 {
		f.Limit = 1000
	}
	return f, nil
}

// Page is a part of the list.
type Page struct {
	Total int       `json:"total"`
	Items []Summary `json:"items"`
}

// row is one result row by column name.
type row map[string]value.Value

func (r row) text(col string) string {
	v := r[col]
	if v.Null {
		return ""
	}
	if v.T == value.String || v.T == value.GUID {
		return v.S
	}
	var s string
	if json.Unmarshal(v.AppendJSON(nil), &s) != nil {
		return ""
	}
	return s
}

func (r row) number(col string) int64 {
	if v := r[col]; !v.Null {
		return v.I
	}
	return 0
}

// decode reads a dynamic column into to; a null leaves it as it is.
func (r row) decode(col string, to any) {
	if v := r[col]; !v.Null && v.T == value.Dynamic {
		_ = json.Unmarshal(v.AppendJSON(nil), to) // what does not fit the shape is shown as absent; the row itself stays queryable
	}
}

// rows gathers a result.
type rows struct {
	cols []query.Column
	all  []row
}

// Columns implements query.Sink.
func (r *rows) Columns(_ string, cols []query.Column) error {
	r.cols = cols
	return nil
}

// Rows implements query.Sink.
func (r *rows) Rows(batch [][]value.Value) error {
	for _, b := range batch {
		one := make(row, len(b))
		for i, v := range b {
			one[r.cols[i].Name] = v
		}
		r.all = append(r.all, one)
	}
	return nil
}

func (q *Queue) run(ctx context.Context, text string, params map[string]value.Value) ([]row, error) {
	var out rows
	if _, err := q.engine.Run(ctx, query.Request{Text: text, Params: params}, &out); err != nil {
		return nil, err
	}
	return out.all, nil
}
