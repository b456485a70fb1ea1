package queue

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/vedette-siem/vedette/kql/value"
)

// current is the newest row of every incident: SecurityIncident is a log with a row for every change.
const current = `
SecurityIncident
| where isnotempty(ProviderIncidentId)
| summarize arg_max(LastModifiedTime, IncidentNumber, Title, Severity, Status, Classification, Owner, Labels, AlertIds, AdditionalData,
    CreatedTime, FirstActivityTime, LastActivityTime, Description, DefenderIncident) by TenantId, ProviderIncidentId`

// List gives the incidents that f chooses, in its order.
func (q *Queue) List(ctx context.Context, f Filter) (Page, error) {
	found, err := q.run(ctx, current, nil)
	if err != nil {
		return Page{}, err
	}
	page := Page{Items: []Summary{}}
	for _, r := range found {
		if s := summary(r); f.keeps(s) {
			page.Items = append(page.Items, s)
		}
	}
	page.Total = len(page.Items)
	slices.SortStableFunc(page.Items, func(a, b Summary) int {
		c := compare(f.Sort, a, b)
		if f.Desc {
			c = -c
		}
		return cmp.Or(c, cmp.Compare(b.Number, a.Number))
	})
	page.Items = page.Items[min(f.Offset, len(page.Items)):]
	page.Items = page.Items[:min(f.Limit, len(page.Items))]
	return page, q.countEntities(ctx, page.Items, found)
}

func (f Filter) keeps(s Summary) bool {
	if len(f.Status) > 0 && !slices.Contains(f.Status, s.Status) || len(f.Severity) > 0 && !slices.Contains(f.Severity, s.Severity) {
		return false
	}
	if f.Search == "" {
		return true
	}
	needle := strings.ToLower(f.Search)
	for _, field := range append([]string{s.ID, s.Title, s.Owner}, s.Tags...) {
		if strings.Contains(strings.ToLower(field), needle) {
			return true
		}
	}
	return false
}

var (
	severities = []string{"Informational", "Low", "Medium", "High"}
	statuses   = []string{"Closed", "Active", "New"}
)

func compare(by string, a, b Summary) int {
	switch by {
	case "created":
		return cmp.Compare(a.Created, b.Created)
	case "severity":
		return cmp.Compare(slices.Index(severities, a.Severity), slices.Index(severities, b.Severity))
	case "status":
		return cmp.Compare(slices.Index(statuses, a.Status), slices.Index(statuses, b.Status))
	case "title":
		return cmp.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title))
	case "alerts":
		return cmp.Compare(a.Alerts, b.Alerts)
	case "id":
		return cmp.Compare(a.Number, b.Number)
	}
	return cmp.Compare(a.LastUpdate, b.LastUpdate)
}

// graphIncident is what the list needs of Graph's own document beyond Sentinel's columns.
type graphIncident struct {
	Status             string   `json:"status"`
	Determination      string   `json:"determination"`
	Summary            string   `json:"summary"`
	RedirectIncidentID *string  `json:"redirectIncidentId"`
	CustomTags         []string `json:"customTags"`
	SystemTags         []string `json:"systemTags"`
	IncidentWebURL     string   `json:"incidentWebUrl"`
	Comments           []struct {
		Comment              string `json:"comment"`
		CreatedByDisplayName string `json:"createdByDisplayName"`
		CreatedDateTime      string `json:"createdDateTime"`
	} `json:"comments"`
}

func summary(r row) Summary {
	var (
		owner  struct{ AssignedTo, Email, UserPrincipalName string }
		labels []struct{ LabelName string }
		alerts []string
		more   struct {
			AlertProductNames []string `json:"alertProductNames"`
			Tactics           []string `json:"tactics"`
		}
		doc graphIncident
	)
	r.decode("Owner", &owner)
	r.decode("Labels", &labels)
	r.decode("AlertIds", &alerts)
	r.decode("AdditionalData", &more)
	r.decode("DefenderIncident", &doc)
	s := Summary{
		ID: r.text("ProviderIncidentId"), Number: r.number("IncidentNumber"), Tenant: r.text("TenantId"), Title: r.text("Title"),
		Severity: r.text("Severity"), Status: r.text("Status"), DefenderStatus: doc.Status, Classification: r.text("Classification"),
		Determination: doc.Determination, Owner: cmp.Or(owner.AssignedTo, owner.UserPrincipalName, owner.Email), Tags: []string{}, Alerts: len(alerts),
		Products: orEmpty(more.AlertProductNames), Tactics: orEmpty(more.Tactics), Created: r.text("CreatedTime"), LastUpdate: r.text("LastModifiedTime"),
		FirstActivity: r.text("FirstActivityTime"), LastActivity: r.text("LastActivityTime"), URL: doc.IncidentWebURL,
	}
	for _, l := range labels {
		s.Tags = append(s.Tags, l.LabelName)
	}
	return s
}

func orEmpty(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

// alertsByID is the newest row of each alert named in ids.
const alertsByID = `
declare query_parameters(ids:dynamic);
SecurityAlert
| where SystemAlertId in (ids)
| summarize arg_max(TimeGenerated, DisplayName, AlertSeverity, Status, ProductName, ProductComponentName, Tactics, Techniques, SubTechniques, Description,
    RemediationSteps, StartTime, EndTime, AlertLink, DefenderAlert) by SystemAlertId`

// countEntities fills in the assets of the incidents on one page.
func (q *Queue) countEntities(ctx context.Context, items []Summary, found []row) error {
	var ids value.Array
	of := map[string][]int{} // alert id → places in items
	place := map[string]int{}
	for i, s := range items {
		place[s.Tenant+"/"+s.ID] = i
	}
	for _, r := range found {
		i, shown := place[r.text("TenantId")+"/"+r.text("ProviderIncidentId")]
		if !shown {
			continue
		}
		var alerts []string
		r.decode("AlertIds", &alerts)
		for _, id := range alerts {
			if of[id] == nil {
				ids = append(ids, value.OfString(id))
			}
			of[id] = append(of[id], i)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	alerts, err := q.run(ctx, alertsByID, map[string]value.Value{"ids": value.OfArray(ids)})
	if err != nil {
		return err
	}
	seen := make([]map[string]bool, len(items))
	for _, a := range alerts {
		var doc graphAlert
		a.decode("DefenderAlert", &doc)
		for _, i := range of[a.text("SystemAlertId")] {
			if seen[i] == nil {
				seen[i] = map[string]bool{}
			}
			for _, e := range doc.Evidence {
				items[i].Entities.add(e, seen[i])
			}
		}
	}
	return nil
}

func (c *Counts) add(e map[string]any, seen map[string]bool) {
	kind := evidenceType(e)
	count, key := (*int)(nil), ""
	switch kind {
	case "device":
		count, key = &c.Devices, cmp.Or(str(e, "mdeDeviceId"), str(e, "deviceDnsName"), str(e, "hostName"))
	case "user":
		count, key = &c.Users, cmp.Or(str(e, "userAccount", "azureAdUserId"), str(e, "userAccount", "userSid"), str(e, "userAccount", "accountName"))
	case "mailbox":
		count, key = &c.Mailboxes, str(e, "primaryAddress")
	}
	if key == "" || seen[kind+key] {
		return
	}
	seen[kind+key] = true
	*count++
}
