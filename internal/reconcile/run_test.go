package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/incident"
	"github.com/vedette-siem/vedette/internal/ledger"
	"github.com/vedette-siem/vedette/internal/ledger/ledgertest"
)

// portal is the other side without any trouble but what fail says.
type portal struct {
	mu      sync.Mutex
	list    map[string]*incident.Remote
	fail    error
	patches []string
}

func (p *portal) do(f func()) error {
	time.Sleep(50 * time.Millisecond)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fail != nil {
		return p.fail
	}
	f()
	return nil
}

func (p *portal) Skew() time.Duration { return 0 }

func (p *portal) Get(_ context.Context, id string) (r incident.Remote, err error) {
	var found *incident.Remote
	err = p.do(func() {
		if found = p.list[id]; found != nil {
			r = *found
		}
	})
	if err == nil && found == nil {
		err = fault.New(fault.NotFound, "get", "no %s", id)
	}
	return r, err
}

func (p *portal) Changed(_ context.Context, since time.Time, each func(incident.Remote) error) error {
	var list []incident.Remote
	if err := p.do(func() {
		for _, r := range p.list {
			if !r.Version.Before(since) {
				list = append(list, *r)
			}
		}
	}); err != nil {
		return err
	}
	for _, r := range list {
		if err := each(r); err != nil {
			return err
		}
	}
	return nil
}

func (p *portal) change(id, by string, set incident.Patch) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.set(id, by, set)
}

// now gives an incident as it is, and how many patches came.
func (p *portal) now(id string) (incident.Remote, int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return *p.list[id], len(p.patches)
}

func (p *portal) set(id, by string, set incident.Patch) {
	r := p.list[id]
	r.State, r.Version, r.ModifiedBy = r.State.With(set), time.Now(), by
}

func (p *portal) Patch(_ context.Context, id string, set incident.Patch) (r incident.Remote, err error) {
	err = p.do(func() {
		p.set(id, "Vedette", set)
		p.patches = append(p.patches, fmt.Sprint(id, set))
		r = *p.list[id]
	})
	return r, err
}

func (p *portal) Comment(_ context.Context, id, text string) (list []incident.RemoteComment, err error) {
	err = p.do(func() {
		r := p.list[id]
		r.Comments, r.Version = append(slices.Clone(r.Comments), incident.RemoteComment{Author: "Vedette", At: time.Now(), Text: text}), time.Now()
		list = r.Comments
	})
	return list, err
}

// bubble runs a loop over n incidents in a time of its own.
func bubble(t *testing.T, n int, do func(l *Loop, p *portal)) {
	synctest.Test(t, func(t *testing.T) {
		p := &portal{list: map[string]*incident.Remote{}}
		for i := range n {
			id := fmt.Sprint(i)
			p.list[id] = &incident.Remote{ID: id, State: incident.State{Status: incident.Active, Title: "x"}, Version: time.Now().Add(-time.Hour)}
		}
		l := New(Config{Remote: p, Ledger: &ledgertest.Memory{}, Tenant: "t"})
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- l.Run(ctx) }()
		time.Sleep(time.Second)
		do(l, p)
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Run gave %v", err)
		}
	})
}

func get(t *testing.T, l *Loop, id string) *ledger.Incident {
	t.Helper()
	one, err := l.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return &one
}

func TestEditGoesAtOnce(t *testing.T) {
	bubble(t, 3, func(l *Loop, p *portal) {
		if _, err := l.Edit(t.Context(), "1", "ann", incident.Change{Set: incident.Patch{incident.Status: incident.Resolved, incident.Closing: "truePositive/malware"}}); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Comment(t.Context(), "1", incident.NewKey(), "ann", "done"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		r, patches := p.now("1")
		if r.State.Status != incident.Resolved || r.State.Verdict.Determination != "malware" || patches != 1 || len(r.Comments) != 1 {
			t.Errorf("after a second %+v, %d patches", r, patches)
		}
		if one := get(t, l, "1"); one.Pending() != nil || one.Comments[0].Delivery != incident.Agreed {
			t.Errorf("%+v", one)
		}
		time.Sleep(10 * time.Minute)
		if _, patches := p.now("1"); patches != 1 {
			t.Errorf("%d patches", patches)
		}
	})
}

func TestRemoteChangeArrives(t *testing.T) {
	bubble(t, 200, func(l *Loop, p *portal) {
		time.Sleep(time.Minute)
		p.change("77", "bob", incident.Patch{incident.Title: "y"})
		time.Sleep(31 * time.Second)
		if one := get(t, l, "77"); one.Local.Title != "y" || l.Lag() <= 0 || l.Lag() > 31*time.Second {
			t.Errorf("%+v, lag %v", one, l.Lag())
		}
		if _, err := l.Edit(t.Context(), "nope", "ann", incident.Change{}); !fault.Is(err, fault.NotFound) {
			t.Errorf("an unknown incident: %v", err)
		}
	})
}

// Work done while Defender cannot be reached is kept and agreed later; credentials and permissions that fail are waited for too.
func TestUnreachable(t *testing.T) {
	for _, kind := range []fault.Kind{fault.Unavailable, fault.Unauthorized, fault.Throttled} {
		bubble(t, 2, func(l *Loop, p *portal) {
			p.mu.Lock()
			p.fail = fault.New(kind, "ask", "trouble")
			p.mu.Unlock()
			if _, err := l.Edit(t.Context(), "0", "ann", incident.Change{Set: incident.Patch{incident.Title: "mine"}}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Hour)
			if one := get(t, l, "0"); one.Local.Title != "mine" || one.Pending() == nil {
				t.Errorf("%s: %+v", kind, one)
			}
			p.mu.Lock()
			p.fail = nil
			p.mu.Unlock()
			time.Sleep(longestWait + time.Second)
			if r, _ := p.now("0"); r.State.Title != "mine" || get(t, l, "0").Pending() != nil {
				t.Errorf("%s: afterwards %+v", kind, r)
			}
		})
	}
}

func TestGoneAndBack(t *testing.T) {
	bubble(t, 1, func(l *Loop, p *portal) {
		p.mu.Lock()
		kept := p.list["0"]
		delete(p.list, "0")
		p.mu.Unlock()
		if _, err := l.Edit(t.Context(), "0", "ann", incident.Change{Set: incident.Patch{incident.Title: "mine"}}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if one := get(t, l, "0"); one.Gone == "" || one.Local.Title != "mine" {
			t.Errorf("%+v", one)
		}
		p.mu.Lock()
		p.list["0"] = kept
		p.set("0", "bob", incident.Patch{incident.Summary: "back"})
		p.mu.Unlock()
		time.Sleep(time.Minute)
		if one := get(t, l, "0"); one.Gone != "" || one.Local.Summary != "back" {
			t.Errorf("%+v", one)
		}
		if r, _ := p.now("0"); r.State.Title != "mine" {
			t.Errorf("there %+v", r)
		}
	})
}

// A new process takes up what the one before left.
func TestTakesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &portal{list: map[string]*incident.Remote{"0": {ID: "0", State: incident.State{Title: "x"}, Version: time.Now().Add(-90 * 24 * time.Hour)}}}
		memory := &ledgertest.Memory{}
		sides := ledger.OfIncidents(memory, "t")
		if _, err := sides.Update(t.Context(), "0", func(one *ledger.Incident) error {
			one.Receive(*p.list["0"], incident.Clock{Now: time.Now()})
			_, err := one.Edit("ann", time.Now(), incident.Change{Set: incident.Patch{incident.Title: "mine"}})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithTimeout(t.Context(), 5*time.Second)
		defer stop()
		if err := New(Config{Remote: p, Ledger: memory, Tenant: "t"}).Run(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Run gave %v", err)
		}
		if r, _ := p.now("0"); r.State.Title != "mine" {
			t.Errorf("%+v", r)
		}
	})
}
