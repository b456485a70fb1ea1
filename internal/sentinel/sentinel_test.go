package sentinel

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const incidentDoc = `{"id":"4711","tenantId":"t-1","displayName":"Ransomware on <two> hosts","severity":"high","status":"inProgress","classification":"unknown",
 "assignedTo":"kim@fabrik.example","createdDateTime":"2026-03-01T08:00:00.1234567Z","lastUpdateDateTime":"2026-03-01T09:00:00Z","incidentWebUrl":"https://portal.example/4711",
 "customTags":["vip"],"systemTags":["Ransomware"],"comments":[{"comment":"looking","createdByDisplayName":"Kim","createdDateTime":"2026-03-01T08:30:00Z"}],
 "alerts":[{"id":"da1","serviceSource":"microsoftDefenderForEndpoint","category":"InitialAccess","mitreTechniques":["T1566.001"],"firstActivityDateTime":"2026-03-01T07:00:00Z","lastActivityDateTime":"2026-03-01T07:10:00Z"},
  {"id":"fa2","serviceSource":"microsoftDefenderForOffice365","categories":["Impact"],"firstActivityDateTime":"2026-03-01T06:00:00Z","lastActivityDateTime":"2026-03-01T06:10:00Z"}]}`

func row(t *testing.T, text []byte, err error) map[string]any {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return m
}

func TestIncidentRow(t *testing.T) {
	text, err := Incident("fallback", []byte(incidentDoc))
	m := row(t, text, err)
	for name, want := range map[string]any{
		"TenantId": "t-1", "TimeGenerated": "2026-03-01T09:00:00Z", "Title": "Ransomware on <two> hosts", "Severity": "High", "Status": "Active", "ProviderName": "Microsoft XDR",
		"ProviderIncidentId": "4711", "IncidentNumber": 4711.0, "FirstActivityTime": "2026-03-01T06:00:00Z", "LastActivityTime": "2026-03-01T07:10:00Z",
		"CreatedTime": "2026-03-01T08:00:00.1234567Z", "Classification": nil, "ClosedTime": nil,
	} {
		if m[name] != want {
			t.Errorf("%s = %v, want %v", name, m[name], want)
		}
	}
	for _, want := range []string{
		`"AlertIds":["da1","fa2"]`, `"alertProductNames":["Microsoft Defender Advanced Threat Protection","Office 365 Advanced Threat Protection"]`, `"tactics":["InitialAccess","Impact"]`,
		`{"labelName":"vip","labelType":"User"}`, `{"labelName":"Ransomware","labelType":"AutoAssigned"}`, `"userPrincipalName":"kim@fabrik.example"`, `"message":"looking"`,
		`"DefenderIncident":{"id":"4711"`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the row lacks %s:\n%s", want, text)
		}
	}
	again, err := Incident("other", []byte(incidentDoc))
	if err != nil || string(again) != string(text) {
		t.Error("the same document gave another row")
	}
}

func TestIncidentStatusAndClosing(t *testing.T) {
	for _, c := range []struct{ status, classification, wantStatus, wantClass, wantReason string }{
		{"active", "unknown", "New", "", ""},
		{"Active", "", "New", "", ""},
		{"awaitingAction", "unknown", "Active", "", ""},
		{"resolved", "truePositive", "Closed", "TruePositive", "SuspiciousActivity"},
		{"resolved", "falsePositive", "Closed", "FalsePositive", "InaccurateData"},
		{"resolved", "informationalExpectedActivity", "Closed", "BenignPositive", "SuspiciousButExpected"},
		{"resolved", "unknown", "Closed", "Undetermined", ""},
		{"redirected", "unknown", "Closed", "Undetermined", ""},
		{"somethingNew", "", "Active", "", ""},
	} {
		doc, _ := json.Marshal(map[string]any{"id": "1", "lastUpdateDateTime": "2026-01-01T00:00:00Z", "status": c.status, "classification": c.classification, "redirectIncidentId": nil})
		text, err := Incident("t", doc)
		m := row(t, text, err)
		str := func(k string) string { s, _ := m[k].(string); return s }
		if str("Status") != c.wantStatus || str("Classification") != c.wantClass || str("ClassificationReason") != c.wantReason {
			t.Errorf("%s/%s: %v %v %v", c.status, c.classification, m["Status"], m["Classification"], m["ClassificationReason"])
		}
		if redirected := strings.Contains(string(text), `"labelName":"Redirected"`); redirected != (c.status == "redirected") {
			t.Errorf("%s: Redirected label is %v", c.status, redirected)
		}
		if closed := m["ClosedTime"] != nil; closed != (c.wantStatus == "Closed") {
			t.Errorf("%s: ClosedTime %v", c.status, m["ClosedTime"])
		}
	}
}

const alertDoc = `{"id":"da77","providerAlertId":"77","incidentId":"4711","tenantId":"t-1","title":"Suspicious script","severity":"medium","status":"new","serviceSource":"microsoftDefenderForEndpoint",
 "detectionSource":"antivirus","category":"DefenseEvasion","mitreTechniques":["T1059.001","T1059","T1027"],"createdDateTime":"2026-03-01T08:00:00Z","lastUpdateDateTime":"2026-03-01T08:05:00Z",
 "firstActivityDateTime":"2026-03-01T07:00:00Z","lastActivityDateTime":"2026-03-01T07:01:00Z","alertWebUrl":"https://portal.example/da77","evidence":[
 {"@odata.type":"#microsoft.graph.security.processEvidence","mdeDeviceId":"abc","processId":900,"parentProcessId":4,"processCommandLine":"powershell -enc x","processCreationDateTime":"2026-03-01T07:00:00Z",
  "imageFile":{"fileName":"powershell.exe","filePath":"C:\\Windows","sha1":"s1","sha256":"s256"},"parentProcessImageFile":{"fileName":"winword.exe","filePath":"C:\\Office"},
  "userAccount":{"accountName":"kim","domainName":"FABRIK","userSid":"S-1-5-21-1","userPrincipalName":"kim@fabrik.example"}},
 {"@odata.type":"#microsoft.graph.security.deviceEvidence","mdeDeviceId":"abc","deviceDnsName":"pc1.fabrik.example","osPlatform":"Windows11"},
 {"@odata.type":"#microsoft.graph.security.userEvidence","userAccount":{"accountName":"kim","userSid":"S-1-5-21-1"}},
 {"@odata.type":"#microsoft.graph.security.ipEvidence","ipAddress":"203.0.113.9"},
 {"@odata.type":"#microsoft.graph.security.brandNewEvidence","shape":"round","size":3}]}`

func TestAlertRowAndEntities(t *testing.T) {
	text, err := Alert("fallback", []byte(alertDoc))
	m := row(t, text, err)
	for name, want := range map[string]any{
		"SystemAlertId": "da77", "AlertSeverity": "Medium", "Status": "New", "ProviderName": "MDATP", "ProductName": "Microsoft Defender Advanced Threat Protection", "Tactics": "DefenseEvasion",
		"Techniques": `["T1059","T1027"]`, "SubTechniques": `["T1059.001"]`, "CompromisedEntity": "pc1.fabrik.example", "StartTime": "2026-03-01T07:00:00Z", "TimeGenerated": "2026-03-01T08:05:00Z",
		"IsIncident": false,
	} {
		if m[name] != want {
			t.Errorf("%s = %v, want %v", name, m[name], want)
		}
	}
	var list []map[string]any
	if err := json.Unmarshal([]byte(m["Entities"].(string)), &list); err != nil {
		t.Fatal(err)
	}
	byType, ids := map[string][]map[string]any{}, map[string]bool{}
	for _, e := range list {
		byType[e["Type"].(string)] = append(byType[e["Type"].(string)], e)
		if id := e["$id"].(string); ids[id] {
			t.Errorf("$id %s is there twice", id)
		} else {
			ids[id] = true
		}
	}
	for kind, n := range map[string]int{"host": 1, "account": 1, "process": 2, "file": 2, "filehash": 2, "ip": 1, "brandNew": 1} {
		if len(byType[kind]) != n {
			t.Errorf("%d entities of type %s, want %d", len(byType[kind]), kind, n)
		}
	}
	if byType["host"][0]["LeadingHost"] != true || byType["host"][0]["HostName"] != "pc1" || byType["host"][0]["OSFamily"] != "Windows" {
		t.Errorf("host: %v", byType["host"][0])
	}
	var refs func(v any)
	refs = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if r, ok := v["$ref"].(string); ok && !ids[r] {
				t.Errorf("$ref %s points nowhere", r)
			}
			for _, x := range v {
				refs(x)
			}
		case []any:
			for _, x := range v {
				refs(x)
			}
		}
	}
	for _, e := range list {
		refs(e)
	}
}

func TestDocumentsThatCannotBeMapped(t *testing.T) {
	for _, doc := range []string{``, `[]`, `{}`, `{"id":"1"}`, `{"id":1,"lastUpdateDateTime":"x"}`} {
		if _, err := Incident("t", []byte(doc)); err == nil {
			t.Errorf("incident %s was mapped", doc)
		}
		if _, err := Alert("t", []byte(doc)); err == nil {
			t.Errorf("alert %s was mapped", doc)
		}
	}
}

// TestEveryPublishedEvidenceType maps an alert with one object of each of Graph's evidence types.
func TestEveryPublishedEvidenceType(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "apis", "samples", "graph", "generated_all_evidence_types.json"))
	if err != nil {
		t.Skip("the samples of Graph's types are not beside the repository: ", err)
	}
	var samples any
	if err := json.Unmarshal(text, &samples); err != nil {
		t.Fatal(err)
	}
	var evidence []map[string]any
	var find func(v any)
	find = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if s, ok := v["@odata.type"].(string); ok && strings.HasSuffix(s, "Evidence") {
				evidence = append(evidence, v)
				return
			}
			for _, x := range v {
				find(x)
			}
		case []any:
			for _, x := range v {
				find(x)
			}
		}
	}
	find(samples)
	if len(evidence) < 40 {
		t.Fatalf("%d evidence objects found", len(evidence))
	}
	doc, err := json.Marshal(map[string]any{"id": "1", "lastUpdateDateTime": "2026-01-01T00:00:00Z", "evidence": evidence})
	if err != nil {
		t.Fatal(err)
	}
	out, err := Alert("t", doc)
	m := row(t, out, err)
	var list []map[string]any
	if err := json.Unmarshal([]byte(m["Entities"].(string)), &list); err != nil {
		t.Fatal(err)
	}
	if len(list) < len(evidence) {
		t.Errorf("%d entities of %d pieces of evidence", len(list), len(evidence))
	}
}
