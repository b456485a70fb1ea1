package external

import (
	"net/netip"
	"net/url"
)

// Allows reports whether the rule allows the address.
func Allows(r Rule, address string) bool {
	u, err := url.Parse(address)
	return err == nil && r.matches(u)
}

// Public reports whether anybody could be at the address.
func Public(ip string) bool { return public(netip.MustParseAddr(ip)) }
