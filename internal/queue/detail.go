package queue

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/kql/value"
)

// Incident is one incident with everything known of it.
type Incident struct {
	Summary
	Description  string    `json:"description"`
	Text         string    `json:"summary"`
	Comments     []Comment `json:"comments"`
	RedirectedTo *string   `json:"redirectedTo"`
	AlertList    []Alert   `json:"alertList"`
	History      []Change  `json:"history"`
}

// Comment is a comment on an incident.
type Comment struct {
	Text   string `json:"text"`
	Author string `json:"author"`
	At     string `json:"at"`
}

// Alert is one alert of an incident.
type Alert struct {
	ID                 string     `json:"id"`
	Title              string     `json:"title"`
	Severity           string     `json:"severity"`
	Status             string     `json:"status"`
	Product            string     `json:"product"`
	DetectionSource    string     `json:"detectionSource"`
	Category           string     `json:"category"`
	Tactics            []string   `json:"tactics"`
	Techniques         []string   `json:"techniques"`
	Description        string     `json:"description"`
	RecommendedActions string     `json:"recommendedActions"`
	Created            string     `json:"created"`
	FirstActivity      string     `json:"firstActivity"`
	LastActivity       string     `json:"lastActivity"`
	URL                string     `json:"url"`
	Actor              string     `json:"actor"`
	Threat             string     `json:"threat"`
	Evidence           []Evidence `json:"evidence"`
}

// graphAlert is what the page needs of Graph's own alert document.
type graphAlert struct {
	Category          string           `json:"category"`
	Categories        []string         `json:"categories"`
	ActorDisplayName  string           `json:"actorDisplayName"`
	ThreatDisplayName string           `json:"threatDisplayName"`
	Evidence          []map[string]any `json:"evidence"`
	CreatedDateTime   string           `json:"createdDateTime"`
}

const oneIncident = `
declare query_parameters(id:string);
SecurityIncident
| where ProviderIncidentId == id
| project LastModifiedTime, TimeGenerated, TenantId, ProviderIncidentId, IncidentNumber, Title, Severity, Status, Classification, ClassificationReason, Owner, Labels,
    AlertIds, AdditionalData, CreatedTime, FirstActivityTime, LastActivityTime, Description, ModifiedBy, DefenderIncident
| sort by LastModifiedTime asc, TimeGenerated asc`

// Get gives one incident of a tenant by Defender's id. Without a tenant it is, of all that have one of this id, the one that changed last.
func (q *Queue) Get(ctx context.Context, tenant, id string) (Incident, error) {
	log, err := q.run(ctx, oneIncident, map[string]value.Value{"id": value.OfString(id)})
	if err != nil {
		return Incident{}, err
	}
	if tenant == "" && len(log) > 0 {
		tenant = log[len(log)-1].text("TenantId")
	}
	log = slices.DeleteFunc(log, func(r row) bool { return r.text("TenantId") != tenant })
	if len(log) == 0 {
		return Incident{}, fault.New(fault.NotFound, "", "there is no incident %s", id).WithHint("it may not have been collected yet: the connector page shows how far collection is")
	}
	now := log[len(log)-1]
	one := Incident{Summary: summary(now), Description: now.text("Description"), Comments: []Comment{}, AlertList: []Alert{}, History: history(log)}
	var doc graphIncident
	now.decode("DefenderIncident", &doc)
	one.Text, one.RedirectedTo = doc.Summary, doc.RedirectIncidentID
	for _, c := range doc.Comments {
		one.Comments = append(one.Comments, Comment{c.Comment, c.CreatedByDisplayName, c.CreatedDateTime})
	}
	var ids value.Array
	var names []string
	now.decode("AlertIds", &names)
	for _, n := range names {
		ids = append(ids, value.OfString(n))
	}
	found, err := q.run(ctx, alertsByID, map[string]value.Value{"ids": value.OfArray(ids)})
	if err != nil {
		return Incident{}, err
	}
	seen := map[string]bool{}
	for _, r := range found {
		a, doc := alert(r)
		one.AlertList = append(one.AlertList, a)
		for _, e := range doc.Evidence {
			one.Entities.add(e, seen)
		}
	}
	slices.SortStableFunc(one.AlertList, func(a, b Alert) int { return strings.Compare(a.FirstActivity, b.FirstActivity) })
	return one, nil
}

func alert(r row) (Alert, graphAlert) {
	var doc graphAlert
	r.decode("DefenderAlert", &doc)
	a := Alert{
		ID: r.text("SystemAlertId"), Title: r.text("DisplayName"), Severity: r.text("AlertSeverity"), Status: r.text("Status"), Product: r.text("ProductName"),
		DetectionSource: r.text("ProductComponentName"), Category: doc.Category, Tactics: list(r.text("Tactics")),
		Techniques: append(list(r.text("Techniques")), list(r.text("SubTechniques"))...), Description: r.text("Description"),
		RecommendedActions: r.text("RemediationSteps"), Created: doc.CreatedDateTime, FirstActivity: r.text("StartTime"), LastActivity: r.text("EndTime"),
		URL: r.text("AlertLink"), Actor: doc.ActorDisplayName, Threat: doc.ThreatDisplayName, Evidence: []Evidence{},
	}
	if a.Category == "" && len(doc.Categories) > 0 {
		a.Category = doc.Categories[0]
	}
	for _, e := range doc.Evidence {
		a.Evidence = append(a.Evidence, evidence(e, a.FirstActivity, a.LastActivity))
	}
	return a, doc
}

// list splits Sentinel's comma-separated lists, which may also be JSON arrays.
func list(s string) []string {
	out := []string{}
	for _, part := range strings.Split(strings.Trim(s, "[]"), ",") {
		if part = strings.Trim(strings.TrimSpace(part), `"`); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// Change is one step in an incident's life.
type Change struct {
	At      string  `json:"at"`
	By      string  `json:"by"`
	Changes []Field `json:"changes"`
}

// Field is one field that changed.
type Field struct {
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// history compares each row of an incident's log with the one before.
func history(log []row) []Change {
	out := []Change{}
	for i, r := range log {
		c := Change{At: r.text("LastModifiedTime"), By: r.text("ModifiedBy"), Changes: []Field{}}
		if i == 0 {
			c.Changes = append(c.Changes, Field{beginning(r), "", r.text("Title")})
			out = append(out, c)
			continue
		}
		before, after := watched(log[i-1]), watched(r)
		for j := range after {
			if before[j].To != after[j].To {
				c.Changes = append(c.Changes, Field{after[j].Field, before[j].To, after[j].To})
			}
		}
		if len(c.Changes) > 0 {
			out = append(out, c)
		}
	}
	return out
}

// beginning names the first entry of a history: the incident's creation, or the first we saw of an older one.
func beginning(r row) string {
	if r.text("LastModifiedTime") == r.text("CreatedTime") {
		return "created"
	}
	return "first collected"
}

// watched lists the fields whose changes are worth telling, as text, always in the same order.
func watched(r row) []Field {
	s := summary(r)
	var doc graphIncident
	r.decode("DefenderIncident", &doc)
	redirect := ""
	if doc.RedirectIncidentID != nil {
		redirect = *doc.RedirectIncidentID
	}
	return []Field{
		{"title", "", s.Title}, {"severity", "", s.Severity}, {"status", "", s.Status}, {"owner", "", s.Owner}, {"classification", "", s.Classification},
		{"determination", "", s.Determination}, {"tags", "", strings.Join(s.Tags, ", ")}, {"alerts", "", fmt.Sprint(s.Alerts)},
		{"comments", "", fmt.Sprint(len(doc.Comments))}, {"redirected to", "", redirect},
	}
}
