package defender

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
)

func as(err error, to **fault.Error) bool { return errors.As(err, to) }

// internalError marks an HTTP 500.
type internalError struct{ error }

func (e internalError) Unwrap() error { return e.error }

func isInternal(err error) bool {
	var i internalError
	return errors.As(err, &i)
}

// IsInternal reports whether err is an HTTP 500 of the API itself, which for some requests is permanent.
func IsInternal(err error) bool { return isInternal(err) }

// lost is a connection that failed, or the caller's own cancellation.
func lost(ctx context.Context, op string, err error) error {
	if ctx.Err() != nil {
		return fault.New(fault.Canceled, op, "%w", ctx.Err())
	}
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err // without the address, which may carry a query
	}
	return fault.New(fault.Unavailable, op, "%w", err).WithHint("check the network, the proxy, and that this machine trusts the other side's certificate")
}

// envelope is the error body of Graph and of the Defender APIs.
type envelope struct {
	Error struct {
		Code       string          `json:"code"`
		Message    string          `json:"message"`
		Target     string          `json:"target"`
		InnerError json.RawMessage `json:"innerError"`
		Innererror json.RawMessage `json:"innererror"`
	} `json:"error"`
}

// refused makes the fault of an answer that is not 2xx. The body may be JSON in the usual envelope, HTML or nothing.
func refused(op string, target *url.URL, resp *http.Response, text []byte) error {
	var e envelope
	message := resp.Status
	if json.Unmarshal(text, &e) == nil && (e.Error.Code != "" || e.Error.Message != "") {
		message = e.Error.Code
		if e.Error.Message != "" {
			message += ": " + e.Error.Message
		}
		if id := requestID(e, resp); id != "" {
			message += " [request-id " + id + "]"
		}
	} else if len(text) > 0 && !bytes.HasPrefix(bytes.TrimSpace(text), []byte("<")) {
		message += ": " + string(text[:min(len(text), 200)])
	}
	f := &fault.Error{Op: op, Err: fmt.Errorf("HTTP %d %s", resp.StatusCode, message), RetryAfter: retryAfter(resp)}
	switch code := resp.StatusCode; {
	case code == http.StatusTooManyRequests:
		f.Kind, f.Hint = fault.Throttled, "the tenant's request quota is used up; it is tried again by itself"
	case code == http.StatusUnauthorized:
		f.Kind, f.Hint = fault.Unauthorized, "the token was refused: check tenant, client id and secret"
	case code == http.StatusForbidden:
		f.Kind, f.Hint = fault.Forbidden, permissionHint(target.Path)
	case code == http.StatusNotFound:
		f.Kind = fault.NotFound
	case code == http.StatusConflict, code == http.StatusPreconditionFailed:
		f.Kind = fault.Conflict
	case code == http.StatusRequestTimeout, code >= 500:
		f.Kind = fault.Unavailable
		if code == http.StatusInternalServerError {
			f.Err = internalError{f.Err}
		}
	default:
		f.Kind = fault.Invalid
	}
	return f
}

func requestID(e envelope, resp *http.Response) string {
	for _, raw := range []json.RawMessage{e.Error.InnerError, e.Error.Innererror} {
		var inner struct {
			ID string `json:"request-id"`
		}
		if len(raw) > 0 && json.Unmarshal(raw, &inner) == nil && inner.ID != "" {
			return inner.ID
		}
	}
	return resp.Header.Get("request-id")
}

func retryAfter(resp *http.Response) time.Duration {
	for _, name := range []string{"retry-after-ms", "x-ms-retry-after-ms"} {
		if ms, err := strconv.Atoi(resp.Header.Get(name)); err == nil && ms > 0 {
			return time.Duration(ms) * time.Millisecond
		}
	}
	v := resp.Header.Get("Retry-After")
	if s, err := strconv.Atoi(v); err == nil && s > 0 {
		return time.Duration(s) * time.Second
	}
	if at, err := http.ParseTime(v); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}

// Permission gives the least application permission that a path of the APIs needs, "" where it is not known.
func Permission(path string) string {
	switch {
	case strings.Contains(path, "/security/incidents"):
		return "SecurityIncident.Read.All"
	case strings.Contains(path, "/security/alerts_v2"):
		return "SecurityAlert.Read.All"
	case strings.Contains(path, "/security/runHuntingQuery"):
		return "ThreatHunting.Read.All"
	case strings.Contains(path, "ulnerabilit"):
		return "Vulnerability.Read.All"
	case strings.Contains(path, "/api/machines"):
		return "Machine.Read.All"
	case strings.Contains(path, "/users"):
		return "User.Read.All"
	}
	return ""
}

func permissionHint(path string) string {
	if p := Permission(path); p != "" {
		return MissingPermission(p)
	}
	return "the application lacks a permission, or the tenant a licence, for this"
}

// MissingPermission tells where an application permission is granted.
func MissingPermission(name string) string {
	return "missing " + name + ": Entra admin centre → App registrations → API permissions → add it as an application permission and grant admin consent"
}

// advice for the AADSTS codes that a client-credentials sign-in meets; the kind says whether waiting helps.
var advice = map[int]struct {
	kind fault.Kind
	hint string
}{
	7000215: {fault.Unauthorized, "the client secret is wrong: copy the secret's Value, not its Secret ID"},
	7000222: {fault.Unauthorized, "the client secret has expired: make a new one under Certificates & secrets and put its Value where client_secret points to"},
	700016:  {fault.Unauthorized, "no application with this client_id is in this tenant: check client_id, the tenant's id, and cloud"},
	90002:   {fault.Unauthorized, "there is no such tenant: check its id, and cloud"},
	900023:  {fault.Unauthorized, "the tenant's id is neither a GUID nor a domain"},
	7000112: {fault.Forbidden, "the application is disabled in this tenant: enable it under Enterprise applications"},
	7000113: {fault.Forbidden, "the application is disabled: ask its owner"},
	500011:  {fault.Forbidden, "the tenant has no licence for this API"},
	65001:   {fault.Forbidden, "an administrator has not consented to the application's permissions"},
	53003:   {fault.Forbidden, "a Conditional Access policy for workload identities blocks this application"},
	50196:   {fault.Unavailable, ""},
	90033:   {fault.Unavailable, ""},
}

// aadsts makes the fault of a token request that Entra ID refused.
func aadsts(op string, resp *http.Response, text []byte) error {
	var body struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
		Codes       []int  `json:"error_codes"`
	}
	f := &fault.Error{Op: op, RetryAfter: retryAfter(resp)}
	if json.Unmarshal(text, &body) != nil || body.Error == "" {
		f.Kind, f.Err = fault.Unavailable, fmt.Errorf("HTTP %s", resp.Status)
		return f
	}
	first, _, _ := strings.Cut(body.Description, "\r\n")
	first, _, _ = strings.Cut(first, " Trace ID:")
	f.Err = errors.New(first)
	f.Kind, f.Hint = fault.Unauthorized, "check tenant, client_id and secret"
	for _, code := range body.Codes {
		if a, ok := advice[code]; ok {
			f.Kind, f.Hint = a.kind, a.hint
		}
	}
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		f.Kind = fault.Throttled
	case resp.StatusCode >= 500:
		f.Kind = fault.Unavailable
	}
	return f
}
