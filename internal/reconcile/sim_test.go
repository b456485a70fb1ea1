package reconcile

import (
	"context"
	"flag"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/incident"
	"github.com/vedette-siem/vedette/internal/ledger"
)

var (
	seeds = flag.Uint64("seeds", 1000, "how many worlds TestTwoSides simulates")
	seed  = flag.Int64("seed", -1, "simulate this world alone and tell what happens in it")
)

// TestTwoSides lets people work on both sides of a bad network, with a process between that dies now and then, and holds the loop to it that
// afterwards both sides are equal, every side's last edit of a field prevails unless the other's was later, no comment is lost or doubled,
// nothing is sent without need, and the log explains every change.
func TestTwoSides(t *testing.T) {
	if *seed >= 0 {
		w := simulate(uint64(*seed))
		for _, line := range w.trace {
			t.Log(line)
		}
		for _, bad := range w.check() {
			t.Error(bad)
		}
		t.Logf("%+v", w.figures)
		return
	}
	n := *seeds
	if testing.Short() {
		n = min(n, 100)
	}
	var next atomic.Uint64
	var mu sync.Mutex
	var sum figures
	var work sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		work.Go(func() {
			for s := next.Add(1) - 1; s < n && !t.Failed(); s = next.Add(1) - 1 {
				w := simulate(s)
				bad := w.check()
				mu.Lock()
				sum.add(w.figures)
				mu.Unlock()
				if len(bad) > 0 {
					t.Errorf("seed %d (go test -run TestTwoSides ./internal/reconcile -seed %d -v): %s", s, s, strings.Join(bad, "\n  "))
				}
			}
		})
	}
	work.Wait()
	t.Logf("%d worlds: %+v", n, sum)
}

func simulate(seed uint64) *world {
	w := newWorld(seed)
	w.live(3 + w.rng.IntN(25))
	return w
}

// check tells what is wrong with a world that came to rest.
func (w *world) check() (bad []string) {
	say := func(format string, args ...any) { bad = append(bad, fmt.Sprintf(format, args...)) }
	before := w.figures
	w.run(w.now.Add(5 * time.Minute))
	if p := w.figures.Patches - before.Patches + w.figures.Posts - before.Posts; p > 0 {
		say("%d requests although nothing happens", p)
	}
	for _, id := range w.ids {
		t := w.incidents[id]
		one, err := w.loop.Get(context.Background(), id)
		if err != nil {
			say("%s: %v", id, err)
			continue
		}
		if d := incident.Diff(t.State, one.Local); d != nil || one.RedirectedTo != t.RedirectedTo {
			say("%s: Defender has %+v, here is %v", id, t.State, d)
		}
		if one.Pending() != nil || one.Sent != nil || one.Moving != nil || one.Refusals != nil {
			say("%s: not at rest: pending %v, sent %v, moving %v, refused %v", id, one.Pending(), one.Sent, one.Moving, one.Refusals)
		}
		for _, e := range one.Log {
			if e.Lost != "" {
				w.figures.Conflicts++
			}
		}
		if t.RedirectedTo == "" && w.figures.Merges == 0 {
			bad = append(bad, w.survival(t, one)...)
			bad = append(bad, w.tagSurvival(t)...)
		} else if t.RedirectedTo != "" {
			bad = append(bad, w.tagsMoved(t)...)
		}
		bad = append(bad, explained(t, one)...)
		bad = append(bad, w.commentsKept(t, one)...)
	}
	f := w.figures
	if limit := f.LocalEdits + f.PatchFailures + f.Late + f.Conflicts + f.RemoteEdits/2 + f.Crashes; f.Patches > limit {
		say("%d patches: %+v", f.Patches, f)
	}
	return bad
}

// unsure is how closely the two clocks are known to each other.
const unsure = time.Second

// survival holds a field to the last edits of both sides.
func (w *world) survival(t *truth, one ledger.Incident) (bad []string) {
	for _, f := range incident.Fields {
		if f == incident.Tags {
			continue
		}
		here, there := t.local[f], t.remote[f]
		v := t.State.Get(f)
		is := func(a act) bool { return strings.EqualFold(a.value, v) }
		switch {
		case len(here) == 0 && len(there) == 0:
			if v != t.first.Get(f) {
				bad = append(bad, fmt.Sprintf("%s: nobody edited %s, which is %q", t.ID, f, v))
			}
			continue
		case len(there) == 0 || len(here) > 0 && here[len(here)-1].at.After(there[len(there)-1].at.Add(unsure)):
			if is(here[len(here)-1]) {
				continue
			}
			if len(there) > 0 && w.byStamp(one, f, here[len(here)-1]) {
				w.figures.ByStamp++
				continue
			}
		case len(here) == 0 || there[len(there)-1].at.After(here[len(here)-1].at.Add(unsure)):
			if is(there[len(there)-1]) {
				continue
			}
			if overtaken(t, f, there[len(there)-1]) {
				w.figures.Overtaken++
				continue
			}
		default: // too close to tell
			if is(here[len(here)-1]) || is(there[len(there)-1]) {
				continue
			}
		}
		if few(f) && len(there) > 0 { // the same few words come again, from whom cannot be told
			continue
		}
		bad = append(bad, fmt.Sprintf("%s: %s is %q after the edits %v here and %v there; log %+v", t.ID, f, v, here, there, one.Log))
	}
	return bad
}

func few(f incident.Field) bool {
	return f == incident.Status || f == incident.Severity || f == incident.Closing
}

// byStamp tells whether an edit here lost, as logged, to a version that is later than it, though only another field of that version was:
// Graph tells no more than the version's time.
func (w *world) byStamp(one ledger.Incident, f incident.Field, a act) bool {
	return !w.single && slices.ContainsFunc(one.Log, func(e incident.Entry) bool {
		return e.Field == f && e.Lost == a.value && e.At.After(a.at.Add(-unsure))
	})
}

// overtaken tells whether an edit in Defender was made after the reading on which a patch of ours was decided, and before that arrived:
// Graph takes patches whatever is there.
func overtaken(t *truth, f incident.Field, a act) bool {
	return slices.ContainsFunc(t.flights, func(p flight) bool {
		_, has := p.patch[f]
		return has && !a.at.Before(p.known) && !a.at.After(p.at)
	})
}

// tagSurvival holds every tag to the last edit of it.
func (w *world) tagSurvival(t *truth) (bad []string) {
	for _, tag := range sorted(t.tags) {
		acts := t.tags[tag]
		last := acts[len(acts)-1]
		if slices.Contains(t.State.Tags, tag) == (last.value == "+") {
			continue
		}
		if slices.ContainsFunc(acts, func(a act) bool { return a.by == "bob" && overtaken(t, incident.Tags, a) }) {
			w.figures.Overtaken++
			continue
		}
		if last.blind {
			w.figures.TakenBack++
			continue
		}
		bad = append(bad, fmt.Sprintf("%s: tag %s is there: %v, after %v", t.ID, tag, last.value == "-", acts))
	}
	return bad
}

// tagsMoved holds an incident that was merged to it that every tag that was only ever added to it is where it went.
func (w *world) tagsMoved(t *truth) (bad []string) {
	target := w.target(t)
	for _, tag := range sorted(t.tags) {
		acts := t.tags[tag]
		if len(acts) > 1 || acts[0].value == "-" || slices.Contains(target.State.Tags, tag) {
			continue
		}
		lost := overtaken(t, incident.Tags, acts[0])
		for at := t; at.RedirectedTo != ""; {
			at = w.incidents[at.RedirectedTo]
			_, touched := at.tags[tag] // somebody took it off there
			lost = lost || touched || slices.ContainsFunc(w.merges, func(m act) bool { return m.value == at.ID && overtaken(at, incident.Tags, m) })
		}
		if lost {
			w.figures.Overtaken++
			continue
		}
		bad = append(bad, fmt.Sprintf("%s: tag %s did not come to %s, which has %v", t.ID, tag, target.ID, target.State.Tags))
	}
	return bad
}

// explained holds the log to it that each entry goes on from the one before, up to what is now.
func explained(t *truth, one ledger.Incident) (bad []string) {
	for _, f := range incident.Fields {
		var now *string
		for i, e := range one.Log {
			if e.Field != f || e.Note != "" && e.From == "" && e.To == "" {
				continue
			}
			if now != nil && *now != e.From {
				bad = append(bad, fmt.Sprintf("%s: %s went from %q to %q without an entry, before %+v", t.ID, f, *now, e.From, e))
			}
			now = &one.Log[i].To
		}
		if now != nil && *now != one.Local.Get(f) {
			bad = append(bad, fmt.Sprintf("%s: the log ends with %s %q, and it is %q", t.ID, f, *now, one.Local.Get(f)))
		}
	}
	return bad
}

// commentsKept counts every comment on both sides.
func (w *world) commentsKept(t *truth, one ledger.Incident) (bad []string) {
	for _, a := range t.local["comment"] {
		n := 0
		for at := t; ; at = w.incidents[at.RedirectedTo] {
			for _, c := range at.Comments {
				if words, _, key, ok := incident.ParseSigned(c.Text); ok && key == a.by && words == a.value {
					n++
				}
			}
			if at.RedirectedTo == "" {
				break
			}
		}
		if n != 1 {
			bad = append(bad, fmt.Sprintf("%s: comment %q is %d times in Defender; here %+v", t.ID, a.value, n, one.Comments))
		}
	}
	seen := map[string]int{}
	for _, c := range one.Comments {
		if c.Key == "" {
			seen[c.Text]++
		}
	}
	for _, c := range t.Comments {
		if c.Author != us && seen[c.Text] != 1 {
			bad = append(bad, fmt.Sprintf("%s: Defender's comment %q is %d times here", t.ID, c.Text, seen[c.Text]))
		}
	}
	return bad
}
