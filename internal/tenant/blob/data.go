package blob

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Append adds data to the end of an append blob, as the Streaming API's export does; container and blob are made when they are not there.
func (s *Server) Append(container, name string, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.containers[container] == nil {
		s.containers[container] = map[string]item{}
	}
	b, exists := s.containers[container][name]
	if !exists {
		b = item{kind: "AppendBlob", created: s.now()}
	}
	b.body = slices.Concat(b.body, data) // readers may still have the old one
	s.containers[container][name] = s.changed(b)
}

// Put writes a block blob whole.
func (s *Server) Put(container, name string, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.containers[container] == nil {
		s.containers[container] = map[string]item{}
	}
	s.containers[container][name] = s.changed(item{kind: blockBlob, created: s.now(), body: data})
}

// Delete removes a blob, as lifecycle management does.
func (s *Server) Delete(container, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.containers[container], name)
}

// Meddle has every request seen by f before it is answered; when f answers (gives true), nothing else does. It is how tests make trouble.
func (s *Server) Meddle(f func(w http.ResponseWriter, r *http.Request) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.meddle = f
}

// Ahead sets the account's clock ahead of this machine's by d.
func (s *Server) Ahead(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead = d
}

func (s *Server) now() time.Time { return time.Now().Add(s.ahead).UTC() }

// changed stamps a blob that is being written.
func (s *Server) changed(b item) item {
	s.changes++
	b.etag, b.at = fmt.Sprintf(`"0x%X"`, 0x8DD000000000000+s.changes), s.now()
	return b
}

// get answers with a blob, or the range of it that is asked for. s.mu is held, but for the writing.
func (s *Server) get(w http.ResponseWriter, r *http.Request, blobs map[string]item, name string) {
	b, exists := blobs[name]
	if !exists {
		fail(w, 404, "BlobNotFound")
		return
	}
	if m := r.Header.Get("If-Match"); m != "" && m != b.etag {
		fail(w, 412, "ConditionNotMet")
		return
	}
	from, to, status := 0, len(b.body), 200
	want := r.Header.Get("x-ms-range")
	if want == "" {
		want = r.Header.Get("Range")
	}
	if first, last, ok := strings.Cut(strings.TrimPrefix(want, "bytes="), "-"); ok {
		from, _ = strconv.Atoi(first)
		if n, err := strconv.Atoi(last); err == nil {
			to = min(to, n+1)
		}
		if from >= len(b.body) {
			fail(w, 416, "InvalidRange")
			return
		}
		status = 206
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, to-1, len(b.body)))
	}
	w.Header().Set("ETag", b.etag)
	w.Header().Set("Last-Modified", b.at.Format(http.TimeFormat))
	w.Header().Set("x-ms-creation-time", b.created.Format(http.TimeFormat))
	w.Header().Set("x-ms-blob-type", b.kind)
	w.Header().Set("Content-Length", strconv.Itoa(to-from))
	w.WriteHeader(status)
	if r.Method == http.MethodGet {
		s.mu.Unlock() // a slow reader holds up nobody else
		defer s.mu.Lock()
		_, _ = w.Write(b.body[from:to]) // a client that is gone has no use for it
	}
}

// appendBlock adds the request's body to an append blob.
func (s *Server) appendBlock(w http.ResponseWriter, r *http.Request, blobs map[string]item, name string) {
	b, exists := blobs[name]
	if !exists {
		fail(w, 404, "BlobNotFound")
		return
	}
	data, err := io.ReadAll(io.LimitReader(r.Body, 4<<20))
	if err != nil {
		fail(w, 400, "InvalidInput")
		return
	}
	b.body = slices.Concat(b.body, data)
	b = s.changed(b)
	blobs[name] = b
	w.Header().Set("ETag", b.etag)
	w.WriteHeader(201)
}

// listContainers answers with the account's containers.
func (s *Server) listContainers(w http.ResponseWriter, prefix string) {
	type entry struct {
		Name       string
		Properties struct {
			LastModified string `xml:"Last-Modified"`
			Etag         string
		}
	}
	var out struct {
		XMLName    xml.Name `xml:"EnumerationResults"`
		Containers struct{ Container []entry }
		NextMarker string
	}
	for n := range s.containers {
		if strings.HasPrefix(n, prefix) {
			e := entry{Name: n}
			e.Properties.LastModified, e.Properties.Etag = s.now().Format(http.TimeFormat), `"0x1"`
			out.Containers.Container = append(out.Containers.Container, e)
		}
	}
	slices.SortFunc(out.Containers.Container, func(a, b entry) int { return strings.Compare(a.Name, b.Name) })
	w.Header().Set("Content-Type", "application/xml")
	_, _ = fmt.Fprint(w, xml.Header) // a client that is gone has no use for it
	_ = xml.NewEncoder(w).Encode(out)
}
