package world

import (
	"encoding/json"
	"iter"
	"strings"
	"testing"
	"time"
)

// deviceRow is what the tests read of the endpoint tables.
type deviceRow struct {
	Timestamp, DeviceId, ActionType                                                                    string
	FileName, FolderPath, SHA1, SHA256, MD5                                                            string
	ProcessId                                                                                          int64
	ProcessCommandLine, ProcessCreationTime, ProcessUniqueId                                           string
	AccountName, AccountSid                                                                            string
	LogonId, InitiatingProcessLogonId                                                                  int64
	InitiatingProcessId, InitiatingProcessParentId                                                     int64
	InitiatingProcessFileName, InitiatingProcessFolderPath                                             string
	InitiatingProcessCommandLine, InitiatingProcessCreationTime                                        string
	InitiatingProcessSHA1, InitiatingProcessSHA256, InitiatingProcessMD5                               string
	InitiatingProcessParentFileName, InitiatingProcessParentCreationTime                               string
	InitiatingProcessAccountName, InitiatingProcessUniqueId                                            string
	RemoteIP, RemoteUrl, RegistryKey, RegistryValueName                                                string
	AccountUpn, AccountObjectId, RecipientEmailAddress, NetworkMessageId, Url, IPAddress               string
	Application, DeviceName, DestinationIPAddress, SenderIPv4, ObjectName, TargetDeviceName, UrlDomain string
}

type procKey struct {
	device  string
	pid     int64
	created string
}

type procFacts struct{ name, cmd, sha1, account, unique string }

func TestProcessTreesFitTogether(t *testing.T) {
	checkTrees(t, New(Config{Events: 30_000}).History(), 3000)
}

func TestLiveProcessTreesFitTogether(t *testing.T) {
	w := New(Config{Seed: 3})
	for _, rate := range []int{20, 2000} {
		at := w.Config().Now.Add(-3 * time.Hour)
		next := w.Live(at)
		incident := w.LiveIncidents(at)
		checkTrees(t, func(yield func(Event) bool) {
			for n := range 15_000 {
				at = at.Add(time.Second / time.Duration(rate))
				if n%3000 == 0 {
					incident(at)
				}
				if !yield(next(at)) {
					return
				}
			}
		}, 1500)
	}
}

// checkTrees reads rows and holds everything they say about one process against everything else.
func checkTrees(t *testing.T, rows iter.Seq[Event], atLeast int) {
	t.Helper()
	seen := map[procKey]procFacts{}
	parents := map[procKey]procKey{}
	hashes := map[string][2]string{}
	spawned := map[procKey]bool{}
	agree := func(k procKey, f procFacts, row []byte) {
		if old, ok := seen[k]; ok && old != f {
			t.Fatalf("process %v is %+v and %+v in %s", k, old, f, row)
		}
		seen[k] = f
	}
	for e := range rows {
		if !strings.HasPrefix(e.Table, "Device") {
			continue
		}
		var r deviceRow
		if err := json.Unmarshal(e.Properties, &r); err != nil {
			t.Fatalf("%v in %s", err, e.Properties)
		}
		for _, h := range [][3]string{{r.SHA1, r.SHA256, r.MD5}, {r.InitiatingProcessSHA1, r.InitiatingProcessSHA256, r.InitiatingProcessMD5}} {
			if h[0] == "" || h[1] == "" || h[2] == "" {
				continue
			}
			if old, ok := hashes[h[0]]; ok && old != [2]string{h[1], h[2]} {
				t.Fatalf("two contents with SHA1 %s", h[0])
			}
			hashes[h[0]] = [2]string{h[1], h[2]}
		}
		if r.InitiatingProcessCreationTime == "" {
			continue
		}
		by := procKey{r.DeviceId, r.InitiatingProcessId, r.InitiatingProcessCreationTime}
		agree(by, procFacts{r.InitiatingProcessFileName, r.InitiatingProcessCommandLine, r.InitiatingProcessSHA1, r.InitiatingProcessAccountName, r.InitiatingProcessUniqueId}, e.Properties)
		if r.InitiatingProcessCreationTime > r.Timestamp {
			t.Fatalf("%s: the process begins after what it did: %s", e.Table, e.Properties)
		}
		if r.InitiatingProcessParentId != 0 {
			up := procKey{r.DeviceId, r.InitiatingProcessParentId, r.InitiatingProcessParentCreationTime}
			if old, ok := parents[by]; ok && old != up {
				t.Fatalf("process %v has parents %v and %v", by, old, up)
			}
			parents[by] = up
			if r.InitiatingProcessParentCreationTime > r.InitiatingProcessCreationTime {
				t.Fatalf("%s: the parent is younger: %s", e.Table, e.Properties)
			}
		}
		if e.Table == "DeviceProcessEvents" {
			child := procKey{r.DeviceId, r.ProcessId, r.ProcessCreationTime}
			if spawned[child] {
				t.Fatalf("process %v starts twice", child)
			}
			spawned[child] = true
			agree(child, procFacts{r.FileName, r.ProcessCommandLine, r.SHA1, r.AccountName, r.ProcessUniqueId}, e.Properties)
			if old, ok := parents[child]; ok && old != by {
				t.Fatalf("process %v has parents %v and %v", child, old, by)
			}
			parents[child] = by
			if r.ProcessCreationTime < r.InitiatingProcessCreationTime || r.ProcessCreationTime > r.Timestamp {
				t.Fatalf("times of a process do not fit: %s", e.Properties)
			}
		}
	}
	if len(spawned) < atLeast || len(parents) < len(spawned) {
		t.Errorf("%d processes started, %d with parents", len(spawned), len(parents))
	}
}

// ground is what the raw tables know, for looking evidence up in it.
type ground map[string]bool

func (g ground) add(kind string, parts ...string) { g[kind+"|"+lower(strings.Join(parts, "|"))] = true }

func (g ground) has(kind string, parts ...string) bool {
	return g[kind+"|"+lower(strings.Join(parts, "|"))]
}

func readGround(t *testing.T, w *World) ground {
	g := ground{}
	for e := range w.History() {
		if strings.HasPrefix(e.Table, "Alert") || strings.HasPrefix(e.Table, "Behavior") {
			var r struct{ AlertId, EntityType, SHA1, NetworkMessageId, RemoteIP string }
			if err := json.Unmarshal(e.Properties, &r); err != nil {
				t.Fatal(err)
			}
			g.add(e.Table, r.AlertId)
			g.add(e.Table, r.AlertId, r.EntityType)
			continue
		}
		// Some columns are text in one table and numbers or lists in another; those that fit are read.
		var r deviceRow
		var flaw *json.UnmarshalTypeError
		if err := json.Unmarshal(e.Properties, &r); err != nil && !asType(err, &flaw) {
			t.Fatal(err)
		}
		g.add("device", r.DeviceId)
		pid := func(n int64) string { b, _ := json.Marshal(n); return string(b) }
		g.add("process", r.DeviceId, pid(r.InitiatingProcessId), r.InitiatingProcessCreationTime, r.InitiatingProcessSHA1, r.InitiatingProcessCommandLine)
		g.add("process", r.DeviceId, pid(r.ProcessId), r.ProcessCreationTime, r.SHA1, r.ProcessCommandLine)
		g.add("file", r.DeviceId, r.SHA1)
		for _, ip := range []string{r.RemoteIP, r.IPAddress, r.SenderIPv4, r.DestinationIPAddress} {
			g.add("ip", ip)
		}
		for _, who := range []string{r.AccountUpn, r.AccountSid, r.AccountObjectId, r.AccountName, r.InitiatingProcessAccountName} {
			g.add("user", who)
		}
		g.add("name", r.DeviceName)
		g.add("name", r.TargetDeviceName)
		g.add("mail", r.NetworkMessageId, r.RecipientEmailAddress)
		g.add("mailbox", r.RecipientEmailAddress)
		g.add("url", r.Url)
		g.add("url", r.RemoteUrl)
		g.add("registry", r.DeviceId, r.RegistryKey, r.RegistryValueName)
		g.add("app", r.Application)
		g.add("app", r.ObjectName)
	}
	return g
}

func asType(err error, target **json.UnmarshalTypeError) bool {
	e, ok := err.(*json.UnmarshalTypeError)
	*target = e
	return ok
}

func TestEvidenceOfTheAttacksIsInTheRows(t *testing.T) {
	for name, cfg := range map[string]Config{
		"default":         {Events: 20_000},
		"small and short": {Seed: 5, Events: 3000, Devices: 40, Users: 24, History: 7 * 24 * time.Hour, Now: time.Date(2026, 11, 1, 2, 30, 0, 0, time.UTC)},
		"monday morning":  {Seed: 77, Events: 8000, Devices: 90, Users: 60, Now: time.Date(2026, 3, 2, 7, 1, 2, 345678900, time.UTC)},
	} {
		t.Run(name, func(t *testing.T) { checkEvidence(t, New(cfg)) })
	}
}

// checkEvidence looks every piece of evidence of every alert up in the raw rows.
func checkEvidence(t *testing.T, w *World) {
	g := readGround(t, w)
	str := func(m map[string]any, key string) string { s, _ := m[key].(string); return s }
	kinds := map[string]int{}
	attacks := map[string]bool{}
	for _, st := range w.stories {
		attacks[st.attack] = true
		for _, a := range st.alarms {
			doc := a.doc(w)
			if !g.has("AlertInfo", a.id) {
				t.Errorf("%s: no AlertInfo row of %q", st.attack, a.title)
			}
			for _, item := range doc["evidence"].([]any) {
				m := item.(map[string]any)
				kind := strings.TrimSuffix(strings.TrimPrefix(m["@odata.type"].(string), "#microsoft.graph.security."), "Evidence")
				kinds[kind]++
				ok := false
				switch kind {
				case "device":
					ok = g.has("device", str(m, "mdeDeviceId")) || g.has("name", str(m, "deviceDnsName"))
				case "process":
					file := m["imageFile"].(map[string]any)
					pid, _ := json.Marshal(m["processId"])
					ok = g.has("process", str(m, "mdeDeviceId"), string(pid), str(m, "processCreationDateTime"), str(file, "sha1"), str(m, "processCommandLine"))
				case "file":
					ok = g.has("file", str(m, "mdeDeviceId"), str(m["fileDetails"].(map[string]any), "sha1"))
				case "ip":
					ok = g.has("ip", str(m, "ipAddress"))
				case "url":
					u := str(m, "url")
					host, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(u, "https://"), "http://"), "/")
					ok = g.has("url", u) || g.has("url", host)
				case "user":
					acc := m["userAccount"].(map[string]any)
					ok = g.has("user", str(acc, "userPrincipalName")) || g.has("user", str(acc, "userSid")) || g.has("user", str(acc, "accountName"))
				case "analyzedMessage":
					ok = g.has("mail", str(m, "networkMessageId"), str(m, "recipientEmailAddress"))
				case "mailbox":
					ok = g.has("mailbox", str(m, "primaryAddress"))
				case "registryValue":
					ok = g.has("registry", str(m, "mdeDeviceId"), str(m, "registryHive")+`\`+str(m, "registryKey"), str(m, "registryValueName"))
				case "cloudApplication":
					ok = g.has("app", str(m, "displayName"))
				}
				if !ok {
					text, _ := json.Marshal(m)
					t.Errorf("%s: evidence of %q is in no row: %s", st.attack, a.title, text)
				}
			}
			for _, e := range a.evidence {
				if !g.has("AlertEvidence", a.id, e.kind) {
					t.Errorf("%s: no AlertEvidence row for the %s of %q", st.attack, e.kind, a.title)
				}
			}
		}
	}
	for _, name := range []string{"ransomware", "aitm", "insider", "webshell"} {
		if !attacks[name] {
			t.Errorf("no attack %s", name)
		}
	}
	t.Log(kinds)
}

func TestIncidentsComeInEveryWeekAndAreWorkedOn(t *testing.T) {
	w := New(Config{})
	cfg := w.Config()
	weeks := map[int]int{}
	byStatus := map[string]int{}
	alerts := map[string]Alert{}
	for _, a := range w.Alerts() {
		if _, twice := alerts[a.ID]; twice {
			t.Errorf("alert %s twice", a.ID)
		}
		alerts[a.ID] = a
	}
	ids := map[string]Incident{}
	list := w.Incidents()
	for _, i := range list {
		ids[i.ID] = i
	}
	var redirected Incident
	for n, i := range list {
		if i.Created.Before(cfg.Now.Add(-cfg.History)) || i.Updated.After(cfg.Now) || i.Updated.Before(i.Created) {
			t.Errorf("incident %s: created %v, updated %v", i.ID, i.Created, i.Updated)
		}
		if n > 0 && i.Created.Before(list[n-1].Created) {
			t.Errorf("incident %s is out of order", i.ID)
		}
		weeks[int(cfg.Now.Sub(i.Created).Hours()/24/7)]++
		status := i.Doc["status"].(string)
		byStatus[status]++
		if status == "redirected" {
			redirected = i
			continue
		}
		if len(i.AlertIDs) == 0 {
			t.Errorf("incident %s has no alerts", i.ID)
		}
		for _, id := range i.AlertIDs {
			if alerts[id].IncidentID != i.ID || alerts[id].Doc["incidentId"] != i.ID {
				t.Errorf("alert %s of incident %s says %s", id, i.ID, alerts[id].IncidentID)
			}
		}
	}
	if len(list) < 40 || len(list) > 60 {
		t.Errorf("%d incidents, want 40 to 60", len(list))
	}
	for week := range 4 {
		if weeks[week] < 5 {
			t.Errorf("%d incidents in week %d before the end", weeks[week], week)
		}
	}
	for _, s := range []string{"active", "inProgress", "resolved", "redirected"} {
		if byStatus[s] == 0 {
			t.Errorf("no incident is %s: %v", s, byStatus)
		}
	}
	winner, _ := redirected.Doc["redirectIncidentId"].(string)
	if _, ok := ids[winner]; !ok {
		t.Errorf("incident %s is redirected to %q, which is none", redirected.ID, winner)
	}
	t.Log(len(list), "incidents", len(alerts), "alerts", byStatus, weeks)
}
