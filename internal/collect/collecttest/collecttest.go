// Package collecttest is what every collect.Source must pass, and a sink that remembers what it was given.
//
// It imports the port, the words floor and the standard library.
package collecttest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/record"
)

// Sink keeps everything in memory.
type Sink struct {
	Fail  func(n int) error // asked before the nth message (from 0) is taken; an error spends the sink
	OnPut func(total int)   // called after each Put, without a lock
	mu    sync.Mutex
	got   []record.Raw
	err   error
}

// Put takes the batch.
func (s *Sink) Put(ctx context.Context, batch []record.Raw) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	for _, r := range batch {
		if s.err == nil && s.Fail != nil {
			s.err = s.Fail(len(s.got))
		}
		if s.err != nil {
			break
		}
		s.got = append(s.got, r)
	}
	n, err := len(s.got), s.err
	s.mu.Unlock()
	if s.OnPut != nil {
		s.OnPut(n)
	}
	return err
}

// Flush gives the error that spent the sink, if one did.
func (s *Sink) Flush(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// Got gives all messages in the order they came.
func (s *Sink) Got() []record.Raw {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.got)
}

// Covers gives the spans of messages that were stored, one a partition, as a store would.
func Covers(got []record.Raw) []record.Span {
	at := map[[2]string]int{}
	var spans []record.Span
	for _, r := range got {
		k := [2]string{r.Pos.Source, r.Pos.Partition}
		i, ok := at[k]
		if !ok {
			i = len(spans)
			at[k] = i
			spans = append(spans, record.Span{Source: r.Pos.Source, Partition: r.Pos.Partition, First: r.Pos.Seq, Last: r.Pos.Seq})
		}
		spans[i].Last = r.Pos.Seq
	}
	return spans
}

// Make gives a new Source over the same data, as a restarted process would have.
type Make func(t *testing.T) collect.Source

// Run holds a source to the port's promises. The data behind it must be fixed, of at least 4 messages; total is their number.
func Run(t *testing.T, total int, make Make) {
	all := read(t, make(t), nil, total)
	t.Run("positions", func(t *testing.T) { positions(t, make(t).Name(), all) })
	t.Run("resume", func(t *testing.T) {
		for _, cut := range []int{1, total / 2, total - 1} {
			rest := read(t, make(t), Covers(all[:cut]), total-cut)
			want := keys(all[cut:])
			if got := keys(rest); !slices.Equal(got, want) {
				t.Errorf("after %d of %d messages: got %v, want %v", cut, total, got, want)
			}
		}
	})
	t.Run("again", func(t *testing.T) {
		s := make(t)
		read(t, s, nil, total)
		if rest := read(t, s, Covers(all), 0); len(rest) != 0 {
			t.Errorf("all is covered, yet Run put %v", keys(rest))
		}
	})
	t.Run("sink fails", func(t *testing.T) {
		boom := errors.New("the disk is full")
		sink := &Sink{Fail: func(n int) error {
			if n == total/2 {
				return boom
			}
			return nil
		}}
		ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
		defer stop()
		if err := make(t).Run(ctx, nil, sink); !errors.Is(err, boom) {
			t.Errorf("Run gave %v, not the sink's error", err)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		sink := &Sink{OnPut: func(int) { stop() }}
		done := goRun(ctx, make(t), nil, sink)
		select {
		case err := <-done:
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("Run gave %v", err)
			}
		case <-time.After(20 * time.Second):
			t.Error("Run went on for 20 s after its context ended")
		}
		stop()
	})
}

func goRun(ctx context.Context, s collect.Source, after []record.Span, to collect.Sink) chan error {
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, after, to) }()
	return done
}

// read runs s until want messages have come (and then a little longer, for those too many) and gives them.
func read(t *testing.T, s collect.Source, after []record.Span, want int) []record.Raw {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var once sync.Once
	settle := func() { once.Do(func() { time.AfterFunc(300*time.Millisecond, stop) }) }
	sink := &Sink{OnPut: func(n int) {
		if n >= want {
			settle()
		}
	}}
	if want == 0 {
		settle()
	}
	select {
	case err := <-goRun(ctx, s, after, sink):
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Fatalf("Run: %v", err)
		}
	case <-time.After(30 * time.Second):
		t.Fatalf("%d of %d messages after 30 s", len(sink.Got()), want)
	}
	if got := sink.Got(); len(got) != want {
		t.Fatalf("%d messages, want %d", len(got), want)
	}
	return sink.Got()
}

func positions(t *testing.T, name string, all []record.Raw) {
	last := map[string]int64{}
	for i, r := range all {
		if r.Pos.Source != name {
			t.Errorf("message %d is of source %q, the source is %q", i, r.Pos.Source, name)
		}
		if prev, ok := last[r.Pos.Partition]; ok && r.Pos.Seq <= prev {
			t.Errorf("partition %q: %d came after %d", r.Pos.Partition, r.Pos.Seq, prev)
		}
		last[r.Pos.Partition] = r.Pos.Seq
		if r.Arrived.IsZero() || len(r.Body) == 0 {
			t.Errorf("message %d has no arrival time or no body", i)
		}
	}
}

// keys names messages by partition and number, sorted: partitions may interleave differently in each run.
func keys(list []record.Raw) []string {
	out := make([]string, len(list))
	for i, r := range list {
		out[i] = fmt.Sprintf("%s/%d", r.Pos.Partition, r.Pos.Seq)
	}
	slices.Sort(out)
	return out
}
