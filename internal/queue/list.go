package queue

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/vedette-siem/vedette/kql/value"
)

// SecurityIncident is a log with a row for every change: heads is what choosing and ordering needs of each incident's newest row, and current
// the whole of it for those that are shown.
const (
	heads = `
SecurityIncident
| where isnotempty(ProviderIncidentId)
| summarize arg_max(LastModifiedTime, IncidentNumber, Title, Severity, Status, Owner, Labels, AlertIds, CreatedTime) by TenantId, ProviderIncidentId
| project TenantId, ProviderIncidentId, LastModifiedTime, IncidentNumber, Title, Severity, Status, Owner, Labels, Alerts = array_length(AlertIds), CreatedTime`

	current = `
declare query_parameters(ids:dynamic);
SecurityIncident
| where ProviderIncidentId in (ids)
| summarize arg_max(LastModifiedTime, IncidentNumber, Title, Severity, Status, Classification, Owner, Labels, AlertIds, AdditionalData,
    CreatedTime, FirstActivityTime, LastActivityTime, Description, DefenderIncident) by TenantId, ProviderIncidentId`
)

// List gives the incidents that f chooses, in its order.
func (q *Queue) List(ctx context.Context, f Filter) (Page, error) {
	all, err := q.run(ctx, heads, nil)
	if err != nil {
		return Page{}, err
	}
	all = slices.DeleteFunc(all, func(r row) bool { return !f.keeps(r) })
	slices.SortStableFunc(all, func(a, b row) int {
		c := compare(f.Sort, a, b)
		if f.Desc {
			c = -c
		}
		return cmp.Or(c, cmp.Compare(b.number("IncidentNumber"), a.number("IncidentNumber")))
	})
	page := Page{Total: len(all), Items: []Summary{}}
	all = all[min(f.Offset, len(all)):]
	all = all[:min(f.Limit, len(all))]
	if len(all) == 0 {
		return page, nil
	}
	var ids value.Array
	for _, r := range all {
		ids = append(ids, r["ProviderIncidentId"])
	}
	shown, err := q.run(ctx, current, map[string]value.Value{"ids": value.OfArray(ids)})
	if err != nil {
		return Page{}, err
	}
	of := map[string]row{}
	for _, r := range shown {
		of[r.key()] = r
	}
	for _, r := range all {
		if whole, ok := of[r.key()]; ok { // it may just have been removed
			page.Items = append(page.Items, summary(whole))
		}
	}
	return page, q.countEntities(ctx, page.Items, shown)
}

// key tells an incident from those of other tenants.
func (r row) key() string { return r.text("TenantId") + "/" + r.text("ProviderIncidentId") }

func (f Filter) keeps(r row) bool {
	if len(f.Status) > 0 && !slices.Contains(f.Status, r.text("Status")) || len(f.Severity) > 0 && !slices.Contains(f.Severity, r.text("Severity")) {
		return false
	}
	if f.Search == "" {
		return true
	}
	needle := strings.ToLower(f.Search)
	for _, field := range append([]string{r.text("ProviderIncidentId"), r.text("Title"), r.owner()}, r.tags()...) {
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

func compare(by string, a, b row) int {
	number := func(col string) int { return cmp.Compare(a.number(col), b.number(col)) }
	rank := func(col string, words []string) int {
		return cmp.Compare(slices.Index(words, a.text(col)), slices.Index(words, b.text(col)))
	}
	switch by {
	case "created":
		return number("CreatedTime")
	case "severity":
		return rank("Severity", severities)
	case "status":
		return rank("Status", statuses)
	case "title":
		return cmp.Compare(strings.ToLower(a.text("Title")), strings.ToLower(b.text("Title")))
	case "alerts":
		return number("Alerts")
	case "id":
		return number("IncidentNumber")
	}
	return number("LastModifiedTime")
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
		alerts []string
		more   struct {
			AlertProductNames []string `json:"alertProductNames"`
			Tactics           []string `json:"tactics"`
		}
		doc graphIncident
	)
	r.decode("AlertIds", &alerts)
	r.decode("AdditionalData", &more)
	r.decode("DefenderIncident", &doc)
	return Summary{
		ID: r.text("ProviderIncidentId"), Number: r.number("IncidentNumber"), Tenant: r.text("TenantId"), Title: r.text("Title"),
		Severity: r.text("Severity"), Status: r.text("Status"), DefenderStatus: doc.Status, Classification: r.text("Classification"),
		Determination: doc.Determination, Owner: r.owner(), Tags: r.tags(), Alerts: len(alerts),
		Products: orEmpty(more.AlertProductNames), Tactics: orEmpty(more.Tactics), Created: r.text("CreatedTime"), LastUpdate: r.text("LastModifiedTime"),
		FirstActivity: r.text("FirstActivityTime"), LastActivity: r.text("LastActivityTime"), URL: doc.IncidentWebURL,
	}
}

func (r row) owner() string {
	var owner struct{ AssignedTo, Email, UserPrincipalName string }
	r.decode("Owner", &owner)
	return cmp.Or(owner.AssignedTo, owner.UserPrincipalName, owner.Email)
}

func (r row) tags() []string {
	var labels []struct{ LabelName string }
	r.decode("Labels", &labels)
	out := []string{}
	for _, l := range labels {
		out = append(out, l.LabelName)
	}
	return out
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
		i, shown := place[r.key()]
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
