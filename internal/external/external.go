// Package external reads what queries ask for from outside of the store: files on hosts that the configuration allows, and nothing else.
//
// It imports internal/fault and the standard library.
package external

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
)

// Options configure a Reader. Zero values mean the defaults.
type Options struct {
	Allow    []string       // what may be read: see Parse
	MaxBytes int64          // of one file as it is sent; 0: 64 MiB
	Timeout  time.Duration  // of one file; 0: 30 s
	RootCAs  *x509.CertPool // nil: the system's
}

// Key is the name of the setting that allows hosts, for errors that tell the user what to do.
const Key = "query.externaldata.allow"

const (
	defaultBytes   = 64 << 20
	defaultTimeout = 30 * time.Second
	maxRedirects   = 5
)

// Reader reads files. It is safe for concurrent use.
type Reader struct {
	allow    []Rule
	maxBytes int64
	timeout  time.Duration
	client   *http.Client
}

// New makes a reader; fault.Invalid when an entry of Allow cannot be understood.
func New(o Options) (*Reader, error) {
	r := &Reader{maxBytes: o.MaxBytes, timeout: o.Timeout}
	if r.maxBytes <= 0 {
		r.maxBytes = defaultBytes
	}
	if r.timeout <= 0 {
		r.timeout = defaultTimeout
	}
	for _, entry := range o.Allow {
		rule, err := Parse(entry)
		if err != nil {
			return nil, fault.New(fault.Invalid, "configuration", "%s: %w", Key, err)
		}
		r.allow = append(r.allow, rule)
	}
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: r.control}
	r.client = &http.Client{
		// No proxy: the address that is dialled is the one that is checked.
		Transport: &http.Transport{DialContext: dialer.DialContext, TLSClientConfig: &tls.Config{RootCAs: o.RootCAs, MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout: 10 * time.Second, ForceAttemptHTTP2: true, MaxIdleConns: 4, IdleConnTimeout: 30 * time.Second, DisableCompression: true},
		CheckRedirect: func(req *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return fmt.Errorf("more than %d redirects", maxRedirects)
			}
			return r.allowed(req.URL)
		},
	}
	return r, nil
}

// Fetch reads the file at an address. fault.Forbidden when it, or where it leads, is not allowed; fault.Exhausted when it is too large or
// takes too long; fault.Unavailable or fault.NotFound when the host does not give it.
func (r *Reader) Fetch(ctx context.Context, address string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, fault.New(fault.Invalid, "", "externaldata: %q is not an address like https://host/path", address)
	}
	if err := r.allowed(u); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, fault.New(fault.Invalid, "", "externaldata: %w", err)
	}
	req.Header.Set("User-Agent", "Vedette")
	resp, err := r.client.Do(req)
	if err != nil {
		return nil, r.failed(ctx, u, err)
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusGone:
		return nil, fault.New(fault.NotFound, "", "externaldata: there is nothing at %s", redacted(u))
	case resp.StatusCode != http.StatusOK:
		return nil, fault.New(fault.Unavailable, "", "externaldata: %s answers %s", redacted(u), resp.Status)
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, r.maxBytes+1))
	if err != nil {
		return nil, r.failed(ctx, u, err)
	}
	if int64(len(data)) > r.maxBytes {
		return nil, fault.New(fault.Exhausted, "", "externaldata: %s is larger than %d MiB", redacted(u), r.maxBytes>>20).WithHint("raise query.externaldata.max_size in the configuration")
	}
	return data, nil
}

// redacted writes an address without what signs in.
func redacted(u *url.URL) string {
	shown := *u
	shown.User, shown.RawQuery, shown.Fragment = nil, "", ""
	return shown.String()
}

// failed is the error of a request that had no answer.
func (r *Reader) failed(ctx context.Context, u *url.URL, err error) error {
	var refused *fault.Error
	switch {
	case errors.As(err, &refused):
		return refused
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fault.New(fault.Exhausted, "", "externaldata: %s was not read within %v", redacted(u), r.timeout).WithHint("raise query.externaldata.timeout in the configuration")
	case ctx.Err() != nil:
		return fault.New(fault.Canceled, "", "externaldata: %w", ctx.Err())
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err // without the address, which may hold a signature
	}
	return fault.New(fault.Unavailable, "", "externaldata: %s: %w", redacted(u), err)
}

// allowed says whether an address is among those of the configuration.
func (r *Reader) allowed(u *url.URL) error {
	for _, rule := range r.allow {
		if rule.matches(u) {
			return nil
		}
	}
	return fault.New(fault.Forbidden, "", "externaldata: %s://%s is not among the allowed hosts", u.Scheme, u.Host).
		WithHint("add %q to %s in the configuration", u.Scheme+"://"+u.Host, Key)
}

// control looks at the address that is about to be dialled: a name must not lead into the own network.
func (r *Reader) control(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%q is no address: %w", address, err)
	}
	ip := at.Addr().Unmap().WithZone("")
	if public(ip) {
		return nil
	}
	for _, rule := range r.allow {
		if rule.network.IsValid() && rule.network.Contains(ip) {
			return nil
		}
	}
	return fault.New(fault.Forbidden, "", "externaldata: %s is an address of a private network", ip).
		WithHint("add it, or its network such as 10.0.0.0/8, to %s in the configuration", Key)
}
