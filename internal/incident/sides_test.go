package incident

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
)

// met gives an incident that was seen once.
func met(t *testing.T) *Sides {
	t.Helper()
	s := &Sides{}
	if !s.Receive(Remote{ID: "7", State: State{Status: Active, Title: "Malware", Severity: "low", Tags: []string{"a"}}, Version: at(0), ModifiedBy: "rule"}, clock(0)) {
		t.Fatal("the first reading is not taken")
	}
	return s
}

func clock(minute int) Clock { return Clock{Now: at(minute)} }

func (s *Sides) shows(minute int, by string, p Patch) Remote {
	return Remote{ID: "7", State: s.Base.With(p), Version: at(minute), ModifiedBy: by}
}

func edit(t *testing.T, s *Sides, minute int, p Patch) {
	t.Helper()
	if _, err := s.Edit("ann", at(minute), Change{Set: p}); err != nil {
		t.Fatal(err)
	}
}

func want(t *testing.T, s *Sides, f Field, value string, pending Patch) {
	t.Helper()
	if got := s.Local.Get(f); got != value || !reflect.DeepEqual(s.Pending(), pending) {
		t.Errorf("%s is %q, pending %v; want %q, %v", f, got, s.Pending(), value, pending)
	}
}

// The answer to a patch is lost, somebody here edits on, and the patch comes back: it is no edit of Defender's.
func TestLostAnswer(t *testing.T) {
	s := met(t)
	edit(t, s, 1, Patch{Status: InProgress})
	s.Intend(s.Pending(), clock(1))
	edit(t, s, 2, Patch{Status: Resolved})
	s.Receive(s.shows(2, "API-App:Vedette", Patch{Status: InProgress}), clock(3))
	want(t, s, Status, Resolved, Patch{Status: Resolved})
	if s.Sent != nil {
		t.Errorf("what was seen to be carried out is still awaited: %v", s.Sent)
	}
	// Now it is known, so that the same value again is somebody's edit.
	n := s.Intend(s.Pending(), clock(3))
	s.Answered(n, s.shows(4, "API-App:Vedette", Patch{Status: Resolved}), clock(4))
	s.Receive(s.shows(5, "bob", Patch{Status: InProgress}), clock(5))
	want(t, s, Status, InProgress, nil)
}

// A patch whose answer was lost shows in a part: the rest of it was changed since, even when to what it was before.
func TestPartlyShown(t *testing.T) {
	s := met(t)
	if _, err := s.Edit("ann", at(1), Change{Set: Patch{Title: "B", Status: Resolved}, AddTags: []string{"b"}}); err != nil {
		t.Fatal(err)
	}
	s.Intend(s.Pending(), clock(1))
	s.Receive(s.shows(2, "bob", Patch{Title: "B"}), clock(3))
	want(t, s, Status, Active, nil)
	if got := s.Local.Get(Tags); got != `["a"]` || s.Sent != nil {
		t.Errorf("tags %s, still awaited %v", got, s.Sent)
	}
	// A word that anybody may have said, or a tag that anybody may have taken off, is no sign of it.
	edit(t, s, 4, Patch{Title: "C", Status: Resolved, Tags: "[]"})
	s.Intend(s.Pending(), clock(4))
	s.Receive(s.shows(5, "bob", Patch{Status: Resolved, Tags: "[]"}), clock(5))
	want(t, s, Title, "C", Patch{Title: "C"})
}

// A patch that arrives after a later one is put right.
func TestLateArrival(t *testing.T) {
	s := met(t)
	edit(t, s, 1, Patch{Title: "A"})
	s.Intend(s.Pending(), clock(1))
	edit(t, s, 1, Patch{Title: "B"})
	n := s.Intend(s.Pending(), Clock{Now: at(1).Add(20 * time.Second)})
	s.Answered(n, s.shows(2, "", Patch{Title: "B"}), Clock{Now: at(1).Add(30 * time.Second)})
	want(t, s, Title, "B", nil)
	late := s.shows(2, "", Patch{Title: "A"})
	late.Version = late.Version.Add(30 * time.Second)
	s.Receive(late, clock(3))
	want(t, s, Title, "B", Patch{Title: "B"})
	s.Answered(s.Intend(s.Pending(), clock(3)), s.shows(4, "", Patch{Title: "B"}), clock(4))
	// What comes much later is somebody's edit.
	s.Receive(s.shows(30, "bob", Patch{Title: "A"}), clock(31))
	want(t, s, Title, "A", nil)
}

// A patch replaces all tags. While an old one without a tag may still be carried out, that tag's going is taken for its doing; after that, for
// somebody's. That it was sent twice, and one of the two showed, says nothing of the other.
func TestLateTags(t *testing.T) {
	after := func(seconds int) time.Time { return at(1).Add(time.Duration(seconds) * time.Second) }
	for name, tc := range map[string]struct {
		gone time.Time
		tags string
	}{
		"while it may come": {after(60), `["a","b","c","d"]`},
		"too late for it":   {after(10).Add(Settle), `["a","b","d"]`},
	} {
		s := met(t)
		edit(t, s, 1, Patch{Tags: `["a","b"]`})
		for i := range 2 {
			s.Unanswered(s.Intend(s.Pending(), clock(1)), after(i), "the connection was lost")
		}
		shown := s.shows(0, "API-App:Vedette", Patch{Tags: `["a","b"]`})
		shown.Version = after(5)
		s.Receive(shown, Clock{Now: after(5)})
		if len(s.Sent) != 1 {
			t.Fatalf("%s: awaited %v, want the other of the two", name, s.Sent)
		}
		if _, err := s.Edit("ann", after(6), Change{AddTags: []string{"c"}}); err != nil {
			t.Fatal(err)
		}
		shown = s.shows(0, "API-App:Vedette", Patch{Tags: `["a","b","c"]`})
		shown.Version = after(8)
		s.Answered(s.Intend(s.Pending(), Clock{Now: after(7)}), shown, Clock{Now: after(8)})
		shown = s.shows(0, "bob", Patch{Tags: `["a","b","d"]`})
		shown.Version = tc.gone
		s.Receive(shown, Clock{Now: tc.gone})
		if got := s.Local.Get(Tags); got != tc.tags {
			t.Errorf("%s: tags %s, want %s", name, got, tc.tags)
		}
	}
}

func TestBothEdited(t *testing.T) {
	s := met(t)
	edit(t, s, 5, Patch{Severity: "high"})
	s.Receive(s.shows(4, "bob", Patch{Severity: "medium"}), clock(6))
	want(t, s, Severity, "high", Patch{Severity: "high"})
	if e := s.Log[len(s.Log)-1]; e.Lost != "medium" || e.By != "bob" || !strings.Contains(e.Note, "ann") {
		t.Errorf("logged %+v", e)
	}
	s.Receive(s.shows(7, "bob", Patch{Severity: "low"}), clock(8))
	want(t, s, Severity, "low", nil)
	if e := s.Log[len(s.Log)-1]; e.Lost != "high" {
		t.Errorf("logged %+v", e)
	}
	// A clock that is ahead does not make edits later.
	edit(t, s, 20, Patch{Severity: "high"})
	s.Receive(s.shows(15, "bob", Patch{Severity: "medium"}), Clock{Now: at(21), Skew: 10 * time.Minute})
	want(t, s, Severity, "medium", nil)
}

func TestStaleReading(t *testing.T) {
	s := met(t)
	edit(t, s, 1, Patch{Title: "B"})
	old := s.shows(0, "", nil)
	s.Answered(s.Intend(s.Pending(), clock(1)), s.shows(2, "", Patch{Title: "B"}), clock(2))
	before := len(s.Log)
	if s.Receive(old, clock(3)) || len(s.Log) != before {
		t.Error("an old reading is taken")
	}
	want(t, s, Title, "B", nil)
}

// A value that is refused is not sent for ever, and does not hold up others.
func TestRefusal(t *testing.T) {
	s := met(t)
	edit(t, s, 1, Patch{Title: "B", AssignedTo: "nobody"})
	s.RefusedPatch(s.Intend(s.Pending(), clock(1)), clock(1), "bad request")
	for range 2 {
		p := s.Pending()
		if len(p) != 1 {
			t.Fatalf("pending %v, want one field", p)
		}
		n := s.Intend(p, clock(2))
		if _, is := p[AssignedTo]; is {
			s.RefusedPatch(n, clock(2), "no such user")
			continue
		}
		s.Answered(n, s.shows(3, "", p), clock(3))
	}
	want(t, s, AssignedTo, "nobody", nil)
	if s.Refusals[AssignedTo].Why != "no such user" || s.Base.Title != "B" {
		t.Errorf("%+v", s)
	}
	edit(t, s, 4, Patch{AssignedTo: "bob"})
	want(t, s, AssignedTo, "bob", Patch{AssignedTo: "bob"})
}

// What Defender writes otherwise than it was sent is not sent again.
func TestOtherForm(t *testing.T) {
	s := met(t)
	edit(t, s, 5, Patch{AssignedTo: "Ann@Example.com"})
	s.Answered(s.Intend(s.Pending(), clock(5)), s.shows(2, "", Patch{AssignedTo: "ann@example.com"}), clock(6))
	want(t, s, AssignedTo, "ann@example.com", nil)
}

func TestMerged(t *testing.T) {
	s := met(t)
	if _, err := s.Edit("ann", at(1), Change{Set: Patch{Title: "B"}, AddTags: []string{"mine"}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Comment("abcdefghijkl", "ann", at(1), "wait"); err != nil {
		t.Fatal(err)
	}
	r := s.shows(2, "Microsoft Defender XDR - alert correlation", Patch{Status: Redirected})
	r.RedirectedTo = "9"
	s.Receive(r, clock(3))
	want(t, s, Status, Redirected, nil)
	if !reflect.DeepEqual(s.Moving, []string{"mine"}) || len(s.Stranded(at(3))) != 1 || s.NextComment(at(3)) != "" {
		t.Errorf("%+v", s)
	}
	if _, err := s.Edit("ann", at(4), Change{Set: Patch{Title: "C"}}); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "9") {
		t.Errorf("edit of a merged incident: %v", err)
	}
	s.Arrived("9", at(4), []string{"mine"}, []string{"abcdefghijkl"})
	if s.Moving != nil || s.Stranded(at(9)) != nil || s.Comments[0].Delivery != Moved {
		t.Errorf("%+v", s)
	}
}

func TestCommentDelivery(t *testing.T) {
	s := met(t)
	for range 2 {
		if err := s.Comment("abcdefghijkl", "ann", at(1), " looked at it \n"); err != nil {
			t.Fatal(err)
		}
	}
	key := s.NextComment(at(1))
	text := s.Posting(key, at(1))
	if got := s.NextComment(at(2)); got != "" {
		t.Errorf("posted again at once: %s", got)
	}
	if got := s.NextComment(at(1).Add(Settle + time.Second)); got != key {
		t.Errorf("not posted again when it must have shown: %q", got)
	}
	r := s.shows(2, "", nil)
	r.Comments = []RemoteComment{{"API-App:Vedette", at(2), text}}
	s.Receive(r, clock(2))
	if len(s.Comments) != 1 || s.Comments[0].Delivery != Agreed || s.NextComment(at(60)) != "" {
		t.Errorf("%+v", s.Comments)
	}
	s.Posting(key, at(3))
	s.RefusedComment(key, at(3), "too long")
	if s.Comments[0].Delivery != Refused || s.NextComment(at(60)) != "" {
		t.Errorf("%+v", s.Comments)
	}
	for _, text := range []string{"", " \n", strings.Repeat("x", MaxComment)} {
		if err := s.Comment("k", "ann", at(1), text); !fault.Is(err, fault.Invalid) {
			t.Errorf("%.10q: %v", text, err)
		}
	}
}

func TestEdits(t *testing.T) {
	s := met(t)
	if changed, err := s.Edit("ann", at(1), Change{Set: Patch{Title: "Malware"}, AddTags: []string{"a"}, RemoveTags: []string{"z"}}); changed || err != nil {
		t.Errorf("an edit that changes nothing: %v, %v", changed, err)
	}
	edit(t, s, 3, Patch{Title: "B"})
	edit(t, s, 1, Patch{Title: "C"}) // the clock was set back
	if s.Edits[Title].At.Before(at(3)) {
		t.Errorf("edited at %v", s.Edits[Title].At)
	}
	if _, err := s.Edit("ann", at(4), Change{Set: Patch{Title: "D", Status: "done"}}); !fault.Is(err, fault.Invalid) || s.Local.Title != "C" {
		t.Errorf("a bad edit: %v, title %s", err, s.Local.Title)
	}
	b, err := json.Marshal(s)
	var again Sides
	if err != nil || json.Unmarshal(b, &again) != nil || !reflect.DeepEqual(&again, s) {
		t.Errorf("as JSON %s, %v, it comes back as %+v", b, err, again)
	}
	s.Lost(at(5), "deleted")
	if s.Pending() != nil {
		t.Errorf("pending for an incident that is gone: %v", s.Pending())
	}
	s.Receive(s.shows(6, "", nil), clock(6))
	want(t, s, Title, "C", Patch{Title: "C"})
}
