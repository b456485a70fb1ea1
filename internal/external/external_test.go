package external_test

import (
	"bytes"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/external"
	"github.com/vedette-siem/vedette/internal/fault"
)

func reader(t *testing.T, o external.Options) *external.Reader {
	t.Helper()
	r, err := external.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestFetch(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte("secret")) }))
	defer other.Close()
	release := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("/a.csv", func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte("x,1\n")) })
	mux.HandleFunc("/here", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/a.csv", http.StatusFound) })
	mux.HandleFunc("/away", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, http.StatusFound) })
	mux.HandleFunc("/round", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/round", http.StatusFound) })
	mux.HandleFunc("/large", func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write(bytes.Repeat([]byte("x"), 3<<20)) })
	mux.HandleFunc("/broken", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	mux.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	server := httptest.NewTLSServer(mux)
	defer server.Close()
	defer close(release)
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	r := reader(t, external.Options{Allow: []string{server.URL}, MaxBytes: 1 << 20, Timeout: 500 * time.Millisecond, RootCAs: pool})
	for _, path := range []string{"/a.csv", "/here", "/a.csv?sig=1"} {
		if data, err := r.Fetch(t.Context(), server.URL+path); err != nil || string(data) != "x,1\n" {
			t.Errorf("%s: %q, %v", path, data, err)
		}
	}
	for _, c := range []struct {
		address string
		kind    fault.Kind
		says    string
	}{
		{server.URL + "/away", fault.Forbidden, external.Key},
		{other.URL, fault.Forbidden, external.Key},
		{strings.Replace(server.URL, "https:", "http:", 1) + "/a.csv", fault.Forbidden, external.Key},
		{"file:///etc/passwd", fault.Invalid, "address"},
		{"not an address", fault.Invalid, "address"},
		{server.URL + "/none", fault.NotFound, "/none"},
		{server.URL + "/broken", fault.Unavailable, "502"},
		{server.URL + "/large", fault.Exhausted, "max_size"},
		{server.URL + "/slow", fault.Exhausted, "timeout"},
		{server.URL + "/round", fault.Unavailable, "redirects"},
	} {
		data, err := r.Fetch(t.Context(), c.address)
		if !fault.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) || len(data) > 0 {
			t.Errorf("%s: %q, %v (%s); want %s, saying %s", c.address, data, err, fault.KindOf(err), c.kind, c.says)
		}
	}
	if _, err := r.Fetch(t.Context(), server.URL+"/slow?sig=secret"); strings.Contains(err.Error(), "secret") {
		t.Errorf("the error tells the signature: %v", err)
	}
}

// TestPrivate: a name that is allowed must not lead into a private network, unless that is allowed too.
func TestPrivate(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte("ok")) }))
	defer server.Close()
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	named := "http://localhost:" + u.Port()
	if _, err := reader(t, external.Options{Allow: []string{named}}).Fetch(t.Context(), named); !fault.Is(err, fault.Forbidden) || !strings.Contains(err.Error(), "private") {
		t.Errorf("a private address: %v", err)
	}
	if data, err := reader(t, external.Options{Allow: []string{named, "127.0.0.0/8", "::1/128"}}).Fetch(t.Context(), named); err != nil || string(data) != "ok" {
		t.Errorf("an allowed private network: %q, %v", data, err)
	}
}

func TestRules(t *testing.T) {
	for _, c := range []struct {
		allow, address string
		ok             bool
	}{
		{"https://a.example", "https://a.example/x", true},
		{"a.example", "https://A.example/x", true},
		{"a.example", "https://a.example:443/x", true},
		{"a.example", "https://a.example:8443/x", false},
		{"a.example", "http://a.example/x", false},
		{"a.example", "https://b.a.example/x", false},
		{"a.example", "https://a.example.evil.example/x", false},
		{"a.example", "https://a.example@evil.example/x", false},
		{"https://*.a.example", "https://b.a.example/x", true},
		{"https://*.a.example", "https://evila.example/x", false},
		{"https://a.example/team/", "https://a.example/team/list.csv", true},
		{"https://a.example/team", "https://a.example/teams/list.csv", false},
		{"https://a.example/team", "https://a.example/team/../other/list.csv", false},
		{"https://a.example/team", "https://a.example/team/%2e%2e/other/list.csv", false},
		{"10.0.0.0/8", "https://10.0.0.1/x", false},
	} {
		rule, err := external.Parse(c.allow)
		if err != nil {
			t.Errorf("%s: %v", c.allow, err)
			continue
		}
		if got := external.Allows(rule, c.address); got != c.ok {
			t.Errorf("%s allows %s: %v", c.allow, c.address, got)
		}
	}
	for _, bad := range []string{"", "*", "https://*", "https://*.com", "ftp://a.example", "https://u:p@a.example", "https://a.example?x=1", "https://a*b.example"} {
		if _, err := external.New(external.Options{Allow: []string{bad}}); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), external.Key) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestPublic(t *testing.T) {
	for ip, want := range map[string]bool{"8.8.8.8": true, "2606:4700::1111": true, "127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false,
		"169.254.169.254": false, "100.64.0.1": false, "0.0.0.0": false, "::1": false, "fe80::1": false, "fd00::1": false, "224.0.0.1": false, "64:ff9b::a00:1": false, "2002:a00:1::": false} {
		if external.Public(ip) != want {
			t.Errorf("%s: %v", ip, !want)
		}
	}
}
