package terms

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"unicode"
)

// magic ends a file of this form. Another form, or another way to make terms or their hashes, has another one.
const magic = "terms\x00\x00\x03"

// footer is the length of what stands behind the directory: its length, its check sum, magic.
const footer = 4 + 4 + len(magic)

// ErrDamaged is the error of a file that is not what a Writer wrote, or not for this stamp, or written with other rules of what a letter is.
var ErrDamaged = errors.New("the term index cannot be used")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// segment says where a segment lies in a file.
type segment struct {
	at     int64
	size   int64
	bucket int // bits of a hash that choose the bucket
}

// table is the segments of one table, with the number of its blocks.
type table struct {
	blocks   int
	segments []segment
}

// Writer writes the index of one file's tables.
type Writer struct {
	w      io.Writer
	at     int64
	names  []string
	tables []*table
	buf    []byte
	sorted []entry
}

// NewWriter makes a writer to w.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Table begins a table of so many rows, whose segments come next and in order.
func (w *Writer) Table(name string, rows int64) {
	w.names = append(w.names, name)
	w.tables = append(w.tables, &table{blocks: int((rows + BlockRows - 1) / BlockRows)})
}

// Segment writes the next segment of the table.
func (w *Writer) Segment(b *Builder) error {
	t := w.tables[len(w.tables)-1]
	k := bucketBits(b.n)
	var err error
	if w.buf, w.sorted, err = b.encode(w.buf[:0], w.sorted, k); err != nil {
		return err
	}
	t.segments = append(t.segments, segment{w.at, int64(len(w.buf)), k})
	return w.put(w.buf)
}

func (w *Writer) put(p []byte) error {
	n, err := w.w.Write(p)
	w.at += int64(n)
	return err
}

// Close writes the directory. stamp names what the index is of: Open must be given the same.
func (w *Writer) Close(stamp string) error {
	d := appendText(appendText(nil, unicode.Version), stamp)
	d = binary.AppendUvarint(d, uint64(len(w.tables)))
	for i, t := range w.tables {
		d = appendText(d, w.names[i])
		d = binary.AppendUvarint(d, uint64(t.blocks))
		d = binary.AppendUvarint(d, uint64(len(t.segments)))
		for _, s := range t.segments {
			d = binary.AppendUvarint(d, uint64(s.at))
			d = binary.AppendUvarint(d, uint64(s.size))
			d = binary.AppendUvarint(d, uint64(s.bucket))
		}
	}
	f := binary.LittleEndian.AppendUint32(nil, uint32(len(d)))
	f = binary.LittleEndian.AppendUint32(f, crc32.Checksum(d, castagnoli))
	return w.put(append(append(d, f...), magic...))
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// File is an index that was written. Its methods may be called by several goroutines at once.
type File struct {
	r      io.ReaderAt
	tables map[string]*table
}

// Open reads the directory of an index of size bytes. Errors other than r's are ErrDamaged.
func Open(r io.ReaderAt, size int64, stamp string) (*File, error) {
	end := make([]byte, footer)
	if size < int64(footer) {
		return nil, fmt.Errorf("%w: it is cut off", ErrDamaged)
	}
	if _, err := r.ReadAt(end, size-int64(footer)); err != nil {
		return nil, err
	}
	length := int64(binary.LittleEndian.Uint32(end))
	if string(end[8:]) != magic || length > size-int64(footer) {
		return nil, fmt.Errorf("%w: it is cut off or of another version", ErrDamaged)
	}
	d := make([]byte, length)
	if _, err := r.ReadAt(d, size-int64(footer)-length); err != nil {
		return nil, err
	}
	if crc32.Checksum(d, castagnoli) != binary.LittleEndian.Uint32(end[4:]) {
		return nil, fmt.Errorf("%w: its directory is damaged", ErrDamaged)
	}
	p := parser{d}
	if v := p.text(); v != unicode.Version {
		return nil, fmt.Errorf("%w: it was made with Unicode %s, this is %s", ErrDamaged, v, unicode.Version)
	}
	if s := p.text(); s != stamp {
		return nil, fmt.Errorf("%w: it is of %q, not of %q", ErrDamaged, s, stamp)
	}
	f := &File{r: r, tables: map[string]*table{}}
	for range p.number() {
		name := p.text()
		t := &table{blocks: int(p.number())}
		for range p.number() {
			t.segments = append(t.segments, segment{int64(p.number()), int64(p.number()), int(p.number())})
		}
		f.tables[name] = t
	}
	return f, nil
}

// parser reads what appendText and AppendUvarint wrote; the check sum has said that it is whole.
type parser struct{ b []byte }

func (p *parser) number() uint64 {
	v, n := binary.Uvarint(p.b)
	p.b = p.b[max(n, 0):]
	return v
}

func (p *parser) text() string {
	n := min(p.number(), uint64(len(p.b)))
	s := string(p.b[:n])
	p.b = p.b[n:]
	return s
}

// Find gives the blocks of a table that may hold rows with what is needed, and the number of all its blocks; ok is false where the index
// does not know the table.
func (f *File) Find(name string, need *Need) (found Blocks, all int, ok bool, err error) {
	t := f.tables[name]
	if t == nil || len(t.segments) != (t.blocks+SegmentBlocks-1)/SegmentBlocks {
		return nil, 0, false, nil
	}
	found = make(Blocks, len(t.segments))
	for i, s := range t.segments {
		if found[i], err = need.in(func(h uint64) (uint64, error) { return s.look(f.r, h|1) }); err != nil {
			return nil, 0, false, err
		}
	}
	if rest := t.blocks % SegmentBlocks; rest > 0 {
		found[len(found)-1] &= 1<<rest - 1
	}
	return found, t.blocks, true, nil
}
