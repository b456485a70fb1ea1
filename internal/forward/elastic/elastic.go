// Package elastic hands documents on to Elasticsearch and OpenSearch: into data streams named as those of Elastic's integration for
// Microsoft Defender XDR, and present states into an index beside them.
//
// Elasticsearch is spoken to through the transport of its official Go client, OpenSearch through its official Go client. An id is refused by the
// server only within the part of a data stream that is being written; so before documents are put again, all parts are asked for them.
// It imports the forward port, internal/fault and these clients.
package elastic

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/elastic/elastic-transport-go/v8/elastictransport"
	"github.com/opensearch-project/opensearch-go/v4"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/forward"
)

// Config says which cluster, and as whom. Give APIKey, or Username and Password, or Certificate, or none where the cluster asks for none.
type Config struct {
	URLs        []string // of the nodes; requests go to them in turn
	OpenSearch  bool     // it is an OpenSearch cluster
	Namespace   string   // last part of the data streams' names; default "default"
	APIKey      string   // encoded, as Kibana shows it; Elasticsearch only
	Username    string
	Password    string
	RootCAs     *x509.CertPool    // authorities of the nodes' certificates; nil: the system's
	Certificate []tls.Certificate // to show to the nodes
	KeepDays    int               // how long documents are kept over there; 0: for ever
	Timeout     time.Duration     // of one request; default 1 minute
}

// performer is what both official clients are.
type performer interface {
	Perform(*http.Request) (*http.Response, error)
}

// Sink is a cluster.
type Sink struct {
	cfg    Config
	client performer
	idle   func() // closes connections that are not in use
}

var _ forward.Sink = (*Sink)(nil)

var namespaces = regexp.MustCompile(`^[a-z0-9_.]{1,100}$`)

// New checks the configuration; nothing is asked yet.
func New(cfg Config) (*Sink, error) {
	const op = "configure forwarding"
	if cfg.Namespace == "" {
		cfg.Namespace = "default"
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = time.Minute
	}
	if !namespaces.MatchString(cfg.Namespace) {
		return nil, fault.New(fault.Invalid, op, "the namespace %q may have small letters, digits, _ and . only", cfg.Namespace)
	}
	if len(cfg.URLs) == 0 {
		return nil, fault.New(fault.Invalid, op, "there is no address of a node")
	}
	var urls []*url.URL
	for _, text := range cfg.URLs {
		u, err := url.Parse(strings.TrimSuffix(text, "/"))
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return nil, fault.New(fault.Invalid, op, "%q is not an address like https://host:9200", text)
		}
		if u.User != nil {
			return nil, fault.New(fault.Invalid, op, "the address of %s must not hold a password", u.Host).WithHint("set user name and password apart")
		}
		urls = append(urls, u)
	}
	if cfg.OpenSearch && cfg.APIKey != "" {
		return nil, fault.New(fault.Invalid, op, "OpenSearch knows no API keys").WithHint("use a user name and password, or a client certificate")
	}
	base := &http.Transport{Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute, ResponseHeaderTimeout: cfg.Timeout,
		TLSHandshakeTimeout: 10 * time.Second, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: cfg.RootCAs, Certificates: cfg.Certificate}}
	s := &Sink{cfg: cfg, idle: base.CloseIdleConnections}
	var err error
	// A request whose answer is lost must not be sent again below us: the loop does it, and looks before it stores.
	if cfg.OpenSearch {
		s.client, err = opensearch.NewClient(opensearch.Config{Addresses: cfg.URLs, Username: cfg.Username, Password: cfg.Password, Transport: base,
			DisableRetry: true, CompressRequestBody: true})
	} else {
		options := []elastictransport.Option{elastictransport.WithURLs(urls...), elastictransport.WithTransport(base), elastictransport.WithDisableRetry(), elastictransport.WithCompression()}
		switch {
		case cfg.APIKey != "":
			options = append(options, elastictransport.WithAPIKey(cfg.APIKey))
		case cfg.Username != "":
			options = append(options, elastictransport.WithBasicAuth(cfg.Username, cfg.Password))
		}
		s.client, err = elastictransport.NewClient(options...)
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, op, "%w", err)
	}
	return s, nil
}

// product begins the names of Elastic's data sets.
const product = "m365_defender."

// stream is the name of an append-only stream.
func (s *Sink) stream(name string) string { return "logs-" + product + name + "-" + s.cfg.Namespace }

// present is the name of the index of present states.
func (s *Sink) present(name string) string {
	return "vedette-" + product + name + "-current-" + s.cfg.Namespace
}

// Close implements forward.Sink.
func (s *Sink) Close() error {
	s.idle()
	return nil
}
