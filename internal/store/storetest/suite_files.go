package storetest

import (
	"context"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/store"
)

func readersWhileWriting(t *testing.T, open Opener) {
	s := mustOpen(t, open, t.TempDir())
	const appends, each = 40, 200
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 3 {
		wg.Go(func() {
			last := 0
			for {
				got, err := numbers(s)
				if err != nil {
					t.Error(err)
					return
				}
				if len(got)%each != 0 || len(got) < last {
					t.Errorf("a reader saw %d rows after %d: part of an append", len(got), last)
					return
				}
				last = len(got)
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	for i := range appends {
		mustAppend(t, s, Rows(Day.Add(time.Duration(i)*time.Second), i*each, each))
	}
	close(stop)
	wg.Wait()
	exactly(t, s, appends*each)
}

func seal(t *testing.T, open Opener) {
	dir := t.TempDir()
	s := mustOpen(t, open, dir)
	day := 24 * time.Hour
	for i := range 3 { // the later half first: sealing sorts
		mustAppend(t, s, Rows(Day.Add(time.Duration(i)*day+1500*time.Millisecond), i*3000+1500, 1500))
		mustAppend(t, s, Rows(Day.Add(time.Duration(i)*day), i*3000, 1500))
	}
	got, err := s.Seal(context.Background(), Day.Add(2*day+time.Hour))
	if err != nil || got.Files != 2 || got.Rows != 6000 || got.Bytes == 0 {
		t.Fatalf("sealed %+v, %v", got, err)
	}
	exactly(t, s, 9000)
	// a time range reads only what it needs, and is exact together with the condition that the query adds
	if n := len(All(t, s, Typed(s, Table, Scan(Table, Day.Add(day), Day.Add(day+time.Hour), "LogonId")))); n < 3000 || n >= 9000 {
		t.Errorf("a scan of one day gives %d rows", n)
	}
	in := map[int64]int32{}
	for _, r := range All(t, s, Typed(s, Table, Scan(Table, Day, Day.Add(day-1), "LogonId", store.Block))) {
		in[r[0].(int64)] = r[1].(int32)
	}
	for i := range int64(3000) { // in a sealed file rows lie in the order of their times
		if in[i] != int32(i/2048) {
			t.Fatalf("row %d is in block %d", i, in[i])
		}
	}
	// sealed rows are known when they come again, late ones are stored
	if r := mustAppend(t, s, Rows(Day, 0, 3000), Rows(Day.Add(time.Hour), 9000, 10)); r.Tables[Table] != (store.Count{Stored: 10, Duplicate: 3000}) {
		t.Fatalf("%+v", r.Tables)
	}
	exactly(t, s, 9010)
	if got, err := s.Seal(context.Background(), Day.Add(2*day)); err != nil || got.Files != 1 || got.Rows != 10 {
		t.Fatalf("late rows: sealed %+v, %v", got, err)
	}
	exactly(t, s, 9010)
	before, err := s.Stats(context.Background())
	if err != nil || before.Rows != 9010 || before.Tables[Table].Rows != 9010 || !before.Tables[Table].First.Equal(store.TimeOf(store.Ticks(Day)+7)) {
		t.Fatalf("stats %+v, %v", before, err)
	}
	s.Close()
	s = mustOpen(t, open, dir)
	exactly(t, s, 9010)
	if r := mustAppend(t, s, Rows(Day.Add(time.Hour), 9000, 10)); r.Tables[Table].Duplicate != 10 {
		t.Fatalf("%+v", r.Tables)
	}
	after, err := s.Stats(context.Background())
	if err != nil || !reflect.DeepEqual(after.Tables, before.Tables) {
		t.Fatalf("stats %+v after opening again, %v", after, err)
	}
}

func sealUnderQueries(t *testing.T, open Opener) {
	s := mustOpen(t, open, t.TempDir())
	day := 24 * time.Hour
	const days, each = 5, 2000
	for i := range days {
		mustAppend(t, s, Rows(Day.Add(time.Duration(i)*day), i*each, each))
	}
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 2 {
		wg.Go(func() {
			for {
				got, err := numbers(s)
				if err != nil || len(got) != days*each {
					t.Errorf("%d rows while sealing, want %d: %v", len(got), days*each, err)
					return
				}
				for n, c := range got {
					if c != 1 {
						t.Errorf("row %d seen %d times while sealing", n, c)
						return
					}
				}
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	for i := range days {
		if _, err := s.Seal(context.Background(), Day.Add(time.Duration(i+1)*day)); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	wg.Wait()
	exactly(t, s, days*each)
}

func retain(t *testing.T, open Opener) {
	dir := t.TempDir()
	s := mustOpen(t, open, dir)
	day := 24 * time.Hour
	mustAppend(t, s, Rows(Day.Add(3*day), 0, 100), Rows(Day, 100, 100), Rows(Day.Add(day), 200, 100))
	if _, err := s.Seal(context.Background(), Day.Add(2*day)); err != nil {
		t.Fatal(err)
	}
	mustAppend(t, s, Rows(Day.Add(time.Hour), 300, 7))
	got, err := s.Retain(context.Background(), Day.Add(2*day))
	if err != nil || got.Files != 2 || got.Rows != 207 {
		t.Fatalf("removed %+v, %v", got, err)
	}
	exactly(t, s, 100)
	s.Close()
	s = mustOpen(t, open, dir)
	exactly(t, s, 100)
	if st, err := s.Stats(context.Background()); err != nil || st.Rows != 100 {
		t.Fatalf("stats %+v, %v", st, err)
	}
}
