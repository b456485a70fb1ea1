package incident

import (
	"fmt"
	"slices"
	"time"
)

// Receive takes what Defender shows. It is false, and changes nothing, for a reading that is older than one before.
func (s *Sides) Receive(r Remote, c Clock) bool {
	if r.Version.Before(s.Version) {
		return false
	}
	if s.Gone != "" {
		s.Gone = ""
		s.note(Entry{At: r.Version, Side: There, Note: "Defender shows the incident again"})
	}
	switch {
	case s.Version.IsZero():
		s.meet(r)
	case r.RedirectedTo != "":
		s.redirect(r)
	default:
		s.merge(r, c)
	}
	s.Base, s.Version = r.State, r.Version
	s.expire(c)
	s.comments(r)
	return true
}

// meet takes over an incident that is seen for the first time.
func (s *Sides) meet(r Remote) {
	s.Local, s.RedirectedTo = r.State, r.RedirectedTo
	s.note(Entry{At: r.Version, By: r.ModifiedBy, Side: There, Note: "first seen"})
}

// merge brings in what others did in Defender since the last reading.
func (s *Sides) merge(r Remote, c Clock) {
	s.carriedOut(r)
	var sent []Patch
	for _, p := range s.Sent {
		if r.Version.Before(p.At.Add(Settle - c.Skew)) { // later changes are not its doing
			sent = append(sent, p.Patch)
		}
	}
	policy := Policy{Local: make(map[Field]time.Time, len(s.Edits)), Remote: r.Version}
	for f, e := range s.Edits {
		policy.Local[f] = e.At.Add(-c.Skew)
	}
	theirs := Rebase(s.Base, sent, r.State)
	out := Merge(s.Base, s.Local, theirs, policy)
	for _, f := range Fields {
		from, to, shown := s.Local.Get(f), out.Next.Get(f), theirs.Get(f)
		i := slices.IndexFunc(out.Conflicts, func(c Conflict) bool { return c.Field == f })
		switch {
		case i >= 0 && out.Conflicts[i].LocalWins:
			s.note(Entry{At: r.Version, By: r.ModifiedBy, Side: There, Field: f, From: from, To: from, Lost: shown,
				Note: fmt.Sprintf("edited on both sides; the edit here, by %s, is the later", s.Edits[f].By)})
		case i >= 0:
			s.note(Entry{At: r.Version, By: r.ModifiedBy, Side: There, Field: f, From: from, To: to, Lost: from,
				Note: fmt.Sprintf("edited on both sides; the edit here, by %s, is the earlier", s.Edits[f].By)})
		case from != to:
			s.note(Entry{At: r.Version, By: r.ModifiedBy, Side: There, Field: f, From: from, To: to})
		}
	}
	s.Local = out.Next
}

// redirect takes over that the incident was merged into another: there its tags and alerts are now, and no edit can be made here any more.
func (s *Sides) redirect(r Remote) {
	first := s.RedirectedTo == ""
	for _, f := range Fields {
		from, to := s.Local.Get(f), r.State.Get(f)
		e := Entry{At: r.Version, By: r.ModifiedBy, Side: There, Field: f, From: from, To: to}
		switch {
		case from == to:
			continue
		case f == Tags && first:
			for _, t := range s.Local.Tags {
				if !slices.Contains(s.Base.Tags, t) {
					s.Moving = TagSet(append(s.Moving, t)...)
				}
			}
		case from != s.Base.Get(f):
			e.Lost, e.Note = from, "the incident was merged before this edit was sent"
		}
		s.note(e)
	}
	s.Local, s.Sent, s.OneByOne, s.Refusals = r.State, nil, false, nil
	if s.RedirectedTo != r.RedirectedTo {
		s.note(Entry{At: r.Version, By: r.ModifiedBy, Side: There, Note: "merged into " + r.RedirectedTo})
	}
	s.RedirectedTo = r.RedirectedTo
}

// carriedOut finds the patch, of those whose fate is not known, of which something shows that did not before. It was carried out, whole and
// once, and what is otherwise in it than it was sent has been changed since.
func (s *Sides) carriedOut(r Remote) {
	if i := slices.IndexFunc(s.Sent, func(p Sent) bool { return r.Version.After(p.Since) && p.Patch.shows(s.Base, r.State) }); i >= 0 {
		for f, v := range s.Sent[i].Patch {
			if shown := r.State.Get(f); alike(f, v, shown) {
				v = shown // in the service's own form
			}
			s.Base.Set(f, v)
		}
		s.Sent = slices.Delete(slices.Clone(s.Sent), i, i+1)
	}
}

// expire forgets the patches that are too old to be carried out any more.
func (s *Sides) expire(c Clock) {
	s.Sent = slices.DeleteFunc(s.Sent, func(p Sent) bool { return c.Now.Sub(p.At).Abs() > Settle })
	if len(s.Sent) == 0 {
		s.Sent = nil
	}
}

// shows tells whether something of the patch that is not in before is in after. Only texts that people write tell it alone; a status, a
// tag or a name may be what others set too, and taking that for ours would undo the rest of the patch.
func (p Patch) shows(before, after State) bool {
	whole := true
	for f, v := range p {
		is := alike(f, v, after.Get(f)) && !alike(f, v, before.Get(f))
		whole = whole && is
		switch f {
		case Title, Description, Summary, ResolvingComment:
			if is && v != "" {
				return true
			}
		}
	}
	return whole
}

// comments brings in the comments that Defender shows.
func (s *Sides) comments(r Remote) {
	list, news := MatchComments(s.Comments, r.Comments)
	for _, i := range news.Added {
		s.note(Entry{At: list[i].At, By: list[i].Author, Side: There, Comment: "new", To: list[i].Text})
	}
	for _, i := range news.Edited {
		c := list[i]
		s.note(Entry{At: r.Version, By: c.Author, Side: There, Comment: "edited", From: c.Earlier[len(c.Earlier)-1], To: c.Text})
	}
	s.Comments = list
}

// NextComment gives the key of a comment that is to be posted now, "" for none. One whose posting got no answer waits until it must have
// shown, had it been carried out.
func (s *Sides) NextComment(now time.Time) string {
	if s.Version.IsZero() || s.Gone != "" || s.RedirectedTo != "" {
		return ""
	}
	for _, c := range s.Comments {
		if c.Delivery == Queued || c.Delivery == Sending && now.Sub(c.SentAt).Abs() > Settle {
			return c.Key
		}
	}
	return ""
}

// Stranded gives the comments that were not posted before the incident was merged into another, and belong there. Refused ones are tried
// there too: being merged may have been the reason.
func (s *Sides) Stranded(now time.Time) []Comment {
	var out []Comment
	for _, c := range s.Comments {
		if s.RedirectedTo != "" && (c.Delivery == Queued || c.Delivery == Refused || c.Delivery == Sending && now.Sub(c.SentAt).Abs() > Settle) {
			out = append(out, c)
		}
	}
	return out
}

// Posting notes that a comment is about to be posted, and gives the text to post.
func (s *Sides) Posting(key string, now time.Time) string {
	c := s.comment(key)
	c.Delivery, c.SentAt = Sending, now
	return c.Sign()
}

// NotPosted notes that a comment was certainly not posted, and why. It is to be tried again.
func (s *Sides) NotPosted(key, why string) {
	s.Trouble = why
	if c := s.comment(key); c.Delivery == Sending {
		c.Delivery = Queued
	}
}

// RefusedComment notes that Defender does not take a comment, and why.
func (s *Sides) RefusedComment(key string, now time.Time, why string) {
	if c := s.comment(key); c.Delivery == Sending {
		c.Delivery, c.Why = Refused, why
		s.note(Entry{At: now, Side: There, Comment: key, Note: "Defender refuses the comment: " + why})
	}
}

// NoAnswer notes that it is not known whether a comment was posted, and why: it may still be, some time from now on.
func (s *Sides) NoAnswer(key string, now time.Time, why string) {
	s.Trouble = why
	if c := s.comment(key); c.Delivery == Sending {
		c.SentAt = now
	}
}

// Posted takes the answer to a posting: all the comments there are.
func (s *Sides) Posted(list []RemoteComment, at time.Time) {
	s.Trouble = ""
	s.comments(Remote{Comments: list, Version: at})
}

// comment gives the place of our comment key, which must be there.
func (s *Sides) comment(key string) *Comment {
	s.Comments = slices.Clone(s.Comments)
	i := slices.IndexFunc(s.Comments, func(c Comment) bool { return c.Key == key })
	return &s.Comments[i]
}

// Arrived notes that tags and comments were handed on to the incident that this one was merged into.
func (s *Sides) Arrived(target string, now time.Time, tags, keys []string) {
	s.Moving = slices.DeleteFunc(slices.Clone(s.Moving), func(t string) bool { return slices.Contains(tags, t) })
	if len(s.Moving) == 0 {
		s.Moving = nil
	}
	for _, key := range keys {
		s.comment(key).Delivery = Moved
	}
	if len(tags)+len(keys) > 0 {
		s.note(Entry{At: now, Note: fmt.Sprintf("%d tags and %d comments that were on their way went to %s", len(tags), len(keys), target)})
	}
}

// Lost notes that Defender does not show the incident, and why. What is pending stays.
func (s *Sides) Lost(now time.Time, why string) {
	if s.Gone != why {
		s.Gone = why
		s.note(Entry{At: now, Side: There, Note: why})
	}
}
