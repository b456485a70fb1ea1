package exec

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/vedette-siem/vedette/kql/value"
)

// separators are what stands between the fields of a record.
var separators = map[string]rune{"csv": ',', "tsv": '\t', "tsve": '\t', "psv": '|', "scsv": ';', "sohsv": '\x01'}

// mapped says where a column's value is found in a record.
type mapped struct {
	column  string
	path    []string // of JSON: keys, and numbers of elements
	ordinal int      // of separated fields, -1 when it is not told
}

// readMapping reads ingestionMapping: [{"Column":"a","Properties":{"Path":"$.x.y"}}], Ordinal in the place of Path for separated fields, or the
// older spelling with both beside the column. Names of properties are compared without regard to case, as encoding/json does.
func readMapping(text string) ([]mapped, error) {
	if text == "" {
		return nil, nil
	}
	type where struct {
		Path    string
		Ordinal json.RawMessage
	}
	var list []struct {
		Column, Name string
		where
		Properties where
	}
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, errorf(Invalid, "externaldata: ingestionMapping cannot be read: %v", err).hint(`write [{"Column":"a","Properties":{"Path":"$.a"}}]`)
	}
	var out []mapped
	for _, m := range list {
		w := m.Properties
		if w.Path == "" {
			w.Path = m.Path
		}
		if w.Ordinal == nil {
			w.Ordinal = m.Ordinal
		}
		one := mapped{column: m.Column, ordinal: -1}
		if one.column == "" {
			one.column = m.Name
		}
		if n, err := strconv.Atoi(strings.Trim(string(w.Ordinal), `"`)); err == nil && n >= 0 {
			one.ordinal = n
		}
		if w.Path != "" {
			var ok bool
			if one.path, ok = jsonPath(w.Path); !ok {
				return nil, errorf(Invalid, "externaldata: %q in ingestionMapping is not a path like $.a.b, $['a b'] or $.list[0]", w.Path)
			}
		}
		out = append(out, one)
	}
	return out, nil
}

// jsonPath reads $.a.b, $['a'] and $.a[0] into its steps.
func jsonPath(s string) (steps []string, ok bool) {
	s, ok = strings.CutPrefix(strings.TrimSpace(s), "$")
	for ok && s != "" {
		switch {
		case strings.HasPrefix(s, "['") || strings.HasPrefix(s, `["`):
			end := strings.Index(s, s[1:2]+"]")
			if end < 2 {
				end = strings.Index(s[2:], s[1:2]+"]") + 2
			}
			if end < 2 {
				return nil, false
			}
			steps, s = append(steps, s[2:end]), s[end+2:]
		case s[0] == '[':
			end := strings.IndexByte(s, ']')
			if end < 0 {
				return nil, false
			}
			steps, s = append(steps, s[1:end]), s[end+1:]
		case s[0] == '.':
			end := strings.IndexAny(s[1:], ".[") + 1
			if end == 0 {
				end = len(s)
			}
			steps, s = append(steps, s[1:end]), s[end:]
		default:
			return nil, false
		}
	}
	return steps, ok
}

// separated reads fields with something between them, quoted where they hold it.
func (r *externalReader) separated(data []byte, comma rune, mapping []mapped) error {
	in := csv.NewReader(bytes.NewReader(data))
	in.Comma, in.FieldsPerRecord, in.LazyQuotes, in.ReuseRecord = comma, -1, true, true
	order := r.ordinals(mapping)
	for first := true; ; first = false {
		fields, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errorf(Invalid, "externaldata: %s: %v", r.from, err)
		}
		if first && r.skip {
			continue
		}
		vals := make([]value.Value, len(order))
		for i, at := range order {
			vals[i] = value.NullOf(r.cols[i].Type)
			if at >= 0 && at < len(fields) {
				vals[i] = value.OfString(strings.Clone(fields[at]))
			}
		}
		if err := r.add(vals); err != nil {
			return err
		}
	}
}

// ordinals gives the field of each column: the one of its place, or of the mapping.
func (r *externalReader) ordinals(mapping []mapped) []int {
	out := make([]int, len(r.cols))
	for i, c := range r.cols {
		out[i] = i
		if mapping == nil {
			continue
		}
		out[i] = -1
		for _, m := range mapping {
			if m.column == c.Name {
				out[i] = m.ordinal
			}
		}
	}
	return out
}

// lines makes a row of every line.
func (r *externalReader) lines(data []byte) error {
	for first := true; len(data) > 0; first = false {
		line := data
		if i := bytes.IndexByte(data, '\n'); i >= 0 {
			line, data = data[:i], data[i+1:]
		} else {
			data = nil
		}
		if first && r.skip {
			continue
		}
		if err := r.add([]value.Value{value.OfString(string(bytes.TrimSuffix(line, []byte("\r"))))}); err != nil {
			return err
		}
	}
	return nil
}

// json makes a row of every object: one a line, several behind each other, or the elements of arrays.
func (r *externalReader) json(data []byte, mapping []mapped) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	skip := r.skip
	for {
		var raw json.RawMessage
		err := dec.Decode(&raw)
		if errors.Is(err, io.EOF) {
			return nil
		}
		var v value.Value
		ok := false
		if err == nil {
			v, ok = value.ParseJSON(string(raw))
		}
		if !ok {
			return errorf(Invalid, "externaldata: %s is not JSON at its byte %d", r.from, dec.InputOffset())
		}
		records := value.Array{v}
		if list, isList := v.X.(value.Array); isList {
			records = list
		}
		for _, rec := range records {
			if skip {
				skip = false
				continue
			}
			if err := r.object(rec, mapping); err != nil {
				return err
			}
		}
	}
}

// object makes a row of a JSON value: each column is the property of its name, or what the mapping's path leads to.
func (r *externalReader) object(rec value.Value, mapping []mapped) error {
	vals := make([]value.Value, len(r.cols))
	for i, c := range r.cols {
		steps := []string{c.Name}
		if mapping != nil {
			steps = nil
			found := false
			for _, m := range mapping {
				if m.column == c.Name {
					steps, found = m.path, true
				}
			}
			if !found {
				vals[i] = value.NullOf(c.Type)
				continue
			}
		}
		vals[i] = value.OfDynamic(follow(rec, steps))
	}
	return r.add(vals)
}

// follow gives what a path leads to, null where it leads nowhere.
func follow(v value.Value, steps []string) value.Value {
	for _, s := range steps {
		switch x := v.X.(type) {
		case *value.Bag:
			v, _ = x.Get(s)
		case value.Array:
			n, err := strconv.Atoi(s)
			if err != nil || n < 0 || n >= len(x) {
				return value.NullOf(value.Dynamic)
			}
			v = x[n]
		default:
			return value.NullOf(value.Dynamic)
		}
	}
	return v
}
