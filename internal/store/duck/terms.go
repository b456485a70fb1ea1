package duck

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/internal/store/terms"
)

// indexed is how the terms of a column are in a file's index.
type indexed uint8

const (
	notIndexed indexed = iota
	plainText          // the terms of its text
	jsonText           // those of a JSON text that it is, or lies in
)

// indexed says how the terms of the column called name are indexed for rows that lie in l.
func (l *layout) indexed(name string) indexed {
	switch name {
	case store.Block, store.Ingested, store.Hash:
		return notIndexed
	case store.Overflow:
		return jsonText
	}
	i, ok := l.at[name]
	switch {
	case !ok: // read out of the overflow
		return jsonText
	case l.cols[i].typ == schema.Dynamic:
		return jsonText
	case store.KindOf(l.cols[i].typ) == store.Text:
		return plainText
	}
	return notIndexed
}

// termFile is the open term index of a sealed file.
type termFile struct {
	*terms.File
	file *os.File
}

// termPath gives where a sealed file's term index lies, below the data directory.
func (f *sealedFile) termPath() string { return strings.TrimSuffix(f.path, ".duckdb") + ".terms" }

// stamp names what an index is of.
func (f *sealedFile) stamp() string { return fmt.Sprintf("%d:%d", f.id, f.bytes) }

// openTerms opens a file's term index when it is there and sound; without it the file is scanned.
func (s *Store) openTerms(f *sealedFile) {
	path := filepath.Join(s.opt.Dir, f.termPath())
	file, err := os.Open(path)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			s.log.Warn("a term index cannot be read; its file is scanned", "file", path, "err", err)
		}
		return
	}
	st, err := file.Stat()
	if err == nil {
		var index *terms.File
		if index, err = terms.Open(file, st.Size(), f.stamp()); err == nil {
			f.termBytes.Store(st.Size())
			f.terms.Store(&termFile{index, file})
			return
		}
	}
	file.Close()
	s.log.Warn("a term index is made again", "file", path, "err", err)
}

// closeTerms forgets a file's index. Nobody may be reading it.
func (f *sealedFile) closeTerms() {
	if t := f.terms.Swap(nil); t != nil {
		t.file.Close()
	}
}

// candidates gives the blocks of a file's table that may hold rows with what is needed. known is false where that cannot be told.
func (s *Store) candidates(f *sealedFile, table string, need *terms.Need) (found terms.Blocks, all int, known bool) {
	t := f.terms.Load()
	if t == nil || need == nil {
		return nil, 0, false
	}
	found, all, known, err := t.Find(table, need)
	if err != nil && f.damaged.CompareAndSwap(false, true) {
		s.log.Warn("a term index is damaged; it is made again", "file", f.termPath(), "err", err)
		s.wakeIndexer()
	}
	return found, all, known
}

// writeTerms makes the term index of a file whose rows are final.
func (s *Store) writeTerms(ctx context.Context, f *sealedFile) (err error) {
	if err := s.attach(f); err != nil {
		return err
	}
	c, err := s.pool.get()
	if err != nil {
		return err
	}
	sound := false
	defer func() { s.pool.put(c, sound) }()
	defer interruptAtEnd(ctx, s.ctx, c)()
	path := filepath.Join(s.opt.Dir, f.termPath())
	tmp := path + ".tmp"
	file, err := os.Create(tmp)
	if err != nil {
		return fault.New(fault.Unavailable, "index terms", "%w", err)
	}
	defer func() {
		file.Close()
		if err != nil {
			os.Remove(tmp)
		}
	}()
	buf := bufio.NewWriterSize(file, 1<<20)
	w := terms.NewWriter(buf)
	b := terms.NewBuilder()
	for _, p := range f.tables() {
		w.Table(p.table, p.rows)
		for from := int64(0); from*terms.BlockRows < p.rows; from += terms.SegmentBlocks {
			b.Reset()
			where := fmt.Sprintf("%s >= %d AND %s < %d", quote(store.Block), from, quote(store.Block), from+terms.SegmentBlocks)
			if err := p.gather(c, f.name(), where, b); err != nil {
				return err
			}
			if err := w.Segment(b); err != nil {
				return fault.New(fault.Exhausted, "index terms", "%w", err)
			}
		}
	}
	if err := errors.Join(w.Close(f.stamp()), buf.Flush(), file.Sync(), os.Rename(tmp, path), syncDir(filepath.Dir(path))); err != nil {
		return fault.New(fault.Exhausted, "index terms", "%w", err)
	}
	sound = true
	return nil
}

// tables gives the parts of a file in the order of their names.
func (f *sealedFile) tables() []*part {
	var out []*part
	for _, p := range f.parts {
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b *part) int { return strings.Compare(a.table, b.table) })
	return out
}

// gather adds the terms of a table's rows in db to b, those of every text under its row's block.
func (l *layout) gather(c *conn, db, where string, b *terms.Builder) error {
	items, json := []string{quote(store.Block), quote(store.Overflow)}, []bool{false, true}
	for _, col := range l.cols {
		if how := l.indexed(col.name); how != notIndexed {
			items, json = append(items, quote(col.phys)), append(json, how == jsonText)
		}
	}
	q := fmt.Sprintf("SELECT %s FROM %s.%s WHERE %s", strings.Join(items, ", "), quote(db), quote(l.phys), where)
	return c.rows(q, nil, func(r *chunkReader) error {
		blocks := r.int32s(0)
		for lo := 0; lo < r.n; {
			hi := lo + 1
			for hi < r.n && blocks[hi] == blocks[lo] {
				hi++
			}
			b.Begin(int(blocks[lo]))
			for col := 1; col < len(items); col++ {
				add, last := b.Add, []byte(nil)
				if json[col] {
					add = b.AddJSON
				}
				r.eachText(col, lo, hi, func(t []byte) {
					if !bytes.Equal(t, last) {
						add(t)
						last = t
					}
				})
			}
			lo = hi
		}
		return nil
	})
}

// index adds the terms of rows that are being appended: rows lo and on of the vectors, or those that sel names, by the blocks they get.
func (h *hotTable) index(blocks []int32, from []*store.Vector, over *store.Vector, sel []int32, lo int) {
	for i := 0; i < len(blocks); {
		end := i + 1
		for end < len(blocks) && blocks[end] == blocks[i] {
			end++
		}
		h.live.Add(int(blocks[i]), func(b *terms.Builder) {
			column := func(v *store.Vector, add func([]byte)) {
				var last []byte
				for k := lo + i; k < lo+end; k++ {
					row := k
					if sel != nil {
						row = int(sel[k])
					}
					if t := v.Text(row); !v.IsNull(row) && !bytes.Equal(t, last) {
						add(t)
						last = t
					}
				}
			}
			for c, v := range from {
				if v == nil {
					continue
				}
				switch h.indexed(h.cols[c].name) {
				case plainText:
					column(v, b.Add)
				case jsonText:
					column(v, b.AddJSON)
				}
			}
			if over != nil {
				column(over, b.AddJSON)
			}
		})
		i = end
	}
}
