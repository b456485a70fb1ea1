package world

import "testing"

func TestHistoryIsDeterministic(t *testing.T) {
	cfg := Config{Seed: 7, Events: 3000}
	var first []string
	for e := range New(cfg).History() {
		first = append(first, string(e.Properties))
	}
	n := 0
	for e := range New(cfg).History() {
		if n >= len(first) || string(e.Properties) != first[n] {
			t.Fatalf("event %d differs between two worlds of one configuration", n)
		}
		n++
	}
	if n != len(first) || n < 2000 {
		t.Fatalf("%d events and %d events", len(first), n)
	}
}
