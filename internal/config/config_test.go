package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestParseReportsEveryFaultWithItsLine(t *testing.T) {
	_, err := Parse([]byte(`listen: 0.0.0.0:8080
memory: lots
tenants:
  - id: not a tenant
    incidents: {enabled: true}
  - id: contoso.example
    cloud: moon
    events: {enabled: true}
`))
	if err == nil {
		t.Fatal("no fault was found")
	}
	for _, want := range []string{
		"no access control yet", "memory:", "line 4: tenants: id", "line 4: tenants: client_id", "line 4: tenants: client_secret",
		"line 6: tenants: cloud", "line 6: tenants: events.event_hub.connection_string",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the faults lack %q:\n%v", want, err)
		}
	}
}

func TestBackfill(t *testing.T) {
	c, err := Parse([]byte("tenants:\n  - id: contoso.example\n    client_id: 00000000-0000-0000-0000-000000000001\n    client_secret: {env: PATH}\n    backfill: {enabled: true}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if b := c.Tenants[0].Backfill; b.Days != 30 || b.Poll != Duration(15*time.Minute) || b.Slow != Duration(6*time.Hour) || b.Whole != Duration(24*time.Hour) {
		t.Errorf("defaults %+v", b)
	}
	_, err = Parse([]byte("tenants:\n  - id: contoso.example\n    backfill: {enabled: true, days: 31, poll: 1s}\n"))
	for _, want := range []string{"client_id", "client_secret", "backfill.days", "backfill.poll"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the faults lack %q: %v", want, err)
		}
	}
}

func TestUnknownKeyAndInlineSecretAreRefused(t *testing.T) {
	if _, err := Parse([]byte("lissten: x\n")); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("misspelt key: %v", err)
	}
	_, err := Parse([]byte("tenants:\n  - id: contoso.example\n    client_secret: hunter2\n"))
	if err == nil || !strings.Contains(err.Error(), "line 3") || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("inline secret: %v", err)
	}
}

func TestSecretNeverPrints(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("hunter2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, s := range []Secret{{File: file}, Literal("hunter2")} {
		if v, err := s.Value(); err != nil || v != "hunter2" {
			t.Errorf("value %q, %v", v, err)
		}
		if out := fmt.Sprintf("%v %+v %#v %s", s, s, s, struct{ S Secret }{s}); strings.Contains(out, "hunter2") {
			t.Errorf("printed: %s", out)
		}
	}
}

func TestLoopbackOnly(t *testing.T) {
	for addr, ok := range map[string]bool{
		"127.0.0.1:8080": true, "[::1]:0": true, "localhost:1": true, "127.9.9.9:1": true,
		":8080": false, "0.0.0.0:80": false, "192.168.1.2:80": false, "example.com:80": false, "8080": false,
	} {
		if (LoopbackOnly(addr) == nil) != ok {
			t.Errorf("%s: allowed = %v", addr, !ok)
		}
	}
}

func TestParseDuration(t *testing.T) {
	for s, want := range map[string]time.Duration{"90d": 90 * 24 * time.Hour, "1d12h": 36 * time.Hour, "30s": 30 * time.Second} {
		if got, err := ParseDuration(s); err != nil || got != want {
			t.Errorf("%s: %v, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "d", "1 day", "99999999d"} {
		if _, err := ParseDuration(s); err == nil {
			t.Errorf("%q was taken", s)
		}
	}
}

func TestExampleFileIsValid(t *testing.T) {
	text, err := os.ReadFile("../../vedette.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("VEDETTE_CLIENT_SECRET", "x")
	t.Setenv("VEDETTE_EVENT_HUB", "x")
	t.Setenv("VEDETTE_STORAGE", "x")
	if _, err := Parse(text); err != nil {
		t.Errorf("vedette.example.yaml: %v", err)
	}
}
