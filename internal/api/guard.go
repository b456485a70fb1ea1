package api

import (
	"net"
	"net/http"
	"net/url"

	"github.com/vedette-siem/vedette/internal/fault"
)

// guard keeps other web sites out. The door listens on loopback only and has no sessions, so what protects it from a page in the user's own
// browser is: the Host header must name this machine (DNS rebinding), and a request that a page sends must come from our own origin.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !loopbackHost(r.Host) {
			writeError(w, fault.New(fault.Forbidden, "", "the host %q is not this machine", r.Host).WithHint("open the console by the address that Vedette printed"))
			return
		}
		if origin := r.Header.Get("Origin"); origin != "" {
			u, err := url.Parse(origin)
			if err != nil || u.Host != r.Host {
				writeError(w, fault.New(fault.Forbidden, "", "requests from %q are not taken", origin))
				return
			}
		}
		if r.Header.Get("Sec-Fetch-Site") == "cross-site" && r.Header.Get("Sec-Fetch-Mode") != "navigate" {
			writeError(w, fault.New(fault.Forbidden, "", "requests from other sites are not taken"))
			return
		}
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}

func loopbackHost(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
