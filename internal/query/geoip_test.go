package query_test

import (
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/internal/geoip"
	"github.com/vedette-siem/vedette/internal/query"
)

// halfTheWorld is a database of one node: addresses below 128.0.0.0 are in Atlantis, at 1.5 degrees north.
func halfTheWorld(t *testing.T) *geoip.DB {
	text := func(s string) string { return string(rune(2<<5|len(s))) + s }
	object := func(pairs ...string) string {
		return string([]byte{byte(7<<5 | len(pairs)/2)}) + strings.Join(pairs, "")
	}
	number := func(n byte) string { return "\xa1" + string(rune(n)) }
	node := "\x00\x00\x11" + "\x00\x00\x01" // the value is the first behind the node and the gap; nothing is on the right
	place := object(text("country"), object(text("names"), object(text("en"), text("Atlantis"))), text("location"), object(text("latitude"), "\x68\x3f\xf8\x00\x00\x00\x00\x00\x00"))
	about := object(text("node_count"), number(1), text("record_size"), number(24), text("ip_version"), number(4), text("binary_format_major_version"), number(2))
	db, err := geoip.New([]byte(node + strings.Repeat("\x00", 16) + place + "\xab\xcd\xefMaxMind.com" + about))
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func TestGeoIP(t *testing.T) {
	e := query.New(query.Options{Store: filled(t), GeoIP: halfTheWorld(t)})
	var a answer
	s, err := e.Run(t.Context(), query.Request{Text: `print a = geo_info_from_ip_address("100.2.3.4"), b = geo_info_from_ip_address("200.2.3.4"), c = geo_info_from_ip_address("")`}, &a)
	if err != nil || len(s.Warnings) > 0 {
		t.Fatal(err, s.Warnings)
	}
	if want := `{"country":"Atlantis","latitude":1.5}`; len(a.lines) != 1 || !strings.HasPrefix(a.lines[0], want) || strings.Count(a.lines[0], "Atlantis") != 1 {
		t.Errorf("%v, want %s and nothing else", a.lines, want)
	}
}

// TestWithoutGeoIP: the query runs, addresses are nowhere, and one warning says what to configure.
func TestWithoutGeoIP(t *testing.T) {
	e := query.New(query.Options{Store: filled(t)})
	var a answer
	s, err := e.Run(t.Context(), query.Request{Text: `print a = geo_info_from_ip_address("192.0.2.1"), b = isnull(geo_info_from_ip_address("192.0.2.2"))`}, &a)
	if err != nil {
		t.Fatal(err)
	}
	said := 0
	for _, w := range s.Warnings {
		if strings.Contains(w.Message+w.Suggestion, "query.geoip") {
			said++
		}
	}
	if said != 1 {
		t.Errorf("%d of the warnings tell how to configure a database: %+v", said, s.Warnings)
	}
}
