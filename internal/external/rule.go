package external

import (
	"fmt"
	"net/netip"
	"net/url"
	"path"
	"strings"
)

// Rule is one entry of the list of what may be read.
type Rule struct {
	scheme, host, port string // "" when the rule is only a network
	anySub             bool   // of host: whatever ends in it
	path               string // begins the paths that may be read, "" for all
	network            netip.Prefix
}

// Parse reads an entry:
//
//	https://host                 everything on the host, by HTTPS on port 443; also without https://
//	https://*.host               everything on hosts below it
//	https://host:8443/a/path     what lies below the path
//	http://10.1.2.3              HTTP, and an address of a private network, only where they are named
//	10.0.0.0/8                   names that are allowed may lead into this private network
func Parse(entry string) (Rule, error) {
	bad := fmt.Errorf("%q is neither an address like https://host, https://*.host or https://host/path nor a network like 10.0.0.0/8", entry)
	if p, err := netip.ParsePrefix(entry); err == nil {
		return Rule{network: p.Masked()}, nil
	}
	text := entry
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return Rule{}, bad
	}
	r := Rule{scheme: u.Scheme, host: strings.ToLower(u.Hostname()), port: portOf(u), path: strings.TrimSuffix(u.Path, "/")}
	if sub, ok := strings.CutPrefix(r.host, "*."); ok {
		r.host, r.anySub = "."+sub, true
	}
	if strings.Contains(r.host, "*") || !strings.Contains(strings.TrimPrefix(r.host, "."), ".") && r.anySub {
		return Rule{}, bad
	}
	if ip, err := netip.ParseAddr(r.host); err == nil {
		r.network = netip.PrefixFrom(ip.Unmap(), ip.Unmap().BitLen())
	}
	return r, nil
}

func portOf(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	if u.Scheme == "http" {
		return "80"
	}
	return "443"
}

// matches reports whether the rule allows the address.
func (r Rule) matches(u *url.URL) bool {
	if r.host == "" || u.Scheme != r.scheme || portOf(u) != r.port {
		return false
	}
	host := strings.ToLower(u.Hostname())
	if host != r.host && !(r.anySub && strings.HasSuffix(host, r.host)) {
		return false
	}
	if r.path == "" {
		return true
	}
	at := path.Clean("/" + u.Path) // without the steps upwards that a server would follow
	return at == r.path || strings.HasPrefix(at, r.path+"/")
}

// reserved are networks that are not private by name, but of no use to the public either; the last leads into IPv4.
var reserved = []netip.Prefix{netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("64:ff9b::/96")}

// public reports whether anybody on the internet could be at the address.
func public(ip netip.Addr) bool {
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	for _, p := range reserved {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}
