package elastic

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/forward"
)

// What is asked or sent at once.
const (
	mostBody   = 15 << 20 // bytes of a bulk request before compression
	mostLookup = 5000     // ids of a look-up; a search gives 10,000 hits at most
)

// Put implements forward.Sink.
func (s *Sink) Put(ctx context.Context, docs []forward.Document, repeat bool) ([]forward.Result, error) {
	out := make([]forward.Result, len(docs))
	left := make([]int, 0, len(docs))
	there := map[string]map[string]bool{}
	if repeat {
		var err error
		if there, err = s.there(ctx, docs); err != nil {
			return nil, err
		}
	}
	for i, d := range docs {
		if d.Version == 0 && there[d.Stream][d.ID] {
			out[i].Outcome = forward.Present
			continue
		}
		left = append(left, i)
	}
	for len(left) > 0 {
		n, size := 0, 0
		for n < len(left) && (n == 0 || size < mostBody) {
			size += len(docs[left[n]].JSON) + 200
			n++
		}
		if err := s.bulk(ctx, docs, left[:n], out, 0); err != nil {
			return nil, err
		}
		left = left[n:]
	}
	return out, nil
}

// there finds which append-only documents are stored, in whichever part of their streams.
func (s *Sink) there(ctx context.Context, docs []forward.Document) (map[string]map[string]bool, error) {
	const op = "look for documents"
	ids := map[string][]string{}
	for _, d := range docs {
		if d.Version == 0 {
			ids[d.Stream] = append(ids[d.Stream], d.ID)
		}
	}
	found := map[string]map[string]bool{}
	for stream, all := range ids {
		found[stream] = map[string]bool{}
		path := "/" + s.stream(stream)
		missing, err := s.ask(ctx, op, http.MethodPost, path+"/_refresh", "", nil, nil)
		if err != nil {
			return nil, err
		}
		if missing {
			continue // nothing was ever stored
		}
		for part := range slices.Chunk(all, mostLookup) {
			body, err := json.Marshal(map[string]any{"size": len(part), "_source": false, "track_total_hits": false, "sort": []string{"_doc"},
				"query": map[string]any{"ids": map[string]any{"values": part}}})
			if err != nil {
				return nil, fault.New(fault.Internal, op, "%w", err)
			}
			var answer struct {
				TimedOut bool                 `json:"timed_out"`
				Shards   struct{ Failed int } `json:"_shards"`
				Hits     struct {
					Hits []struct {
						ID string `json:"_id"`
					}
				}
			}
			if _, err := s.ask(ctx, op, http.MethodPost, path+"/_search?allow_partial_search_results=false", "application/json", body, &answer); err != nil {
				return nil, err
			}
			if answer.TimedOut || answer.Shards.Failed > 0 {
				return nil, fault.New(fault.Unavailable, op, "some parts of %s did not answer", s.stream(stream))
			}
			for _, h := range answer.Hits.Hits {
				found[stream][h.ID] = true
			}
		}
	}
	return found, nil
}

// item is what the server says about one document.
type item struct {
	Status int
	Error  *struct {
		Type, Reason string
		Cause        *struct{ Type, Reason string } `json:"caused_by"`
	}
}

// bulk puts the documents at the places which. A body that is too large for the server is sent in halves.
func (s *Sink) bulk(ctx context.Context, docs []forward.Document, which []int, out []forward.Result, depth int) error {
	const op = "put documents"
	var body []byte
	for _, i := range which {
		body = s.appendItem(body, docs[i])
	}
	var answer struct{ Items []map[string]item }
	missing, err := s.ask(ctx, op, http.MethodPost, "/_bulk?filter_path=items.*.status,items.*.error", "application/x-ndjson", body, &answer)
	var large tooLarge
	switch {
	case errors.As(err, &large) && len(which) == 1:
		out[which[0]] = forward.Result{Outcome: forward.Refused, Reason: fmt.Sprintf("with %d bytes it is larger than the server takes (http.max_content_length)", len(docs[which[0]].JSON))}
		return nil
	case errors.As(err, &large) && depth < 20:
		half := len(which) / 2
		if err := s.bulk(ctx, docs, which[:half], out, depth+1); err != nil {
			return err
		}
		return s.bulk(ctx, docs, which[half:], out, depth+1)
	case err != nil:
		return err
	case missing:
		return fault.New(fault.NotFound, op, "the address is not that of a cluster's root: there is no /_bulk")
	case len(answer.Items) != len(which):
		return fault.New(fault.Unavailable, op, "the answer has %d items for %d documents", len(answer.Items), len(which))
	}
	for j, i := range which {
		for _, it := range answer.Items[j] {
			if out[i], err = outcome(it); err != nil {
				return err
			}
		}
	}
	return nil
}

// appendItem appends a document with the line that says where it goes.
func (s *Sink) appendItem(b []byte, d forward.Document) []byte {
	quote := func(text string) {
		q, _ := json.Marshal(text) // a string always can be
		b = append(b, q...)
	}
	if d.Version > 0 {
		b = append(b, `{"index":{"_index":`...)
		quote(s.present(d.Stream))
		b = append(b, `,"version_type":"external_gte","version":`...)
		b = strconv.AppendInt(b, d.Version, 10)
	} else {
		b = append(b, `{"create":{"_index":`...)
		quote(s.stream(d.Stream))
	}
	b = append(b, `,"_id":`...)
	quote(d.ID)
	b = append(b, "}}\n"...)
	if rest, ok := strings.CutPrefix(string(d.JSON), "{"); ok && d.Version == 0 && rest != "}" {
		b = append(b, `{"data_stream":{"type":"logs","dataset":"`+product+d.Stream+`","namespace":"`+s.cfg.Namespace+`"},`...)
		b = append(b, rest...)
	} else {
		b = append(b, d.JSON...)
	}
	return append(b, '\n')
}

// outcome reads what the server says about a document. An error means that it cannot be known, or that a person is needed.
func outcome(it item) (forward.Result, error) {
	const op = "put documents"
	why := ""
	if it.Error != nil {
		why = it.Error.Type + ": " + it.Error.Reason
		if it.Error.Cause != nil {
			why += " (" + it.Error.Cause.Type + ": " + it.Error.Cause.Reason + ")"
		}
	}
	switch {
	case it.Status >= 200 && it.Status < 300:
		return forward.Result{}, nil
	case it.Status == http.StatusConflict:
		return forward.Result{Outcome: forward.Present}, nil
	case it.Status == http.StatusTooManyRequests, strings.HasPrefix(why, "cluster_block_exception"): // busy, or its disk is full
		return forward.Result{Outcome: forward.Again, Reason: why}, nil
	case it.Status == http.StatusNotFound:
		return forward.Result{}, fault.New(fault.NotFound, op, "%s", why).WithHint("run vedette's setup for this cluster")
	case it.Status == http.StatusForbidden, it.Status == http.StatusUnauthorized:
		return forward.Result{}, fault.New(fault.Forbidden, op, "%s", why).WithHint("the user needs create_doc on the data streams and index on the present states")
	case it.Status >= 500:
		return forward.Result{}, fault.New(fault.Unavailable, op, "%d %s", it.Status, why)
	}
	return forward.Result{Outcome: forward.Refused, Reason: why}, nil
}
