package blob

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	azblob "github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/record"
)

const (
	maxLine    = 16 << 20 // a longer line is refused
	keptOfLong = 64 << 10 // how much of it is kept with the refusal
	batchBytes = 4 << 20  // handed to the sink at once
	batchLines = 512

	// finished is the number of the last message of a version of a blob that is read as a whole. Numbers of such blobs count unpacked
	// bytes, so that their size in the list does not say whether all has been read.
	finished = int64(1) << 62
)

// reader reads what is new in one blob.
type reader struct {
	source  *Source
	entry   *entry
	covered collect.Covered
	to      collect.Sink

	list  []record.Raw
	bytes int
}

// run reads the blob as far as it was listed. What it put is told by the entry's next, after an error too.
func (r *reader) run(ctx context.Context) error {
	e := r.entry
	op := "read " + e.container + "/" + e.name
	o := &azblob.DownloadStreamOptions{}
	if e.growing {
		o.Range = azblob.HTTPRange{Offset: e.next, Count: e.size - e.next}
	} else {
		tag := azcore.ETag(e.etag)
		o.AccessConditions = &azblob.AccessConditions{ModifiedAccessConditions: &azblob.ModifiedAccessConditions{IfMatch: &tag}}
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	got, err := r.source.account.container(e.container).NewBlobClient(e.name).DownloadStream(ctx, o)
	if err != nil {
		return r.source.explain(op, err)
	}
	defer got.Body.Close()
	if e.growing && got.CreationTime != nil && !e.created.IsZero() && !got.CreationTime.Equal(e.created) {
		return fault.New(fault.Conflict, op, "it was deleted and made again since the list was made")
	}
	body := &steady{in: got.Body, stop: stop}
	defer body.close()
	if e.growing {
		err = r.growing(ctx, body)
	} else {
		err = r.whole(ctx, body)
	}
	var spent *sinkError
	switch {
	case err == nil, errors.As(err, &spent):
		return err
	case errors.Is(context.Cause(ctx), errStalled):
		err = errStalled
	}
	return r.source.explain(op, err)
}

// growing reads the new bytes of an append blob. A line without an end waits for it, unless the blob has long not changed.
func (r *reader) growing(ctx context.Context, body io.Reader) error {
	e := r.entry
	rest, err := scan(bufio.NewReaderSize(body, 256<<10), e.next, func(l line) error { return r.add(ctx, l) })
	settled := time.Since(e.modified) > r.source.cfg.Settled
	if err == nil && settled && len(rest.text) > 0 {
		err = r.add(ctx, rest.last(fmt.Sprintf("the blob %s ends in the middle of a line", e.name)))
	}
	if flushErr := r.flush(ctx); flushErr != nil {
		return flushErr
	}
	if err == nil && settled {
		e.next = e.size
	}
	return err
}

// whole reads a blob from its beginning to its end, unpacked when it is packed.
func (r *reader) whole(ctx context.Context, body *steady) error {
	e := r.entry
	in := bufio.NewReaderSize(body, 256<<10)
	var held *line // the last line so far: the very last one is numbered as finished
	each := func(l line) error {
		before := held
		l.text = bytes.Clone(l.text)
		held = &l
		if before == nil {
			return nil
		}
		return r.add(ctx, *before)
	}
	var rest line
	head, err := in.Peek(2)
	packed := err == nil && head[0] == 0x1f && head[1] == 0x8b
	if packed {
		var unpacked *gzip.Reader
		if unpacked, err = gzip.NewReader(in); err == nil {
			rest, err = scan(bufio.NewReaderSize(unpacked, 256<<10), 0, each)
		}
	} else {
		rest, err = scan(in, 0, each)
	}
	var spent *sinkError
	switch {
	case errors.As(err, &spent):
		return err
	case body.err != nil || ctx.Err() != nil: // the connection failed, not the blob
		if flushErr := r.flush(ctx); flushErr != nil {
			return flushErr
		}
		return err
	case err != nil: // what is packed is damaged: the place is kept as refused, with what had come of the line
		rest.broken = fmt.Sprintf("the blob %s is damaged after %d unpacked bytes: %v", e.name, rest.end+1, err)
		if len(rest.text) == 0 {
			rest.text = []byte(e.name)
		}
		err = each(rest)
	case len(rest.text) > 0:
		err = each(rest.last(fmt.Sprintf("the blob %s ends in the middle of a line", e.name)))
	}
	if err == nil && held != nil {
		held.end = finished
		err = r.add(ctx, *held)
	}
	if flushErr := r.flush(ctx); flushErr != nil {
		return flushErr
	}
	if err == nil {
		e.next = finished + 1
	}
	return err
}

// add gathers a line for the sink, unless it is stored already.
func (r *reader) add(ctx context.Context, l line) error {
	e := r.entry
	if l.end < e.next || r.covered.Has(e.partition, l.end) {
		return ctx.Err()
	}
	r.list = append(r.list, record.Raw{Pos: record.Pos{Source: r.source.name, Partition: e.partition, Seq: l.end}, Arrived: time.Now(), Body: bytes.Clone(l.text), Broken: l.broken})
	if r.bytes += len(l.text); r.bytes < batchBytes && len(r.list) < batchLines {
		return nil
	}
	return r.flush(ctx)
}

func (r *reader) flush(ctx context.Context) error {
	if len(r.list) == 0 {
		return nil
	}
	n, last := len(r.list), r.list[len(r.list)-1].Pos.Seq
	if err := r.to.Put(ctx, r.list); err != nil {
		return &sinkError{err}
	}
	r.list, r.bytes = nil, 0
	r.entry.next = last + 1
	r.source.Took(n, time.Since(r.entry.modified))
	return nil
}

// line is a line without its end and the white space around it.
type line struct {
	text   []byte // valid until the next line is read
	end    int64  // the place of its last byte, the line feed included
	broken string // why it cannot be taken, if it cannot
}

// last gives a line that has no end as the last one of its blob.
func (l line) last(broken string) line {
	if l.broken == "" && !json.Valid(l.text) {
		l.broken = broken
	}
	return l
}

// scan calls each for every line that has an end and is not blank. from is the place of the first byte. rest is what comes after the last
// line feed.
func scan(in *bufio.Reader, from int64, each func(line) error) (rest line, err error) {
	var long []byte
	for at := from; ; {
		long = long[:0]
		part, err := in.ReadSlice('\n')
		total := int64(len(part))
		for err == bufio.ErrBufferFull {
			if len(long) <= maxLine {
				long = append(long, part...)
			}
			part, err = in.ReadSlice('\n')
			total += int64(len(part))
		}
		if len(long) > 0 {
			if len(long) <= maxLine {
				long = append(long, part...)
			}
			part = long
		}
		if at == 0 {
			part = bytes.TrimPrefix(part, []byte("\xef\xbb\xbf"))
		}
		l := line{text: bytes.TrimSpace(part), end: at + total - 1}
		if total > maxLine {
			l.broken = fmt.Sprintf("a line is %d bytes long, more than the %d that a record may have", total, maxLine)
			l.text = l.text[:min(len(l.text), keptOfLong)]
		}
		at += total
		switch {
		case err == io.EOF:
			return l, nil
		case err != nil:
			return l, err
		case len(l.text) > 0:
			if err := each(l); err != nil {
				return line{}, err
			}
		}
	}
}

var errStalled = fmt.Errorf("no byte came for %s", stall)

// steady is a body that ends the request when nothing comes. Time that is not spent in reading does not count: the sink may take its time.
type steady struct {
	in    io.Reader
	stop  context.CancelCauseFunc
	timer *time.Timer
	err   error // of the connection; nil while it is well, and at the end
}

func (s *steady) Read(p []byte) (int, error) {
	if s.timer == nil {
		s.timer = time.AfterFunc(stall, func() { s.stop(errStalled) })
	} else {
		s.timer.Reset(stall)
	}
	n, err := s.in.Read(p)
	s.timer.Stop()
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

func (s *steady) close() {
	if s.timer != nil {
		s.timer.Stop()
	}
}
