package queue

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/ingest"
	"github.com/vedette-siem/vedette/internal/query"
	"github.com/vedette-siem/vedette/internal/record"
	"github.com/vedette-siem/vedette/internal/sentinel"
	"github.com/vedette-siem/vedette/internal/store/duck"
)

// testStore is a store of its own, to be written to.
type testStore struct {
	*duck.Store
	engine *query.Engine
	puts   int
}

func newStore(t testing.TB) *testStore {
	t.Helper()
	s, err := duck.Open(context.Background(), duck.Options{Dir: t.TempDir(), MemoryMB: 512})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return &testStore{Store: s, engine: query.New(query.Options{Store: s})}
}

// put stores Graph's incidents of a tenant.
func (s *testStore) put(t testing.TB, tenant string, docs ...string) {
	t.Helper()
	loop := ingest.New(ingest.Options{Store: s})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- loop.Run(ctx) }()
	defer func() { stop(); <-ended }()
	s.puts++
	for i, doc := range docs {
		mapped, err := sentinel.Incident(tenant, []byte(doc))
		if err != nil {
			t.Fatal(err)
		}
		raw := record.Raw{Pos: record.Pos{Source: fmt.Sprint(s.puts), Seq: int64(i)}, Arrived: time.Now(), Body: fmt.Appendf(nil, `{"category":"AdvancedHunting-SecurityIncident","tenantId":%q,"properties":%s}`, tenant, mapped)}
		if err := loop.Put(ctx, []record.Raw{raw}); err != nil {
			t.Fatal(err)
		}
	}
	if err := loop.Flush(ctx); err != nil {
		t.Fatal(err)
	}
}

// BenchmarkList lists a page of 5,000 incidents, each with a document of Graph's and three changes.
func BenchmarkList(b *testing.B) {
	s := newStore(b)
	var docs []string
	for i := range 5000 {
		for c := range 3 {
			docs = append(docs, fmt.Sprintf(`{"id":"%d","displayName":"Incident %d on a device","severity":"high","status":"active","createdDateTime":"2026-11-01T10:00:00Z","lastUpdateDateTime":"2026-11-%02dT10:00:00Z",
				"incidentWebUrl":"https://x.example/incidents/%d","customTags":["a","b"],"description":"It is what it is, and %d times so.","alertIds":["a%d","b%d"]}`, i, i, c+1, i, i, i, i))
		}
	}
	s.put(b, "t", docs...)
	q := New(s.engine)
	b.ResetTimer()
	for range b.N {
		p, err := q.List(b.Context(), Filter{Limit: 100, Desc: true, Sort: "lastUpdate"})
		if err != nil || p.Total != 5000 || len(p.Items) != 100 {
			b.Fatal(err, p.Total)
		}
	}
}
