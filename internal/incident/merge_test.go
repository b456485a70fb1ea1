package incident

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

var day = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func at(minute int) time.Time { return day.Add(time.Duration(minute) * time.Minute) }

func TestMerge(t *testing.T) {
	base := State{Status: Active, Severity: "low", Title: "Malware", Tags: []string{"a", "b"}}
	closed := Verdict{"truePositive", "malware"}
	for name, tc := range map[string]struct {
		local, remote    Patch
		localAt, remote2 int // minutes
		want             Patch
		conflicts        int
	}{
		"nothing":                    {nil, nil, 0, 0, nil, 0},
		"here":                       {Patch{Status: Resolved}, nil, 1, 0, Patch{Status: Resolved}, 0},
		"there":                      {nil, Patch{Status: Resolved}, 0, 1, Patch{Status: Resolved}, 0},
		"different fields":           {Patch{Status: Resolved}, Patch{Title: "Worm"}, 1, 9, Patch{Status: Resolved, Title: "Worm"}, 0},
		"the same":                   {Patch{Status: Resolved}, Patch{Status: Resolved}, 1, 2, Patch{Status: Resolved}, 0},
		"here later":                 {Patch{Status: Resolved}, Patch{Status: InProgress}, 3, 2, Patch{Status: Resolved}, 1},
		"there later":                {Patch{Status: Resolved}, Patch{Status: InProgress}, 1, 2, Patch{Status: InProgress}, 1},
		"at once":                    {Patch{Status: Resolved}, Patch{Status: InProgress}, 2, 2, Patch{Status: Resolved}, 1},
		"a verdict stays whole":      {Patch{Closing: closed.String()}, Patch{Closing: "falsePositive/notMalicious"}, 3, 2, Patch{Closing: closed.String()}, 1},
		"emptied":                    {Patch{Title: ""}, nil, 1, 0, Patch{Title: ""}, 0},
		"tags of both":               {Patch{Tags: `["a","b","c"]`}, Patch{Tags: `["b","d"]`}, 1, 2, Patch{Tags: `["b","c","d"]`}, 0},
		"tags removed on both sides": {Patch{Tags: `["b"]`}, Patch{Tags: `["a"]`}, 1, 2, Patch{Tags: `[]`}, 0},
	} {
		local, remote := base.With(tc.local), base.With(tc.remote)
		policy := Policy{map[Field]time.Time{}, at(tc.remote2)}
		for f := range tc.local {
			policy.Local[f] = at(tc.localAt)
		}
		out := Merge(base, local, remote, policy)
		if d := Diff(base.With(tc.want), out.Next); d != nil || len(out.Conflicts) != tc.conflicts {
			t.Errorf("%s: %+v differs by %v, conflicts %v", name, out.Next, d, out.Conflicts)
		}
	}
}

func TestRebase(t *testing.T) {
	base := State{Status: Active, Title: "Malware", Tags: []string{"a"}}
	for name, tc := range map[string]struct {
		sent        []Patch
		shown, want Patch
	}{
		"somebody's":              {[]Patch{{Status: InProgress}}, Patch{Status: Resolved}, Patch{Status: Resolved}},
		"ours":                    {[]Patch{{Status: InProgress}}, Patch{Status: InProgress}, nil},
		"an older one of ours":    {[]Patch{{Status: InProgress}, {Status: Resolved}}, Patch{Status: InProgress}, nil},
		"ours and somebody's":     {[]Patch{{Status: InProgress}}, Patch{Status: InProgress, Title: "Worm"}, Patch{Title: "Worm"}},
		"our value, other field":  {[]Patch{{Description: "x"}}, Patch{Summary: "x"}, Patch{Summary: "x"}},
		"ours, in another form":   {[]Patch{{AssignedTo: "Ann@X.com"}}, Patch{AssignedTo: "ann@x.com"}, nil},
		"our tag":                 {[]Patch{{Tags: `["a","b"]`}}, Patch{Tags: `["a","b"]`}, nil},
		"our tag and somebody's":  {[]Patch{{Tags: `["a","b"]`}}, Patch{Tags: `["a","b","c"]`}, Patch{Tags: `["a","c"]`}},
		"a tag that we left out":  {[]Patch{{Tags: `["b"]`}}, Patch{Tags: `["b"]`}, nil},
		"a tag somebody took off": {[]Patch{{Tags: `["a","b"]`}}, Patch{Tags: `["b"]`}, Patch{Tags: `[]`}},
	} {
		got := Rebase(base, tc.sent, base.With(tc.shown))
		if d := Diff(base.With(tc.want), got); d != nil {
			t.Errorf("%s: %+v differs by %v", name, got, d)
		}
	}
}

// some gives a state of few values, so that two of them often agree.
func some(r *rand.Rand) State {
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	s := State{Status: pick(Active, InProgress, Resolved), AssignedTo: pick("", "ann", "bob"), Severity: pick("low", "high"), Title: pick("x", "y", "z"),
		Verdict: ParseVerdict(pick("", "truePositive/malware", "falsePositive/notMalicious"))}
	for _, tag := range []string{"a", "b", "c"} {
		if r.IntN(2) == 0 {
			s.Tags = append(s.Tags, tag)
		}
	}
	return s
}

// What holds of every merge: both patches lead to one state, each field of which was on one of the sides; an edit of one side alone is kept;
// it does not matter which side is called local but for ties; merging again changes nothing.
func TestMergeProperties(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 5_000 {
		base, local, remote := some(r), some(r), some(r)
		policy := Policy{map[Field]time.Time{}, at(2*r.IntN(5) + 1)}
		mirror := Policy{map[Field]time.Time{}, at(4)}
		for _, f := range Fields {
			policy.Local[f], mirror.Local[f] = at(4), policy.Remote
		}
		out := Merge(base, local, remote, policy)
		back := Merge(base, remote, local, mirror)
		name := fmt.Sprintf("case %d: base %+v, local %+v, remote %+v → %+v", i, base, local, remote, out)
		if Diff(local.With(out.Local), out.Next) != nil || Diff(remote.With(out.Remote), out.Next) != nil {
			t.Fatal(name, "the patches do not lead there")
		}
		if d := Diff(out.Next, back.Next); d != nil {
			t.Fatal(name, "the other way round:", d)
		}
		if again := Merge(out.Next, out.Next, out.Next, policy); again.Local != nil || again.Remote != nil || again.Conflicts != nil {
			t.Fatal(name, "again:", again)
		}
		for _, f := range Fields {
			b, l, m, n := base.Get(f), local.Get(f), remote.Get(f), out.Next.Get(f)
			if f != Tags && (n != l && n != m || l == b && n != m || m == b && n != l) {
				t.Fatalf("%s: field %s", name, f)
			}
		}
	}
}

// Whatever of ours came through, in any order, is not taken for somebody's edit; and what nobody of us sent always is.
func TestRebaseProperties(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for i := range 5_000 {
		base, goal := some(r), some(r)
		p, q := Diff(base, some(r)), Diff(base, goal)
		delete(p, Tags) // two lists in one reading cannot both be whole
		shown := base.With(p)
		if r.IntN(2) == 0 {
			shown = shown.With(q)
		}
		if d := Diff(base, Rebase(base, []Patch{p, q}, shown)); d != nil {
			t.Fatalf("case %d: %v and %v sent on %+v: %v is taken for somebody's", i, p, q, base, d)
		}
		theirs := base.With(Patch{Title: "theirs", Summary: "theirs"})
		if d := Diff(theirs, Rebase(base, []Patch{p, q}, theirs)); d != nil {
			t.Fatalf("case %d: lost %v", i, d)
		}
	}
}

func TestFollow(t *testing.T) {
	next := map[string]string{"1": "2", "2": "5", "7": "8", "8": "7", "9": "9"}
	to := func(id string) (string, error) { return next[id], nil }
	for id, want := range map[string]string{"1": "[1 2 5]", "5": "[5]", "2": "[2 5]"} {
		if path, err := Follow(id, to); fmt.Sprint(path) != want || err != nil {
			t.Errorf("%s: %v, %v", id, path, err)
		}
	}
	for _, id := range []string{"7", "9"} {
		if path, err := Follow(id, to); err == nil {
			t.Errorf("circle from %s: %v", id, path)
		}
	}
}

func FuzzState(f *testing.F) {
	f.Add("active", "truePositive/malware", `["a"]`)
	f.Add("", "/", "{")
	f.Fuzz(func(t *testing.T, status, verdict, tags string) {
		var s State
		s.Set(Status, status)
		s.Set(Closing, verdict)
		s.Set(Tags, tags)
		var again State
		for _, field := range Fields {
			again.Set(field, s.Get(field))
		}
		if d := Diff(s, again); d != nil {
			t.Errorf("%+v does not survive its texts: %v", s, d)
		}
		if out := Merge(State{}, s, again, Policy{}); out.Local != nil || out.Remote != nil || out.Conflicts != nil {
			t.Errorf("equal sides merge to %+v", out)
		}
	})
}
