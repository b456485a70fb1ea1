package defender

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
)

// server answers token requests itself and gives the rest to h.
func server(t *testing.T, h http.HandlerFunc) (*Client, *atomic.Int32) {
	t.Helper()
	var tokens atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/oauth2/v2.0/token") {
			h(w, r)
			return
		}
		n := tokens.Add(1)
		if err := r.ParseForm(); err != nil || r.Form.Get("grant_type") != "client_credentials" || r.Form.Get("client_secret") != "s3cret" {
			w.WriteHeader(401)
			fmt.Fprint(w, `{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided. Trace ID: x","error_codes":[7000215]}`)
			return
		}
		claims, _ := json.Marshal(map[string]any{"roles": []string{"SecurityIncident.Read.All"}, "tid": "t1", "n": n})
		token := "h." + base64.RawURLEncoding.EncodeToString(claims) + ".s"
		fmt.Fprintf(w, `{"token_type":"Bearer","expires_in":3599,"access_token":%q}`, token)
	}))
	t.Cleanup(s.Close)
	c := New(Config{TenantID: "t1", ClientID: "c1", Secret: func() (string, error) { return "s3cret", nil },
		Cloud: Cloud{Login: s.URL, Graph: s.URL, MDE: s.URL}, HTTP: s.Client(), PerMinute: 60000, MaxWait: 20 * time.Millisecond})
	return c, &tokens
}

func TestDoRetriesWhatMayPass(t *testing.T) {
	for _, c := range []struct {
		name  string
		fails []int
		want  fault.Kind
		calls int
		req   Request
	}{
		{"none", nil, "", 1, Request{}},
		{"throttled twice", []int{429, 429}, "", 3, Request{}},
		{"unavailable", []int{503, 502, 504, 408}, "", 5, Request{}},
		{"for ever", []int{503, 503, 503, 503, 503, 503}, fault.Unavailable, 5, Request{}},
		{"500", []int{500}, "", 2, Request{}},
		{"500 known to be permanent", []int{500, 500}, fault.Unavailable, 1, Request{Once500: true}},
		{"once", []int{503, 503}, fault.Unavailable, 1, Request{Once: true}},
		{"once and throttled", []int{429, 429}, fault.Throttled, 1, Request{Once: true}},
		{"once and a token revoked", []int{401}, "", 2, Request{Once: true}},
		{"bad request", []int{400}, fault.Invalid, 1, Request{}},
		{"forbidden", []int{403}, fault.Forbidden, 1, Request{}},
		{"gone", []int{404}, fault.NotFound, 1, Request{}},
		{"token revoked once", []int{401}, "", 2, Request{}},
		{"never authorised", []int{401, 401}, fault.Unauthorized, 2, Request{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			calls := 0
			client, _ := server(t, func(w http.ResponseWriter, _ *http.Request) {
				calls++
				if calls <= len(c.fails) {
					w.WriteHeader(c.fails[calls-1])
					fmt.Fprint(w, `{"error":{"code":"X","message":"no","innerError":{"request-id":"r-1"}}}`)
					return
				}
				fmt.Fprint(w, `{"value":[{"id":"1"}]}`)
			})
			c.req.Resource, c.req.Path = Graph, "/v1.0/security/incidents?$top=50"
			_, err := client.Do(context.Background(), c.req)
			if fault.KindOf(err) != c.want || calls != c.calls {
				t.Errorf("error %v after %d calls, want %q after %d", err, calls, c.want, c.calls)
			}
			if err != nil && !strings.Contains(err.Error(), "r-1") {
				t.Errorf("%v lacks the request id", err)
			}
		})
	}
}

func TestForbiddenNamesThePermission(t *testing.T) {
	client, _ := server(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) })
	_, err := client.Do(context.Background(), Request{Resource: Graph, Path: "/v1.0/security/alerts_v2"})
	if !strings.Contains(fault.HintOf(err), "missing SecurityAlert.Read.All: Entra admin centre → App registrations → API permissions") {
		t.Errorf("hint %q", fault.HintOf(err))
	}
}

func TestTokenIsKeptAndRead(t *testing.T) {
	client, tokens := server(t, func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer h.") || r.Header.Get("Prefer") != "include-unknown-enum-members" {
			w.WriteHeader(400)
		}
		fmt.Fprint(w, `{}`)
	})
	for range 3 {
		if _, err := client.Do(context.Background(), Request{Resource: Graph, Path: "/v1.0/x"}); err != nil {
			t.Fatal(err)
		}
	}
	tok, err := client.Token(context.Background(), Graph)
	if err != nil || tokens.Load() != 1 || tok.TenantID != "t1" || !tok.Has("SecurityIncident.Read.All") || tok.Has("SecurityAlert.Read.All") {
		t.Errorf("%d token requests; roles %v of tenant %s; %v", tokens.Load(), tok.Roles, tok.TenantID, err)
	}
}

func TestWrongSecretSaysWhatToDoWithoutSayingTheSecret(t *testing.T) {
	client, _ := server(t, nil)
	client.cfg.Secret = func() (string, error) { return "wrong-one", nil }
	_, err := client.Do(context.Background(), Request{Resource: Graph, Path: "/v1.0/x"})
	if !fault.Is(err, fault.Unauthorized) || !strings.Contains(err.Error(), "AADSTS7000215") || !strings.Contains(err.Error(), "not its Secret ID") {
		t.Errorf("error %v", err)
	}
	if strings.Contains(err.Error(), "wrong-one") || strings.Contains(err.Error(), "Trace ID") {
		t.Errorf("error says too much: %v", err)
	}
}

func TestTokenGoesNowhereElse(t *testing.T) {
	client, _ := server(t, func(http.ResponseWriter, *http.Request) {})
	_, err := client.Do(context.Background(), Request{Resource: Graph, Path: "https://evil.example/next"})
	if !fault.Is(err, fault.Invalid) {
		t.Errorf("error %v", err)
	}
}

func TestCancelDuringWait(t *testing.T) {
	client, _ := server(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(429)
	})
	client.cfg.MaxWait = time.Hour
	ctx, stop := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer stop()
	if _, err := client.Do(ctx, Request{Resource: Graph, Path: "/v1.0/x"}); !fault.Is(err, fault.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestTopLimit(t *testing.T) {
	err := fault.New(fault.Invalid, "", "HTTP 400 BadRequest: The limit of '50' for Top query has been exceeded. The value from the incoming request is '200'.")
	if n, ok := TopLimit(err); !ok || n != 50 {
		t.Errorf("%d, %v", n, ok)
	}
	if _, ok := TopLimit(fault.New(fault.Invalid, "", "something else")); ok {
		t.Error("found a limit where there is none")
	}
}
