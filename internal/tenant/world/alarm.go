package world

import (
	"sort"
	"strings"
)

// alarm is one alert, told from three sides: the Graph alert, the AlertInfo row and the AlertEvidence rows.
type alarm struct {
	alarmText
	id          string
	story       *story
	dev         *Device // first device, for MachineGroup
	created     ticks
	updated     ticks
	first, last ticks
	evidence    []*evidence
	moved       *story // where the alert is after its incident was merged
	number      uint64
}

// alarmText is what a detection always says.
type alarmText struct {
	title, description, category, severity string
	service, detection                     string // Graph enum members
	techniques                             []string
	threat, family                         string // of a known malware
	policy                                 string // alertPolicyId of Office 365 alerts
}

// wire gives the words that the tables use where Graph has enum members.
var wire = map[string]string{
	"microsoftDefenderForEndpoint":  "Microsoft Defender for Endpoint",
	"microsoftDefenderForOffice365": "Microsoft Defender for Office 365",
	"microsoftDefenderForIdentity":  "Microsoft Defender for Identity",
	"microsoftDefenderForCloudApps": "Microsoft Defender for Cloud Apps",
	"cloudAppSecurity":              "Microsoft Defender for Cloud Apps",
	"azureAdIdentityProtection":     "AAD Identity Protection",
	"microsoft365Defender":          "Microsoft Defender XDR",
	"dataLossPrevention":            "Microsoft Data Loss Prevention",
	"microsoftDataLossPrevention":   "Microsoft Data Loss Prevention",
	"antivirus":                     "Antivirus",
	"smartScreen":                   "SmartScreen",
	"customDetection":               "Custom detection",
	"automatedInvestigation":        "Automated investigation",
	"informational":                 "Informational",
	"low":                           "Low",
	"medium":                        "Medium",
	"high":                          "High",
}

// detectionWire is the source of detection of Defender for Endpoint itself, which the tables call EDR.
func detectionWire(s string) string {
	if s == "microsoftDefenderForEndpoint" {
		return "EDR"
	}
	return wire[s]
}

var idPrefix = map[string]string{"microsoftDefenderForEndpoint": "da", "microsoftDefenderForOffice365": "fa", "microsoftDefenderForIdentity": "aa",
	"microsoftDefenderForCloudApps": "ca", "azureAdIdentityProtection": "ad",
	"microsoft365Defender": "ra", "dataLossPrevention": "dl"}

// techniqueNames of ATT&CK that our detections mention.
var techniqueNames = map[string]string{"T1566.001": "Spearphishing Attachment", "T1566.002": "Spearphishing Link", "T1566": "Phishing", "T1204.002": "Malicious File",
	"T1059.001": "PowerShell", "T1059.003": "Windows Command Shell",
	"T1071.001": "Web Protocols", "T1547.001": "Registry Run Keys / Startup Folder", "T1087.002": "Domain Account", "T1069.002": "Domain Groups", "T1018": "Remote System Discovery", "T1003.001": "LSASS Memory",
	"T1021.002": "SMB/Windows Admin Shares", "T1569.002": "Service Execution", "T1550.002": "Pass the Hash", "T1486": "Data Encrypted for Impact", "T1490": "Inhibit System Recovery", "T1070.001": "Clear Windows Event Logs",
	"T1557": "Adversary-in-the-Middle", "T1078.004": "Cloud Accounts", "T1539": "Steal Web Session Cookie", "T1564.008": "Email Hiding Rules", "T1114.002": "Remote Email Collection", "T1534": "Internal Spearphishing",
	"T1052.001": "Exfiltration over USB", "T1567.002": "Exfiltration to Cloud Storage", "T1560.001": "Archive via Utility", "T1213.002": "Sharepoint", "T1190": "Exploit Public-Facing Application", "T1505.003": "Web Shell",
	"T1033": "System Owner/User Discovery", "T1016": "System Network Configuration Discovery", "T1105": "Ingress Tool Transfer", "T1110.003": "Password Spraying", "T1036": "Masquerading", "T1091": "Replication Through Removable Media"}

func techniques(ids []string) string {
	var names []string
	for _, id := range ids {
		names = append(names, quote(techniqueNames[id]+" ("+id+")"))
	}
	if len(names) == 0 {
		return ""
	}
	return "[" + strings.Join(names, ",") + "]"
}

var alertInfoColumns = map[string]put{
	"AlertId":          func(b []byte, r *row) []byte { return appendString(b, r.alarm.id) },
	"Title":            func(b []byte, r *row) []byte { return appendString(b, r.alarm.title) },
	"Category":         func(b []byte, r *row) []byte { return appendString(b, r.alarm.category) },
	"Severity":         func(b []byte, r *row) []byte { return appendString(b, wire[r.alarm.severity]) },
	"ServiceSource":    func(b []byte, r *row) []byte { return appendString(b, wire[r.alarm.service]) },
	"DetectionSource":  func(b []byte, r *row) []byte { return appendString(b, detectionWire(r.alarm.detection)) },
	"AttackTechniques": func(b []byte, r *row) []byte { return appendString(b, techniques(r.alarm.techniques)) },
	"MachineGroup": func(b []byte, r *row) []byte {
		if r.alarm.dev == nil {
			return append(b, "null"...)
		}
		return appendString(b, r.alarm.dev.group)
	},
}

// webURL is the page of something in the portal.
func (w *World) webURL(path string) string {
	return "https://security.microsoft.com/" + path + "?tid=" + w.cfg.TenantID
}

// doc is the alert as Graph gives it.
func (a *alarm) doc(w *World) map[string]any {
	st := a.story
	if a.moved != nil {
		st = a.moved
	}
	var proof []any
	for _, e := range a.evidence {
		proof = append(proof, e.doc(w, a))
	}
	var classification, determination, assigned, resolved any
	status := "new"
	switch st.status {
	case "resolved":
		status, resolved = "resolved", a.updated.String()
		classification, determination = st.classification, st.determination
	case "inProgress":
		status = "inProgress"
		if st.classification != "" {
			classification, determination = st.classification, st.determination
		}
	}
	if st.assigned != "" {
		assigned = st.assigned
	}
	comments := []any{}
	return map[string]any{
		"id": a.id, "providerAlertId": a.id[2:], "incidentId": st.id, "status": status, "severity": a.severity, "classification": classification, "determination": determination,
		"serviceSource": a.service, "detectionSource": a.detection, "productName": wire[a.service], "detectorId": guid(31, a.title, 0), "tenantId": w.cfg.TenantID, "title": a.title,
		"description": a.description, "recommendedActions": recommended(a.service), "category": a.category, "categories": []any{a.category}, "assignedTo": assigned,
		"alertWebUrl": w.webURL("alerts/" + a.id), "incidentWebUrl": w.webURL("incident2/" + st.id + "/overview"), "actorDisplayName": nil, "threatDisplayName": null(a.threat), "threatFamilyName": null(a.family),
		"mitreTechniques": list(a.techniques), "createdDateTime": a.created.String(), "lastUpdateDateTime": a.updated.String(), "resolvedDateTime": resolved, "firstActivityDateTime": a.first.String(),
		"lastActivityDateTime": a.last.String(), "systemTags": []any{}, "alertPolicyId": null(a.policy), "investigationState": a.investigation(), "comments": comments, "customDetails": map[string]any{},
		"evidence": proof, "additionalData": nil,
	}
}

func (a *alarm) investigation() string {
	switch {
	case a.detection == "antivirus":
		return "successfullyRemediated"
	case a.service == "microsoftDefenderForEndpoint":
		return "queued"
	}
	return "unsupportedAlertType"
}

func recommended(service string) string {
	switch service {
	case "microsoftDefenderForOffice365":
		return "Look for other recipients of the message and whether somebody followed its links. Remove it from the mailboxes and block the sender."
	case "microsoftDefenderForIdentity", "azureAdIdentityProtection":
		return "Ask the user whether the activity was theirs. If it was not, revoke the sessions, reset the password and look at what the account did since."
	case "microsoftDefenderForCloudApps":
		return "Compare the activity with what the user usually does. If in doubt, suspend the account while you investigate."
	}
	return "Look at the device's timeline around the alert. Isolate the device if the activity is not expected, collect an investigation package and search other devices for the same files and addresses."
}

// null is nil for the empty string.
func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func list(s []string) []any {
	out := make([]any, 0, len(s))
	for _, v := range s {
		out = append(out, v)
	}
	return out
}

// Alerts lists the alerts of the history by creation time.
func (w *World) Alerts() []Alert {
	var all []Alert
	for _, st := range w.stories {
		for _, a := range st.alarms {
			all = append(all, a.public(w))
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].Created.Before(all[j].Created) })
	return all
}

func (a *alarm) public(w *World) Alert {
	id := a.story.id
	if a.moved != nil {
		id = a.moved.id
	}
	return Alert{ID: a.id, IncidentID: id, Created: a.created.time(), Updated: a.updated.time(), Doc: a.doc(w)}
}
