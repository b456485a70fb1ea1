package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vedette-siem/vedette/internal/collect"
)

// Export is the storage account that Defender's Streaming API writes to: an append blob for each table and hour. It is read as whom the
// first of connection_string, sas_url and account says; account goes with the tenant's client_id and client_secret.
type Export struct {
	ConnectionString Secret   `yaml:"connection_string"`
	SASURL           Secret   `yaml:"sas_url"`    // of the account or of one container, with read and list
	Account          string   `yaml:"account"`    // https://ACCOUNT.blob.core.windows.net
	Containers       []string `yaml:"containers"` // empty: all that the Streaming API made
	Start            string   `yaml:"start"`      // earliest, latest, or a time; by the hours of the blobs
	Poll             Duration `yaml:"poll"`       // between looks at the lists
}

// Protocols of an event hub.
const (
	AMQP  = "amqp"
	Kafka = "kafka"
)

// Set reports whether a hub is configured.
func (h EventHub) Set() bool { return h.ConnectionString.Set() || h.Namespace != "" }

// Set reports whether a storage account is configured.
func (e Export) Set() bool { return e.ConnectionString.Set() || e.SASURL.Set() || e.Account != "" }

func (e *Events) setDefaults() {
	if e.EventHub.ConsumerGroup == "" {
		e.EventHub.ConsumerGroup = "$Default"
	}
	if e.EventHub.Protocol == "" {
		e.EventHub.Protocol = AMQP
	}
	if e.Export.Poll == 0 {
		e.Export.Poll = Duration(30 * time.Second)
	}
}

// eventFaults gives what is wrong with the way events come in.
func (t Tenant) eventFaults() []error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	secret := func(key string, s Secret) {
		if err := s.check(); err != nil {
			bad("%s: %w", key, err)
		}
	}
	hub, export := t.Events.EventHub, t.Events.Export
	if t.Events.Enabled && (hub.Set() || !export.Set()) && hub.Namespace == "" {
		secret("events.event_hub.connection_string", hub.ConnectionString)
	}
	if !slices.Contains([]string{"", AMQP, Kafka}, hub.Protocol) {
		bad("events.event_hub.protocol: %q is unknown; it must be %s or %s", hub.Protocol, AMQP, Kafka)
	}
	if hub.Protocol != Kafka && (hub.Namespace != "" || hub.Start != "") {
		bad("events.event_hub: namespace and start go with protocol: %s", Kafka)
	}
	if hub.Protocol == Kafka && hub.Storage != nil {
		bad("events.event_hub.storage: checkpoint blobs go with protocol: %s; over Kafka the offsets are committed to the hub", AMQP)
	}
	if hub.Namespace != "" && hub.ConnectionString.Set() {
		bad("events.event_hub: give connection_string or namespace, not both")
	}
	if hub.Namespace != "" || export.Account != "" {
		if !guid.MatchString(t.ClientID) || !t.ClientSecret.Set() {
			bad("events: namespace and account need client_id and client_secret")
		}
	}
	for key, start := range map[string]string{"events.event_hub.start": hub.Start, "events.storage_account.start": export.Start} {
		if _, err := collect.ParseStart(start); err != nil {
			bad("%s: %w", key, err)
		}
	}
	given := 0
	for key, s := range map[string]Secret{"events.storage_account.connection_string": export.ConnectionString, "events.storage_account.sas_url": export.SASURL} {
		if s.Set() {
			given++
			secret(key, s)
		}
	}
	if export.Account != "" {
		given++
		if !strings.HasPrefix(export.Account, "https://") {
			bad("events.storage_account.account: write it like https://ACCOUNT.blob.core.windows.net")
		}
	}
	if given > 1 {
		errs = append(errs, errors.New("events.storage_account: give one of connection_string, sas_url and account"))
	}
	if export.Poll != 0 && export.Poll < Duration(time.Second) {
		bad("events.storage_account.poll must be at least 1s")
	}
	slices.SortFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errs
}
