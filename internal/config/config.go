// Package config is Vedette's one YAML file as one struct: defaults, reading with line numbers, and a check that reports every fault at once.
//
// It decides nothing at run time. It imports only floors below the house and the YAML library.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/vedette-siem/vedette/internal/fault"
)

// Config is everything that can be set. Zero values are replaced by Default's.
type Config struct {
	Listen    string   `yaml:"listen"`    // address of the console and the API; loopback only
	Data      string   `yaml:"data"`      // the data directory
	Memory    string   `yaml:"memory"`    // the engine's memory limit, e.g. 4GiB
	Threads   int      `yaml:"threads"`   // the engine's threads; 0: all cores
	Retention Duration `yaml:"retention"` // how long rows are kept, by event time
	Functions string   `yaml:"functions"` // a directory of stored functions, NAME.kql; "" for functions in the data directory
	Query     Query    `yaml:"query"`
	Tenants   []Tenant `yaml:"tenants"`
}

// Tenant is one Defender tenant to connect.
type Tenant struct {
	ID           string    `yaml:"id"`   // directory (tenant) id
	Name         string    `yaml:"name"` // shown in the console
	Cloud        string    `yaml:"cloud"`
	ClientID     string    `yaml:"client_id"`
	ClientSecret Secret    `yaml:"client_secret"`
	Incidents    Incidents `yaml:"incidents"`
	Events       Events    `yaml:"events"`
	Backfill     Backfill  `yaml:"backfill"`
	Endpoints    Endpoints `yaml:"endpoints"`

	line int
}

// Incidents is part one of the connector: incidents and alerts through Graph.
type Incidents struct {
	Enabled                      bool     `yaml:"enabled"`
	DisableIncidentCreationRules bool     `yaml:"disable_incident_creation_rules"`
	Poll                         Duration `yaml:"poll"`
	History                      Duration `yaml:"history"` // how far back the first poll reaches
}

// Events is part three of the connector: advanced-hunting events through an event hub, a storage account, or both.
type Events struct {
	Enabled  bool     `yaml:"enabled"`
	EventHub EventHub `yaml:"event_hub"`
	Export   Export   `yaml:"storage_account"`
	Tables   []string `yaml:"tables"` // empty: every table that the hub carries
}

// Backfill is the events of the time before, and the tables that no stream carries, through Graph's hunting queries.
type Backfill struct {
	Enabled bool     `yaml:"enabled"`
	Days    int      `yaml:"days"`  // how far back; the service keeps 30
	Poll    Duration `yaml:"poll"`  // between queries for what is new, in a tenant without an event hub
	Slow    Duration `yaml:"slow"`  // the same for event tables that no stream carries
	Whole   Duration `yaml:"whole"` // between snapshots of inventories
}

// EventHub is where Defender's Streaming API writes.
type EventHub struct {
	ConnectionString Secret   `yaml:"connection_string"`
	Hub              string   `yaml:"hub"` // may be left out when the connection string has EntityPath
	ConsumerGroup    string   `yaml:"consumer_group"`
	Protocol         string   `yaml:"protocol"`  // amqp (or "") or kafka
	Namespace        string   `yaml:"namespace"` // kafka, instead of the connection string: with the tenant's client_id and client_secret
	Start            string   `yaml:"start"`     // kafka: earliest, latest or a time, while nothing is stored yet
	Storage          *Storage `yaml:"storage"`   // checkpoint blobs for other tools to watch; nothing depends on them
}

// Storage is the storage account's container for checkpoints.
type Storage struct {
	ConnectionString Secret `yaml:"connection_string"`
	Container        string `yaml:"container"`
}

// Endpoints replaces the cloud's addresses, for proxies and tests. Empty fields keep the cloud's own.
type Endpoints struct {
	Login  string `yaml:"login"`
	Graph  string `yaml:"graph"`
	MDE    string `yaml:"mde"`
	CAFile string `yaml:"ca_file"` // PEM file of further certificate authorities
	// EventHub replaces the host and port that is dialled for the namespace, whose name is still checked in its certificate.
	EventHub string `yaml:"event_hub"`
}

// Default gives a configuration with everything at its default and no tenant.
func Default() Config {
	return Config{Listen: "127.0.0.1:8080", Data: "vedette-data", Memory: "4GiB", Retention: Duration(2 * 365 * 24 * time.Hour),
		Query: defaultQuery()}
}

func (t *Tenant) setDefaults() {
	if t.Cloud == "" {
		t.Cloud = "global"
	}
	if t.Name == "" {
		t.Name = t.ID
	}
	if t.Incidents.Poll == 0 {
		t.Incidents.Poll = Duration(30 * time.Second)
	}
	if t.Incidents.History == 0 {
		t.Incidents.History = Duration(30 * 24 * time.Hour)
	}
	if t.Backfill.Days == 0 {
		t.Backfill.Days = 30
	}
	for value, standard := range map[*Duration]time.Duration{&t.Backfill.Poll: 15 * time.Minute, &t.Backfill.Slow: 6 * time.Hour, &t.Backfill.Whole: 24 * time.Hour} {
		if *value == 0 {
			*value = Duration(standard)
		}
	}
	t.Events.setDefaults()
}

// Read reads the file at path. It fails with every fault found, one a line, each with its line number.
func Read(path string) (Config, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Config{}, fault.New(fault.Invalid, "read configuration", "%w", err).WithHint("start from vedette.example.yaml")
	}
	c, err := Parse(text)
	if err != nil {
		return Config{}, fault.New(fault.Invalid, "read configuration "+path, "%w", err)
	}
	if !filepath.IsAbs(c.Data) {
		c.Data = filepath.Join(filepath.Dir(path), c.Data)
	}
	if c.Query.GeoIP != "" && !filepath.IsAbs(c.Query.GeoIP) {
		c.Query.GeoIP = filepath.Join(filepath.Dir(path), c.Query.GeoIP)
	}
	if c.Functions != "" && !filepath.IsAbs(c.Functions) {
		c.Functions = filepath.Join(filepath.Dir(path), c.Functions)
	}
	return c, nil
}

// Parse reads YAML. Unknown keys are faults, so that a misspelt one is not silently without effect.
func Parse(text []byte) (Config, error) {
	c := Default()
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(&c); err != nil && !errors.Is(err, io.EOF) {
		return c, errors.New(strings.TrimPrefix(err.Error(), "yaml: "))
	}
	for i := range c.Tenants {
		c.Tenants[i].setDefaults()
	}
	return c, c.Validate()
}

var (
	guid   = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	domain = regexp.MustCompile(`^[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+$`)
	memory = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?\s*([KMGT]i?B)$`)
)

// Clouds are the values of Tenant.Cloud.
var Clouds = []string{"global", "gcchigh", "dod", "china"}

// Validate gives all faults joined, or nil.
func (c Config) Validate() error {
	var errs []error
	bad := func(line int, format string, args ...any) {
		at := ""
		if line > 0 {
			at = fmt.Sprintf("line %d: ", line)
		}
		errs = append(errs, fmt.Errorf(at+format, args...))
	}
	if err := LoopbackOnly(c.Listen); err != nil {
		bad(0, "listen: %v", err)
	}
	if !memory.MatchString(c.Memory) {
		bad(0, "memory: %q is not a size; write it like 4GiB", c.Memory)
	}
	if c.Retention <= 0 {
		bad(0, "retention: must be positive, e.g. 365d")
	}
	c.Query.validate(bad)
	seen := map[string]bool{}
	for _, t := range c.Tenants {
		if !guid.MatchString(t.ID) && !domain.MatchString(t.ID) {
			bad(t.line, "tenants: id %q is neither a GUID nor a domain; copy Directory (tenant) ID from the app registration's overview", t.ID)
		}
		if seen[t.ID] {
			bad(t.line, "tenants: id %s is there twice", t.ID)
		}
		seen[t.ID] = true
		if !slices.Contains(Clouds, t.Cloud) {
			bad(t.line, "tenants: cloud %q is unknown; it must be one of %s", t.Cloud, strings.Join(Clouds, ", "))
		}
		if t.Incidents.Enabled || t.Backfill.Enabled {
			if !guid.MatchString(t.ClientID) {
				bad(t.line, "tenants: client_id %q is not a GUID; copy Application (client) ID from the app registration's overview", t.ClientID)
			}
			if err := t.ClientSecret.check(); err != nil {
				bad(t.line, "tenants: client_secret: %v", err)
			}
		}
		if t.Incidents.Enabled && t.Incidents.Poll < Duration(5*time.Second) {
			bad(t.line, "tenants: incidents.poll must be at least 5s (Graph allows 150 requests a minute)")
		}
		if b := t.Backfill; b.Enabled {
			if b.Days < 1 || b.Days > 30 {
				bad(t.line, "tenants: backfill.days must be from 1 to 30; the service keeps no more")
			}
			if b.Poll < Duration(time.Minute) || b.Slow < Duration(time.Minute) || b.Whole < Duration(time.Hour) {
				bad(t.line, "tenants: backfill.poll and backfill.slow must be at least 1m, backfill.whole at least 1h (the tenant's hunting quota is shared with its people)")
			}
		}
		for _, err := range t.eventFaults() {
			bad(t.line, "tenants: %v", err)
		}
		if s := t.Events.EventHub.Storage; s != nil {
			if err := s.ConnectionString.check(); err != nil {
				bad(t.line, "tenants: events.event_hub.storage.connection_string: %v", err)
			}
			if s.Container == "" {
				bad(t.line, "tenants: events.event_hub.storage.container is missing; give each consumer group a container of its own")
			}
		}
	}
	return errors.Join(errs...)
}

// LoopbackOnly refuses an address that others could reach: there is no access control yet.
func LoopbackOnly(listen string) error {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return fmt.Errorf("%q is not an address like 127.0.0.1:8080", listen)
	}
	if host == "localhost" {
		return nil
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("%q would be reachable from other machines, and there is no access control yet; use 127.0.0.1 and an SSH tunnel or a reverse proxy with authentication", listen)
}

// UnmarshalYAML keeps the line a tenant begins at, for Validate.
func (t *Tenant) UnmarshalYAML(n *yaml.Node) error {
	type plain Tenant
	if err := n.Decode((*plain)(t)); err != nil {
		return err
	}
	t.line = n.Line
	return nil
}
