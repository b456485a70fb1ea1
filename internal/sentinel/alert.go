package sentinel

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// graphAlert is what the mapping reads of Graph's alert (alerts_v2).
type graphAlert struct {
	ID                    string           `json:"id"`
	ProviderAlertID       string           `json:"providerAlertId"`
	IncidentID            string           `json:"incidentId"`
	TenantID              string           `json:"tenantId"`
	Title                 string           `json:"title"`
	Description           string           `json:"description"`
	RecommendedActions    string           `json:"recommendedActions"`
	Severity              string           `json:"severity"`
	Status                string           `json:"status"`
	Classification        string           `json:"classification"`
	Determination         string           `json:"determination"`
	AssignedTo            string           `json:"assignedTo"`
	ServiceSource         string           `json:"serviceSource"`
	ProductName           string           `json:"productName"`
	DetectionSource       string           `json:"detectionSource"`
	DetectorID            string           `json:"detectorId"`
	Category              string           `json:"category"`
	Categories            []string         `json:"categories"`
	MitreTechniques       []string         `json:"mitreTechniques"`
	ThreatDisplayName     string           `json:"threatDisplayName"`
	ThreatFamilyName      string           `json:"threatFamilyName"`
	ActorDisplayName      string           `json:"actorDisplayName"`
	AlertWebURL           string           `json:"alertWebUrl"`
	IncidentWebURL        string           `json:"incidentWebUrl"`
	InvestigationState    string           `json:"investigationState"`
	CreatedDateTime       string           `json:"createdDateTime"`
	LastUpdateDateTime    string           `json:"lastUpdateDateTime"`
	FirstActivityDateTime string           `json:"firstActivityDateTime"`
	LastActivityDateTime  string           `json:"lastActivityDateTime"`
	ResolvedDateTime      string           `json:"resolvedDateTime"`
	SystemTags            []string         `json:"systemTags"`
	Evidence              []map[string]any `json:"evidence"`
	CustomDetails         map[string]any   `json:"customDetails"`
	AdditionalData        map[string]any   `json:"additionalData"`
}

// allCategories gives categories, or the deprecated category where there are none.
func (a graphAlert) allCategories() []string {
	if len(a.Categories) > 0 {
		return a.Categories
	}
	if a.Category != "" {
		return []string{a.Category}
	}
	return nil
}

var alertStatus = map[string]string{"new": "New", "inprogress": "InProgress", "resolved": "Resolved"}

// Alert gives the row of SecurityAlert, as a JSON object, for the state of an alert that doc describes.
func Alert(tenantID string, doc []byte) ([]byte, error) {
	var a graphAlert
	if err := json.Unmarshal(doc, &a); err != nil {
		return nil, fmt.Errorf("alert: %w", err)
	}
	if a.ID == "" {
		return nil, errors.New("alert: it has no id")
	}
	if a.LastUpdateDateTime == "" {
		a.LastUpdateDateTime = a.CreatedDateTime
	}
	if a.LastUpdateDateTime == "" {
		return nil, fmt.Errorf("alert %s: it has neither lastUpdateDateTime nor createdDateTime", a.ID)
	}
	if a.TenantID == "" {
		a.TenantID = tenantID
	}
	entities, compromised := entitiesOf(a)
	entityText, err := text(entities)
	if err != nil {
		return nil, fmt.Errorf("alert %s: %w", a.ID, err)
	}
	properties, err := text(extendedProperties(a))
	if err != nil {
		return nil, fmt.Errorf("alert %s: %w", a.ID, err)
	}
	links, err := text(extendedLinks(a))
	if err != nil {
		return nil, fmt.Errorf("alert %s: %w", a.ID, err)
	}
	severity := incidentSeverity[strings.ToLower(a.Severity)]
	if severity == "" {
		severity = "Informational"
	}
	status := alertStatus[strings.ToLower(a.Status)]
	if status == "" {
		status = "Unknown"
	}
	var tacts []string
	for _, c := range a.allCategories() {
		tacts = append(tacts, asTactic(c))
	}
	techniques, sub := splitTechniques(a.MitreTechniques)
	p := productOf(a.ServiceSource, a.ProductName)
	row := object{
		{"TenantId", a.TenantID},
		{"TimeGenerated", a.LastUpdateDateTime},
		{"DisplayName", a.Title},
		{"AlertName", a.Title},
		{"AlertSeverity", severity},
		{"Description", a.Description},
		{"ProviderName", p.provider},
		{"VendorName", "Microsoft"},
		{"VendorOriginalId", a.ProviderAlertID},
		{"SystemAlertId", a.ID},
		{"AlertType", a.DetectorID},
		{"IsIncident", false},
		{"StartTime", a.FirstActivityDateTime},
		{"EndTime", a.LastActivityDateTime},
		{"ProcessingEndTime", a.CreatedDateTime},
		{"RemediationSteps", a.RecommendedActions},
		{"ExtendedProperties", properties},
		{"Entities", entityText},
		{"SourceSystem", "Detection"},
		{"ExtendedLinks", links},
		{"ProductName", p.product},
		{"ProductComponentName", a.DetectionSource},
		{"AlertLink", a.AlertWebURL},
		{"Status", status},
		{"CompromisedEntity", compromised},
		{"Tactics", strings.Join(distinct(tacts), ", ")},
		{"Techniques", jsonList(techniques)},
		{"SubTechniques", jsonList(sub)},
		{"Type", "SecurityAlert"},
		{"DefenderAlert", json.RawMessage(doc)},
	}
	return row.MarshalJSON()
}

// splitTechniques gives the techniques, each once and with those of sub-techniques, and the sub-techniques.
func splitTechniques(all []string) (techniques, sub []string) {
	for _, t := range all {
		parent, _, isSub := strings.Cut(t, ".")
		techniques = append(techniques, parent)
		if isSub {
			sub = append(sub, t)
		}
	}
	return distinct(techniques), distinct(sub)
}

// jsonList is a JSON array as text, "" when it would be empty.
func jsonList(list []string) string {
	if len(list) == 0 {
		return ""
	}
	b, err := json.Marshal(list)
	if err != nil {
		return "" // strings always marshal
	}
	return string(b)
}

func extendedProperties(a graphAlert) object {
	o := object{
		{"Category", a.Category}, {"Status", a.Status}, {"IncidentId", a.IncidentID}, {"Classification", known(a.Classification)}, {"Determination", known(a.Determination)},
		{"AssignedTo", a.AssignedTo}, {"InvestigationState", a.InvestigationState}, {"ThreatName", a.ThreatDisplayName}, {"ThreatFamily", a.ThreatFamilyName},
		{"ActorName", a.ActorDisplayName}, {"LastUpdated", a.LastUpdateDateTime}, {"Resolved", a.ResolvedDateTime},
	}
	if len(a.SystemTags) > 0 {
		o = append(o, field{"SystemTags", a.SystemTags})
	}
	if len(a.CustomDetails) > 0 {
		o = append(o, field{"Custom Details", a.CustomDetails})
	}
	if len(a.AdditionalData) > 0 {
		o = append(o, field{"AdditionalData", a.AdditionalData})
	}
	return o
}

// known drops Graph's "unknown".
func known(s string) string {
	if strings.EqualFold(s, "unknown") {
		return ""
	}
	return s
}

func extendedLinks(a graphAlert) []object {
	out := []object{}
	if a.AlertWebURL != "" {
		out = append(out, object{{"Href", a.AlertWebURL}, {"Category", nil}, {"Label", "alert"}, {"Type", "webLink"}})
	}
	if a.IncidentWebURL != "" {
		out = append(out, object{{"Href", a.IncidentWebURL}, {"Category", nil}, {"Label", "incident"}, {"Type", "webLink"}})
	}
	return out
}
