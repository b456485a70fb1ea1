// Package incident is an incident as two sides know it, Defender and Vedette, and the rules by which the two stay the same: what a change
// is, whose change wins, which comment is which, and what is still to be sent. Everything here is a pure function of its arguments.
//
// It imports internal/fault and the standard library.
package incident

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
)

// Field names what can be changed about an incident. The names are Graph's, but for Verdict, which is two of its fields.
type Field string

// The fields.
const (
	Status           Field = "status"
	AssignedTo       Field = "assignedTo"
	Severity         Field = "severity"
	Closing          Field = "verdict" // classification and determination: one judgement, so one is never taken from each side
	Tags             Field = "customTags"
	Title            Field = "displayName"
	Description      Field = "description"
	Summary          Field = "summary"
	ResolvingComment Field = "resolvingComment"
)

// Fields lists all of them, in the order in which changes are told.
var Fields = []Field{Status, AssignedTo, Severity, Closing, Tags, Title, Description, Summary, ResolvingComment}

// Verdict is what an incident turned out to be, in Defender's words; both are "" while nobody said so.
type Verdict struct {
	Classification string `json:"classification,omitempty"`
	Determination  string `json:"determination,omitempty"`
}

// State is what both sides agree on, or not. Words are Defender's; words that are not known are kept as they are.
type State struct {
	Status           string   `json:"status,omitempty"`
	AssignedTo       string   `json:"assignedTo,omitempty"`
	Severity         string   `json:"severity,omitempty"`
	Verdict          Verdict  `json:"verdict,omitzero"`
	Tags             []string `json:"tags,omitempty"` // sorted, each once
	Title            string   `json:"title,omitempty"`
	Description      string   `json:"description,omitempty"`
	Summary          string   `json:"summary,omitempty"`
	ResolvingComment string   `json:"resolvingComment,omitempty"`
}

// Get gives a field as text: a verdict as "classification/determination", tags as a JSON list.
func (s State) Get(f Field) string {
	if f == Closing {
		return s.Verdict.String()
	}
	if f == Tags {
		return tagText(s.Tags)
	}
	return *s.text(f)
}

// Set changes a field to what Get would give.
func (s *State) Set(f Field, v string) {
	switch f {
	case Closing:
		s.Verdict = ParseVerdict(v)
	case Tags:
		s.Tags = parseTags(v)
	default:
		*s.text(f) = v
	}
}

// text is where a field of plain text lies.
func (s *State) text(f Field) *string {
	switch f {
	case Status:
		return &s.Status
	case AssignedTo:
		return &s.AssignedTo
	case Severity:
		return &s.Severity
	case Title:
		return &s.Title
	case Description:
		return &s.Description
	case Summary:
		return &s.Summary
	case ResolvingComment:
		return &s.ResolvingComment
	}
	panic("incident: no field " + string(f))
}

// String gives the verdict as one text, "" when there is none.
func (v Verdict) String() string {
	if v == (Verdict{}) {
		return ""
	}
	return v.Classification + "/" + v.Determination
}

// ParseVerdict reads what String wrote.
func ParseVerdict(s string) Verdict {
	c, d, _ := strings.Cut(s, "/")
	return Verdict{c, d}
}

// TagSet gives tags sorted, each once, without empty ones.
func TagSet(tags ...string) []string {
	out := make([]string, 0, len(tags))
	for _, t := range tags {
		if t = strings.TrimSpace(t); t != "" {
			out = append(out, t)
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	if len(out) == 0 {
		return nil
	}
	return out
}

func tagText(tags []string) string {
	if len(tags) == 0 {
		return "[]"
	}
	b, _ := json.Marshal(tags) // strings always can be
	return string(b)
}

func parseTags(s string) []string {
	var list []string
	if json.Unmarshal([]byte(s), &list) != nil {
		return nil
	}
	return TagSet(list...)
}

// Patch is new values for some fields, as State.Get gives them.
type Patch map[Field]string

// Fields lists the patch's fields in the usual order.
func (p Patch) Fields() []Field {
	return slices.DeleteFunc(slices.Clone(Fields), func(f Field) bool { _, has := p[f]; return !has })
}

// Clone gives a copy.
func (p Patch) Clone() Patch { return maps.Clone(p) }

// Diff gives what makes from into to; nil when they are the same.
func Diff(from, to State) Patch {
	var p Patch
	for _, f := range Fields {
		if v := to.Get(f); v != from.Get(f) {
			if p == nil {
				p = Patch{}
			}
			p[f] = v
		}
	}
	return p
}

// With gives the state changed by p.
func (s State) With(p Patch) State {
	for f, v := range p {
		s.Set(f, v)
	}
	return s
}

// Remote is an incident as Defender shows it.
type Remote struct {
	ID           string
	State        State
	Version      time.Time // its last update, in Defender's time; it grows with every change
	ModifiedBy   string    // who made the last one
	RedirectedTo string    // the incident that it was merged into
	Comments     []RemoteComment
}

// RemoteComment is a comment as Defender shows it. It has no id.
type RemoteComment struct {
	Author string
	At     time.Time
	Text   string
}
