package reconcile

import (
	"container/heap"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
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
	Conflicts, Overtaken, ByStamp                                              int
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
	known   time.Time         // of the newest version that reached the process
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

const us = "API-App:Vedette"

var errCrash = errors.New("the process died")

// reading is what a reader gets: now and then an older version.
func (w *world) reading(t *truth) incident.Remote {
	w.figures.Reads++
	at := w.now
	if !w.calm && w.chance(6) {
		w.figures.Stale++
		at = at.Add(-w.upTo(20 * time.Second))
	}
	r := t.asOf(at)
	if r.Version.After(t.known) || t.known.IsZero() {
		t.known = r.Version
	}
	if at.After(t.known) && r.Version.Equal(t.known) {
		t.known = at
	}
	return r
}

// passage is what becomes of a request on its way: it is carried out or not, its answer arrives or not, or all of it comes later.
type passage int

const (
	well passage = iota
	lostBefore
	lostAfter
	late
	throttled
	diesBefore
	diesAfter
)

func (w *world) passage() passage {
	if w.calm || w.chance(78) {
		return well
	}
	return passage(1 + w.rng.IntN(6))
}

// request lets a request pass. do carries it out.
func (w *world) request(lateness time.Duration, do func()) error {
	if w.crashed {
		return errCrash
	}
	how := w.passage()
	if how == late && lateness == 0 {
		how = lostBefore
	}
	w.advance(w.upTo(300 * time.Millisecond))
	lost := fault.New(fault.Unavailable, "ask", "the connection was lost")
	switch how {
	case lostBefore:
		return lost
	case throttled:
		w.figures.Throttled++
		return &fault.Error{Kind: fault.Throttled, RetryAfter: w.upTo(20 * time.Second), Err: errors.New("429")}
	case diesBefore:
		w.crashed = true
		return errCrash
	case late:
		w.figures.Late++
		w.at(w.now.Add(w.upTo(lateness)), do)
		w.advance(w.upTo(30 * time.Second))
		return lost
	}
	do()
	w.advance(w.upTo(300 * time.Millisecond))
	switch how {
	case lostAfter:
		return lost
	case diesAfter:
		w.crashed = true
		return errCrash
	}
	return nil
}

// network is the world as the loop sees it.
type network struct{ w *world }

func (n network) Skew() time.Duration { return n.w.offset + 500*time.Millisecond }

func (n network) Get(_ context.Context, id string) (r incident.Remote, err error) {
	err = n.w.request(0, func() { r = n.w.reading(n.w.incidents[id]) })
	return r, err
}

func (n network) Changed(_ context.Context, since time.Time, each func(incident.Remote) error) error {
	var list []incident.Remote
	err := n.w.request(0, func() {
		for _, id := range n.w.ids {
			if r := n.w.reading(n.w.incidents[id]); !r.Version.Before(since) {
				list = append(list, r)
			}
		}
	})
	if err != nil {
		return err
	}
	n.w.rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	for _, r := range list {
		if err := each(r); err != nil {
			return err
		}
		if n.w.chance(5) { // a notification that comes twice
			if err := each(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// longestLate is how late a request is carried out at most; incident.Settle is more than that and the age of an old reading together.
const longestLate = 90 * time.Second

var errMerged = fault.New(fault.Invalid, "change", "the incident was merged")

func (n network) Patch(_ context.Context, id string, p incident.Patch) (r incident.Remote, err error) {
	w, t := n.w, n.w.incidents[id]
	w.figures.Patches++
	f := flight{patch: p.Clone(), known: t.known}
	var refused error
	err = w.request(longestLate, func() {
		if t.RedirectedTo != "" {
			refused = errMerged
			return
		}
		for field, v := range p {
			if field == incident.AssignedTo {
				v = strings.ToLower(v) // the service has a form of its own
			}
			t.State.Set(field, v)
		}
		t.stamp(w, us)
		w.say("%s patched %v", id, p)
		f.at = w.now
		t.flights = append(t.flights, f)
		r = t.past[len(t.past)-1]
	})
	if err != nil {
		w.figures.PatchFailures++
		w.say("%s patch %v: %v", id, p, err)
		return r, err
	}
	if refused != nil {
		w.figures.PatchFailures++
		return r, refused
	}
	if r.Version.After(t.known) {
		t.known = r.Version
	}
	return r, nil
}

func (n network) Comment(_ context.Context, id, text string) (list []incident.RemoteComment, err error) {
	w, t := n.w, n.w.incidents[id]
	w.figures.Posts++
	var refused error
	err = w.request(longestLate, func() {
		if t.RedirectedTo != "" {
			refused = errMerged
			return
		}
		t.Comments = append(slices.Clone(t.Comments), incident.RemoteComment{Author: us, At: w.now, Text: text})
		t.stamp(w, us)
		list = slices.Clone(t.Comments)
	})
	if err != nil {
		w.figures.PostFailures++
		return nil, err
	}
	return list, refused
}

// disk is the ledger, at whose writes the process may die.
type disk struct {
	*ledgertest.Memory
	w *world
}

func (d disk) PutDocument(ctx context.Context, key string, rev int64, value json.RawMessage) (int64, error) {
	w := d.w
	if w.atUser {
		return d.Memory.PutDocument(ctx, key, rev, value)
	}
	if w.crashed {
		return 0, errCrash
	}
	if !w.calm && w.chance(4) {
		w.advance(w.upTo(50 * time.Millisecond)) // somebody may be first
	}
	dies := !w.calm && w.chance(2)
	if dies && w.chance(50) {
		w.crashed = true
		return 0, errCrash
	}
	rev, err := d.Memory.PutDocument(ctx, key, rev, value)
	if dies {
		w.crashed = true
		return 0, errCrash
	}
	return rev, err
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

var people = []string{"ann", "bob", "cyd"}

// somebody does something.
func (w *world) somebody() {
	id := w.ids[w.rng.IntN(len(w.ids))]
	t := w.incidents[id]
	local := w.chance(50)
	switch k := w.rng.IntN(100); {
	case w.single:
		w.edit(t, local, incident.Title)
	case k < 55:
		w.edit(t, local, incident.Fields[w.rng.IntN(len(incident.Fields))])
	case k < 95 && local:
		w.commentHere(t)
	case k < 90:
		w.commentThere(t)
	case k < 95:
		w.editComment(t)
	case len(w.ids) > 1 && w.chance(30):
		w.merge(t)
	}
}

// value gives a new value for a field, among few where there are few words.
func (w *world) value(f incident.Field) string {
	pick := func(words ...string) string { return words[w.rng.IntN(len(words))] }
	switch f {
	case incident.Status:
		return pick(incident.Active, incident.InProgress, incident.Resolved)
	case incident.Severity:
		return pick("low", "medium", "high")
	case incident.Closing:
		return pick("truePositive/malware", "truePositive/phishing", "falsePositive/notMalicious", "falsePositive/other")
	}
	return w.fresh("V")
}

func (w *world) edit(t *truth, local bool, f incident.Field) {
	if f == incident.Tags {
		w.editTags(t, local)
		return
	}
	v := w.value(f)
	if local {
		w.user(t, func(ctx context.Context) error {
			one, err := w.loop.Get(ctx, t.ID)
			if err != nil || one.Local.Get(f) == v {
				return err
			}
			if _, err := w.loop.Edit(ctx, t.ID, "ann", incident.Change{Set: incident.Patch{f: v}}); err != nil {
				return err
			}
			w.figures.LocalEdits++
			w.say("%s here %s=%s", t.ID, f, v)
			t.local[f] = append(t.local[f], act{w.now, v, "ann"})
			return nil
		})
		return
	}
	if t.RedirectedTo != "" || t.State.Get(f) == v {
		return
	}
	t.State.Set(f, v)
	t.stamp(w, "bob")
	w.say("%s there %s=%s", t.ID, f, v)
	w.figures.RemoteEdits++
	t.remote[f] = append(t.remote[f], act{w.now, v, "bob"})
}

// user makes a request to the process, when it is alive.
func (w *world) user(t *truth, do func(context.Context) error) {
	if w.crashed {
		return
	}
	w.atUser = true
	defer func() { w.atUser = false }()
	if err := do(context.Background()); err != nil && !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Conflict) {
		panic(err) // not seen yet and merged are the only reasons not to do it
	}
}

func (w *world) editTags(t *truth, local bool) {
	tag, sign := w.fresh("t"), "+"
	if w.chance(40) && len(t.State.Tags) > 0 {
		tag, sign = t.State.Tags[w.rng.IntN(len(t.State.Tags))], "-"
	}
	if local {
		w.user(t, func(ctx context.Context) error {
			one, err := w.loop.Get(ctx, t.ID)
			if err != nil || slices.Contains(one.Local.Tags, tag) == (sign == "+") {
				return err
			}
			c := incident.Change{AddTags: []string{tag}}
			if sign == "-" {
				c = incident.Change{RemoveTags: []string{tag}}
			}
			if _, err := w.loop.Edit(ctx, t.ID, "ann", c); err != nil {
				return err
			}
			w.say("%s here %s%s", t.ID, sign, tag)
			w.figures.LocalEdits++
			t.tags[tag] = append(t.tags[tag], act{w.now, sign, "ann"})
			return nil
		})
		return
	}
	if t.RedirectedTo != "" {
		return
	}
	if sign == "+" {
		t.State.Tags = incident.TagSet(append(slices.Clone(t.State.Tags), tag)...)
	} else {
		t.State.Tags = slices.DeleteFunc(slices.Clone(t.State.Tags), func(o string) bool { return o == tag })
	}
	t.stamp(w, "bob")
	w.say("%s there %s%s", t.ID, sign, tag)
	w.figures.RemoteEdits++
	t.tags[tag] = append(t.tags[tag], act{w.now, sign, "bob"})
}

func (w *world) commentHere(t *truth) {
	w.user(t, func(ctx context.Context) error {
		key, text := incident.NewKey(), w.fresh("from here ")
		_, err := w.loop.Comment(ctx, t.ID, key, people[w.rng.IntN(len(people))], text)
		if err == nil {
			w.figures.LocalComments++
			t.local["comment"] = append(t.local["comment"], act{w.now, text, key})
		}
		return err
	})
}

func (w *world) commentThere(t *truth) {
	text := w.fresh("from there ")
	t.Comments = append(slices.Clone(t.Comments), incident.RemoteComment{Author: people[w.rng.IntN(len(people))], At: w.now.Truncate(time.Minute), Text: text})
	t.stamp(w, "bob")
	w.figures.RemoteComments++
}

// editComment changes a comment that was made in Defender.
func (w *world) editComment(t *truth) {
	for i, c := range t.Comments {
		if c.Author != us {
			t.Comments = slices.Clone(t.Comments)
			t.Comments[i].Text = w.fresh("edited there ")
			t.stamp(w, "bob")
			return
		}
	}
}

// merge merges another incident into t.
func (w *world) merge(t *truth) {
	from := w.incidents[w.ids[w.rng.IntN(len(w.ids))]]
	if from == t || from.RedirectedTo != "" || t.RedirectedTo != "" {
		return
	}
	t.State.Tags = incident.TagSet(slices.Concat(t.State.Tags, from.State.Tags)...)
	from.State.Status, from.RedirectedTo = incident.Redirected, t.ID
	t.stamp(w, "correlation")
	from.stamp(w, "correlation")
	w.merges = append(w.merges, act{at: w.now, value: t.ID})
	w.say("%s merged into %s", from.ID, t.ID)
	w.figures.Merges++
}

func (w *world) target(t *truth) *truth {
	for t.RedirectedTo != "" {
		t = w.incidents[t.RedirectedTo]
	}
	return t
}

func sorted[K ~string, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
