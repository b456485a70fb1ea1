package incident

import (
	"slices"
	"strings"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
)

// Settle is how long a request whose answer was lost may still be carried out. Until then its values are known as ours when they come
// back, and a comment is not posted again.
const Settle = 2 * time.Minute

// Sides is all that is remembered of an incident between two meetings with Defender: what Defender last showed, what is so here, and what
// is on its way. Its methods are the steps; each changes it in memory only, and is to be stored as a whole.
type Sides struct {
	Base         State             `json:"base"`    // as Defender last showed it
	Local        State             `json:"local"`   // as it is here; what differs from Base is to be sent
	Version      time.Time         `json:"version"` // of Base; zero before the first meeting
	RedirectedTo string            `json:"redirectedTo,omitempty"`
	Gone         string            `json:"gone,omitempty"`  // why Defender no longer shows it
	Edits        map[Field]Edit    `json:"edits,omitempty"` // the last edit here of each field
	Sent         []Sent            `json:"sent,omitempty"`  // patches whose fate is not known
	Sends        int               `json:"sends,omitempty"` // patches sent in all; numbers them
	Refusals     map[Field]Refusal `json:"refusals,omitempty"`
	Trouble      string            `json:"trouble,omitempty"`  // why the last sending failed; empty when it did not
	OneByOne     bool              `json:"oneByOne,omitempty"` // a patch was refused as a whole: fields are sent singly, to find which
	Moving       []string          `json:"moving,omitempty"`   // tags to be put on the incident that this one was merged into
	Comments     []Comment         `json:"comments,omitempty"`
	Log          []Entry           `json:"log,omitempty"` // oldest first
}

// Edit is who edited a field here, and when by our clock.
type Edit struct {
	By string    `json:"by"`
	At time.Time `json:"at"`
}

// Sent is a patch on its way.
type Sent struct {
	N     int       `json:"n"`
	Patch Patch     `json:"patch"`
	At    time.Time `json:"at"`    // by our clock
	Since time.Time `json:"since"` // the version that it went out on
}

// Refusal is why Defender does not take a value. It is not sent again until somebody changes it.
type Refusal struct {
	Value string    `json:"value"`
	Why   string    `json:"why"`
	At    time.Time `json:"at"`
}

// Clock is the time of a step.
type Clock struct {
	Now  time.Time     // by our clock
	Skew time.Duration // how far ours is ahead of Defender's
}

// Change is what somebody wants to be otherwise. Tags are best named one by one: a whole list (Set[Tags]) also takes away what came meanwhile.
type Change struct {
	Set                 Patch
	AddTags, RemoveTags []string
}

// Edit changes the incident here. It reports whether anything is different now; faults say what may not be.
func (s *Sides) Edit(by string, now time.Time, c Change) (bool, error) {
	const op = "change incident"
	if s.RedirectedTo != "" {
		return false, fault.New(fault.Conflict, op, "the incident was merged into %s", s.RedirectedTo).WithHint("work on that one")
	}
	next := s.Local
	for f, v := range c.Set {
		v, err := Check(f, v)
		if err != nil {
			return false, err
		}
		next.Set(f, v)
	}
	if len(c.AddTags)+len(c.RemoveTags) > 0 {
		gone := TagSet(c.RemoveTags...)
		next.Tags = TagSet(slices.DeleteFunc(TagSet(append(slices.Clone(next.Tags), c.AddTags...)...), func(t string) bool { return slices.Contains(gone, t) })...)
	}
	changes := Diff(s.Local, next)
	for _, f := range changes.Fields() {
		at := now
		if last := s.Edits[f].At; !at.After(last) { // clocks may be set back
			at = last.Add(1)
		}
		if s.Edits == nil {
			s.Edits = map[Field]Edit{}
		}
		s.Edits[f] = Edit{by, at}
		delete(s.Refusals, f)
		s.note(Entry{At: at, By: by, Side: Here, Field: f, From: s.Local.Get(f), To: next.Get(f)})
	}
	s.Local = next
	return len(changes) > 0, nil
}

// Comment adds a comment that is made here. A key that is there already changes nothing, so that it can be said twice.
func (s *Sides) Comment(key, by string, now time.Time, text string) error {
	const op = "comment on incident"
	c := Comment{Key: key, Author: by, At: now, Text: strings.TrimSpace(text), Delivery: Queued}
	switch {
	case c.Text == "":
		return fault.New(fault.Invalid, op, "the comment is empty")
	case len(c.Sign()) > MaxComment:
		return fault.New(fault.Invalid, op, "the comment is longer than the %d bytes that Defender takes", MaxComment)
	case s.RedirectedTo != "":
		return fault.New(fault.Conflict, op, "the incident was merged into %s", s.RedirectedTo).WithHint("comment on that one")
	}
	if !slices.ContainsFunc(s.Comments, func(c Comment) bool { return c.Key == key }) {
		s.Comments = append(s.Comments, c)
		s.note(Entry{At: now, By: by, Side: Here, Comment: key, To: c.Text})
	}
	return nil
}

// Pending is what has to be sent to Defender, nil for nothing.
func (s *Sides) Pending() Patch {
	if s.Version.IsZero() || s.RedirectedTo != "" || s.Gone != "" {
		return nil
	}
	p := Diff(s.Base, s.Local)
	for f, r := range s.Refusals {
		if v, has := p[f]; has && v == r.Value {
			delete(p, f)
		}
	}
	if s.OneByOne && len(p) > 1 {
		f := p.Fields()[0]
		return Patch{f: p[f]}
	}
	if len(p) == 0 {
		return nil
	}
	return p
}

// Intend notes that p is about to be sent and gives its number.
func (s *Sides) Intend(p Patch, c Clock) int {
	s.Sends++
	s.Sent = append(s.Sent, Sent{s.Sends, p.Clone(), c.Now, s.Version})
	return s.Sends
}

// Unanswered notes that it is not known what became of patch n, and why: it may still be carried out some time from now on. What is
// pending stays so.
func (s *Sides) Unanswered(n int, now time.Time, why string) {
	s.Trouble = why
	for i, p := range s.Sent {
		if p.N == n {
			s.Sent[i].At = now
		}
	}
}

// Failed notes why something could not be sent. It will be tried again.
func (s *Sides) Failed(why string) { s.Trouble = why }

// Unsent notes that patch n was certainly not carried out.
func (s *Sides) Unsent(n int) {
	s.Sent = slices.DeleteFunc(s.Sent, func(p Sent) bool { return p.N == n })
}

// RefusedPatch notes that Defender refused patch n, which is not carried out then, and why.
func (s *Sides) RefusedPatch(n int, c Clock, why string) {
	i := slices.IndexFunc(s.Sent, func(p Sent) bool { return p.N == n })
	if i < 0 {
		return
	}
	p := s.Sent[i].Patch
	s.Unsent(n)
	if len(p) > 1 {
		s.OneByOne = true
		return
	}
	for f, v := range p {
		if s.Refusals == nil {
			s.Refusals = map[Field]Refusal{}
		}
		s.Refusals[f] = Refusal{v, why, c.Now}
		s.note(Entry{At: c.Now, Side: There, Field: f, Note: "Defender refuses “" + v + "”: " + why})
	}
}

// Answered takes the answer to patch n, which shows the incident as the patch made it. Where Defender wrote a value in another form than it
// was sent in, that form is taken over.
func (s *Sides) Answered(n int, r Remote, c Clock) {
	i := slices.IndexFunc(s.Sent, func(p Sent) bool { return p.N == n })
	if i < 0 || r.Version.Before(s.Version) {
		s.Unsent(n)
		return
	}
	p := s.Sent[i].Patch
	for _, f := range p.Fields() {
		v := r.State.Get(f)
		if s.Local.Get(f) == p[f] && v != p[f] {
			s.note(Entry{At: r.Version, By: r.ModifiedBy, Side: There, Field: f, From: p[f], To: v, Note: "as Defender wrote it"})
			s.Local.Set(f, v)
		}
		s.Base.Set(f, v) // what was sent and what came of it is no edit of others
	}
	s.Unsent(n)
	s.Trouble = ""
	s.Receive(r, c)
	if s.OneByOne && s.Pending() == nil {
		s.OneByOne = false
	}
}
