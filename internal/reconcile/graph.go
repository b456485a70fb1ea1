package reconcile

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/vedette-siem/vedette/internal/defender"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/incident"
)

// Graph is Defender by Microsoft Graph.
type Graph struct{ client *defender.Client }

var _ Remote = Graph{}

// OfGraph gives the incidents of the client's tenant. Reading needs SecurityIncident.Read.All, sending SecurityIncident.ReadWrite.All.
func OfGraph(client *defender.Client) Graph { return Graph{client} }

const incidentsPath = "/v1.0/security/incidents"

// document is an incident of Graph, as far as it is kept the same. Alerts are collected elsewhere.
type document struct {
	ID                 string    `json:"id"`
	Status             string    `json:"status"`
	AssignedTo         string    `json:"assignedTo"`
	Severity           string    `json:"severity"`
	Classification     string    `json:"classification"`
	Determination      string    `json:"determination"`
	CustomTags         []string  `json:"customTags"`
	DisplayName        string    `json:"displayName"`
	Description        string    `json:"description"`
	Summary            string    `json:"summary"`
	ResolvingComment   string    `json:"resolvingComment"`
	LastUpdateDateTime time.Time `json:"lastUpdateDateTime"`
	LastModifiedBy     string    `json:"lastModifiedBy"`
	RedirectIncidentID string    `json:"redirectIncidentId"`
	Comments           []comment `json:"comments"`
}

type comment struct {
	Comment              string    `json:"comment"`
	CreatedByDisplayName string    `json:"createdByDisplayName"`
	CreatedDateTime      time.Time `json:"createdDateTime"`
}

// read reads an incident. Whatever Graph's spelling of a word is, the usual one comes out.
func read(raw []byte) (incident.Remote, error) {
	var d document
	if err := json.Unmarshal(raw, &d); err != nil {
		return incident.Remote{}, fault.New(fault.Unavailable, "read incident", "the answer is not the JSON of an incident: %w", err)
	}
	if d.ID == "" || d.LastUpdateDateTime.IsZero() {
		return incident.Remote{}, fault.New(fault.Unavailable, "read incident", "the answer has no id or no lastUpdateDateTime")
	}
	r := incident.Remote{ID: d.ID, Version: d.LastUpdateDateTime.UTC(), ModifiedBy: d.LastModifiedBy, RedirectedTo: d.RedirectIncidentID, Comments: comments(d.Comments)}
	r.State = incident.State{AssignedTo: d.AssignedTo, Tags: incident.TagSet(d.CustomTags...), Title: d.DisplayName, Description: d.Description, Summary: d.Summary,
		ResolvingComment: d.ResolvingComment}
	for f, v := range map[incident.Field]string{incident.Status: d.Status, incident.Severity: d.Severity,
		incident.Closing: incident.Verdict{Classification: d.Classification, Determination: d.Determination}.String()} {
		r.State.Set(f, incident.Word(f, v))
	}
	return r, nil
}

func comments(list []comment) []incident.RemoteComment {
	var out []incident.RemoteComment
	for _, c := range list {
		out = append(out, incident.RemoteComment{Author: c.CreatedByDisplayName, At: c.CreatedDateTime.UTC(), Text: c.Comment})
	}
	return out
}

// Skew implements Remote.
func (g Graph) Skew() time.Duration { return g.client.Skew() }

func one(id string) string { return incidentsPath + "/" + url.PathEscape(id) }

// Get implements Remote.
func (g Graph) Get(ctx context.Context, id string) (incident.Remote, error) {
	raw, err := g.client.Do(ctx, defender.Request{Resource: defender.Graph, Path: one(id)})
	if err != nil {
		return incident.Remote{}, err
	}
	return read(raw)
}

// filterTime is how times stand in $filter, with all digits.
const filterTime = "2006-01-02T15:04:05.9999999Z"

// pageTop is the largest page that Graph gives of incidents, as far as is known; where it is less, its answer says so.
const pageTop = 50

// Changed implements Remote. Each page is asked for from the last version of the one before: next links count places in a list that moves
// while it is read. They are followed only through versions of one moment, and where the list does not come in order.
func (g Graph) Changed(ctx context.Context, since time.Time, each func(incident.Remote) error) error {
	top := pageTop
	for {
		path := incidentsPath + "?" + query(since, top)
		page, err := g.client.Page(ctx, defender.Request{Resource: defender.Graph, Path: path})
		if n, small := defender.TopLimit(err); small && n < top {
			top = n
			continue
		}
		if err != nil {
			return err
		}
		last, ordered, err := hand(page, since, each)
		if err != nil || page.Next == "" {
			return err
		}
		if ordered && last.After(since) {
			since = last
			continue
		}
		return g.rest(ctx, page.Next, each)
	}
}

// rest follows next links to the end.
func (g Graph) rest(ctx context.Context, next string, each func(incident.Remote) error) error {
	for next != "" {
		page, err := g.client.Page(ctx, defender.Request{Resource: defender.Graph, Path: next})
		if err != nil {
			return err
		}
		if _, _, err := hand(page, time.Time{}, each); err != nil {
			return err
		}
		next = page.Next
	}
	return nil
}

func query(since time.Time, top int) string {
	q := url.Values{"$filter": {"lastUpdateDateTime ge " + since.UTC().Format(filterTime)}, "$orderby": {"lastUpdateDateTime asc"}, "$top": {fmt.Sprint(top)}}
	return strings.ReplaceAll(q.Encode(), "+", "%20")
}

// hand hands over a page, and gives its last version and whether it came in order from since on. An object that cannot be read is left
// out: it must not keep the others from coming.
func hand(page defender.Page, since time.Time, each func(incident.Remote) error) (last time.Time, ordered bool, err error) {
	last, ordered = since, true
	for _, raw := range page.Value {
		r, err := read(raw)
		if err != nil {
			continue
		}
		if r.Version.Before(last.Add(-time.Second)) { // the filter's time may be rounded
			ordered = false
		}
		if r.Version.After(last) {
			last = r.Version
		}
		if err := each(r); err != nil {
			return last, ordered, err
		}
	}
	return last, ordered, nil
}

// body is what a PATCH sends. An empty text is sent as null; tags replace all that are there.
func body(p incident.Patch) map[string]any {
	var s incident.State
	out := map[string]any{}
	for f, v := range p {
		s.Set(f, v)
		switch {
		case f == incident.Closing:
			out["classification"], out["determination"] = orUnknown(s.Verdict.Classification), orUnknown(s.Verdict.Determination)
		case f == incident.Tags:
			out[string(f)] = append([]string{}, s.Tags...)
		case v == "":
			out[string(f)] = nil
		default:
			out[string(f)] = v
		}
	}
	return out
}

func orUnknown(s string) string {
	if s == "" {
		return "unknown"
	}
	return s
}

// Patch implements Remote.
func (g Graph) Patch(ctx context.Context, id string, p incident.Patch) (incident.Remote, error) {
	raw, err := g.client.Do(ctx, defender.Request{Resource: defender.Graph, Method: http.MethodPatch, Path: one(id), Body: body(p), Once: true})
	if err != nil {
		return incident.Remote{}, writing(err)
	}
	return read(raw)
}

// Comment implements Remote.
func (g Graph) Comment(ctx context.Context, id, text string) ([]incident.RemoteComment, error) {
	raw, err := g.client.Do(ctx, defender.Request{Resource: defender.Graph, Method: http.MethodPost, Path: one(id) + "/comments", Once: true,
		Body: map[string]string{"@odata.type": "microsoft.graph.security.alertComment", "comment": text}})
	if err != nil {
		return nil, writing(err)
	}
	var answer struct{ Value []comment }
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, fault.New(fault.Unavailable, "comment on incident "+id, "the answer is not the JSON of comments: %w", err)
	}
	return comments(answer.Value), nil
}

// writing names the permission that writing needs.
func writing(err error) error {
	if fault.Is(err, fault.Forbidden) {
		return fault.New(fault.Forbidden, "", "%w", err).WithHint("%s", defender.MissingPermission("SecurityIncident.ReadWrite.All"))
	}
	return err
}
