package world

import (
	"container/heap"
	"sync"
	"time"
)

// liveQueue carries the rows of live incidents from where they are invented to Live.
type liveQueue struct {
	mu      sync.Mutex
	rows    playing
	waiting []*story // played by Live, not yet given as incidents
	count   int      // live stories so far
}

// liveReports is where ReportIds of live rows begin, far above those of the history.
const liveReports = 50_000_000

// breath is how many scenes are under way at any time.
const breath = 32

// liveEvents makes an endless stream of rows that the caller paces.
func (w *World) liveEvents(from time.Time) func(time.Time) Event {
	s := w.newSim(derive(w.cfg.Seed, "live", uint64(from.UnixNano())), liveReports)
	start := ticksOf(from.UTC())
	var on []*scene
	var logons playing
	day := int64(-1)
	nextAttack := start + 3*tickMinute
	return func(when time.Time) Event {
		at := ticksOf(when.UTC())
		if dayOf(at) != day {
			day = dayOf(at)
			for _, sc := range s.logonScenes(day, 100) {
				if sc.rows[0].at >= at {
					logons.add(sc)
				}
			}
		}
		if at >= nextAttack {
			nextAttack = at + ticks(s.r.between(6, 20))*tickMinute
			w.liveStory(at, true)
		}
		if r := w.live.take(at); r != nil {
			return s.emit(r)
		}
		if r := logons.take(at); r != nil {
			return s.emit(r)
		}
		for len(on) < breath {
			if sc := s.background(at); len(sc.rows) > 0 {
				on = append(on, sc)
			}
		}
		i := s.r.n(len(on))
		sc := on[i]
		r := sc.rows[sc.next]
		if sc.next++; sc.next == len(sc.rows) {
			on[i] = on[len(on)-1]
			on = on[:len(on)-1]
		}
		r.at = at
		if r.lag > 0 && !r.child.fixed {
			r.child.created, r.child.fixed = max(at-r.lag, r.child.up().created+1), true
		}
		return s.emit(r)
	}
}

// take gives the next row whose time has come, or nil.
func (p *playing) take(at ticks) *row {
	if len(*p) == 0 {
		return nil
	}
	sc := (*p)[0]
	r := sc.rows[sc.next]
	if r.at > at {
		return nil
	}
	if sc.next++; sc.next == len(sc.rows) {
		heap.Pop(p)
	} else {
		heap.Fix(p, 0)
	}
	return r
}

func (q *liveQueue) take(at ticks) *row {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.rows.take(at)
}

// liveStory invents an incident whose rows end about at. With wait it is kept for LiveIncidents.
func (w *World) liveStory(at ticks, wait bool) *story {
	q := &w.live
	q.mu.Lock()
	defer q.mu.Unlock()
	n := len(w.stories) + q.count
	q.count++
	st := w.newStory(n, at-10*tickMinute, 0.03)
	if st.r.chance(12) {
		attacks[st.r.n(len(attacks))].play(st)
	} else {
		pick(&st.r, everyday)(st)
	}
	for _, sc := range st.scenes {
		sortRows(sc)
		q.rows.add(sc)
	}
	st.scenes = nil
	if wait && len(q.waiting) < 64 {
		q.waiting = append(q.waiting, st)
	}
	return st
}

// liveIncidents gives the incidents of the live stories; when none is waiting it starts one.
func (w *World) liveIncidents(from time.Time) func(time.Time) (Incident, []Alert) {
	return func(when time.Time) (Incident, []Alert) {
		at := ticksOf(when.UTC())
		q := &w.live
		q.mu.Lock()
		var st *story
		if len(q.waiting) > 0 {
			st = q.waiting[0]
			q.waiting = q.waiting[1:]
		}
		q.mu.Unlock()
		if st == nil {
			st = w.liveStory(at, false)
		}
		for _, a := range st.alarms {
			a.created, a.updated = at, at
		}
		st.finish(at)
		q.mu.Lock()
		for _, sc := range st.scenes {
			q.rows.add(sc)
		}
		q.mu.Unlock()
		var alerts []Alert
		for _, a := range st.alarms {
			alerts = append(alerts, a.public(w))
		}
		return st.public(), alerts
	}
}
