package ecs

import (
	"net/url"
	"strconv"
	"strings"
)

// address is a URL taken apart, with the names that the fields have.
type address struct {
	scheme, user, host, path, query, fragment string
	port                                      int
	hasQuery, hasFragment                     bool
}

// splitURL takes a URL apart; ok is false for what is none. A bare name is a path.
func splitURL(s string) (a address, ok bool) {
	if s == "" || strings.ContainsAny(s, " \"<>\\^`{|}\t\r\n") {
		return a, false
	}
	rest := s
	rest, a.fragment, a.hasFragment = strings.Cut(rest, "#")
	rest, a.query, a.hasQuery = strings.Cut(rest, "?")
	if at := strings.IndexAny(rest, ":/"); at >= 0 && rest[at] == ':' {
		if !schemeLike(rest[:at]) {
			return a, false // 10.0.0.1:80
		}
		a.scheme, rest = rest[:at], rest[at+1:]
		if !strings.HasPrefix(rest, "/") {
			return a, rest != "" // mailto:x and the like have neither host nor path
		}
	}
	if after, found := strings.CutPrefix(rest, "//"); found {
		at := strings.IndexByte(after, '/')
		if at < 0 {
			at = len(after)
		}
		a.host, rest = after[:at], after[at:]
		if i := strings.LastIndexByte(a.host, '@'); i >= 0 {
			a.user, a.host = a.host[:i], a.host[i+1:]
		}
		if i := strings.LastIndexByte(a.host, ':'); i >= 0 && !strings.HasSuffix(a.host, "]") {
			port, err := strconv.ParseUint(a.host[i+1:], 10, 16)
			if err != nil && a.host[i+1:] != "" {
				return a, false
			}
			a.host, a.port = a.host[:i], int(port)
		}
	}
	a.path = unescaped(rest)
	a.query, a.fragment, a.user = unescaped(a.query), unescaped(a.fragment), unescaped(a.user)
	return a, true
}

func schemeLike(s string) bool {
	if s == "" {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i] | 0x20
		if !(c >= 'a' && c <= 'z' || i > 0 && (s[i] >= '0' && s[i] <= '9' || strings.IndexByte("+-.", s[i]) >= 0)) {
			return false
		}
	}
	return true
}

func unescaped(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	if out, err := url.PathUnescape(s); err == nil {
		return out
	}
	return s
}

// extension is what follows the last point of the path's last part; a path without a slash has none.
func (a address) extension() string {
	slash := strings.LastIndexByte(a.path, '/')
	dot := strings.LastIndexByte(a.path, '.')
	if slash < 0 || dot < slash {
		return ""
	}
	return a.path[dot+1:]
}

// parts calls set for each part there is.
func (a address) parts(original string, set func(name string, v value)) {
	put := func(name, s string) {
		if s != "" {
			set(name, stringValue(s))
		}
	}
	put("original", original)
	put("scheme", a.scheme)
	put("domain", a.host)
	put("path", a.path)
	put("extension", a.extension())
	put("query", a.query)
	put("fragment", a.fragment)
	if a.port > 0 {
		set("port", numberValue(strconv.Itoa(a.port)))
	}
	if a.user != "" {
		put("user_info", a.user)
		name, password, both := strings.Cut(a.user, ":")
		if both {
			put("username", name)
			put("password", password)
		}
	}
}

// urlObject is an address as the object that Graph's web addresses become.
func urlObject(s string) value {
	a, ok := splitURL(s)
	if !ok {
		return value{}
	}
	out := &node{}
	a.parts(s, func(name string, v value) { out.names, out.values = append(out.names, name), append(out.values, v) })
	return value{kind: object, in: out}
}

var urlSlots = map[string]slot{"original": fURLOriginal, "scheme": fURLScheme, "domain": fURLDomain, "path": fURLPath,
	"extension": fURLExtension, "query": fURLQuery, "fragment": fURLFragment, "port": fURLPort, "user_info": fURLUserInfo,
	"username": fURLUsername, "password": fURLPassword}

// setURL fills url.* from the argument. What is no URL is kept in url.original for mail; a device's is left out, as with Elastic.
func setURL(r *record, s *step) {
	text := r.f.str(s.arg)
	if text == "" {
		return
	}
	a, ok := splitURL(text)
	if !ok {
		if r.fam.name == "email" || !r.m.opt.StrictElastic {
			r.f.set(fURLOriginal, stringValue(text))
		}
		return
	}
	if !r.m.opt.StrictElastic && a.scheme == "" && a.host == "" && !strings.HasPrefix(a.path, "/") {
		a.host, a.path, _ = strings.Cut(a.path, "/")
		if a.path != "" {
			a.path = "/" + a.path
		}
	}
	if r.fam.name == "mde-log" {
		r.f.drop(s.arg) // there the parts take the place of url.full
	}
	a.parts(text, func(name string, v value) { r.f.set(urlSlots[name], v) })
}

// originalURL sets event.url from an address that was taken apart.
func originalURL(r *record, s *step) {
	if v := r.f.values[s.arg].member("original"); !v.empty() {
		r.f.set(fEventURL, v)
	}
}

// geo asks the look-up function for the address of source, destination, host or client.
func geo(r *record, s *step) {
	if r.m.opt.Geo == nil {
		return
	}
	places := map[string][3]slot{"source": {fSourceIP, fSourceGeo, fSourceAS}, "destination": {fDestinationIP, fDestinationGeo, fDestinationAS},
		"host": {fHostIP, fHostGeo, noSlot}, "client": {fClientIP, fClientGeo, noSlot}}
	at := places[s.word]
	v := r.f.values[at[0]]
	if items := v.items(); len(items) > 0 {
		v = items[0]
	}
	g, ok := r.m.opt.Geo(v.str())
	if v.empty() || !ok {
		return
	}
	out := &node{}
	put := func(name string, v value) { out.names, out.values = append(out.names, name), append(out.values, v) }
	for _, p := range [...][2]string{{"city_name", g.City}, {"continent_name", g.Continent}, {"country_iso_code", g.CountryCode},
		{"country_name", g.Country}, {"region_iso_code", g.RegionCode}, {"region_name", g.Region}} {
		put(p[0], stringValue(p[1]))
	}
	if g.Located {
		put("location", value{kind: object, in: &node{names: []string{"lat", "lon"}, values: []value{number64(g.Lat), number64(g.Lon)}}})
	}
	r.f.set(at[1], value{kind: object, in: out})
	if at[2] != noSlot && g.ASN != 0 {
		org := value{kind: object, in: &node{names: []string{"name"}, values: []value{stringValue(g.Organization)}}}
		r.f.set(at[2], value{kind: object, in: &node{names: []string{"number", "organization"},
			values: []value{numberValue(strconv.FormatUint(uint64(g.ASN), 10)), org}}})
	}
}

func number64(f float64) value { return numberValue(strconv.FormatFloat(f, 'f', -1, 64)) }
