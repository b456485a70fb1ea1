package world

import (
	"fmt"
	"iter"
	"time"
)

type baseProcesses struct{}
type cast struct{}
type cve struct{}
type story struct{}
type liveQueue struct{}

func (w *World) bootProcesses(d *Device) baseProcesses { return baseProcesses{} }

func (w *World) invent() {
	w.inventNetwork()
	w.inventPeople()
	w.inventDevices()
}

func (w *World) row(n uint64, at ticks) Event {
	d := w.devices[n%uint64(len(w.devices))]
	b := append([]byte(nil), `{"Timestamp":`...)
	b = appendTime(b, at)
	b = append(b, `,"DeviceId":`...)
	b = appendString(b, d.id)
	b = append(b, `,"DeviceName":`...)
	b = appendString(b, d.fqdn)
	b = append(b, `,"ActionType":"ProcessCreated","ReportId":`...)
	b = appendInt(b, int64(n))
	b = append(b, '}')
	return Event{"DeviceProcessEvents", at.time(), b}
}

func (w *World) history(yield func(Event) bool) {
	start, step := ticksOf(w.start), ticks(w.cfg.History/100)/ticks(w.cfg.Events)
	for i := 0; i < w.cfg.Events; i++ {
		if !yield(w.row(uint64(i), start+ticks(i)*step)) {
			return
		}
	}
}

func (w *World) liveEvents(from time.Time) func(time.Time) Event {
	n := uint64(w.cfg.Events)
	return func(at time.Time) Event { n++; return w.row(n, ticksOf(at)) }
}

func (w *World) incident(n int, at time.Time) (Incident, []Alert) {
	id := fmt.Sprint(1000 + n)
	aid := fmt.Sprintf("da%s_1", guid(w.cfg.Seed, "alert", uint64(n)))
	d := w.devices[n%len(w.devices)]
	stamp := ticksOf(at).String()
	a := Alert{aid, id, at, at, map[string]any{"id": aid, "providerAlertId": aid[2:], "incidentId": id, "status": "new", "severity": "low", "classification": nil, "determination": nil,
		"serviceSource": "microsoftDefenderForEndpoint", "detectionSource": "antivirus", "tenantId": w.cfg.TenantID, "title": "Unwanted software was prevented", "category": "UnwantedSoftware",
		"createdDateTime": stamp, "lastUpdateDateTime": stamp, "mitreTechniques": []any{}, "comments": []any{},
		"evidence": []any{map[string]any{"@odata.type": "#microsoft.graph.security.deviceEvidence", "createdDateTime": stamp, "verdict": "unknown", "remediationStatus": "none", "mdeDeviceId": d.id, "deviceDnsName": d.fqdn, "roles": []any{}, "tags": []any{}}}}}
	i := Incident{id, at, at, []string{aid}, map[string]any{"id": id, "tenantId": w.cfg.TenantID, "displayName": "Unwanted software on one endpoint", "status": "active", "severity": "low",
		"createdDateTime": stamp, "lastUpdateDateTime": stamp, "redirectIncidentId": nil, "assignedTo": nil, "classification": nil, "determination": nil, "comments": []any{}, "customTags": []any{}, "systemTags": []any{}}}
	return i, []Alert{a}
}

// Incidents lists the incidents of the history by creation time.
func (w *World) Incidents() []Incident {
	var list []Incident
	for n := 0; n < 50; n++ {
		i, _ := w.incident(n, w.start.Add(w.cfg.History/50*time.Duration(n)+w.cfg.History/100))
		list = append(list, i)
	}
	return list
}

// Alerts lists the alerts of the history by creation time.
func (w *World) Alerts() []Alert {
	var list []Alert
	for n := 0; n < 50; n++ {
		_, a := w.incident(n, w.start.Add(w.cfg.History/50*time.Duration(n)+w.cfg.History/100))
		list = append(list, a...)
	}
	return list
}

func (w *World) liveIncidents(from time.Time) func(time.Time) (Incident, []Alert) {
	n := 50
	return func(at time.Time) (Incident, []Alert) { n++; return w.incident(n, at.UTC()) }
}

// Machines lists the devices in the shape of the Defender for Endpoint API.
func (w *World) Machines() []map[string]any {
	var list []map[string]any
	for _, d := range w.devices {
		list = append(list, map[string]any{"id": d.id, "computerDnsName": d.fqdn, "osPlatform": d.os.name, "healthStatus": "Active"})
	}
	return list
}

// Vulnerabilities lists what vulnerabilities the tenant has, in the shape of the Defender for Endpoint API.
func (w *World) Vulnerabilities() []map[string]any { return nil }

// MachineVulnerabilities lists which machine has which vulnerability, in the shape of the Defender for Endpoint API.
func (w *World) MachineVulnerabilities() []map[string]any { return nil }

// Users lists the people as Graph users.
func (w *World) Users() []map[string]any {
	var list []map[string]any
	for _, p := range w.people {
		list = append(list, map[string]any{"id": p.objectID, "userPrincipalName": p.upn, "displayName": p.display, "mail": p.mail})
	}
	return list
}

// Groups lists the groups as Graph groups, each with the ids of its members under "members".
func (w *World) Groups() []map[string]any { return nil }

// Roles lists the directory roles as Graph directoryRoles, each with the ids of its members under "members".
func (w *World) Roles() []map[string]any { return nil }

func streamedTables() []string { return []string{"DeviceProcessEvents"} }
func snapshotTables() []string { return nil }
func (w *World) snapshot(table string) iter.Seq[Event] {
	return func(func(Event) bool) {}
}
