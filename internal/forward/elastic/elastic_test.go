package elastic

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/forward/forwardtest"
)

var opened atomic.Int64

// TestCluster holds the sink to the port's promises with a real cluster, whose address is in VEDETTE_OPENSEARCH or VEDETTE_ELASTICSEARCH.
func TestCluster(t *testing.T) {
	url, open := os.Getenv("VEDETTE_OPENSEARCH"), true
	if url == "" {
		url, open = os.Getenv("VEDETTE_ELASTICSEARCH"), false
	}
	if url == "" {
		t.Skip("neither VEDETTE_OPENSEARCH nor VEDETTE_ELASTICSEARCH says where a cluster is")
	}
	forwardtest.Run(t, func(t *testing.T) forwardtest.Subject {
		s, err := New(Config{URLs: []string{url}, OpenSearch: open, Namespace: fmt.Sprintf("t%d_%d", time.Now().Unix(), opened.Add(1))})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { remove(t, s) })
		return forwardtest.Subject{Sink: s, Misfit: `{"@timestamp":"no time","event":{"action":"x"}}`,
			Rollover: func(ctx context.Context, stream string) error {
				_, err := s.ask(ctx, "roll over", http.MethodPost, "/"+s.stream(stream)+"/_rollover", "", nil, nil)
				return err
			},
			Count: func(ctx context.Context, stream, id string, current bool) (int, error) {
				name := s.stream(stream)
				if current {
					name = s.present(stream)
				}
				if _, err := s.ask(ctx, "refresh", http.MethodPost, "/"+name+"/_refresh", "", nil, nil); err != nil {
					return 0, err
				}
				var found struct{ Count int }
				body, _ := json.Marshal(object{"query": object{"ids": object{"values": []string{id}}}})
				_, err := s.ask(ctx, "count", http.MethodPost, "/"+name+"/_count", "application/json", body, &found)
				return found.Count, err
			},
			Current: func(ctx context.Context, stream, id string) ([]byte, error) {
				var got struct {
					Source json.RawMessage `json:"_source"`
				}
				_, err := s.ask(ctx, "get", http.MethodGet, "/"+s.present(stream)+"/_doc/"+id, "", nil, &got)
				return got.Source, err
			}}
	})
}

// remove takes everything away that a test made.
func remove(t *testing.T, s *Sink) {
	ctx := context.Background()
	for _, st := range streams {
		for _, path := range []string{"/_data_stream/" + s.stream(st.name), "/_index_template/vedette-" + s.stream(st.name), "/" + s.present(st.name), "/_index_template/" + s.present(st.name)} {
			if _, err := s.ask(ctx, "remove", http.MethodDelete, path, "", nil, nil); err != nil {
				t.Log(err)
			}
		}
	}
	_ = s.Close()
}

// server answers requests as a function says.
type server func(path string, body []byte) (status int, answer string)

func (f server) Perform(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
	}
	status, answer := f(r.URL.Path, body)
	if status == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Retry-After": {"7"}}, Body: io.NopCloser(bytes.NewBufferString(answer))}, nil
}

func sink(f server) *Sink {
	return &Sink{cfg: Config{Namespace: "default", Timeout: time.Minute}, client: f, idle: func() {}}
}

// What a server says about single documents and whole requests comes out as what the port knows.
func TestAnswers(t *testing.T) {
	item := func(status int, kind string) string {
		return fmt.Sprintf(`{"items":[{"create":{"status":%d,"error":{"type":%q,"reason":"because"}}}]}`, status, kind)
	}
	for _, c := range []struct {
		status int
		answer string
		want   string
	}{
		{200, `{"items":[{"create":{"status":201}}]}`, "stored"},
		{200, item(409, "version_conflict_engine_exception"), "present"},
		{200, item(429, "es_rejected_execution_exception"), "again"},
		{200, item(403, "cluster_block_exception"), "again"},
		{200, item(400, "mapper_parsing_exception"), "refused"},
		{200, item(403, "security_exception"), "forbidden"},
		{200, item(404, "index_not_found_exception"), "not-found"},
		{200, item(503, "unavailable_shards_exception"), "unavailable"},
		{200, `{"items":[]}`, "unavailable"},
		{200, `<html>`, "unavailable"},
		{401, `{}`, "unauthorized"},
		{403, `{"error":{"type":"security_exception","reason":"no"}}`, "forbidden"},
		{404, `{}`, "not-found"},
		{429, `{}`, "throttled"},
		{502, `bad gateway`, "unavailable"},
		{413, `{}`, "refused"},
		{0, ``, "unavailable"},
	} {
		got, err := sink(func(string, []byte) (int, string) { return c.status, c.answer }).Put(t.Context(), forwardtest.Docs(0, 1), false)
		is := ""
		if err != nil {
			is = string(fault.KindOf(err))
		} else {
			is = got[0].Outcome.String()
		}
		if is != c.want {
			t.Errorf("%d %s: %s (%v), want %s", c.status, c.answer, is, err, c.want)
		}
	}
}

// A body that is too large is sent in halves until it fits.
func TestHalves(t *testing.T) {
	sent := 0
	s := sink(func(_ string, body []byte) (int, string) {
		n := bytes.Count(body, []byte{'\n'}) / 2
		if n > 3 {
			return 413, `{}`
		}
		sent += n
		return 200, `{"items":[` + strings.TrimSuffix(strings.Repeat(`{"create":{"status":201}},`, n), ",") + `]}`
	})
	got, err := s.Put(t.Context(), forwardtest.Docs(0, 10), false)
	if err != nil || len(got) != 10 || sent != 10 {
		t.Errorf("%v, %v, %d sent", got, err, sent)
	}
}

func TestNewRefuses(t *testing.T) {
	for _, c := range []Config{{}, {URLs: []string{"host:9200"}}, {URLs: []string{"https://u:p@host"}}, {URLs: []string{"https://h"}, Namespace: "Not-So"}, {URLs: []string{"https://h"}, OpenSearch: true, APIKey: "k"}} {
		if _, err := New(c); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// Requests carry the credentials, compressed bodies, and go to the nodes in turn.
func TestRequests(t *testing.T) {
	hits := map[string]int{}
	var mu sync.Mutex
	node := func(name string) *httptest.Server {
		h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			hits[name+" "+r.Header.Get("Authorization")]++
			body, err := gzip.NewReader(r.Body)
			if err != nil {
				t.Errorf("the body is not compressed: %v", err)
				return
			}
			text, _ := io.ReadAll(body)
			if !strings.Contains(string(text), `{"create":{"_index":"logs-m365_defender.event-ns","_id":"id-0"}}`+"\n"+`{"data_stream":{"type":"logs","dataset":"m365_defender.event","namespace":"ns"},"@timestamp":`) {
				t.Errorf("body %s", text)
			}
			_, _ = io.WriteString(w, `{"items":[{"create":{"status":201}}]}`)
		}))
		t.Cleanup(h.Close)
		return h
	}
	a, b := node("a"), node("b")
	for _, c := range []struct {
		cfg  Config
		want string
	}{{Config{APIKey: "a2V5"}, "APIKey a2V5"}, {Config{Username: "u", Password: "p"}, "Basic dTpw"}, {Config{OpenSearch: true, Username: "u", Password: "p"}, "Basic dTpw"}} {
		clear(hits)
		c.cfg.URLs, c.cfg.Namespace = []string{a.URL, b.URL + "/"}, "ns"
		s, err := New(c.cfg)
		if err != nil {
			t.Fatal(err)
		}
		for range 6 {
			if _, err := s.Put(t.Context(), forwardtest.Docs(0, 1), false); err != nil {
				t.Fatal(err)
			}
		}
		if hits["a "+c.want]+hits["b "+c.want] != 6 || hits["a "+c.want] == 0 || hits["b "+c.want] == 0 {
			t.Errorf("%+v: %v", c.cfg, hits)
		}
		_ = s.Close()
	}
}
