package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/vedette-siem/vedette/internal/config"
	"github.com/vedette-siem/vedette/internal/defender"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/schema"
)

// Finding is one line of `vedette check`.
type Finding struct {
	Tenant string // "" for what concerns the machine
	What   string
	OK     bool
	Detail string // what was found, or what is wrong
	Hint   string // what to do
}

const (
	needDisk  = 5 << 30         // free space below which a check warns
	maxSkew   = 4 * time.Minute // tokens are refused from five minutes on
	checkTime = 30 * time.Second
)

// Check looks for every fault that can be found before running, and tells each as it is found.
func Check(ctx context.Context, cfg config.Config, o Options, tell func(Finding)) {
	a := &App{cfg: cfg, opt: o}
	checkDisk(cfg.Data, tell)
	if len(cfg.Tenants) == 0 {
		tell(Finding{What: "tenants", Detail: "none is configured", Hint: "add one; docs/connect.md walks through it"})
	}
	for _, t := range cfg.Tenants {
		ctx, cancel := context.WithTimeout(ctx, checkTime)
		a.checkTenant(ctx, t, func(f Finding) {
			f.Tenant = t.Name
			tell(f)
		})
		cancel()
	}
}

func checkDisk(dir string, tell func(Finding)) {
	at := dir
	for { // the directory itself may not be there yet: then what it will be made in counts
		if _, err := os.Stat(at); err == nil || at == filepath.Dir(at) {
			break
		}
		at = filepath.Dir(at)
	}
	probe, err := os.CreateTemp(at, ".vedette-check-")
	if err != nil {
		tell(Finding{What: "data directory", Detail: err.Error(), Hint: "choose a directory that can be written"})
		return
	}
	_ = errors.Join(probe.Close(), os.Remove(probe.Name())) // it is empty, and was made a moment ago
	var fs syscall.Statfs_t
	if err := syscall.Statfs(at, &fs); err != nil {
		tell(Finding{What: "data directory", OK: true, Detail: dir})
		return
	}
	free := int64(fs.Bavail) * int64(fs.Bsize)
	f := Finding{What: "data directory", OK: free >= needDisk, Detail: fmt.Sprintf("%s, %.1f GiB free", dir, float64(free)/(1<<30))}
	if !f.OK {
		f.Hint = "free some space, or choose another disk: an event takes about 250 bytes"
	}
	tell(f)
}

func (a *App) checkTenant(ctx context.Context, t config.Tenant, tell func(Finding)) {
	roots, err := a.roots(t)
	if err != nil {
		tell(failure("certificates", err))
		return
	}
	if t.Incidents.Enabled || t.Backfill.Enabled {
		checkGraph(ctx, newClient(t, roots, a), t, tell)
	}
	if t.Events.Enabled {
		a.checkEvents(ctx, t, roots, tell)
	}
	for _, name := range t.Events.Tables {
		if table, ok := schema.Builtin().Table(name); !ok || !table.Streamed {
			tell(Finding{What: "table " + name, Detail: "the Streaming API does not offer it", Hint: "look at the list on the connector page, or in the Defender portal under Streaming API"})
		}
	}
	if !t.Incidents.Enabled && !t.Events.Enabled && !t.Backfill.Enabled {
		tell(Finding{What: "parts", Detail: "neither incidents nor events are switched on", Hint: "set incidents.enabled, events.enabled or backfill.enabled"})
	}
}

func failure(what string, err error) Finding {
	return Finding{What: what, Detail: fault.MessageOf(err), Hint: fault.HintOf(err)}
}

func checkGraph(ctx context.Context, c *defender.Client, t config.Tenant, tell func(Finding)) {
	token, err := c.Token(ctx, defender.Graph)
	if err != nil {
		tell(failure("sign-in", err))
		return
	}
	tell(Finding{What: "sign-in", OK: true, Detail: fmt.Sprintf("a token of tenant %s, valid until %s", token.TenantID, token.Expires.UTC().Format("15:04 UTC"))})
	if token.TenantID != "" && guidLike(c.TenantID()) && token.TenantID != c.TenantID() {
		tell(Finding{What: "tenant", Detail: "the token is of tenant " + token.TenantID, Hint: "check id"})
	}
	for _, need := range needs(t) {
		if !token.Has(need.role) && !token.Has(writing(need.role)) {
			tell(Finding{What: need.what, Detail: defender.MissingPermission(need.role), Hint: "without it this part of the connector stays empty"})
			continue
		}
		if _, err := c.Do(ctx, need.ask); err != nil {
			tell(failure(need.what, err))
			continue
		}
		tell(Finding{What: need.what, OK: true, Detail: need.role + " is granted and the API answers"})
	}
	skew := c.Skew()
	f := Finding{What: "clock", OK: skew.Abs() < maxSkew, Detail: fmt.Sprintf("%.0f s from Microsoft's", skew.Seconds())}
	if !f.OK {
		f.Hint = "set the clock, e.g. with NTP: tokens are refused and times are wrong otherwise"
	}
	tell(f)
}

// need is a permission and a request that shows that it works.
type need struct {
	role, what string
	ask        defender.Request
}

// needs lists what the parts that are switched on need of Graph.
func needs(t config.Tenant) []need {
	var out []need
	get := func(path string) defender.Request { return defender.Request{Resource: defender.Graph, Path: path} }
	if t.Incidents.Enabled {
		out = append(out, need{"SecurityIncident.Read.All", "incidents", get("/v1.0/security/incidents?$top=1")},
			need{"SecurityAlert.Read.All", "alerts", get("/v1.0/security/alerts_v2?$top=1")})
	}
	if t.Backfill.Enabled {
		out = append(out, need{"ThreatHunting.Read.All", "backfill", defender.Request{Resource: defender.Graph, Method: "POST", Path: "/v1.0/security/runHuntingQuery",
			Body: map[string]string{"Query": "print Probe = 1"}}})
	}
	return out
}

// writing is the permission that includes a reading one.
func writing(role string) string {
	const read = ".Read.All"
	if n := len(role) - len(read); n > 0 && role[n:] == read {
		return role[:n] + ".ReadWrite.All"
	}
	return role
}

func guidLike(s string) bool { return len(s) == 36 && s[8] == '-' }

func (a *App) checkHub(ctx context.Context, t config.Tenant, tell func(Finding)) {
	roots, err := a.roots(t)
	if err != nil {
		return // told already
	}
	hub, err := newHub(t, roots, a)
	if err != nil {
		tell(failure("event hub", err))
		return
	}
	n, err := hub.Check(ctx)
	if err != nil {
		tell(failure("event hub", err))
	} else {
		tell(Finding{What: "event hub", OK: true, Detail: fmt.Sprintf("%s has %d partitions", hub.Hub(), n)})
	}
	if t.Events.EventHub.Storage == nil {
		return
	}
	if err := hub.CheckStorage(ctx); err != nil {
		tell(failure("checkpoint container", err))
		return
	}
	tell(Finding{What: "checkpoint container", OK: true, Detail: t.Events.EventHub.Storage.Container + " can be written"})
}
