package cli

import (
	"bufio"
	"encoding/json"

	"github.com/vedette-siem/vedette/internal/query"
	"github.com/vedette-siem/vedette/kql/value"
)

// gather keeps the first result table of a query for one line of a batch's output.
type gather struct {
	cols   []query.Column
	rows   []byte
	tables int
}

// Columns implements query.Sink.
func (g *gather) Columns(_ string, cols []query.Column) error {
	if g.tables++; g.tables == 1 {
		g.cols = cols
	}
	return nil
}

// Rows implements query.Sink.
func (g *gather) Rows(rows [][]value.Value) error {
	if g.tables > 1 {
		return nil
	}
	for _, r := range rows {
		if len(g.rows) > 0 {
			g.rows = append(g.rows, ',')
		}
		g.rows = appendRow(g.rows, r)
	}
	return nil
}

func (g *gather) write(w *bufio.Writer, id json.RawMessage, failure error) error {
	line := []byte(`{"id":`)
	line = append(line, id...)
	var fault *batchError
	if failure != nil {
		fault, g.cols, g.rows = failureOf(failure), nil, nil
	}
	cols, err := json.Marshal(namedTypes(g.cols))
	if err != nil {
		return err
	}
	why, err := json.Marshal(fault)
	if err != nil {
		return err
	}
	line = append(append(line, `,"columns":`...), cols...)
	line = append(append(line, `,"rows":[`...), g.rows...)
	line = append(append(line, `],"error":`...), why...)
	_, err = w.Write(append(line, "}\n"...))
	return err
}
