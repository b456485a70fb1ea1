package world

import (
	"fmt"
	"strings"
)

// network is the address plan of the house.
type network struct {
	netbios   string // lower case
	prefix    string // of computer names, upper case
	dns       string // Active Directory's DNS name
	baseDN    string
	domainSID string
	sites     []site
	servers   site
	dmz       site
}

// site is a place with its own subnet and way out to the internet.
type site struct {
	name    string // Active Directory site
	city    string
	country string // two letters
	state   string
	street  string
	dial    string
	isp     string
	subnet  string // "10.20"
	public  string // address seen from outside
	lat     float64
	lon     float64
}

func (w *World) inventNetwork() {
	label, _, _ := strings.Cut(w.cfg.Domain, ".")
	w.net = network{netbios: lower(label), prefix: upper(label[:min(3, len(label))]), dns: "corp." + w.cfg.Domain}
	var dc []string
	for _, part := range strings.Split(w.net.dns, ".") {
		dc = append(dc, "DC="+part)
	}
	w.net.baseDN = strings.Join(dc, ",")
	w.net.sites = []site{
		{"Rotterdam", "Rotterdam", "NL", "South Holland", "Kadeweg 12", "31", "Maaskade Fiber", "10.20", "203.0.113.10", 51.92, 4.48},
		{"Porto", "Porto", "PT", "Porto", "Rua do Farol 201", "351", "Douro Telecom", "10.30", "203.0.113.74", 41.15, -8.61},
	}
	w.net.servers = w.net.sites[0]
	w.net.servers.name, w.net.servers.subnet = "Datacenter", "10.10"
	w.net.dmz = w.net.sites[0]
	w.net.dmz.name, w.net.dmz.subnet, w.net.dmz.public = "DMZ", "172.16", "203.0.113.80"
}

// place is where an outside address is said to be.
type place struct {
	country, countryName, city, state, isp string
	lat, lon                               float64
}

var places = []place{
	{"NL", "Netherlands", "Utrecht", "Utrecht", "Polder Broadband", 52.09, 5.12},
	{"NL", "Netherlands", "Rotterdam", "South Holland", "Maaskade Fiber", 51.92, 4.48},
	{"PT", "Portugal", "Braga", "Braga", "Douro Telecom", 41.55, -8.42},
	{"BE", "Belgium", "Ghent", "East Flanders", "Leie Net", 51.05, 3.72},
	{"DE", "Germany", "Bremen", "Bremen", "Weser Online", 53.08, 8.81},
	{"IE", "Ireland", "Dublin", "Leinster", "Microsoft Corporation", 53.35, -6.26},
	{"SE", "Sweden", "Malmo", "Skane", "Sund Kabel", 55.61, 13.0},
	{"US", "United States", "Des Moines", "Iowa", "Prairie Hosting", 41.59, -93.62},
	{"SG", "Singapore", "Singapore", "", "Straits Cloud", 1.35, 103.82},
	{"MD", "Moldova", "Chisinau", "", "Nistru VPS", 47.01, 28.86},
	{"BR", "Brazil", "Recife", "Pernambuco", "Capibaribe Telecom", -8.05, -34.9},
}

// whereIs places an address: the house's own, homes near by, the rest by its last digits. The same address is always in the same place.
func (w *World) whereIs(ip string) place {
	for i := range w.net.sites {
		s := &w.net.sites[i]
		if s.public == ip {
			return placeOf(s)
		}
	}
	switch {
	case strings.HasPrefix(ip, "203.0.113.") && len(ip) < len("203.0.113.100"):
		return placeOf(&w.net.sites[0])
	case strings.HasPrefix(ip, "198.51.100."):
		return places[derive(7, ip, 0)%3]
	case strings.HasPrefix(ip, "192.0.2."), strings.HasPrefix(ip, "203.0.113."):
		return places[5+derive(7, ip, 0)%6]
	case strings.HasPrefix(ip, "10."), strings.HasPrefix(ip, "172.16."):
		return placeOf(&w.net.sites[0])
	}
	return places[5]
}

func placeOf(s *site) place {
	name := map[string]string{"NL": "Netherlands", "PT": "Portugal"}[s.country]
	return place{s.country, name, s.city, s.state, s.isp, s.lat, s.lon}
}

// endpoint is an outside service that devices talk to.
type endpoint struct {
	host string
	ip   string
	port int
}

// outside gives the endpoint of a host name: always the same address, from a documentation range.
func outside(host string, port int) endpoint {
	h := derive(3, host, 0)
	if h%2 == 0 {
		return endpoint{host, fmt.Sprintf("192.0.2.%d", 1+h>>8%200), port}
	}
	return endpoint{host, fmt.Sprintf("203.0.113.%d", 100+h>>8%150), port}
}
