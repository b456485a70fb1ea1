package world

import (
	"container/heap"
)

// sim plays the world once: it keeps what changes while time passes. The world itself stays as it is.
type sim struct {
	w        *World
	r        rng
	reports  []int64    // last ReportId of each device
	sessions []*session // of the current day, by device
	day      int64
	beat     int // device whose snapshot is next
	slab     []byte
}

const (
	slabSize = 64 << 10
	slabRoom = 12 << 10 // more than a row of the usual size; a longer one moves the slab
)

func (w *World) newSim(seed uint64, firstReport int64) *sim {
	s := &sim{w: w, r: rng{seed}, reports: make([]int64, len(w.devices)), sessions: make([]*session, len(w.devices))}
	for i := range s.reports {
		s.reports[i] = firstReport + int64(derive(seed, "report", uint64(i))%90_000)
	}
	return s
}

// emit writes a row. Rows of stories are shared by all that play them, so the number goes into a copy.
func (s *sim) emit(r *row) Event {
	out := *r
	if r.dev != nil {
		s.reports[r.dev.n]++
		out.report = s.reports[r.dev.n]
	}
	// Rows are cut from slabs: an allocation for each costs a tenth of the whole.
	if cap(s.slab)-len(s.slab) < slabRoom {
		s.slab = make([]byte, 0, slabSize)
	}
	from := len(s.slab)
	s.slab = out.table.encode(s.slab, &out)
	return Event{out.table.name, out.at.time(), s.slab[from:len(s.slab):len(s.slab)]}
}

// at is the session of a device on the day of t.
func (s *sim) at(d *Device, t ticks) *session {
	day := dayOf(t)
	if day != s.day {
		clear(s.sessions)
		s.day = day
	}
	if s.sessions[d.n] == nil {
		s.sessions[d.n] = s.w.session(d, day)
	}
	return s.sessions[d.n]
}

// worker finds somebody who is at work at t, or nil after a few tries.
func (s *sim) worker(t ticks) *session {
	for range 16 {
		d := s.w.devices[s.r.n(len(s.w.devices))]
		if d.server() {
			continue
		}
		if ses := s.at(d, t); ses.works && t > ses.start+2*tickMinute && t < ses.end {
			return ses
		}
	}
	return nil
}

// background makes the next scene of everyday life.
func (s *sim) background(t ticks) *scene {
	sc := &scene{w: s.w, r: &s.r, t: t}
	if s.r.float() < officeShare(t) {
		if ses := s.worker(t); ses != nil {
			sc.d = ses.d
			office(s, sc, ses)
			return sc
		}
	}
	datacenter(s, sc)
	return sc
}

// officeLoad is how busy the offices are in the hour of t; the servers' load is 1.
func officeLoad(t ticks) float64 {
	hour := int(t%tickDay) / int(tickHour)
	load := officeHours[hour]
	if weekend(dayOf(t)) {
		load *= 0.06
	}
	return load
}

// officeHours follows a day in western Europe, in UTC.
var officeHours = [24]float64{0.02, 0.02, 0.02, 0.03, 0.1, 0.5, 1.8, 5.5, 7, 7.2, 6.6, 4.6, 5.8, 7, 6.8, 5.2, 2.6, 1.1, 0.6, 0.4, 0.3, 0.2, 0.1, 0.05}

func officeShare(t ticks) float64 {
	load := officeLoad(t)
	return load / (load + 1)
}

// pace says how fast events come so that the whole history has the number asked for.
type pace struct{ perLoad float64 }

func (w *World) pace(events int) pace {
	var total float64
	for t := ticksOf(w.start); t < ticksOf(w.cfg.Now); t += tickHour {
		total += officeLoad(t) + 1
	}
	return pace{float64(events) / total}
}

// after is the time by which n events should have come since t.
func (p pace) after(t ticks, n float64) ticks {
	for {
		rate := p.perLoad * (officeLoad(t) + 1) // events in this hour
		left := tickHour - t%tickHour
		can := rate * float64(left) / float64(tickHour)
		if n <= can || rate == 0 {
			return t + ticks(n/rate*float64(tickHour)) + 1
		}
		n -= can
		t += left
	}
}

// playing orders scenes by their next row.
type playing []*scene

func (p playing) Len() int { return len(p) }
func (p playing) Less(i, j int) bool {
	a, b := p[i].rows[p[i].next], p[j].rows[p[j].next]
	return a.at < b.at
}
func (p playing) Swap(i, j int) { p[i], p[j] = p[j], p[i] }
func (p *playing) Push(x any)   { *p = append(*p, x.(*scene)) }
func (p *playing) Pop() any {
	old := *p
	x := old[len(old)-1]
	old[len(old)-1] = nil
	*p = old[:len(old)-1]
	return x
}

func (p *playing) add(s *scene) {
	if s.next < len(s.rows) {
		heap.Push(p, s)
	}
}

// history plays the whole history.
func (w *World) history(yield func(Event) bool) {
	start, end := ticksOf(w.start), ticksOf(w.cfg.Now)
	s := w.newSim(derive(w.cfg.Seed, "history", 0), 0)
	var on playing
	scripted := 0
	for _, st := range w.stories {
		for _, sc := range st.scenes {
			scripted += len(sc.rows)
			again := *sc
			on.add(&again)
		}
	}
	budget := max(w.cfg.Events-scripted, w.cfg.Events/4)
	logons := logonShare(w, budget)
	pace := w.pace(int(float64(budget) * (1 - logons.share)))
	emitUntil := func(t ticks) bool {
		for len(on) > 0 {
			sc := on[0]
			r := sc.rows[sc.next]
			if r.at > t {
				return true
			}
			if sc.next++; sc.next == len(sc.rows) {
				heap.Pop(&on)
			} else {
				heap.Fix(&on, 0)
			}
			if r.at >= start && !yield(s.emit(r)) {
				return false
			}
		}
		return true
	}
	day := int64(-1)
	for t := start; t < end; {
		if dayOf(t) != day {
			day = dayOf(t)
			for _, sc := range s.logonScenes(day, logons.chance) {
				on.add(sc)
			}
		}
		if !emitUntil(t) {
			return
		}
		sc := s.background(t)
		sortRows(sc)
		on.add(sc)
		t = pace.after(t, float64(len(sc.rows))*(0.4+1.2*s.r.float()))
	}
	emitUntil(end)
}

// logonRatio says which part of the sessions of a small history shows how it began.
type logonRatio struct {
	share  float64 // of the events
	chance int     // percent of the sessions
}

func logonShare(w *World, budget int) logonRatio {
	clients := len(w.devices) - countServers(w.devices)
	days := float64(w.cfg.History.Hours()) / 24 * 5 / 7 * 0.93
	all := float64(clients) * days * 10
	share := all / float64(budget)
	if share <= 0.08 {
		return logonRatio{share, 100}
	}
	return logonRatio{0.08, int(8 / share)}
}

// logonScenes are the beginnings of a day's sessions.
func (s *sim) logonScenes(day int64, chance int) []*scene {
	var list []*scene
	for _, d := range s.w.devices {
		if d.server() {
			continue
		}
		ses := s.at(d, ticks(day)*tickDay)
		if ses.works && s.r.chance(chance) {
			sc := ses.logonScene(s.w, &s.r)
			sortRows(sc)
			list = append(list, sc)
		}
	}
	return list
}

// sortRows puts the rows of a scene into the order of their times; builders mostly have them so already.
func sortRows(s *scene) {
	for i := 1; i < len(s.rows); i++ {
		for j := i; j > 0 && s.rows[j].at < s.rows[j-1].at; j-- {
			s.rows[j], s.rows[j-1] = s.rows[j-1], s.rows[j]
		}
	}
}
