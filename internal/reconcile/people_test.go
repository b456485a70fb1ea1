package reconcile

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/incident"
)

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
			t.local[f] = append(t.local[f], act{at: w.now, value: v, by: "ann"})
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
	t.remote[f] = append(t.remote[f], act{at: w.now, value: v, by: "bob"})
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
			t.tags[tag] = append(t.tags[tag], act{at: w.now, value: sign, by: "ann"})
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
	t.tags[tag] = append(t.tags[tag], act{w.now, sign, "bob", w.blind(t, tag, sign)})
}

// blind tells whether an edit of a tag in Defender cannot be told from our own doing: the process does not know of a patch that was carried
// out before, or awaits one that would do just the same, even if in truth it was carried out long ago, as another one with the same values.
func (w *world) blind(t *truth, tag, sign string) bool {
	known := w.known(t)
	return slices.ContainsFunc(t.flights, func(f flight) bool { _, has := f.patch[incident.Tags]; return has && known.Version.Before(f.at) }) ||
		slices.ContainsFunc(known.Sent, func(s incident.Sent) bool {
			_, has := s.Patch[incident.Tags]
			return has && slices.Contains((incident.State{}).With(s.Patch).Tags, tag) == (sign == "+")
		})
}

func (w *world) commentHere(t *truth) {
	w.user(t, func(ctx context.Context) error {
		key, text := incident.NewKey(), w.fresh("from here ")
		_, err := w.loop.Comment(ctx, t.ID, key, people[w.rng.IntN(len(people))], text)
		if err == nil {
			w.figures.LocalComments++
			t.local["comment"] = append(t.local["comment"], act{at: w.now, value: text, by: key})
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
