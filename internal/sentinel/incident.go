package sentinel

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// graphIncident is what the mapping reads of Graph's incident. Its alerts may be whole or in brief.
type graphIncident struct {
	ID                 string   `json:"id"`
	TenantID           string   `json:"tenantId"`
	DisplayName        string   `json:"displayName"`
	Description        string   `json:"description"`
	Severity           string   `json:"severity"`
	Status             string   `json:"status"`
	Classification     string   `json:"classification"`
	Determination      string   `json:"determination"`
	AssignedTo         string   `json:"assignedTo"`
	CreatedDateTime    string   `json:"createdDateTime"`
	LastUpdateDateTime string   `json:"lastUpdateDateTime"`
	LastModifiedBy     string   `json:"lastModifiedBy"`
	IncidentWebURL     string   `json:"incidentWebUrl"`
	RedirectIncidentID string   `json:"redirectIncidentId"`
	ResolvingComment   string   `json:"resolvingComment"`
	CustomTags         []string `json:"customTags"`
	SystemTags         []string `json:"systemTags"`
	Tags               []string `json:"tags"`
	Comments           []struct {
		Comment              string `json:"comment"`
		CreatedByDisplayName string `json:"createdByDisplayName"`
		CreatedDateTime      string `json:"createdDateTime"`
	} `json:"comments"`
	Alerts []graphAlert `json:"alerts"`
}

// Statuses and severities of Sentinel by Graph's, in lower case. A redirected incident is closed: its alerts have moved to another.
var (
	incidentStatus   = map[string]string{"active": "New", "inprogress": "Active", "awaitingaction": "Active", "resolved": "Closed", "redirected": "Closed"}
	incidentSeverity = map[string]string{"high": "High", "medium": "Medium", "low": "Low", "informational": "Informational"}
)

// closing is Sentinel's classification and reason for a Graph classification. The determination is kept in the document.
func closing(classification string) (class, reason string) {
	switch strings.ToLower(classification) {
	case "truepositive":
		return "TruePositive", "SuspiciousActivity"
	case "falsepositive":
		return "FalsePositive", "InaccurateData"
	case "informationalexpectedactivity":
		return "BenignPositive", "SuspiciousButExpected"
	}
	return "", ""
}

// Incident gives the row of SecurityIncident, as a JSON object, for the state of an incident that doc describes. tenantID is used when the
// document does not name its tenant. Errors say what the document lacks.
func Incident(tenantID string, doc []byte) ([]byte, error) {
	var in graphIncident
	if err := json.Unmarshal(doc, &in); err != nil {
		return nil, fmt.Errorf("incident: %w", err)
	}
	switch {
	case in.ID == "":
		return nil, errors.New("incident: it has no id")
	case in.LastUpdateDateTime == "":
		return nil, fmt.Errorf("incident %s: it has no lastUpdateDateTime", in.ID)
	}
	if in.TenantID == "" {
		in.TenantID = tenantID
	}
	status := incidentStatus[strings.ToLower(in.Status)]
	if status == "" {
		status = "Active"
	}
	severity := incidentSeverity[strings.ToLower(in.Severity)]
	if severity == "" {
		severity = "Informational"
	}
	class, reason := "", ""
	closed := ""
	if status == "Closed" {
		closed = in.LastUpdateDateTime
		if class, reason = closing(in.Classification); class == "" {
			class = "Undetermined"
		}
	}
	first, last, ids, names, tacts, techniques := gather(in)
	row := object{
		{"TenantId", in.TenantID},
		{"TimeGenerated", in.LastUpdateDateTime},
		{"IncidentName", stableGUID(in.TenantID, in.ID)},
		{"Title", in.DisplayName},
		{"Description", in.Description},
		{"Severity", severity},
		{"Status", status},
		{"Classification", class},
		{"ClassificationComment", in.ResolvingComment},
		{"ClassificationReason", reason},
		{"Owner", owner(in.AssignedTo)},
		{"ProviderName", ProviderName},
		{"ProviderIncidentId", in.ID},
		{"FirstActivityTime", first},
		{"LastActivityTime", last},
		{"FirstModifiedTime", in.CreatedDateTime},
		{"LastModifiedTime", in.LastUpdateDateTime},
		{"CreatedTime", in.CreatedDateTime},
		{"ClosedTime", closed},
		{"IncidentNumber", incidentNumber(in.ID)},
		{"RelatedAnalyticRuleIds", []string{}},
		{"AlertIds", ids},
		{"BookmarkIds", []string{}},
		{"Comments", comments(in)},
		{"Tasks", []string{}},
		{"Labels", labels(in)},
		{"IncidentUrl", in.IncidentWebURL},
		{"AdditionalData", object{
			{"alertsCount", len(ids)}, {"bookmarksCount", 0}, {"commentsCount", len(in.Comments)},
			{"alertProductNames", names}, {"tactics", tacts}, {"techniques", techniques}, {"providerIncidentUrl", in.IncidentWebURL},
		}},
		{"ModifiedBy", in.LastModifiedBy},
		{"SourceSystem", "Azure"},
		{"Type", "SecurityIncident"},
		{"DefenderIncident", json.RawMessage(doc)},
	}
	return row.MarshalJSON()
}

// gather reads what an incident's row says about its alerts.
func gather(in graphIncident) (first, last string, ids, names, tacts, techniques []string) {
	for _, a := range in.Alerts {
		ids = append(ids, a.ID)
		names = append(names, productOf(a.ServiceSource, a.ProductName).product)
		for _, c := range a.allCategories() {
			tacts = append(tacts, asTactic(c))
		}
		techniques = append(techniques, a.MitreTechniques...)
		if a.FirstActivityDateTime != "" && (first == "" || a.FirstActivityDateTime < first) {
			first = a.FirstActivityDateTime
		}
		last = max(last, a.LastActivityDateTime)
	}
	return first, last, distinct(ids), distinct(names), distinct(tacts), distinct(techniques)
}

func owner(assignedTo string) object {
	o := object{{"objectId", nil}, {"email", nil}, {"assignedTo", assignedTo}, {"userPrincipalName", nil}}
	if strings.Contains(assignedTo, "@") {
		o[1].value, o[3].value = assignedTo, assignedTo
	}
	return o
}

func labels(in graphIncident) []object {
	out := []object{}
	add := func(kind string, names ...string) {
		for _, n := range distinct(names) {
			out = append(out, object{{"labelName", n}, {"labelType", kind}})
		}
	}
	add("User", append(in.CustomTags, in.Tags...)...)
	add("AutoAssigned", in.SystemTags...)
	if strings.EqualFold(in.Status, "redirected") || in.RedirectIncidentID != "" {
		add("AutoAssigned", "Redirected")
	}
	return out
}

func comments(in graphIncident) []object {
	out := []object{}
	for _, c := range in.Comments {
		out = append(out, object{{"message", c.Comment}, {"author", object{{"name", c.CreatedByDisplayName}}}, {"createdTimeUtc", c.CreatedDateTime}})
	}
	return out
}
