package incident

import (
	"slices"
	"strings"
	"time"
)

// Rebase takes out of remote what we did ourselves: a field that changed since base to a value which we sent is not somebody's edit, even
// when we sent it long ago and its answer was lost. What remains different from base was done by others.
func Rebase(base State, sent []Patch, remote State) State {
	out := remote
	for _, f := range Fields {
		if f == Tags {
			out.Tags = rebaseTags(base.Tags, sent, remote.Tags)
			continue
		}
		v := remote.Get(f)
		if v != base.Get(f) && slices.ContainsFunc(sent, func(p Patch) bool { s, has := p[f]; return has && alike(f, s, v) }) {
			out.Set(f, base.Get(f))
		}
	}
	return out
}

// alike tells whether the service may have made b of a: it trims texts, and users' names have no case.
func alike(f Field, a, b string) bool {
	if f == AssignedTo {
		return strings.EqualFold(squeeze(a), squeeze(b))
	}
	return a == b || squeeze(a) == squeeze(b)
}

// rebaseTags does it tag by tag: one that we added, or left out, is ours. A patch replaces the whole list, so an old one that comes late takes
// off what was added after it was sent. Somebody who takes off just that meanwhile cannot be told from it: the tag is put back, since our own
// delays must not lose what people added.
func rebaseTags(base []string, sent []Patch, remote []string) []string {
	var lists [][]string
	for _, p := range sent {
		if v, has := p[Tags]; has {
			lists = append(lists, parseTags(v))
		}
	}
	out := slices.Clone(remote)
	for _, t := range remote {
		if !slices.Contains(base, t) && slices.ContainsFunc(lists, func(l []string) bool { return slices.Contains(l, t) }) {
			out = slices.DeleteFunc(out, func(o string) bool { return o == t })
		}
	}
	for _, t := range base {
		if !slices.Contains(remote, t) && slices.ContainsFunc(lists, func(l []string) bool { return !slices.Contains(l, t) }) {
			out = append(out, t)
		}
	}
	return TagSet(out...)
}

// Policy says when the fields were edited, both in Defender's time: here each on its own, there the version that shows the edit, since
// Graph tells no more. An edit here that lies between a remote edit and a later remote change of another field therefore counts as the earlier.
type Policy struct {
	Local  map[Field]time.Time
	Remote time.Time
}

// Conflict is a field that both sides edited. The loser's value is kept here and nowhere else.
type Conflict struct {
	Field         Field
	Local, Remote string
	LocalWins     bool
}

// Outcome is what two sides come to.
type Outcome struct {
	Next          State // what both should be
	Local, Remote Patch // what makes each of the two that; nil for nothing
	Conflicts     []Conflict
}

// Merge brings two sides together that both went on from base. A field that one side edited is taken from there; of one that both edited
// differently, the later edit wins, here when both are of one moment. Tags merge one by one and never conflict.
func Merge(base, local, remote State, policy Policy) Outcome {
	out := Outcome{Next: local}
	for _, f := range Fields {
		b, l, r := base.Get(f), local.Get(f), remote.Get(f)
		switch {
		case r == b || r == l:
		case f == Tags:
			out.Next.Tags = mergeTags(base.Tags, local.Tags, remote.Tags)
		case l == b:
			out.Next.Set(f, r)
		default:
			c := Conflict{f, l, r, !policy.Remote.After(policy.Local[f])}
			out.Conflicts = append(out.Conflicts, c)
			if !c.LocalWins {
				out.Next.Set(f, r)
			}
		}
	}
	out.Local, out.Remote = Diff(local, out.Next), Diff(remote, out.Next)
	return out
}

// mergeTags keeps what nobody removed and adds what anybody added.
func mergeTags(base, local, remote []string) []string {
	all := TagSet(slices.Concat(base, local, remote)...)
	return TagSet(slices.DeleteFunc(all, func(t string) bool {
		return slices.Contains(base, t) && !(slices.Contains(local, t) && slices.Contains(remote, t))
	})...)
}
