package ingest

import "github.com/vedette-siem/vedette/internal/record"

// envelope is the outer object of a record, or of a message with several.
type envelope struct {
	many       bool // it had "records", and they have been decoded
	category   []byte
	tenant     []byte
	time       []byte
	properties int      // position of the value, 0 when there is none
	end        int      // position after it
	row        *builder // has the properties as its row under way; nil when they have not been read
	err        error    // why they could not be read
}

// read reads the object at i. The records of a "records" array are decoded on the way; so are the properties of a record whose category
// is known by then, which is how they come.
func (e *envelope) read(d *Decoder, r *record.Raw, p []byte, i int) (int, error) {
	if i >= len(p) || p[i] != '{' {
		return i, errJSON
	}
	i = space(p, i+1)
	if i < len(p) && p[i] == '}' {
		return i + 1, nil
	}
	for {
		key, _, next, err := rawString(p, i)
		if err != nil {
			return next, err
		}
		if i = space(p, next); i >= len(p) || p[i] != ':' {
			return i, errJSON
		}
		i = space(p, i+1)
		switch {
		case string(key) == "records" && e.row == nil && i < len(p) && p[i] == '[':
			e.many = true
			i, err = d.records(r, p, i)
		case string(key) == "category":
			e.category, i, err = stringOrSkip(p, i)
		case string(key) == "tenantId":
			e.tenant, i, err = stringOrSkip(p, i)
		case string(key) == "time":
			e.time, i, err = stringOrSkip(p, i)
		case string(key) == "properties":
			i, err = e.readProperties(d, p, i)
		default:
			i, err = skip(p, i)
		}
		if err != nil {
			return i, err
		}
		if i = space(p, i); i >= len(p) {
			return i, errJSON
		}
		switch p[i] {
		case ',':
			i = space(p, i+1)
		case '}':
			return i + 1, nil
		default:
			return i, errJSON
		}
	}
}

func (e *envelope) readProperties(d *Decoder, p []byte, i int) (int, error) {
	e.undo() // of properties that come twice the last ones count
	e.properties = i
	if b := d.direct(e.category); b != nil {
		d.misses = d.misses[:0]
		end, err := b.properties(p, i, &d.misses)
		if err == nil {
			e.row, e.end = b, end
			return end, nil
		}
		b.undo()
		e.err = err
	}
	end, err := skip(p, i)
	e.end = end
	return end, err
}

// undo forgets a row that was begun.
func (e *envelope) undo() {
	if e.row != nil {
		e.row.undo()
	}
	e.row, e.err = nil, nil
}

// stringOrSkip gives the text of a JSON string without escapes; any other value gives nil.
func stringOrSkip(p []byte, i int) ([]byte, int, error) {
	if i < len(p) && p[i] == '"' {
		raw, _, next, err := rawString(p, i)
		return raw, next, err
	}
	next, err := skip(p, i)
	return nil, next, err
}

// records decodes the array at i.
func (d *Decoder) records(r *record.Raw, p []byte, i int) (int, error) {
	i = space(p, i+1)
	if i < len(p) && p[i] == ']' {
		return i + 1, nil
	}
	for {
		e := envelope{}
		from := i
		next, err := e.read(d, r, p, i)
		switch {
		case err != nil:
			e.undo()
			var lost error
			if next, lost = skip(p, from); lost != nil {
				return from, err
			}
			d.refuse(r, "", "", err.Error(), p[from:next])
		case !e.many:
			d.record(r, &e, p, from, next)
		}
		if i = space(p, next); i >= len(p) {
			return i, errJSON
		}
		switch p[i] {
		case ',':
			i = space(p, i+1)
		case ']':
			return i + 1, nil
		default:
			return i, errJSON
		}
	}
}
