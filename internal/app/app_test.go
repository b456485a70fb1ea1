package app_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/app"
	"github.com/vedette-siem/vedette/internal/config"
	"github.com/vedette-siem/vedette/internal/fault"
)

// TestStopsInTime: a query that would run for hours does not hold the program up, and its client is told.
func TestStopsInTime(t *testing.T) {
	cfg := config.Default()
	cfg.Listen, cfg.Data, cfg.Memory = "127.0.0.1:0", t.TempDir(), "256MiB"
	a, err := app.New(t.Context(), cfg, app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	resp, err := http.Post(a.URL()+"/api/query", "application/json", strings.NewReader(`{"query":"range x from 1 to 100000000000 step 1 | where x < 0"}`))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	status, err := http.Get(a.URL() + "/api/status")
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(status.Body)
	_ = status.Body.Close()
	if !strings.Contains(string(text), "no tenant is configured") || !strings.Contains(string(text), `"hint":"add one`) {
		t.Errorf("the status says %s", text)
	}
	began := time.Now()
	stop()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("it ended with %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("it does not stop")
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("stopping took %v", took)
	}
	_, _ = io.Copy(io.Discard, resp.Body) // it ends, however it ends
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	// everything was let go: the directory can be opened again
	again, err := app.New(t.Context(), cfg, app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

// TestNewLeavesNothingOpen: after a failure to start, the directory is free.
func TestNewLeavesNothingOpen(t *testing.T) {
	cfg := config.Default()
	cfg.Listen, cfg.Data, cfg.Memory = "127.0.0.1:0", t.TempDir(), "256MiB"
	first, err := app.New(t.Context(), cfg, app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	other := cfg
	other.Listen, other.Data = strings.TrimPrefix(first.URL(), "http://"), t.TempDir()
	for range 2 {
		if _, err := app.New(t.Context(), other, app.Options{}); !fault.Is(err, fault.Conflict) || !strings.Contains(fault.HintOf(err), "choose another") {
			t.Fatalf("the address is taken: %v", err)
		}
	}
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	for memory, ok := range map[string]bool{"10": false, "1MiB": false, "GiB": false, "": false, "64MiB": true, "1.5 GiB": true} {
		cfg := cfg
		cfg.Memory, cfg.Data = memory, t.TempDir()
		a, err := app.New(t.Context(), cfg, app.Options{})
		if (err == nil) != ok {
			t.Errorf("memory %q: %v", memory, err)
		}
		if err == nil {
			_ = a.Close()
		}
	}
}
