package tenant

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/messaging/azeventhubs/v2"

	"github.com/vedette-siem/vedette/internal/tenant/world"
)

func start(t testing.TB, cfg Config) *Tenant {
	t.Helper()
	if cfg.World == nil {
		cfg.World = world.New(world.Config{Events: 2000, History: 7 * 24 * time.Hour})
	}
	cfg.TempDir = t.TempDir()
	tn, err := Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tn.Close(); err != nil {
			t.Error(err)
		}
	})
	return tn
}

func (t *Tenant) client() *http.Client {
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: t.RootCAs}}}
}

func get(t *testing.T, tn *Tenant, token, url string) (int, map[string]any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := tn.client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var v map[string]any
	if err := json.NewDecoder(res.Body).Decode(&v); err != nil && err != io.EOF {
		t.Fatal(err)
	}
	return res.StatusCode, v
}

func token(t *testing.T, tn *Tenant, scope string) string {
	t.Helper()
	res, err := tn.client().PostForm(tn.Login+"/"+tn.ID+"/oauth2/v2.0/token", url.Values{"grant_type": {"client_credentials"}, "client_id": {tn.ClientID}, "client_secret": {tn.ClientSecret}, "scope": {scope}})
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var v struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(res.Body).Decode(&v); err != nil || v.AccessToken == "" {
		t.Fatalf("token: %d, %v", res.StatusCode, err)
	}
	return v.AccessToken
}

// All services answer, behind one login.
func TestServices(t *testing.T) {
	tn := start(t, Config{Rate: -1, IncidentEvery: -1})
	graph, mde := token(t, tn, "https://graph.microsoft.com/.default"), token(t, tn, "https://api.securitycenter.microsoft.com/.default")
	for _, tc := range []struct {
		token, url string
		status     int
	}{
		{graph, tn.GraphURL + "/v1.0/security/incidents", 200}, {graph, tn.GraphURL + "/v1.0/security/alerts_v2", 200}, {graph, tn.GraphURL + "/v1.0/users", 200},
		{mde, tn.MDEURL + "/api/machines", 200}, {mde, tn.MDEURL + "/api/machines/SoftwareVulnerabilitiesByMachine", 200},
		{mde, tn.GraphURL + "/v1.0/security/incidents", 401}, {graph, tn.MDEURL + "/api/machines", 401},
	} {
		status, v := get(t, tn, tc.token, tc.url)
		if status != tc.status {
			t.Errorf("%s: %d, want %d: %.200v", tc.url, status, tc.status, v)
		}
		if list, ok := v["value"].([]any); status == 200 && !ok || ok && len(list) == 0 && !strings.Contains(tc.url, "Vulnerabilities") {
			t.Errorf("%s: %.200v", tc.url, v)
		}
	}
}

type record struct {
	Time, TenantID, OperationName, Category, Tenant string
	TimeReceivedBySvc                               string `json:"_TimeReceivedBySvc"`
	Properties                                      json.RawMessage
}

// receive takes every event (not record) that is on the hub.
func receive(t testing.TB, tn *Tenant, each func(body []byte)) {
	t.Helper()
	c, err := azeventhubs.NewConsumerClientFromConnectionString(tn.ConnectionString, "", ConsumerGroup, &azeventhubs.ConsumerClientOptions{TLSConfig: &tls.Config{RootCAs: tn.RootCAs}, CustomEndpoint: tn.HubAddr})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	yes := true
	ctx, stop := context.WithTimeout(context.Background(), 60*time.Second)
	defer stop()
	left := tn.Hub.Count()
	for p := range tn.Hub.Partitions() {
		pp, err := c.GetPartitionProperties(ctx, fmt.Sprint(p), nil)
		if err != nil {
			t.Fatal(err)
		}
		if pp.IsEmpty {
			continue
		}
		pc, err := c.NewPartitionClient(fmt.Sprint(p), &azeventhubs.PartitionClientOptions{StartPosition: azeventhubs.StartPosition{Earliest: &yes}, Prefetch: 16})
		if err != nil {
			t.Fatal(err)
		}
		for last := int64(-1); last < pp.LastEnqueuedSequenceNumber; {
			list, err := pc.ReceiveEvents(ctx, 1, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range list {
				last = e.SequenceNumber
				left--
				each(e.Body)
			}
		}
		_ = pc.Close(ctx)
	}
	if left != 0 {
		t.Errorf("%d events did not come", left)
	}
}

func read(t testing.TB, tn *Tenant, each func(record)) {
	t.Helper()
	receive(t, tn, func(body []byte) {
		var m struct{ Records []record }
		if err := json.Unmarshal(body, &m); err != nil {
			t.Fatalf("%.200s: %v", body, err)
		}
		for _, r := range m.Records {
			each(r)
		}
	})
}

func drain(t testing.TB, tn *Tenant) (n int64) {
	t.Helper()
	receive(t, tn, func(body []byte) { n += int64(len(body)) })
	return n
}

// What Sent counts is what a reader finds, faults or not: the history in the envelope of the Streaming API, each event at least once.
func TestHistoryOnTheHub(t *testing.T) {
	for name, faults := range map[string]Faults{"clean": {}, "faulty": {Duplicate: 0.1, Late: 0.2}} {
		t.Run(name, func(t *testing.T) {
			tn := start(t, Config{Rate: -1, IncidentEvery: -1, Faults: faults})
			<-tn.HistoryDone()
			got, distinct, records := map[string]int64{}, map[string]bool{}, 0
			outOfOrder, previous := 0, ""
			read(t, tn, func(r record) {
				records++
				table := strings.TrimPrefix(r.Category, "AdvancedHunting-")
				if r.TenantID != tn.ID || r.OperationName != "Publish" || r.Tenant != "DefaultTenant" || table == r.Category || r.Time < r.TimeReceivedBySvc {
					t.Fatalf("envelope %+v", r)
				}
				if key := table + string(r.Properties); !distinct[key] {
					distinct[key] = true
					got[table]++
				}
				if r.Time < previous {
					outOfOrder++
				}
				previous = r.Time
			})
			if !maps.Equal(got, tn.Sent()) {
				t.Errorf("read %v, sent %v", got, tn.Sent())
			}
			if repeated := records > len(distinct); repeated != (faults.Duplicate > 0) {
				t.Errorf("%d records, %d distinct", records, len(distinct))
			}
			if err := tn.Err(); err != nil {
				t.Error(err)
			}
		})
	}
}

// Live events and incidents come at the pace asked for, stamped with the tenant's clock.
func TestLive(t *testing.T) {
	tn := start(t, Config{Rate: 2000, IncidentEvery: 50 * time.Millisecond})
	<-tn.HistoryDone()
	before, _ := tn.Graph.Counts()
	history := total(tn.Sent())
	time.Sleep(700 * time.Millisecond)
	if n := total(tn.Sent()) - history; n < 400 {
		t.Errorf("%d events in 0.7 s at 2000 a second", n)
	}
	if after, _ := tn.Graph.Counts(); after <= before {
		t.Errorf("%d incidents before, %d after", before, after)
	}
}

func total(m map[string]int64) (n int64) {
	for _, v := range m {
		n += v
	}
	return n
}

// What an administrator changes shows as it does at Entra ID: in the next token.
func TestSecretAndConsent(t *testing.T) {
	tn := start(t, Config{Rate: -1, IncidentEvery: -1})
	const scope = "https://graph.microsoft.com/.default"
	before := token(t, tn, scope)
	tn.Consent(nil)
	for tok, want := range map[string]int{before: 200, token(t, tn, scope): 403} {
		if status, _ := get(t, tn, tok, tn.GraphURL+"/v1.0/security/incidents"); status != want {
			t.Errorf("status %d, want %d", status, want)
		}
	}
	tn.ExpireSecret()
	res, err := tn.client().PostForm(tn.Login+"/"+tn.ID+"/oauth2/v2.0/token", url.Values{"grant_type": {"client_credentials"}, "client_id": {tn.ClientID}, "client_secret": {tn.ClientSecret}, "scope": {scope}})
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var v struct {
		Codes []int `json:"error_codes"`
	}
	if err := json.NewDecoder(res.Body).Decode(&v); err != nil || res.StatusCode != 401 || len(v.Codes) != 1 || v.Codes[0] != 7000222 {
		t.Errorf("%d %v, %v", res.StatusCode, v, err)
	}
}
