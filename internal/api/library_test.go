package api

import (
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/internal/ledger/sqlite"
	"github.com/vedette-siem/vedette/internal/library"
)

// TestLibrary puts, reads and removes watchlists and functions as a client does.
func TestLibrary(t *testing.T) {
	l, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "ledger.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	h := (&API{Library: library.New(l, "")}).Handler()
	for _, c := range []struct {
		method, path, body string
		status             int
		says               string
	}{
		{"GET", "/api/watchlists", "", 200, `{"watchlists":[]}`},
		{"PUT", "/api/watchlists/vips", `{"searchKey":"User","csv":"User,Team\nada,a\n","description":"who matters"}`, 200, `"count":1`},
		{"GET", "/api/watchlists", "", 200, `"description":"who matters"`},
		{"GET", "/api/watchlists/VIPS", "", 200, `"values":["ada","a"]`},
		{"PUT", "/api/watchlists/vips", `{"searchKey":"Nobody","csv":"User\nada\n"}`, 400, `Nobody`},
		{"PUT", "/api/watchlists/vips", `{"key":"User"}`, 400, `body`},
		{"DELETE", "/api/watchlists/vips", "", 204, ``},
		{"DELETE", "/api/watchlists/vips", "", 404, `vips`},
		{"GET", "/api/watchlists/vips", "", 404, `vips`},
		{"GET", "/api/functions", "", 200, `{"functions":[]}`},
		{"PUT", "/api/functions/Twice", `{"parameters":"(x: long)","body":"x * 2"}`, 200, `"name":"Twice"`},
		{"GET", "/api/functions/Twice", "", 200, `"body":"x * 2"`},
		{"GET", "/api/functions", "", 200, `"parameters":"(x: long)"`},
		{"PUT", "/api/functions/Twice", `{"body":"print ("}`, 400, `Twice`},
		{"DELETE", "/api/functions/Twice", "", 204, ``},
		{"DELETE", "/api/functions/Twice", "", 404, `Twice`},
	} {
		r := httptest.NewRequest(c.method, "http://127.0.0.1:8080"+c.path, strings.NewReader(c.body))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
			t.Errorf("%s %s: %d %s; want %d with %s", c.method, c.path, w.Code, w.Body, c.status, c.says)
		}
	}
}
