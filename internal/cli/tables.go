package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"os"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/query"
	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/kql/sql"
)

// checker gives an engine over a catalogue without data: the built-in one, or that of a file. One that is not to run in Go can only explain:
// there is no store to take its SQL.
func checker(path string, inGo bool) (*query.Engine, error) {
	cat := schema.Builtin()
	if path != "" {
		var err error
		if cat, err = readCatalogue(path); err != nil {
			return nil, err
		}
	}
	return query.New(query.Options{Store: noData{cat}, InGo: inGo, Dry: true}), nil
}

// readCatalogue reads {"Table":{"Column":"type"}}, whose columns keep their order.
func readCatalogue(path string) (*schema.Catalogue, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.New(fault.Invalid, "read schema", "%w", err)
	}
	defer f.Close()
	dec := json.NewDecoder(f)
	bad := func(err error) error {
		return fault.New(fault.Invalid, "read schema "+path, "%w", err).WithHint(`it must be a JSON object {"Table":{"Column":"type"}}`)
	}
	var tables []*schema.Table
	err = object(dec, func(name string) error {
		t := schema.Table{Name: name, Group: "Schema", About: "From " + path + "."}
		if err := object(dec, func(col string) error {
			var typ string
			if err := dec.Decode(&typ); err != nil {
				return err
			}
			t.Columns = append(t.Columns, schema.Column{Name: col, Type: schema.Type(typ)})
			return nil
		}); err != nil {
			return err
		}
		made, err := schema.NewTable(timed(t))
		if err != nil {
			return err
		}
		tables = append(tables, made)
		return nil
	})
	if err != nil {
		return nil, bad(err)
	}
	cat, err := schema.NewCatalogue(tables)
	if err != nil {
		return nil, bad(err)
	}
	return cat, nil
}

// timed chooses the column of the event time.
func timed(t schema.Table) schema.Table {
	for _, name := range []string{schema.Timestamp, schema.TimeGenerated} {
		for _, c := range t.Columns {
			if c.Name == name && c.Type == schema.Datetime {
				t.Time = name
				return t
			}
		}
	}
	return t
}

// object calls each for every member of the object that comes next; each must read the member's value.
func object(dec *json.Decoder, each func(key string) error) error {
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("expected an object: %v", err)
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return err
		}
		if err := each(key.(string)); err != nil {
			return err
		}
	}
	_, err := dec.Token()
	return err
}

// noData is a store of empty tables.
type noData struct{ cat *schema.Catalogue }

func (n noData) Query(context.Context, *sql.Query) iter.Seq2[*store.Batch, error] {
	return func(func(*store.Batch, error) bool) {}
}
func (n noData) Table(name string) (*schema.Table, bool) { return n.cat.Table(name) }
func (n noData) Tables() []*schema.Table                 { return n.cat.Tables() }
func (n noData) Ready() time.Time                        { return time.Now() }
