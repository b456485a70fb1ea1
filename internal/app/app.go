// Package app puts the program together: it opens the store and the ledger, makes sources and works from the configuration, and runs them as
// one ordered list of actors.
//
// It may import everything below.
package app

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/vedette-siem/vedette/internal/api"
	"github.com/vedette-siem/vedette/internal/config"
	"github.com/vedette-siem/vedette/internal/connect"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/ledger"
	"github.com/vedette-siem/vedette/internal/ledger/sqlite"
	"github.com/vedette-siem/vedette/internal/library"
	"github.com/vedette-siem/vedette/internal/query"
	"github.com/vedette-siem/vedette/internal/queue"
	"github.com/vedette-siem/vedette/internal/retain"
	"github.com/vedette-siem/vedette/internal/store/duck"
	"github.com/vedette-siem/vedette/internal/web"
)

// Options are what the configuration file does not say.
type Options struct {
	Version string
	Demo    bool
	RootCAs *x509.CertPool // authorities beside the configuration's; nil: the system's
	Log     *slog.Logger
}

// App is the assembled program.
type App struct {
	cfg     config.Config
	opt     Options
	started time.Time

	store    *duck.Store
	ledger   ledger.Ledger
	library  *library.Library
	engine   *query.Engine
	set      *connect.Set
	keeper   *retain.Keeper
	listener net.Listener
	server   *http.Server
}

// goMemory is what this side of the program tries to stay below; the engine has its own limit. Taking in events lives on few, large buffers,
// and without a limit the collector would let as much again lie about as garbage.
const goMemory = 512 << 20

// New opens everything and listens, but runs nothing yet. Close must be called when New succeeded.
func New(ctx context.Context, cfg config.Config, o Options) (*App, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if err := cfg.Validate(); err != nil {
		return nil, fault.New(fault.Invalid, "configuration", "%w", err)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(goMemory)
	}
	a := &App{cfg: cfg, opt: o, started: time.Now()}
	if err := a.open(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *App) open(ctx context.Context) error {
	mb, err := megabytes(a.cfg.Memory)
	if err != nil {
		return err
	}
	log := a.opt.Log
	if a.store, err = duck.Open(ctx, duck.Options{Dir: a.cfg.Data, MemoryMB: mb, Threads: a.cfg.Threads, Log: log}); err != nil {
		return err
	}
	if a.ledger, err = sqlite.Open(ctx, filepath.Join(a.cfg.Data, "ledger.sqlite")); err != nil {
		return err
	}
	a.library = library.New(a.ledger, cmp.Or(a.cfg.Functions, functionsIn(a.cfg.Data)))
	if a.engine, err = a.newEngine(); err != nil {
		return err
	}
	var tenants []connect.Tenant
	for _, t := range a.cfg.Tenants {
		one, err := a.tenant(t)
		if err != nil {
			return err
		}
		tenants = append(tenants, one)
	}
	a.set = connect.New(connect.Deps{Ledger: a.ledger, Store: a.store, Engine: a.engine, Mappers: mappers(), Log: log}, tenants)
	a.keeper = &retain.Keeper{Store: a.store, Keep: time.Duration(a.cfg.Retention), Every: 10 * time.Minute, First: 2 * time.Minute, Log: log}
	if a.listener, err = net.Listen("tcp", a.cfg.Listen); err != nil {
		return fault.New(fault.Conflict, "listen", "%w", err).WithHint("another program uses %s; choose another with listen or --listen", a.cfg.Listen)
	}
	door := &api.API{Query: a.engine, Queue: queue.New(a.engine), Connectors: a.set, Library: a.library, Status: a.status, Console: web.New(), Log: log}
	a.server = &http.Server{Handler: door.Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
	return nil
}

// URL is the console's address.
func (a *App) URL() string { return "http://" + a.listener.Addr().String() }

// Engine answers queries.
func (a *App) Engine() *query.Engine { return a.engine }

// Connectors are the data connectors and how they are doing.
func (a *App) Connectors() *connect.Set { return a.set }

// actor is one part that runs as long as the program does.
type actor struct {
	name string
	run  func(ctx context.Context) error
}

// Run runs the actors until ctx ends or one fails; then it stops all, the last started first.
//
// The order has reasons: the keeper comes first and stops last, because what sources store in their last moments must find it in order; the
// sources come before the door, so that the first page already tells their state, and the door is closed before them, so that nobody
// switches a part on that is being stopped.
func (a *App) Run(ctx context.Context) error {
	actors := []actor{
		{"keeper", a.keeper.Run},
		{"connectors", a.set.Run},
		{"door", a.serve},
	}
	type running struct {
		stop context.CancelFunc
		done chan error
	}
	var all []running
	failed := make(chan error, len(actors))
	var once sync.WaitGroup
	for _, act := range actors {
		actx, stop := context.WithCancel(context.WithoutCancel(ctx))
		r := running{stop, make(chan error, 1)}
		all = append(all, r)
		once.Go(func() {
			err := act.run(actx)
			if err != nil {
				err = fmt.Errorf("%s: %w", act.name, err)
				failed <- err
			}
			r.done <- err
		})
	}
	select {
	case <-ctx.Done():
	case <-failed:
	}
	var errs []error
	for i := len(all) - 1; i >= 0; i-- {
		all[i].stop()
		errs = append(errs, <-all[i].done)
	}
	once.Wait()
	return errors.Join(errs...)
}

func (a *App) serve(ctx context.Context) error {
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		if a.server.Shutdown(grace) != nil {
			_ = a.server.Close() // queries that still run are cancelled with their connections
		}
	}()
	err := a.server.Serve(a.listener)
	if errors.Is(err, http.ErrServerClosed) {
		<-closed
		return nil
	}
	return fault.New(fault.Unavailable, "serve", "%w", err)
}

// Close releases everything. It may be called after a failed New.
func (a *App) Close() error {
	var errs []error
	if a.listener != nil {
		_ = a.listener.Close() // closed already when Run served it
	}
	if a.ledger != nil {
		errs = append(errs, a.ledger.Close())
	}
	if a.store != nil {
		errs = append(errs, a.store.Close())
	}
	return errors.Join(errs...)
}

// status is GET /api/status.
func (a *App) status(r *http.Request) api.Status {
	s := api.Status{Version: a.opt.Version, StartedAt: a.started.UTC(), Demo: a.opt.Demo, Listen: a.listener.Addr().String(), DataDir: a.cfg.Data, Tenants: []api.TenantName{}}
	for _, t := range a.cfg.Tenants {
		s.Tenants = append(s.Tenants, api.TenantName{ID: t.ID, Name: t.Name})
	}
	stats, err := a.store.Stats(r.Context())
	if err != nil {
		s.Problems = append(s.Problems, api.Problem{Severity: "error", Message: err.Error(), Hint: fault.HintOf(err)})
	}
	s.Store = api.StoreStatus{Rows: stats.Rows, Bytes: stats.Bytes, Files: stats.Files}
	if len(a.cfg.Tenants) == 0 {
		s.Problems = append(s.Problems, api.Problem{Severity: "warning", Message: "no tenant is configured", Hint: "add one to vedette.yaml; docs/connect.md walks through it"})
	}
	return s
}

// functionsIn is the directory of stored functions in a data directory.
func functionsIn(data string) string { return filepath.Join(data, "functions") }

// megabytes reads the engine's memory limit.
func megabytes(size string) (int, error) {
	n, err := sizeOf("memory", size)
	if err == nil && n < 64<<20 {
		err = fault.New(fault.Invalid, "configuration", "memory: %q is not a size of at least 64MiB", size)
	}
	return int(n >> 20), err
}

// sizeOf reads a size like 4GiB into bytes; key names the setting.
func sizeOf(key, size string) (int64, error) {
	units := map[string]float64{"KB": 1 << 10, "KiB": 1 << 10, "MB": 1 << 20, "MiB": 1 << 20, "GB": 1 << 30, "GiB": 1 << 30, "TB": 1 << 40, "TiB": 1 << 40}
	i := strings.LastIndexAny(size, "0123456789. ") + 1
	n, err := strconv.ParseFloat(strings.TrimSpace(size[:i]), 64)
	unit, ok := units[size[i:]]
	if err != nil || !ok || n <= 0 {
		return 0, fault.New(fault.Invalid, "configuration", "%s: %q is not a size like 64MiB", key, size)
	}
	return int64(n * unit), nil
}
