package graph

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/vedette-siem/vedette/internal/tenant/odata"
)

// store is the incidents and alerts of the tenant. Documents are replaced, never changed in place, so that they can be written out
// without the lock.
type store struct {
	mu        sync.RWMutex
	incidents map[string]odata.Doc
	alerts    map[string]odata.Doc
	members   map[string][]string // incident to alerts, in the order they came
	order     []string            // incidents in the order they came
	now       func() time.Time
	last      time.Time
}

// stamp gives the present moment; two changes never share one by accident.
func (s *store) stamp() string {
	t := s.now().UTC().Truncate(100 * time.Nanosecond)
	if !t.After(s.last) {
		t = s.last.Add(100 * time.Nanosecond)
	}
	s.last = t
	return t.Format("2006-01-02T15:04:05.9999999Z07:00")
}

// plain makes doc what encoding/json would have decoded, so that filters meet only strings, numbers, truth values, lists and objects.
func plain(doc map[string]any) (odata.Doc, error) {
	b, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	var out odata.Doc
	return out, json.Unmarshal(b, &out)
}

func text(d odata.Doc, key string) string {
	s, _ := d[key].(string)
	return s
}

// put adds or replaces an incident with its alerts as they are, stamps included.
func (s *store) put(incident map[string]any, alerts []map[string]any) error {
	i, err := plain(incident)
	if err != nil {
		return err
	}
	id := text(i, "id")
	if id == "" {
		return fmt.Errorf("an incident without an id")
	}
	delete(i, "alerts")
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.incidents[id] == nil {
		s.order = append(s.order, id)
	}
	s.incidents[id] = i
	for _, doc := range alerts {
		a, err := plain(doc)
		if err != nil {
			return err
		}
		aid := text(a, "id")
		s.alerts[aid] = a
		if !slices.Contains(s.members[id], aid) {
			s.members[id] = append(s.members[id], aid)
		}
	}
	return nil
}

func (s *store) allIncidents() []odata.Doc {
	s.mu.RLock()
	defer s.mu.RUnlock()
	list := make([]odata.Doc, len(s.order))
	for i, id := range s.order {
		list[i] = s.incidents[id]
	}
	return list
}

func (s *store) allAlerts() []odata.Doc {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var list []odata.Doc
	for _, id := range s.order {
		for _, a := range s.members[id] {
			list = append(list, s.alerts[a])
		}
	}
	return list
}

func (s *store) incident(id string) odata.Doc {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.incidents[id]
}

func (s *store) alert(id string) odata.Doc {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.alerts[id]
}

// expanded gives a copy of an incident with its alerts inside.
func (s *store) expanded(i odata.Doc) odata.Doc {
	s.mu.RLock()
	defer s.mu.RUnlock()
	list := []any{}
	for _, a := range s.members[text(i, "id")] {
		list = append(list, s.alerts[a])
	}
	out := maps.Clone(i)
	out["alerts"] = list
	return out
}

// changeIncident applies set and stamps the incident. It gives nil for an unknown id.
func (s *store) changeIncident(id, by string, set map[string]any) odata.Doc {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.incidents[id]
	if old == nil {
		return nil
	}
	stamp := s.stamp()
	s.set(s.incidents, id, by, stamp, set)
	carry := map[string]any{} // resolving or assigning an incident does the same to its alerts
	if set["status"] == "resolved" {
		carry["status"], carry["resolvedDateTime"] = "resolved", stamp
	}
	if who, ok := set["assignedTo"]; ok {
		carry["assignedTo"] = who
	}
	if len(carry) > 0 {
		for _, a := range s.members[id] {
			s.set(s.alerts, a, by, stamp, carry)
		}
	}
	return s.incidents[id]
}

// changeAlert applies set and stamps the alert and its incident.
func (s *store) changeAlert(id, by string, set map[string]any) odata.Doc {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.alerts[id] == nil {
		return nil
	}
	stamp := s.stamp()
	if set["status"] == "resolved" {
		set = maps.Clone(set)
		set["resolvedDateTime"] = stamp
	}
	s.set(s.alerts, id, by, stamp, set)
	s.set(s.incidents, text(s.alerts[id], "incidentId"), by, stamp, nil)
	return s.alerts[id]
}

// set replaces a document by a changed copy. Alerts, which name their incident, have no lastModifiedBy.
func (s *store) set(in map[string]odata.Doc, id, by, stamp string, set map[string]any) {
	old := in[id]
	if old == nil {
		return
	}
	doc := maps.Clone(old)
	maps.Copy(doc, set)
	doc["lastUpdateDateTime"] = stamp
	if text(old, "incidentId") == "" {
		doc["lastModifiedBy"] = by
	}
	in[id] = doc
}

// comment appends to the comments of a document and gives the whole list, or nil for an unknown id.
func (s *store) comment(in map[string]odata.Doc, id, by, words string) []any {
	s.mu.Lock()
	defer s.mu.Unlock()
	doc := in[id]
	if doc == nil {
		return nil
	}
	stamp := s.stamp()
	old, _ := doc["comments"].([]any)
	list := append(slices.Clone(old), any(odata.Doc{"comment": words, "createdByDisplayName": by, "createdDateTime": stamp}))
	s.set(in, id, by, stamp, map[string]any{"comments": list})
	return list
}

// merge moves the alerts and tags of all incidents but the first into it and redirects them. ok is false when one is unknown.
func (s *store) merge(ids []string, by string) (target string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		if s.incidents[id] == nil {
			return "", false
		}
	}
	target = ids[0]
	stamp := s.stamp()
	tags, _ := s.incidents[target]["customTags"].([]any)
	tags = slices.Clone(tags)
	for _, id := range ids[1:] {
		more, _ := s.incidents[id]["customTags"].([]any)
		tags = append(tags, more...)
		for _, a := range s.members[id] {
			s.set(s.alerts, a, by, stamp, map[string]any{"incidentId": target})
			s.members[target] = append(s.members[target], a)
		}
		s.members[id] = nil
		s.set(s.incidents, id, by, stamp, map[string]any{"status": "redirected", "redirectIncidentId": target})
	}
	s.set(s.incidents, target, by, stamp, map[string]any{"customTags": tags})
	return target, true
}

// move puts alerts into an incident, a new one when target is "". It gives "" when something is unknown.
func (s *store) move(alerts []string, target, by string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range alerts {
		if s.alerts[a] == nil {
			return ""
		}
	}
	if len(alerts) == 0 || target != "" && s.incidents[target] == nil {
		return ""
	}
	stamp := s.stamp()
	if target == "" {
		first := s.alerts[alerts[0]]
		template := odata.Doc{}
		maps.Copy(template, s.incidents[text(first, "incidentId")])
		target = fmt.Sprint(100_000 + len(s.order))
		maps.Copy(template, map[string]any{"id": target, "displayName": first["title"], "createdDateTime": stamp, "status": "active", "comments": []any{}, "redirectIncidentId": nil})
		s.incidents[target] = template
		s.order = append(s.order, target)
	}
	for _, a := range alerts {
		from := text(s.alerts[a], "incidentId")
		s.members[from] = slices.DeleteFunc(slices.Clone(s.members[from]), func(m string) bool { return m == a })
		s.members[target] = append(s.members[target], a)
		s.set(s.incidents, from, by, stamp, nil)
		s.set(s.alerts, a, by, stamp, map[string]any{"incidentId": target})
	}
	s.set(s.incidents, target, by, stamp, nil)
	return target
}
