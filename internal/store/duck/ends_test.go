package duck_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/internal/store/storetest"
	"github.com/vedette-siem/vedette/kql/sql"
)

// TestEnds: first and last rows by time are those of all rows, whichever files and blocks are passed over for them.
func TestEnds(t *testing.T) {
	s, err := open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var all []int64
	add := func(at time.Time, n int) {
		c := storetest.Rows(at, len(all), n)
		for i := range n {
			all = append(all, c.Vectors[0].I64[i])
		}
		if _, err := s.Append(t.Context(), store.Append{Chunks: []*store.Chunk{c}}); err != nil {
			t.Fatal(err)
		}
	}
	const day = 24 * time.Hour
	for d := range time.Duration(3) {
		add(storetest.Day.Add(d*day), 9000)
	}
	for range 2 { // the second time the first day gets another file, of late rows among the others
		if _, err := s.Seal(t.Context(), storetest.Day.Add(4*day)); err != nil {
			t.Fatal(err)
		}
		add(storetest.Day.Add(4*time.Second), 3000)
	}
	add(storetest.Day.Add(4*day), 500)
	slices.Sort(all)

	times := sql.Expr(sql.Col{Table: "t", Name: "Timestamp"})
	newest := func(n int64, keys ...sql.Order) *sql.Query {
		q := storetest.Scan(storetest.Table, time.Time{}, time.Time{}, "Timestamp", "LogonId")
		q.Root.Limit, q.Root.OrderBy = n, keys
		return q
	}
	r := rand.New(rand.NewPCG(3, 4))
	for range 60 {
		q := newest(1+r.Int64N([]int64{10, 3000, 30_000}[r.IntN(3)]), sql.Order{X: times, Desc: r.IntN(2) == 0})
		if r.IntN(3) == 0 {
			q.Root.OrderBy = append(q.Root.OrderBy, sql.Order{X: sql.Col{Table: "t", Name: "LogonId"}})
		}
		from, to := int64(math.MinInt64), int64(math.MaxInt64)
		bound := func(op string) int64 {
			at := all[r.IntN(len(all))]
			x := sql.Expr(sql.Binary{Op: op, L: times, R: sql.Lit{V: at, T: sql.Long}})
			if q.Root.Where != nil {
				x = sql.Binary{Op: "AND", L: q.Root.Where, R: x}
			}
			q.Root.Where = x
			return at
		}
		if r.IntN(2) == 0 {
			from = bound(">=")
		}
		if r.IntN(2) == 0 {
			to = bound("<") - 1
		}
		var want []int64
		for _, x := range all {
			if from <= x && x <= to {
				want = append(want, x)
			}
		}
		if q.Root.OrderBy[0].Desc {
			slices.Reverse(want)
		}
		want = want[:min(int(q.Root.Limit), len(want))]
		var got []int64
		for _, row := range storetest.All(t, s, storetest.Typed(s, storetest.Table, q)) {
			got = append(got, row[0].(int64))
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%+v gave %d rows, want %d", q.Root, len(got), len(want))
		}
	}

	if n := len(storetest.All(t, s, storetest.Typed(s, storetest.Table, newest(10_000)))); n != 10_000 {
		t.Errorf("any 10,000 rows are %d", n)
	}
	rs, err := s.(store.Planner).Readings(newest(100, sql.Order{X: times, Desc: true}))
	if err != nil || rs[0].ReadFiles != 1 || rs[0].ReadBlocks != 1 || rs[0].Files < 4 {
		t.Errorf("for the newest 100 rows %+v is read: %v", rs, err)
	}
}
