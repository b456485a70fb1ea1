package elastic

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
)

// mostAnswer bounds an answer: one to a bulk request has a few hundred bytes an item at most.
const mostAnswer = 64 << 20

// ask sends a request and decodes its answer into to, when to is not nil. missing reports a 404, which is no error here.
func (s *Sink) ask(ctx context.Context, op, method, path, kind string, body []byte, to any) (missing bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, path, bytes.NewReader(body))
	if err != nil {
		return false, fault.New(fault.Internal, op, "%w", err)
	}
	if len(body) == 0 {
		req.Body, req.GetBody = nil, nil
	} else {
		req.Header.Set("Content-Type", kind)
	}
	res, err := s.client.Perform(req)
	if err != nil {
		return false, unreached(ctx, op, err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, mostAnswer))
	if err != nil {
		return false, unreached(ctx, op, err)
	}
	if res.StatusCode == http.StatusNotFound {
		return true, nil
	}
	if res.StatusCode > 299 {
		return false, refused(op, res, text)
	}
	if to == nil {
		return false, nil
	}
	if err := json.Unmarshal(text, to); err != nil {
		return false, fault.New(fault.Unavailable, op, "the answer is not what it should be: %w", err)
	}
	return false, nil
}

func unreached(ctx context.Context, op string, err error) error {
	if ctx.Err() == context.Canceled {
		return fault.New(fault.Canceled, op, "%w", ctx.Err())
	}
	return fault.New(fault.Unavailable, op, "%w", err)
}

// refused makes an error of an answer that says no.
func refused(op string, res *http.Response, text []byte) error {
	said := string(text[:min(len(text), 300)])
	var body struct {
		Error struct{ Type, Reason string }
	}
	if json.Unmarshal(text, &body) == nil && body.Error.Reason != "" {
		said = body.Error.Type + ": " + body.Error.Reason
	}
	kind, hint := fault.Invalid, ""
	switch code := res.StatusCode; {
	case code == http.StatusUnauthorized:
		kind, hint = fault.Unauthorized, "check the API key, or user name and password"
	case code == http.StatusForbidden:
		kind, hint = fault.Forbidden, "the user needs create_doc, read and maintenance on the data streams, and for the setup manage_index_templates and manage_ilm"
	case code == http.StatusTooManyRequests:
		kind = fault.Throttled
	case code >= 500:
		kind = fault.Unavailable
	}
	f := fault.New(kind, op, "%d %s", res.StatusCode, said)
	if hint != "" {
		f = f.WithHint("%s", hint)
	}
	if n, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && n > 0 {
		f.RetryAfter = time.Duration(min(n, 600)) * time.Second
	}
	if res.StatusCode == http.StatusRequestEntityTooLarge {
		f.Err = tooLarge{f.Err}
	}
	return f
}

// tooLarge marks that a request's body was larger than the server takes.
type tooLarge struct{ error }
