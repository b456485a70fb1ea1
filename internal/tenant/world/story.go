package world

import (
	"fmt"
	"sort"
	"time"
)

// story is one incident with everything that belongs to it: the raw rows, the alerts, and what the analysts did.
type story struct {
	w              *World
	r              rng
	id             string
	n              int
	name           string
	severity       string
	created        ticks
	updated        ticks
	status         string
	classification string
	determination  string
	assigned       string
	resolving      string
	tags           []string
	comments       []comment
	redirect       *story
	alarms         []*alarm
	scenes         []*scene
	attack         string  // name of the attack, "" for everyday noise
	victim         *Person // of the stolen session
	pace           float64 // 1 in the history; live attacks are played faster
	t              ticks   // the story's clock
}

type comment struct {
	text, by string
	at       ticks
}

func (w *World) newStory(n int, at ticks, pace float64) *story {
	return &story{w: w, r: rng{derive(w.cfg.Seed, "story", uint64(n))}, n: n, id: newIncidentID(n), status: "active", t: at, pace: pace}
}

// newIncidentID gives the decimal number that Defender counts incidents with.
func newIncidentID(n int) string { return fmt.Sprint(1041 + n) }

// wait moves the story's clock by some minutes.
func (st *story) wait(lo, hi int) {
	st.t += ticks(float64(st.r.between(lo*600, hi*600)) / 10 * st.pace * float64(tickSecond))
}

// scene begins a scene on a device at the story's clock; done takes the clock on.
func (st *story) scene(d *Device) *scene {
	sc := &scene{w: st.w, r: &st.r, d: d, t: st.t, fixed: true, pace: st.pace}
	st.scenes = append(st.scenes, sc)
	return sc
}

func (st *story) done(sc *scene) { st.t = sc.t }

// alarm raises an alert some minutes after the story's clock, about what happened since first.
func (st *story) alarm(text alarmText, first ticks, proof ...*evidence) *alarm {
	a := &alarm{alarmText: text, story: st, first: first, last: st.t, evidence: proof, number: st.r.next()}
	a.created = st.t + ticks(float64(st.r.between(60, 420))*st.pace)*tickSecond + ticks(st.r.n(int(tickSecond)))
	a.updated = a.created + ticks(st.r.between(20, 300))*tickSecond
	prefix := idPrefix[text.service]
	switch prefix {
	case "da":
		a.id = "da" + guidOf(a.number) + "_1"
	case "ca":
		a.id = "ca" + upper(hexString(a.number, 24))
	case "ad":
		a.id = "ad" + hexString(a.number, 64)
	default:
		a.id = prefix + guidOf(a.number)
	}
	for _, e := range proof {
		if e.kind == "Machine" && a.dev == nil {
			a.dev = e.dev
		}
	}
	st.alarms = append(st.alarms, a)
	return a
}

// finish gives the incident its name, severity and times, and makes the rows of its alerts.
func (st *story) finish(end ticks) {
	order := map[string]int{"informational": 0, "low": 1, "medium": 2, "high": 3}
	sort.SliceStable(st.alarms, func(i, j int) bool { return st.alarms[i].created < st.alarms[j].created })
	for _, a := range st.alarms {
		a.created, a.updated = min(a.created, end), min(a.updated, end)
		if st.severity == "" || order[a.severity] > order[st.severity] {
			st.severity = a.severity
		}
		st.updated = max(st.updated, a.updated)
		st.tell(a)
	}
	st.created = st.alarms[0].created
	if st.name == "" {
		st.name = st.alarms[0].title
		for _, e := range st.alarms[0].evidence {
			if e.kind == "Machine" {
				st.name += " on one endpoint"
				break
			}
			if e.kind == "User" || e.kind == "Mailbox" {
				st.name += " involving one user"
				break
			}
		}
	}
	for _, sc := range st.scenes {
		sortRows(sc)
	}
}

// tell adds the AlertInfo and AlertEvidence rows of an alert.
func (st *story) tell(a *alarm) {
	sc := &scene{w: st.w, r: &st.r, t: a.created, fixed: true}
	info := sc.row(tabAlertInfo, "", nil)
	info.alarm = a
	for _, e := range a.evidence {
		row := sc.row(tabAlertEvidence, "", nil)
		row.alarm, row.ev, row.extra = a, e, e.extra(st.w)
	}
	for i := range sc.rows {
		sc.rows[i].at = a.created // Defender gives all rows of an alert the alert's time
	}
	st.scenes = append(st.scenes, sc)
}

// triage is what the analysts made of the incident.
func (st *story) triage(status, classification, determination, remark string, after ticks, tags ...string) {
	analyst := st.w.analyst(st.n)
	st.status, st.classification, st.determination, st.tags = status, classification, determination, tags
	st.assigned = analyst.upn
	at := min(st.created+after, ticksOf(st.w.cfg.Now))
	st.comments = append(st.comments, comment{remark, analyst.display, at})
	if status == "resolved" {
		st.resolving = remark
	}
	st.updated = max(st.updated, at)
	for _, a := range st.alarms {
		a.updated = max(a.updated, at)
	}
}

func (w *World) analyst(n int) *Person {
	var list []*Person
	for _, p := range w.people {
		if p.title == "Security Analyst" {
			list = append(list, p)
		}
	}
	if len(list) == 0 {
		return w.role("IT", 0)
	}
	return list[n%len(list)]
}

// doc is the incident as Graph gives it, without its alerts.
func (st *story) doc() map[string]any {
	w := st.w
	comments := []any{}
	for _, c := range st.comments {
		comments = append(comments, map[string]any{"@odata.type": "#microsoft.graph.security.alertComment", "comment": c.text, "createdByDisplayName": c.by,
			"createdDateTime": c.at.String()})
	}
	by := "Microsoft 365 Defender-IncidentCreation"
	if st.assigned != "" {
		by = st.assigned
	}
	var redirect any
	if st.redirect != nil {
		redirect, by = st.redirect.id, "Microsoft 365 Defender-AlertCorrelation"
	}
	score := map[string]int{"informational": 5, "low": 18, "medium": 46, "high": 91}[st.severity]
	return map[string]any{"id": st.id, "tenantId": w.cfg.TenantID, "status": st.status, "incidentWebUrl": w.webURL("incident2/" + st.id + "/overview"),
		"redirectIncidentId": redirect, "displayName": st.name, "createdDateTime": st.created.String(),
		"lastUpdateDateTime": st.updated.String(), "assignedTo": null(st.assigned), "classification": null(st.classification), "determination": null(st.determination), "severity": st.severity, "customTags": list(st.tags), "systemTags": []any{},
		"description": nil, "lastModifiedBy": by, "resolvingComment": null(st.resolving), "summary": nil, "priorityScore": score, "comments": comments}
}

// Incidents lists the incidents of the history by creation time.
func (w *World) Incidents() []Incident {
	var all []Incident
	for _, st := range w.stories {
		all = append(all, st.public())
	}
	return all
}

func (st *story) public() Incident {
	i := Incident{ID: st.id, Created: st.created.time(), Updated: st.updated.time(), Doc: st.doc()}
	for _, other := range st.w.stories {
		for _, a := range other.alarms {
			if a.moved == st {
				i.AlertIDs = append(i.AlertIDs, a.id)
			}
		}
	}
	for _, a := range st.alarms {
		if a.moved == nil {
			i.AlertIDs = append(i.AlertIDs, a.id)
		}
	}
	return i
}

// workday finds a moment of a working day at or before day, at the given hour of the clock.
func (w *World) workday(fraction float64, clock time.Duration) ticks {
	at := w.start.Add(time.Duration(fraction * float64(w.cfg.History))).Truncate(24 * time.Hour)
	for weekend(dayOf(ticksOf(at))) {
		at = at.Add(-24 * time.Hour)
	}
	if at.Before(w.start) {
		at = w.start.Truncate(24 * time.Hour).Add(24 * time.Hour)
	}
	return ticksOf(at.Add(clock))
}

// actor finds somebody of a department who works at a Windows device on the day of t, with the session of that day.
func (w *World) actor(department string, skip int, t ticks) *session {
	var any *session
	for _, p := range w.people {
		if p.department != department || p.device == nil || p.device.kind != kindWorkstation {
			continue
		}
		ses := w.sessionAt(p.device, t)
		if any == nil || ses.works && ses.start < t {
			any = ses
			if skip--; skip < 0 && ses.works {
				return ses
			}
		}
	}
	if any == nil {
		for _, d := range w.devices {
			if d.kind == kindWorkstation && d.owner != nil {
				return w.sessionAt(d, t)
			}
		}
	}
	return any
}

// sessionAt is the session that is open at t: today's, or yesterday's before the working day begins.
func (w *World) sessionAt(d *Device, t ticks) *session {
	ses := w.session(d, dayOf(t))
	if t < ses.start+5*tickMinute {
		ses = w.session(d, dayOf(t)-1)
	}
	return ses
}
