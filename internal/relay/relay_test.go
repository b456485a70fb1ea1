package relay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/forward"
	"github.com/vedette-siem/vedette/internal/forward/forwardtest"
	"github.com/vedette-siem/vedette/internal/ledger"
	"github.com/vedette-siem/vedette/internal/ledger/sqlite"
)

// stamped is a stored row: when it was taken in and what it became.
type stamped struct {
	at  int64
	doc forward.Document
}

// rows are stored rows; those up to ready are complete.
type rows struct {
	all   []stamped
	ready int64
}

func (r *rows) Ready() int64 { return r.ready }

// Documents implements Rows. Event times are ingestion times here.
func (r *rows) Documents(_ context.Context, s Span) iter.Seq2[[]forward.Document, error] {
	return func(yield func([]forward.Document, error) bool) {
		var batch []forward.Document
		for _, one := range r.all {
			if one.at > s.After && one.at <= s.Until && (s.To == 0 || one.at >= s.From && one.at < s.To) {
				batch = append(batch, one.doc)
			}
		}
		for part := range slices.Chunk(batch, 3) {
			if !yield(part, nil) {
				return
			}
		}
	}
}

// dying is a ledger of a process that is killed: before or after one of its calls.
type dying struct {
	ledger.Ledger
	left int // calls until death
	late bool
}

var errKilled = errors.New("killed")

func (d *dying) PutDocument(ctx context.Context, key string, rev int64, v json.RawMessage) (int64, error) {
	d.left--
	if d.left == 0 && !d.late || d.left < 0 {
		return 0, errKilled
	}
	rev, err := d.Ledger.PutDocument(ctx, key, rev, v)
	if d.left == 0 {
		return 0, errKilled
	}
	return rev, err
}

func openLedger(t *testing.T) ledger.Ledger {
	t.Helper()
	l, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "ledger.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// TestExactlyOnce kills the relay and breaks its calls at random, while rows come in and the stream begins new parts; in the end every row
// that came after the start is there once, and so is every earlier one after a backfill.
func TestExactlyOnce(t *testing.T) {
	for seed := range uint64(25) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { simulate(t, rand.New(rand.NewPCG(seed, 7))) })
	}
}

func simulate(t *testing.T, rnd *rand.Rand) {
	ctx := t.Context()
	calm := false
	sink := &forwardtest.Memory{Fault: func() forwardtest.Fault {
		if calm || rnd.IntN(3) > 0 {
			return forwardtest.None
		}
		return forwardtest.Fault(1 + rnd.IntN(5))
	}}
	sink.Refuse = func(d forward.Document) string {
		if d.ID[len(d.ID)-1] == '9' {
			return "ends with 9"
		}
		return ""
	}
	book := openLedger(t)
	src := &rows{ready: 1000 * second}
	n := 0
	arrive := func(k int) {
		for range k {
			src.all = append(src.all, stamped{src.ready + rnd.Int64N(second), forwardtest.Doc(n)})
			n++
		}
		src.ready += second * (1 + rnd.Int64N(100))
	}
	arrive(40)
	before := n
	start := func() (*Relay, *dying) {
		d := &dying{Ledger: book, left: 1 + rnd.IntN(12), late: rnd.IntN(2) == 0}
		if calm {
			d.left = 1 << 30
		}
		return &Relay{Name: "sim", Sink: sink, Rows: src, Ledger: d, Wait: func(context.Context, time.Duration) {}}, d
	}
	r, _ := start()
	for rev := int64(0); rev == 0; _, rev, _ = r.progress(ctx) { // it has begun
		_, err := r.Once(ctx)
		if err != nil {
			r, _ = start()
		}
	}
	drain := func() {
		rounds := 0
		for more := true; more; {
			var err error
			if rounds++; rounds > 5000 {
				t.Fatal("it does not come to an end")
			}
			if more, err = r.Once(ctx); err != nil {
				if !errors.Is(err, errKilled) {
					t.Fatal(err)
				}
				r, _ = start()
				more = true
			}
		}
	}
	for range 15 {
		arrive(rnd.IntN(12))
		drain()
	}
	if rnd.IntN(2) == 0 {
		sink.Rollover("event")
	}
	r, d := start()
	d.left = 1 << 30
	if err := r.StartBackfill(ctx, time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(1, 1, 1, 9, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	d.left = 1 + rnd.IntN(5)
	arrive(5)
	drain()
	calm = true
	src.ready += 100 * second
	r, _ = start()
	drain()

	counts := sink.Counts("event")
	letters, err := r.Letters(ctx)
	if err != nil {
		t.Fatal(err)
	}
	dead := map[string]bool{}
	for _, l := range letters {
		dead[l.ID] = true
	}
	for i := range n {
		id := forwardtest.Doc(i).ID
		want := 1
		if id[len(id)-1] == '9' {
			want = 0
		}
		if counts[id] != want || dead[id] == (want == 1) {
			t.Errorf("%s (of before the start: %v) is there %d times, want %d; dead letter: %v", id, i < before, counts[id], want, dead[id])
		}
	}
	sink.Refuse = nil
	taken, refused, err := r.Replay(ctx)
	if err != nil || taken != len(letters) || refused != 0 {
		t.Fatalf("replay: %d taken, %d refused of %d, %v", taken, refused, len(letters), err)
	}
	if left, _ := r.Letters(ctx); len(left) != 0 {
		t.Errorf("%d letters left", len(left))
	}
	for i := range n {
		if id := forwardtest.Doc(i).ID; sink.Counts("event")[id] != 1 {
			t.Errorf("after the replay %s is there %d times", id, sink.Counts("event")[id])
		}
	}
}

// Rows of before the first start are left to a backfill, which tells how far it is and can be stopped.
func TestBackfill(t *testing.T) {
	ctx := t.Context()
	sink := &forwardtest.Memory{}
	src := &rows{ready: 4 * 3600 * second}
	for i := range 8 {
		src.all = append(src.all, stamped{int64(i)*1800*second + 1, forwardtest.Doc(i)})
	}
	r := &Relay{Name: "b", Sink: sink, Rows: src, Ledger: openLedger(t)}
	day := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	if err := r.StartBackfill(ctx, day, day.Add(time.Hour)); !fault.Is(err, fault.NotFound) {
		t.Fatalf("before the first run: %v", err)
	}
	if _, err := r.Once(ctx); err != nil || len(sink.Counts("event")) != 0 {
		t.Fatalf("the first round: %v, %v", sink.Counts("event"), err)
	}
	if err := r.StartBackfill(ctx, day.Add(time.Hour), day); !fault.Is(err, fault.Invalid) {
		t.Fatalf("an empty range: %v", err)
	}
	if err := r.StartBackfill(ctx, day, day.Add(3*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := r.StartBackfill(ctx, day, day.Add(time.Hour)); !fault.Is(err, fault.Conflict) {
		t.Fatalf("a second one: %v", err)
	}
	more, err := r.Once(ctx)
	b, ok, _ := r.BackfillState(ctx)
	if !more || err != nil || !ok || b.Share() < 0.3 || b.Share() > 0.4 || b.Stored != 2 {
		t.Fatalf("after a window: more %v, %v, %+v", more, err, b)
	}
	for more && err == nil {
		more, err = r.Once(ctx)
	}
	b, _, _ = r.BackfillState(ctx)
	if err != nil || !b.Finished() || b.Stored != 6 || len(sink.Counts("event")) != 6 {
		t.Fatalf("at the end: %v, %+v, %v", err, b, sink.Counts("event"))
	}
	if err := r.StopBackfill(ctx); err != nil {
		t.Fatal(err)
	}
	if err := r.StopBackfill(ctx); !fault.Is(err, fault.NotFound) {
		t.Fatalf("stopping nothing: %v", err)
	}
}

// With too many dead letters the relay stops and loses nothing.
func TestTooManyDead(t *testing.T) {
	ctx := t.Context()
	sink := &forwardtest.Memory{Refuse: func(forward.Document) string { return "no" }}
	src := &rows{ready: 100}
	r := &Relay{Name: "d", Sink: sink, Rows: src, Ledger: openLedger(t), MaxDead: 4}
	if _, err := r.Once(ctx); err != nil {
		t.Fatal(err)
	}
	for i := range 6 {
		src.all = append(src.all, stamped{101, forwardtest.Doc(i)})
	}
	src.ready = 1000
	for range 2 {
		if _, err := r.Once(ctx); !fault.Is(err, fault.Exhausted) {
			t.Fatal(err)
		}
	}
	letters, err := r.Letters(ctx)
	if err != nil || len(letters) != 4 || letters[0].Reason != "no" || letters[0].At.IsZero() {
		t.Fatalf("%+v, %v", letters, err)
	}
	if err := r.Remove(ctx, letters[0]); err != nil {
		t.Fatal(err)
	}
	sink.Refuse = nil
	if _, err := r.Once(ctx); err != nil {
		t.Fatal(err)
	}
	if n := len(sink.Counts("event")); n != 6 {
		t.Errorf("%d documents, want 6", n)
	}
}

// A fault that a person must mend is told, and the window is handed on when it is mended.
func TestRunTellsAndGoesOn(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	src := &rows{ready: 100, all: []stamped{{150, forwardtest.Doc(1)}}}
	broken := &failing{err: fault.New(fault.Unauthorized, "put", "no such key")}
	var seen []error
	r := &Relay{Name: "r", Sink: broken, Rows: src, Ledger: openLedger(t)}
	r.Wait = func(context.Context, time.Duration) {
		seen = append(seen, r.Status().Err)
		src.ready = 1000
		switch len(seen) {
		case 3:
			broken.err = nil
		case 5:
			cancel()
		}
	}
	if err := r.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if seen[0] != nil || !fault.Is(seen[1], fault.Unauthorized) || seen[4] != nil || broken.Counts("event")["id-1"] != 1 || r.Status().Stored != 1 {
		t.Errorf("%v, %+v, %v", seen, r.Status(), broken.Counts("event"))
	}
}

type failing struct {
	forwardtest.Memory
	err error
}

func (f *failing) Put(ctx context.Context, docs []forward.Document, repeat bool) ([]forward.Result, error) {
	if f.err != nil {
		return nil, f.err
	}
	return f.Memory.Put(ctx, docs, repeat)
}

func TestNextSpan(t *testing.T) {
	for _, c := range []struct{ span, documents, want int64 }{
		{firstSpan, 0, 4 * firstSpan}, {firstSpan, fewRows, firstSpan}, {firstSpan, manyRows + 1, firstSpan / 4}, {leastSpan, manyRows + 1, leastSpan}, {mostSpan, 0, mostSpan},
	} {
		if got := nextSpan(c.span, c.documents); got != c.want {
			t.Errorf("nextSpan(%d, %d) = %d, want %d", c.span, c.documents, got, c.want)
		}
	}
}
