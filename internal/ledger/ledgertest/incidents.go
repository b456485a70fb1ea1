package ledgertest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/incident"
	"github.com/vedette-siem/vedette/internal/ledger"
)

// incidents holds a ledger to it that no edit of an incident is lost, whoever else edits it at that moment, and none is seen by halves.
func incidents(t *testing.T, open func() ledger.Ledger) {
	ctx := t.Context()
	l := open()
	of := ledger.OfIncidents(l, "t")
	if one, err := of.Get(ctx, "7"); err != nil || one.Rev != 0 || one.ID != "7" {
		t.Errorf("an incident that is not there: %+v, %v", one, err)
	}
	met := incident.Remote{ID: "7", State: incident.State{Status: incident.Active, Title: "x"}, Version: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}
	if one, err := of.Update(ctx, "7", func(one *ledger.Incident) error { one.Receive(met, incident.Clock{}); return nil }); err != nil || one.Rev != 1 {
		t.Fatalf("%+v, %v", one, err)
	}
	if one, err := of.Update(ctx, "7", func(*ledger.Incident) error { return nil }); err != nil || one.Rev != 1 {
		t.Errorf("a step that changes nothing: revision %d, %v", one.Rev, err)
	}
	oops := errors.New("oops")
	if _, err := of.Update(ctx, "7", func(one *ledger.Incident) error { one.Local.Title = "y"; return oops }); err != oops {
		t.Errorf("a step that fails: %v", err)
	}
	const writers, rounds = 6, 8
	var work sync.WaitGroup
	for w := range writers {
		work.Go(func() {
			for r := range rounds {
				_, err := of.Update(ctx, "7", func(one *ledger.Incident) error {
					_, err := one.Edit("ann", time.Now(), incident.Change{AddTags: []string{fmt.Sprint(w, ".", r)}})
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	work.Wait()
	if _, err := ledger.OfIncidents(l, "t2").Update(ctx, "8", func(*ledger.Incident) error { return nil }); err != nil {
		t.Error(err)
	}
	l = reopen(t, l, open)
	defer l.Close()
	all, err := ledger.OfIncidents(l, "t").All(ctx)
	if err != nil || len(all) != 1 || all[0].ID != "7" {
		t.Fatalf("%+v, %v", all, err)
	}
	if one := all[0]; len(one.Local.Tags) != writers*rounds || len(one.Log) != writers*rounds+1 || one.Rev != writers*rounds+1 || one.Local.Title != "x" {
		t.Errorf("%d tags, %d log entries, revision %d, title %s", len(one.Local.Tags), len(one.Log), one.Rev, one.Local.Title)
	}
}
