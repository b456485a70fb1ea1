// Package blob is the few calls of Azure Blob storage that a checkpoint store and a reader of exported events make: creating and listing
// containers, listing blobs in pages with metadata, writing a block blob and its metadata under conditions, appending, reading ranges.
//
// It imports the standard library only.
package blob

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

type item struct {
	metadata map[string]string
	kind     string // BlockBlob, AppendBlob
	body     []byte
	etag     string
	at       time.Time // of the last change
	created  time.Time
}

const (
	blockBlob = "BlockBlob"
	maxBody   = 64 << 20 // of a blob written in one request
)

// Server is one storage account. Paths are /account/container/blob, as with custom endpoints.
type Server struct {
	account    string
	mu         sync.Mutex
	changes    int
	containers map[string]map[string]item
	meddle     func(w http.ResponseWriter, r *http.Request) bool
	ahead      time.Duration
}

// New makes an account with containers.
func New(account string, containers ...string) *Server {
	s := &Server{account: account, containers: map[string]map[string]item{}}
	for _, c := range containers {
		s.containers[c] = map[string]item{}
	}
	return s
}

// Metadata gives the metadata of a blob, nil when there is none of that name.
func (s *Server) Metadata(container, name string) map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.containers[container][name].metadata
}

func fail(w http.ResponseWriter, status int, code string) {
	w.Header().Set("x-ms-error-code", code)
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, `<?xml version="1.0" encoding="utf-8"?><Error><Code>%s</Code><Message>%s</Message></Error>`, code, code)
}

// ServeHTTP answers. Signatures are not verified, only required.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	meddle := s.meddle
	s.mu.Unlock()
	if meddle != nil && meddle(w, r) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Header.Get("Authorization") == "" && r.URL.Query().Get("sig") == "" {
		fail(w, 403, "AuthenticationFailed")
		return
	}
	part := strings.SplitN(strings.TrimPrefix(r.URL.Path, "/"), "/", 3)
	q := r.URL.Query()
	if part[0] == s.account && q.Get("comp") == "list" && q.Get("restype") == "" {
		s.listContainers(w, q.Get("prefix"))
		return
	}
	if len(part) < 2 || part[0] != s.account {
		fail(w, 400, "InvalidUri")
		return
	}
	blobs, exists := s.containers[part[1]]
	switch {
	case q.Get("restype") == "container" && r.Method == http.MethodPut:
		if exists {
			fail(w, 409, "ContainerAlreadyExists")
			return
		}
		s.containers[part[1]] = map[string]item{}
		w.WriteHeader(201)
	case !exists:
		fail(w, 404, "ContainerNotFound")
	case q.Get("restype") == "container" && q.Get("comp") == "list":
		s.list(w, blobs, part[1], q)
	case q.Get("restype") == "container" && (r.Method == http.MethodGet || r.Method == http.MethodHead):
		w.Header().Set("ETag", `"0x1"`)
		w.WriteHeader(200)
	case len(part) == 3 && r.Method == http.MethodPut && q.Get("comp") == "appendblock":
		s.appendBlock(w, r, blobs, part[2])
	case len(part) == 3 && (r.Method == http.MethodGet || r.Method == http.MethodHead):
		s.get(w, r, blobs, part[2])
	case len(part) == 3 && r.Method == http.MethodPut:
		s.put(w, r, blobs, part[2])
	default:
		fail(w, 400, "UnsupportedHttpVerb")
	}
}

// put writes a blob (or only its metadata) if the conditions hold.
func (s *Server) put(w http.ResponseWriter, r *http.Request, blobs map[string]item, name string) {
	old, exists := blobs[name]
	if m := r.Header.Get("If-Match"); m != "" && (!exists || old.etag != m) {
		fail(w, 412, "ConditionNotMet")
		return
	}
	if r.Header.Get("If-None-Match") == "*" && exists {
		fail(w, 409, "BlobAlreadyExists")
		return
	}
	status := 201
	if r.URL.Query().Get("comp") == "metadata" {
		if !exists {
			fail(w, 404, "BlobNotFound")
			return
		}
		status = 200
	}
	b := item{metadata: map[string]string{}, kind: old.kind, body: old.body, created: old.created}
	if status == 201 {
		data, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
		if err != nil {
			fail(w, 400, "InvalidInput")
			return
		}
		b.kind, b.body, b.created = r.Header.Get("x-ms-blob-type"), data, s.now()
	}
	b = s.changed(b)
	for k, v := range r.Header {
		if n, ok := strings.CutPrefix(strings.ToLower(k), "x-ms-meta-"); ok {
			b.metadata[n] = v[0]
		}
	}
	blobs[name] = b
	w.Header().Set("ETag", b.etag)
	w.Header().Set("Last-Modified", b.at.Format(http.TimeFormat))
	w.WriteHeader(status)
}

func (s *Server) list(w http.ResponseWriter, blobs map[string]item, container string, q url.Values) {
	type entry struct {
		Name       string
		Properties struct {
			CreationTime  string `xml:"Creation-Time"`
			LastModified  string `xml:"Last-Modified"`
			Etag          string
			ContentLength int `xml:"Content-Length"`
			BlobType      string
		}
		Metadata struct {
			Inner string `xml:",innerxml"`
		}
	}
	var out struct {
		XMLName       xml.Name `xml:"EnumerationResults"`
		ContainerName string   `xml:",attr"`
		Blobs         struct{ Blob []entry }
		NextMarker    string
	}
	out.ContainerName = container
	for n, b := range blobs {
		if !strings.HasPrefix(n, q.Get("prefix")) || n < q.Get("marker") {
			continue
		}
		e := entry{Name: n}
		e.Properties.LastModified, e.Properties.Etag, e.Properties.BlobType = b.at.Format(http.TimeFormat), b.etag, b.kind
		e.Properties.CreationTime, e.Properties.ContentLength = b.created.Format(http.TimeFormat), len(b.body)
		var inner strings.Builder
		for k, v := range b.metadata {
			fmt.Fprintf(&inner, "<%s>", k)
			_ = xml.EscapeText(&inner, []byte(v)) // a Builder takes everything
			fmt.Fprintf(&inner, "</%s>", k)
		}
		e.Metadata.Inner = inner.String()
		out.Blobs.Blob = append(out.Blobs.Blob, e)
	}
	slices.SortFunc(out.Blobs.Blob, func(a, b entry) int { return strings.Compare(a.Name, b.Name) })
	if most, err := strconv.Atoi(q.Get("maxresults")); err == nil && most > 0 && most < len(out.Blobs.Blob) {
		out.NextMarker = out.Blobs.Blob[most].Name // names serve as markers here
		out.Blobs.Blob = out.Blobs.Blob[:most]
	}
	w.Header().Set("Content-Type", "application/xml")
	_, _ = fmt.Fprint(w, xml.Header) // a client that is gone has no use for it
	_ = xml.NewEncoder(w).Encode(out)
}
