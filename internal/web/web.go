// Package web serves the browser console: the built pages of ui/, embedded in the binary.
//
// It is a door: it may import internal/fault and the standard library, and knows nothing of what the pages show.
// The build writes console/dist, which is not committed; without it (a fresh clone, a machine without Node) the
// package still compiles and serves console/placeholder.html, which says how to build the console.
package web

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed all:console
var console embed.FS

// placeholder is shown in place of the console when it was not built.
const placeholder = "placeholder.html"

// policy is the content security policy of the pages: everything from this origin, nothing from elsewhere, no eval.
// Inline styles stay allowed because the component library and the editor position what they draw with them.
const policy = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; " +
	"style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Handler answers with the console's files, and with its index page for every path that is not a file: the console's own
// routes are resolved in the browser. Mount it below the API's routes.
type Handler struct {
	files fs.FS
	built bool
}

// New returns the handler of the embedded console.
func New() *Handler {
	root, err := fs.Sub(console, "console")
	if err != nil {
		panic(err) // the directory is part of the binary
	}
	return newHandler(root)
}

// newHandler serves root/dist if it holds a console, else root's placeholder.
func newHandler(root fs.FS) *Handler {
	dist, err := fs.Sub(root, "dist")
	if err == nil {
		if _, err = fs.Stat(dist, "index.html"); err == nil {
			return &Handler{files: dist, built: true}
		}
	}
	return &Handler{files: root}
}

// Built reports whether the binary holds the console and not only the placeholder.
func (h *Handler) Built() bool { return h.built }

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "The console answers GET and HEAD only.", http.StatusMethodNotAllowed)
		return
	}
	secure(w.Header())
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	switch {
	case !h.built:
		h.serve(w, r, placeholder)
	case name != "" && name != "index.html" && h.has(name):
		h.serve(w, r, name)
	case strings.HasPrefix(name, "assets/"):
		// A page of an older build asks for a file that is gone: a page in place of a script would only confuse it.
		http.Error(w, "This file belongs to another version of the console. Reload the page.", http.StatusNotFound)
	default:
		h.serve(w, r, "index.html")
	}
}

// has reports whether the console has a file of that name, stored plainly or compressed.
func (h *Handler) has(name string) bool {
	for _, n := range []string{name, name + ".gz"} {
		if info, err := fs.Stat(h.files, n); err == nil && !info.IsDir() {
			return true
		}
	}
	return false
}

// serve writes one file. Text assets are stored compressed and sent as they are to whoever accepts gzip.
func (h *Handler) serve(w http.ResponseWriter, r *http.Request, name string) {
	header := w.Header()
	header.Set("Content-Type", contentType(name))
	header.Set("Cache-Control", cacheControl(name))
	body, err := fs.ReadFile(h.files, name)
	if err != nil {
		header.Set("Vary", "Accept-Encoding")
		if body, err = fs.ReadFile(h.files, name+".gz"); err == nil {
			if acceptsGzip(r.Header.Get("Accept-Encoding")) {
				header.Set("Content-Encoding", "gzip")
			} else {
				body, err = gunzip(body)
			}
		}
	}
	if err != nil {
		http.Error(w, fmt.Sprintf("The console's file %s cannot be read: %v", name, err), http.StatusInternalServerError)
		return
	}
	if header.Get("Content-Encoding") != "" {
		// A range of compressed bytes would be of no use to anyone: always send the whole.
		header.Set("Content-Length", fmt.Sprint(len(body)))
		if r.Method != http.MethodHead {
			_, _ = w.Write(body) // the browser went away; nothing is left to do for it
		}
		return
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(body))
}

// secure sets the headers that keep the page to itself.
func secure(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
}

// cacheControl lets files with a hash in their name be kept for ever and has all others asked for anew.
func cacheControl(name string) string {
	if strings.HasPrefix(name, "assets/") {
		return "public, max-age=31536000, immutable"
	}
	return "no-cache"
}

// contentType is the media type of a file by its extension; the few that systems disagree about are fixed here.
func contentType(name string) string {
	switch ext := path.Ext(name); ext {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".html":
		return "text/html; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".ttf":
		return "font/ttf"
	default:
		if t := mime.TypeByExtension(ext); t != "" {
			return t
		}
		return "application/octet-stream"
	}
}

// acceptsGzip reads an Accept-Encoding header; "gzip;q=0" is a refusal.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if coding != "gzip" && coding != "*" {
			continue
		}
		q := strings.ReplaceAll(strings.ToLower(params), " ", "")
		return strings.Trim(strings.TrimPrefix(q, "q="), "0.") != "" || !strings.HasPrefix(q, "q=")
	}
	return false
}

func gunzip(b []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}
