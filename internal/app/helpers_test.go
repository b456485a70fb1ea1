package app_test

import (
	"encoding/json"
	"io"
	"testing"

	"github.com/vedette-siem/vedette/internal/app"
	"github.com/vedette-siem/vedette/internal/query"
	"github.com/vedette-siem/vedette/kql/value"
)

// firstNumber reads the first cell of a Log Analytics answer, -1 where there is none.
func firstNumber(body io.Reader) int64 {
	var answer struct {
		Tables []struct{ Rows [][]any }
	}
	if json.NewDecoder(body).Decode(&answer) != nil || len(answer.Tables) == 0 || len(answer.Tables[0].Rows) == 0 {
		return -1
	}
	if n, ok := answer.Tables[0].Rows[0][0].(float64); ok {
		return int64(n)
	}
	return -1
}

// cell keeps the first cell of a result.
type cell struct{ v value.Value }

func (c *cell) Columns(string, []query.Column) error { return nil }
func (c *cell) Rows(rows [][]value.Value) error {
	c.v = rows[0][0]
	return nil
}

// one gives the number in the only cell that a query answers.
func one(t *testing.T, local *app.Local, kql string) int64 {
	t.Helper()
	var c cell
	if _, err := local.Engine.Run(t.Context(), query.Request{Text: kql}, &c); err != nil {
		t.Fatalf("%s: %v", kql, err)
	}
	return c.v.I
}
