package reconcile

import (
	"container/heap"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/vedette-siem/vedette/internal/incident"
	"github.com/vedette-siem/vedette/internal/ledger/ledgertest"
)

// world is Defender, people on both sides, the network between and a process that may die, all in one thread on one clock. Whatever takes
// time lets other things happen meanwhile.
type world struct {
	rng       *rand.Rand
	now       time.Time // true, and Defender's
	later     events
	calm      bool // nothing fails any more
	single    bool // only one field is edited: then every version tells the time of its edit
	offset    time.Duration
	crashed   bool
	atUser    bool // what runs now is a user's request, in which nothing dies
	incidents map[string]*truth
	merges    []act // their times, and the incidents that others were merged into
	ids       []string
	memory    *ledgertest.Memory
	loop      *Loop
	figures   figures
	seq       int
	trace     []string
}

// figures is what a run counted.
type figures struct {
	LocalEdits, RemoteEdits, LocalComments, RemoteComments, Merges, Crashes    int
	Reads, Stale, Patches, PatchFailures, Late, Posts, PostFailures, Throttled int
	Conflicts, Overtaken, ByStamp, TakenBack                                   int
}

func (f *figures) add(o figures) {
	var a, b map[string]int
	x, _ := json.Marshal(f)
	y, _ := json.Marshal(o)
	_, _ = json.Unmarshal(x, &a), json.Unmarshal(y, &b)
	for k, v := range b {
		a[k] += v
	}
	x, _ = json.Marshal(a)
	_ = json.Unmarshal(x, f)
}

// truth is an incident as it is in Defender, and what was done to it.
type truth struct {
	incident.Remote
	past    []incident.Remote // all versions
	local   map[incident.Field][]act
	remote  map[incident.Field][]act
	tags    map[string][]act // by tag; value "+" or "-", side in by
	flights []flight
	first   incident.State
}

// act is one edit.
type act struct {
	at    time.Time
	value string
	by    string
	blind bool // an edit in Defender that cannot be told from our own doing
}

// flight is a patch of ours: what it was decided on, and when it took effect.
type flight struct {
	patch     incident.Patch
	known, at time.Time
}

type event struct {
	at time.Time
	n  int
	do func()
}

type events []event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	return e[i].at.Before(e[j].at) || e[i].at.Equal(e[j].at) && e[i].n < e[j].n
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)   { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	last := (*e)[len(*e)-1]
	*e = (*e)[:len(*e)-1]
	return last
}

func (w *world) at(t time.Time, do func()) {
	w.seq++
	heap.Push(&w.later, event{t, w.seq, do})
}

// advance lets time pass.
func (w *world) advance(d time.Duration) {
	until := w.now.Add(d)
	for len(w.later) > 0 && !w.later[0].at.After(until) {
		e := heap.Pop(&w.later).(event)
		if e.at.After(w.now) {
			w.now = e.at
		}
		e.do()
	}
	w.now = until
}

func (w *world) upTo(d time.Duration) time.Duration { return time.Duration(w.rng.Int64N(int64(d))) }

func (w *world) chance(percent int) bool { return w.rng.IntN(100) < percent }

func (w *world) say(format string, args ...any) {
	w.trace = append(w.trace, w.now.Format("15:04:05.000 ")+fmt.Sprintf(format, args...))
}

// fresh gives a value that nobody used before.
func (w *world) fresh(prefix string) string {
	w.seq++
	return fmt.Sprint(prefix, w.seq)
}

// stamp makes a new version of an incident.
func (t *truth) stamp(w *world, by string) {
	w.now = w.now.Add(time.Microsecond) // no two versions at one moment
	t.Version, t.ModifiedBy = w.now, by
	r := t.Remote
	r.Comments = slices.Clone(r.Comments)
	t.past = append(t.past, r)
}

// asOf gives the version that was there at a moment.
func (t *truth) asOf(at time.Time) incident.Remote {
	r := t.past[0]
	for _, p := range t.past {
		if !p.Version.After(at) {
			r = p
		}
	}
	return r
}

// start starts the process, or starts it again.
func (w *world) start() {
	w.crashed = false
	w.loop = New(Config{Remote: network{w}, Ledger: disk{w.memory, w}, Tenant: "t", Now: func() time.Time { return w.now.Add(w.offset) }})
}

func newWorld(seed uint64) *world {
	w := &world{rng: rand.New(rand.NewPCG(seed, 7)), now: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC), incidents: map[string]*truth{}, memory: &ledgertest.Memory{}}
	w.single = seed%4 == 0
	w.offset = w.upTo(20*time.Minute) - 10*time.Minute
	for i := range 1 + w.rng.IntN(3) {
		id := fmt.Sprint(i + 1)
		t := &truth{Remote: incident.Remote{ID: id, State: incident.State{Status: incident.Active, Title: "Malware", Severity: "low", Tags: []string{"t0"}}},
			local: map[incident.Field][]act{}, remote: map[incident.Field][]act{}, tags: map[string][]act{}}
		t.first = t.State
		t.stamp(w, "rule")
		w.incidents[id] = t
		w.ids = append(w.ids, id)
	}
	w.start()
	return w
}

// live lets n things be done by people over some minutes, while the process works, and then lets the world come to rest.
func (w *world) live(n int) {
	begin := w.now
	span := time.Duration(1+w.rng.IntN(10)) * time.Minute
	for range n {
		w.at(begin.Add(w.upTo(span)), w.somebody)
	}
	w.run(begin.Add(span))
	w.calm = true
	w.run(w.now.Add(10 * time.Minute))
}

// run runs the process until a time.
func (w *world) run(until time.Time) {
	ctx := context.Background()
	poll := w.now
	for w.now.Before(until) {
		if w.crashed {
			w.figures.Crashes++
			w.say("died")
			w.advance(w.upTo(time.Minute))
			w.start()
			poll = w.now
		}
		id, wait := w.loop.work.take()
		switch {
		case id != "":
			again, err := w.loop.One(ctx, id)
			if err != nil {
				again = w.loop.work.failed(id, err)
			}
			w.loop.work.done(id, err, again)
			w.advance(w.upTo(10 * time.Millisecond))
		case !poll.After(w.now):
			_ = w.loop.Poll(ctx) // an error is one of the world's; the next poll comes
			poll = w.now.Add(30 * time.Second)
		default:
			w.advance(max(time.Millisecond, min(wait, poll.Sub(w.now))))
		}
	}
}
