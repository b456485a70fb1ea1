// Package file is a source of records in a file or on standard input: Event Hub messages ({"records":[…]}) or single records, one a line,
// plain or compressed with gzip or zstd.
//
// A file is known by its content, so the same file again adds nothing. What standard input carries cannot be known beforehand; there the
// store's own recognition of records keeps them from being stored twice.
// It imports the collect port, the words below and a compression library.
package file

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/record"
)

const (
	maxLine    = 16 << 20 // a longer line is refused; an Event Hub message is at most 1 MiB
	keptOfLong = 64 << 10 // how much of it is kept with the refusal
	batchBytes = 4 << 20  // handed to the sink at once
	batchLines = 512
)

// Source reads one file.
type Source struct {
	collect.Gauge
	path string
	in   io.Reader // standard input, when path is "-"
	name string
	size int64
	read atomic.Int64
}

// Open prepares the file at path, or in when path is "-". It reads the file once to know its content.
func Open(path string, in io.Reader) (*Source, error) {
	if path == "-" {
		return &Source{path: path, in: in, name: "file:stdin:" + strconv.FormatInt(time.Now().UnixNano(), 36)}, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.New(fault.NotFound, "open "+path, "%w", err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, fault.New(fault.Invalid, "open "+path, "it is a directory").WithHint("name the files in it, e.g. %s/*", path)
	}
	h := sha256.New()
	n, err := io.Copy(h, f)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "read "+path, "%w", err)
	}
	return &Source{path: path, size: n, name: "file:" + hex.EncodeToString(h.Sum(nil))}, nil
}

// Name implements collect.Source.
func (s *Source) Name() string { return s.name }

// Progress gives how many bytes of the file have been read, and its size; the size of standard input is 0. Safe at any time.
func (s *Source) Progress() (read, size int64) { return s.read.Load(), s.size }

// Run implements collect.Source. Lines are numbered from 1; the number is the message's Seq.
func (s *Source) Run(ctx context.Context, after []record.Span, to collect.Sink) error {
	s.read.Store(0)
	s.Now(collect.Reading, nil)
	defer s.Now(collect.Stopped, nil)
	raw := s.in
	if s.path != "-" {
		f, err := os.Open(s.path)
		if err != nil {
			return fault.New(fault.NotFound, "open "+s.path, "%w", err)
		}
		defer f.Close()
		raw = f
	}
	plain, err := decompress(&counter{raw, &s.read})
	if err != nil {
		return fault.New(fault.Corrupt, "read "+s.path, "%w", err).WithHint("the file is damaged; its name says it is compressed")
	}
	covered := collect.Cover(s.name, after)
	b := &batch{to: to, source: s}
	err = lines(plain, func(seq int64, line []byte, broken string) error {
		if covered.Has("", seq) {
			return ctx.Err()
		}
		return b.add(ctx, seq, line, broken)
	})
	if putErr := b.flush(ctx); putErr != nil {
		return putErr
	}
	var cut *cutOff
	if errors.As(err, &cut) {
		if flushErr := to.Flush(ctx); flushErr != nil {
			return flushErr
		}
		return fault.New(fault.Corrupt, "read "+s.path, "the file ends too early or is damaged after line %d: %w", cut.line, cut.err).WithHint("everything before was taken in; get the whole file and ingest it again, nothing is stored twice")
	}
	if err != nil {
		return err
	}
	return to.Flush(ctx)
}

// batch gathers messages for the sink.
type batch struct {
	to     collect.Sink
	source *Source
	list   []record.Raw
	bytes  int
}

func (b *batch) add(ctx context.Context, seq int64, line []byte, broken string) error {
	b.list = append(b.list, record.Raw{Pos: record.Pos{Source: b.source.name, Seq: seq}, Arrived: time.Now(), Body: bytes.Clone(line), Broken: broken})
	if b.bytes += len(line); b.bytes < batchBytes && len(b.list) < batchLines {
		return nil
	}
	return b.flush(ctx)
}

func (b *batch) flush(ctx context.Context) error {
	if len(b.list) == 0 {
		return nil
	}
	n := len(b.list)
	err := b.to.Put(ctx, b.list)
	b.list, b.bytes = nil, 0
	if err == nil {
		b.source.Took(n, 0)
	}
	return err
}

// cutOff is a stream that broke off.
type cutOff struct {
	line int64
	err  error
}

func (c *cutOff) Error() string { return c.err.Error() }

// lines calls each for every line that is not blank, without its end and without a byte order mark. A line that is too long, or the last one when
// it is not whole, is told as broken. line is valid during the call.
func lines(in io.Reader, each func(seq int64, line []byte, broken string) error) error {
	r := bufio.NewReaderSize(in, 1<<20)
	var long []byte
	for seq := int64(1); ; seq++ {
		long = long[:0]
		line, err := r.ReadSlice('\n')
		total := len(line)
		for err == bufio.ErrBufferFull {
			if len(long) <= maxLine {
				long = append(long, line...)
			}
			line, err = r.ReadSlice('\n')
			total += len(line)
		}
		if len(long) > 0 {
			if len(long) <= maxLine {
				long = append(long, line...)
			}
			line = long
		}
		if seq == 1 {
			line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
		}
		whole := err == nil
		line = bytes.TrimSpace(line)
		broken := ""
		switch {
		case total > maxLine:
			broken = fmt.Sprintf("line %d is %d bytes long, more than the %d that a record may have", seq, total, maxLine)
			line = line[:min(len(line), keptOfLong)]
		case !whole && len(line) > 0 && !json.Valid(line):
			broken = fmt.Sprintf("the file ends in the middle of line %d", seq)
		}
		if len(line) > 0 {
			if eachErr := each(seq, line, broken); eachErr != nil {
				return eachErr
			}
		}
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return &cutOff{seq, err}
		}
	}
}

// decompress looks at the first bytes, not at the file's name.
func decompress(in io.Reader) (io.Reader, error) {
	r := bufio.NewReaderSize(in, 256<<10)
	head, err := r.Peek(4)
	if err != nil && err != io.EOF {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return gzip.NewReader(r)
	case bytes.Equal(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		d, err := zstd.NewReader(r, zstd.WithDecoderMaxMemory(512<<20))
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	}
	return r, nil
}

// counter counts what is read.
type counter struct {
	in io.Reader
	n  *atomic.Int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	c.n.Add(int64(n))
	return n, err
}
