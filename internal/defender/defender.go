// Package defender is the HTTP client of Microsoft Graph's security API and the Defender for Endpoint API: tokens, paging, throttling, error
// bodies. It makes no decisions: what to ask and what to do with it is the collectors' matter.
//
// It imports internal/fault and the standard library.
package defender

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
)

// Resource is one of the APIs; each has tokens of its own.
type Resource string

// The APIs.
const (
	Graph    Resource = "graph"
	Endpoint Resource = "mde"
)

// Cloud is the addresses of one of Microsoft's clouds. Tokens of one are not valid in another.
type Cloud struct {
	Login, Graph, MDE string // scheme and host
	GraphScope        string
	MDEScope          string
}

// Clouds by their names in the configuration. China has no Defender for Endpoint API.
var Clouds = map[string]Cloud{
	"global":  {"https://login.microsoftonline.com", "https://graph.microsoft.com", "https://api.security.microsoft.com", "https://graph.microsoft.com/.default", "https://api.securitycenter.microsoft.com/.default"},
	"gcchigh": {"https://login.microsoftonline.us", "https://graph.microsoft.us", "https://api-gov.securitycenter.microsoft.us", "https://graph.microsoft.us/.default", "https://api-gov.securitycenter.microsoft.us/.default"},
	"dod":     {"https://login.microsoftonline.us", "https://dod-graph.microsoft.us", "https://api-gov.securitycenter.microsoft.us", "https://dod-graph.microsoft.us/.default", "https://api-gov.securitycenter.microsoft.us/.default"},
	"china":   {"https://login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn", "", "https://microsoftgraph.chinacloudapi.cn/.default", ""},
}

// Config is what a Client needs.
type Config struct {
	TenantID, ClientID string
	Secret             func() (string, error) // read anew for each token, so that a rotated secret is taken up
	Cloud              Cloud
	HTTP               *http.Client  // nil: a client with sensible time-outs
	PerMinute          int           // requests a minute for each API; 0: 120, below Graph's 150
	HuntsPerMinute     int           // hunting queries a minute; 0: as many as the service's hourly limit allows, with room for others
	MaxWait            time.Duration // longest wait between two tries; 0: two minutes
	Log                *slog.Logger  // nil: none
}

// Client asks the APIs of one tenant. It is safe for concurrent use.
type Client struct {
	cfg    Config
	log    *slog.Logger
	budget map[Resource]*budget
	// hunting is shared by all who hunt through this client: one client a tenant is one budget a tenant
	hunting *budget

	mu     sync.Mutex
	tokens map[Resource]Token
	skew   time.Duration
}

// maxBody bounds an answer: the largest page is far below.
const maxBody = 128 << 20

// tries is how often a request is sent before its failure is reported.
const tries = 5

// New makes a client. It asks nothing yet.
func New(cfg Config) *Client {
	if cfg.HTTP == nil {
		cfg.HTTP = &http.Client{Timeout: 2 * time.Minute}
	}
	if cfg.PerMinute == 0 {
		cfg.PerMinute = 120
	}
	if cfg.MaxWait == 0 {
		cfg.MaxWait = 2 * time.Minute
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	hunting := newBurst(huntsPerMinute, huntsBurst)
	if cfg.HuntsPerMinute > 0 {
		hunting = newBudget(cfg.HuntsPerMinute)
	}
	return &Client{cfg: cfg, log: cfg.Log, tokens: map[Resource]Token{}, hunting: hunting,
		budget: map[Resource]*budget{Graph: newBudget(cfg.PerMinute), Endpoint: newBudget(cfg.PerMinute)}}
}

// TenantID gives the tenant that the client asks.
func (c *Client) TenantID() string { return c.cfg.TenantID }

// Skew is how far this machine's clock is ahead of the other side's, as of the last answer.
func (c *Client) Skew() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.skew
}

// base gives the address of an API.
func (c *Client) base(r Resource) string {
	if r == Endpoint {
		return c.cfg.Cloud.MDE
	}
	return c.cfg.Cloud.Graph
}

// Request is one call.
type Request struct {
	Resource Resource
	Method   string // "" means GET
	Path     string // "/v1.0/security/incidents?…", or a whole URL of the API's host (a nextLink)
	Body     any    // sent as JSON when not nil
	Once500  bool   // a 500 is not retried: it is known to be permanent for some requests ($expand on big incidents)
	Once     bool   // sent again only when the token was refused; the caller decides about anything else, knowing that it is no repetition
}

// Do sends r and gives the body of its 2xx answer. It waits for the request budget, retries what may pass (429, 502, 503, 504, 408, lost
// connections; 500 too unless Once500) and renews a token that is refused. A request that must not be carried out twice, or whose repetition
// must be known of, is sent with Once.
// Errors are fault.Error: Unauthorized, Forbidden, NotFound, Throttled, Unavailable, Invalid (the API refused the request as such).
func (c *Client) Do(ctx context.Context, r Request) ([]byte, error) {
	if r.Method == "" {
		r.Method = http.MethodGet
	}
	target, err := c.target(r)
	if err != nil {
		return nil, err
	}
	var body []byte
	if r.Body != nil {
		if body, err = json.Marshal(r.Body); err != nil {
			return nil, fault.New(fault.Internal, opOf(r, target), "%w", err)
		}
	}
	renewed := false
	for try := 1; ; try++ {
		answer, err := c.send(ctx, r, target, body)
		if err == nil || ctx.Err() != nil {
			return answer, err
		}
		if fault.Is(err, fault.Unauthorized) && !renewed {
			renewed = true
			c.forget(r.Resource)
			continue
		}
		kind := fault.KindOf(err)
		if try >= tries || r.Once || kind != fault.Throttled && kind != fault.Unavailable || r.Once500 && isInternal(err) {
			return nil, err
		}
		wait := c.wait(err, try)
		c.log.Debug("a request will be sent again", "path", target.Path, "error", err, "wait", wait)
		if err := sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// target resolves the path, and refuses an address that is not the API's own: a token must not go elsewhere.
func (c *Client) target(r Request) (*url.URL, error) {
	base, err := url.Parse(c.base(r.Resource))
	if err != nil || base.Host == "" {
		return nil, fault.New(fault.Unsupported, "ask "+string(r.Resource), "this cloud has no such API")
	}
	u, err := base.Parse(r.Path)
	if err != nil {
		return nil, fault.New(fault.Internal, "ask "+string(r.Resource), "bad address: %w", err)
	}
	if u.Host != base.Host || u.Scheme != base.Scheme {
		return nil, fault.New(fault.Invalid, "ask "+string(r.Resource), "the answer points to %s, which is not %s", u.Host, base.Host).WithHint("the request was not sent, to keep the token private")
	}
	return u, nil
}

func (c *Client) send(ctx context.Context, r Request, target *url.URL, body []byte) ([]byte, error) {
	op := opOf(r, target)
	token, err := c.Token(ctx, r.Resource)
	if err != nil {
		return nil, err
	}
	if err := c.budgetOf(r).take(ctx); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, target.String(), bytes.NewReader(body))
	if err != nil {
		return nil, fault.New(fault.Internal, op, "%w", err)
	}
	req.Header.Set("Authorization", "Bearer "+token.secret)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Prefer", "include-unknown-enum-members")
	req.Header.Set("User-Agent", "Vedette")
	if body != nil {
		req.Header.Set("Content-Type", "application/json; charset=utf-8")
	}
	resp, err := c.cfg.HTTP.Do(req)
	if err != nil {
		return nil, lost(ctx, op, err)
	}
	defer resp.Body.Close()
	c.clock(resp)
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	switch {
	case err != nil:
		return nil, lost(ctx, op, err)
	case len(text) > maxBody:
		return nil, fault.New(fault.Exhausted, op, "the answer is larger than %d MiB", maxBody>>20)
	case resp.StatusCode/100 == 2:
		return text, nil
	}
	return nil, refused(op, target, resp, text)
}

// clock compares the answer's Date with our own clock.
func (c *Client) clock(resp *http.Response) {
	if at, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		c.mu.Lock()
		c.skew = time.Since(at)
		c.mu.Unlock()
	}
}

// wait is how long the other side asked for, or twice as long after each try, with some chance in it so that clients do not fall into step.
func (c *Client) wait(err error, try int) time.Duration {
	var f *fault.Error
	if as(err, &f) && f.RetryAfter > 0 {
		return min(f.RetryAfter, c.cfg.MaxWait)
	}
	d := 500 * time.Millisecond << (try - 1)
	return min(d/2+rand.N(d), c.cfg.MaxWait)
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return fault.New(fault.Canceled, "wait", "%w", ctx.Err())
	case <-t.C:
		return nil
	}
}

func opOf(r Request, target *url.URL) string {
	m := r.Method
	if m == "" {
		m = http.MethodGet
	}
	return m + " " + target.Path
}

// Page is one page of a collection.
type Page struct {
	Value []json.RawMessage `json:"value"`
	Next  string            `json:"@odata.nextLink"`
	Delta string            `json:"@odata.deltaLink"`
	Count *int64            `json:"@odata.count"`
}

// Page asks for one page; path may be a nextLink.
func (c *Client) Page(ctx context.Context, r Request) (Page, error) {
	text, err := c.Do(ctx, r)
	if err != nil {
		return Page{}, err
	}
	var p Page
	if err := json.Unmarshal(text, &p); err != nil {
		return Page{}, fault.New(fault.Unavailable, "read "+string(r.Resource), "the answer is not the JSON of a page: %w", err)
	}
	return p, nil
}

// topLimit finds the N of "The limit of 'N' for Top query has been exceeded".
func TopLimit(err error) (int, bool) {
	if err == nil {
		return 0, false
	}
	_, rest, ok := strings.Cut(err.Error(), "The limit of '")
	if !ok {
		return 0, false
	}
	number, rest, _ := strings.Cut(rest, "'")
	n, convErr := strconv.Atoi(number)
	return n, convErr == nil && n > 0 && strings.HasPrefix(rest, " for Top query")
}

// String says what the client is for, without secrets.
func (c *Client) String() string {
	return fmt.Sprintf("client %s of tenant %s", c.cfg.ClientID, c.cfg.TenantID)
}
