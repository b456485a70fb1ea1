package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

// built is a small console: a page, a plain file, a hashed asset that is stored compressed.
func built(t *testing.T) *Handler {
	t.Helper()
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	if _, err := io.WriteString(w, "export const answer = 42"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return newHandler(fstest.MapFS{
		"placeholder.html":            {Data: []byte("run make build")},
		"dist/index.html":             {Data: []byte("<title>Vedette</title>")},
		"dist/favicon.svg":            {Data: []byte("<svg/>")},
		"dist/assets/main-1a2b.js.gz": {Data: z.Bytes()},
	})
}

func get(t *testing.T, h http.Handler, method, path, encoding string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	if encoding != "" {
		r.Header.Set("Accept-Encoding", encoding)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestRoutes(t *testing.T) {
	h := built(t)
	for _, c := range []struct {
		method, path string
		status       int
		kind, cache  string
		body         string
	}{
		{"GET", "/", 200, "text/html; charset=utf-8", "no-cache", "<title>Vedette</title>"},
		{"GET", "/index.html", 200, "text/html; charset=utf-8", "no-cache", "<title>Vedette</title>"},
		{"GET", "/hunting?q=abc", 200, "text/html; charset=utf-8", "no-cache", "<title>Vedette</title>"},
		{"GET", "/incidents/12", 200, "text/html; charset=utf-8", "no-cache", "<title>Vedette</title>"},
		{"GET", "/../../etc/passwd", 200, "text/html; charset=utf-8", "no-cache", "<title>Vedette</title>"},
		{"GET", "/assets", 200, "text/html; charset=utf-8", "no-cache", "<title>Vedette</title>"},
		{"GET", "/favicon.svg", 200, "image/svg+xml", "no-cache", "<svg/>"},
		{"GET", "/assets/main-1a2b.js", 200, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", "export const answer = 42"},
		{"HEAD", "/", 200, "text/html; charset=utf-8", "no-cache", ""},
		{"GET", "/assets/gone-0000.js", 404, "text/plain; charset=utf-8", "", "another version"},
		{"POST", "/", 405, "text/plain; charset=utf-8", "", "GET and HEAD"},
	} {
		res := get(t, h, c.method, c.path, "")
		got := body(t, res)
		if res.StatusCode != c.status || res.Header.Get("Content-Type") != c.kind || res.Header.Get("Cache-Control") != c.cache || !strings.Contains(got, c.body) {
			t.Errorf("%s %s: %d %q %q %q; want %d %q %q containing %q", c.method, c.path, res.StatusCode,
				res.Header.Get("Content-Type"), res.Header.Get("Cache-Control"), got, c.status, c.kind, c.cache, c.body)
		}
	}
}

func TestCompressed(t *testing.T) {
	h := built(t)
	for encoding, want := range map[string]string{
		"gzip, deflate, br":    "gzip",
		"br;q=1.0, gzip;q=0.8": "gzip",
		"*":                    "gzip",
		"gzip;q=0":             "",
		"gzip; q=0.0, br":      "",
		"br":                   "",
		"":                     "",
	} {
		res := get(t, h, "GET", "/assets/main-1a2b.js", encoding)
		if got := res.Header.Get("Content-Encoding"); got != want {
			t.Errorf("Accept-Encoding %q: Content-Encoding %q, want %q", encoding, got, want)
		}
		if res.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("Accept-Encoding %q: no Vary header; a cache could hand gzip to a client that cannot read it", encoding)
		}
		text := body(t, res)
		if want == "gzip" {
			plain, err := gunzip([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			text = string(plain)
		}
		if text != "export const answer = 42" {
			t.Errorf("Accept-Encoding %q: body %q", encoding, text)
		}
	}
}

func TestSecurityHeaders(t *testing.T) {
	res := get(t, built(t), "GET", "/incidents", "")
	csp := res.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self';", "connect-src 'self'", "frame-ancestors 'none'"} {
		if !strings.Contains(csp, want) {
			t.Errorf("content security policy %q lacks %q", csp, want)
		}
	}
	if strings.Contains(csp, "unsafe-eval") || strings.Contains(csp, "http") {
		t.Errorf("content security policy %q allows eval or another origin", csp)
	}
	for _, name := range []string{"X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy"} {
		if res.Header.Get(name) == "" {
			t.Errorf("no %s header", name)
		}
	}
}

func TestWithoutConsole(t *testing.T) {
	h := newHandler(fstest.MapFS{"placeholder.html": {Data: []byte("run make build")}})
	if h.Built() {
		t.Error("Built() is true without a console")
	}
	for _, path := range []string{"/", "/hunting", "/assets/x.js"} {
		if got := body(t, get(t, h, "GET", path, "")); got != "run make build" {
			t.Errorf("GET %s: %q, want the placeholder", path, got)
		}
	}
}

// TestEmbedded holds for a fresh clone and for a built console: there is always a page, and it names Vedette.
func TestEmbedded(t *testing.T) {
	res := get(t, New(), "GET", "/", "")
	if got := body(t, res); res.StatusCode != 200 || !strings.Contains(got, "<title>Vedette</title>") {
		t.Errorf("GET /: %d %q", res.StatusCode, got)
	}
}
