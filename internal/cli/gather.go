package cli

import (
	"bufio"
	"encoding/json"

	"github.com/vedette-siem/vedette/internal/query"
	"github.com/vedette-siem/vedette/kql/value"
)

// gather keeps the result tables of a query for one line of a batch's output, which has one of them.
type gather struct{ tables []gathered }

type gathered struct {
	cols []query.Column
	rows []byte
}

// Columns implements query.Sink.
func (g *gather) Columns(_ string, cols []query.Column) error {
	g.tables = append(g.tables, gathered{cols: cols})
	return nil
}

// Rows implements query.Sink.
func (g *gather) Rows(rows [][]value.Value) error {
	t := &g.tables[len(g.tables)-1]
	for _, r := range rows {
		if len(t.rows) > 0 {
			t.rows = append(t.rows, ',')
		}
		t.rows = appendRow(t.rows, r)
	}
	return nil
}

// write writes the line with one of the tables, or the failure.
func (g *gather) write(w *bufio.Writer, id json.RawMessage, table int, failure error) error {
	line := []byte(`{"id":`)
	line = append(line, id...)
	var fault *batchError
	if failure != nil {
		fault, g.tables = failureOf(failure), nil
	}
	var t gathered
	if table < len(g.tables) {
		t = g.tables[table]
	}
	cols, err := json.Marshal(namedTypes(t.cols))
	if err != nil {
		return err
	}
	why, err := json.Marshal(fault)
	if err != nil {
		return err
	}
	line = append(append(line, `,"columns":`...), cols...)
	line = append(append(line, `,"rows":[`...), t.rows...)
	line = append(append(line, `],"error":`...), why...)
	_, err = w.Write(append(line, "}\n"...))
	return err
}
