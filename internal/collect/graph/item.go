package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"github.com/vedette-siem/vedette/internal/defender"
	"github.com/vedette-siem/vedette/internal/fault"
)

// item is one version of an incident or alert. Its place in the listing is earlier than its update when it was updated between the listing
// and the look-up of its alerts: positions go by the place, or what was listed after it would count as stored with it.
type item struct {
	id      string
	listed  time.Time
	updated time.Time
	doc     []byte
}

func byPlace(a, b item) int { return a.listed.Compare(b.listed) }

// read takes apart the objects of a page. One without an id or a time cannot be followed and is left to the log.
func (r *round) read(values []json.RawMessage) []item {
	items := make([]item, 0, len(values))
	for _, v := range values {
		i, err := parse(v)
		if err != nil {
			r.source.cfg.Log.Warn("an object of Graph cannot be followed", "error", err, "object", string(v[:min(len(v), 200)]))
			continue
		}
		items = append(items, i)
	}
	return items
}

// brief is what an incident's record keeps of each alert: enough to say whom it is from and what it is about. The alert itself comes from
// its own collection.
type brief struct {
	ID                    string   `json:"id"`
	Title                 string   `json:"title,omitempty"`
	Severity              string   `json:"severity,omitempty"`
	Status                string   `json:"status,omitempty"`
	ServiceSource         string   `json:"serviceSource,omitempty"`
	ProductName           string   `json:"productName,omitempty"`
	Category              string   `json:"category,omitempty"`
	Categories            []string `json:"categories,omitempty"`
	MitreTechniques       []string `json:"mitreTechniques,omitempty"`
	FirstActivityDateTime string   `json:"firstActivityDateTime,omitempty"`
	LastActivityDateTime  string   `json:"lastActivityDateTime,omitempty"`
}

// briefFields are brief's members, for $select.
const briefFields = "id,title,severity,status,serviceSource,productName,category,categories,mitreTechniques,firstActivityDateTime,lastActivityDateTime"

// parse reads an object's id and time, and shortens an incident's alerts.
func parse(v []byte) (item, error) {
	var head struct {
		ID      string    `json:"id"`
		Updated time.Time `json:"lastUpdateDateTime"`
		Alerts  []brief   `json:"alerts"`
	}
	if err := json.Unmarshal(v, &head); err != nil {
		return item{}, err
	}
	if head.ID == "" || head.Updated.IsZero() {
		return item{}, fault.New(fault.Invalid, "read object", "it has no id or no lastUpdateDateTime")
	}
	at := head.Updated.UTC()
	i := item{head.ID, at, at, v}
	if head.Alerts == nil {
		return i, nil
	}
	var err error
	i.doc, err = withAlerts(v, head.Alerts)
	return i, err
}

// withAlerts is an incident with its alerts in brief.
func withAlerts(doc []byte, alerts []brief) ([]byte, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(doc, &fields); err != nil {
		return nil, fault.New(fault.Unavailable, "read incident", "%w", err)
	}
	for name := range fields {
		if strings.HasPrefix(name, "alerts@") || name == "@odata.context" {
			delete(fields, name)
		}
	}
	var err error
	if fields["alerts"], err = plain(alerts); err != nil {
		return nil, err
	}
	return plain(fields)
}

// plain is v as JSON with its texts as they are: json.Marshal would escape what HTML escapes.
func plain(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fault.New(fault.Internal, "read incident", "%w", err)
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

// envelope wraps an object as the Streaming API wraps its records.
func (r *round) envelope(i item, now time.Time) []byte {
	tenant, _ := json.Marshal(r.source.cfg.Client.TenantID()) // a string always can be
	b := append([]byte(`{"time":"`), now.UTC().Format(filterTime)...)
	b = append(append(b, `","tenantId":`...), tenant...)
	b = append(append(b, `,"operationName":"Publish","category":"`...), r.source.list.category...)
	b = append(append(b, `","properties":`...), i.doc...)
	return append(b, '}')
}

// serverFault tells whether the service itself failed at a request, as it does for good when alerts are too many.
func serverFault(err error) bool {
	return defender.IsInternal(err) || fault.Is(err, fault.Unavailable) && strings.Contains(err.Error(), "HTTP 50")
}

// lookUp gets an incident that was listed without its alerts. Where even one incident with its alerts is too much, their ids come from
// the list of alerts; where that fails too, the incident goes without.
func (r *round) lookUp(ctx context.Context, i item) (item, error) {
	doc, err := r.source.cfg.Client.Do(ctx, defender.Request{Resource: defender.Graph, Path: r.source.list.path + "/" + url.PathEscape(i.id) + "?$expand=alerts", Once500: true})
	switch {
	case err == nil:
		full, err := parse(doc)
		if err != nil || full.id != i.id {
			return i, nil // the list's version is good
		}
		full.listed = i.listed
		return full, nil
	case fault.Is(err, fault.NotFound): // gone meanwhile
		return i, nil
	case !serverFault(err):
		return i, err
	}
	alerts, err := r.alertsOf(ctx, i.id)
	if err != nil || alerts == nil {
		return i, err
	}
	i.doc, err = withAlerts(i.doc, alerts)
	return i, err
}

// alertsOf lists the alerts of an incident, nil when the service cannot.
func (r *round) alertsOf(ctx context.Context, incident string) ([]brief, error) {
	q := url.Values{"$filter": {"incidentId eq '" + strings.ReplaceAll(incident, "'", "''") + "'"}, "$top": {"1000"}, "$select": {briefFields}}
	alerts := []brief{}
	for path := "/v1.0/security/alerts_v2?" + encode(q); path != ""; {
		p, err := r.source.cfg.Client.Page(ctx, defender.Request{Resource: defender.Graph, Path: path})
		if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Forbidden) || serverFault(err) {
			r.source.cfg.Log.Warn("the alerts of an incident cannot be listed; it is kept without them", "incident", incident, "error", err)
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		for _, v := range p.Value {
			var a brief
			if json.Unmarshal(v, &a) == nil && a.ID != "" {
				alerts = append(alerts, a)
			}
		}
		path = p.Next
	}
	return alerts, nil
}
