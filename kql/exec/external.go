package exec

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/url"
	"path"
	"strings"

	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// Fetch reads what is at an address. It decides which addresses may be read, how long it may take and how large it may be.
type Fetch func(ctx context.Context, url string) ([]byte, error)

// maxExpanded bounds what a compressed file may grow to.
const maxExpanded = 256 << 20

// unreadable are the formats that are known but not read.
var unreadable = map[string]bool{"avro": true, "apacheavro": true, "orc": true, "parquet": true, "sstream": true, "w3clogfile": true, "azmonstream": true}

// externalData reads the files of externaldata, one after the other.
func externalData(c *pluginCall) (*output, error) {
	if c.x.o.Fetch == nil {
		return nil, errorf(Unsupported, "externaldata reads from outside of the store, which is not allowed here")
	}
	out := &output{cols: c.n.Cols}
	for i := range c.n.Args {
		v, err := c.constants(i, i+1)
		if err != nil {
			return nil, err
		}
		// what follows a semicolon says how to sign in, which nothing here does
		address, _, _ := strings.Cut(v[0].S, ";")
		files, err := c.fetch(address)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			r := &externalReader{call: c, cols: c.n.Cols, from: address, out: out}
			if err := r.read(f, c.n.Params); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// file is one file of those at an address.
type file struct {
	name string
	data []byte
}

// fetch reads an address and unpacks it, if its name ends in .gz or .zip.
func (c *pluginCall) fetch(address string) ([]file, error) {
	name := address
	if u, err := url.Parse(address); err == nil {
		name = u.Path
	}
	data, err := c.x.o.Fetch(c.x.ctx, address)
	if err != nil {
		return nil, err
	}
	broken := func(err error) error {
		return errorf(Invalid, "externaldata: %s cannot be unpacked: %v", address, err)
	}
	switch ext := strings.ToLower(path.Ext(name)); ext {
	case ".gz":
		z, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return nil, broken(err)
		}
		data, err := expand(z, maxExpanded)
		if err != nil {
			return nil, broken(err)
		}
		return []file{{strings.TrimSuffix(name, name[len(name)-len(ext):]), data}}, nil
	case ".zip":
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return nil, broken(err)
		}
		var files []file
		left := maxExpanded
		for _, f := range z.File {
			if f.FileInfo().IsDir() {
				continue
			}
			r, err := f.Open()
			if err != nil {
				return nil, broken(err)
			}
			data, err := expand(r, left)
			_ = r.Close() // it was read to its end
			if err != nil {
				return nil, broken(err)
			}
			left -= len(data)
			files = append(files, file{f.Name, data})
		}
		return files, nil
	}
	return []file{{name, data}}, nil
}

// expand reads r to its end, which must come within the limit.
func expand(r io.Reader, limit int) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	if err == nil && len(data) > limit {
		err = errorf(Exhausted, "it grows to more than %d MiB", maxExpanded>>20)
	}
	return data, err
}

// externalReader makes rows of one file.
type externalReader struct {
	call *pluginCall
	cols []plan.Column
	from string
	out  *output
	skip bool // the first record
}

// formatOf gives the format that was asked for, else the one that the file's name tells; csv where it tells none.
func formatOf(asked value.Value, name string) string {
	format := strings.ToLower(asked.Text())
	if format == "" {
		format = strings.TrimPrefix(strings.ToLower(path.Ext(name)), ".")
		switch format {
		case "tsv", "psv", "txt", "json", "parquet", "avro", "orc":
		default:
			format = "csv"
		}
	}
	return format
}

func (r *externalReader) read(f file, params map[string]value.Value) error {
	format := formatOf(params["format"], f.name)
	first := params["ignorefirstrecord"]
	r.skip = first.T == value.Bool && first.Bool() || strings.EqualFold(first.Text(), "true")
	mapping, err := readMapping(params["ingestionmapping"].Text())
	if err != nil {
		return err
	}
	data := bytes.TrimPrefix(f.data, []byte("\xef\xbb\xbf"))
	if comma, ok := separators[format]; ok {
		return r.separated(data, comma, mapping)
	}
	switch {
	case format == "txt":
		return r.lines(data)
	case format == "raw":
		return r.add([]value.Value{value.OfString(string(data))})
	case format == "json" || format == "multijson" || format == "singlejson":
		return r.json(data, mapping)
	case unreadable[format]:
		return errorf(Unsupported, "externaldata: files of the format %s are not read", format).hint("csv, tsv, psv, scsv, sohsv, txt, raw, json and multijson are")
	}
	return errorf(Invalid, "externaldata: there is no format %q", format).hint("csv, tsv, psv, scsv, sohsv, txt, raw, json and multijson are read")
}

// add makes a row of the values of the first columns; the other columns are null.
func (r *externalReader) add(vals []value.Value) error {
	row := make([]value.Value, len(r.cols))
	for i, c := range r.cols {
		if i < len(vals) {
			row[i] = external(vals[i], c.Type)
		} else {
			row[i] = value.NullOf(c.Type)
		}
	}
	if err := r.call.x.mem.grow(rowSize(row)); err != nil {
		return err
	}
	r.out.rows = append(r.out.rows, row)
	if len(r.out.rows)%4096 == 0 {
		return r.call.x.ctx.Err()
	}
	return nil
}

// external gives a value of a file as a column's type; what cannot be one is null.
func external(v value.Value, t value.Type) value.Value {
	if t == value.Dynamic && v.T == value.String {
		return value.ParseDynamic(v.S)
	}
	if t != value.String && v.T == value.String {
		v.S = strings.TrimSpace(v.S)
	}
	return value.Convert(v, t)
}
