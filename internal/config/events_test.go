package config

import (
	"strings"
	"testing"
)

const tenantHead = "tenants:\n  - id: contoso.example\n    events:\n      enabled: true\n"

func TestWaysForEvents(t *testing.T) {
	t.Setenv("VEDETTE_SECRET", "x")
	for text, faults := range map[string][]string{
		"      event_hub: {connection_string: {env: VEDETTE_SECRET}}":                                                                                     nil,
		"      event_hub: {connection_string: {env: VEDETTE_SECRET}, protocol: kafka, start: latest}":                                                     nil,
		"      storage_account: {connection_string: {env: VEDETTE_SECRET}, start: \"2026-01-01T00:00:00Z\"}":                                              nil,
		"      storage_account: {sas_url: {env: VEDETTE_SECRET}}\n      event_hub: {protocol: kafka}":                                                     nil,
		"      storage_account: {sas_url: {env: VEDETTE_SECRET}, account: \"https://a.blob.core.windows.net\"}":                                           {"give one of", "need client_id"},
		"      storage_account: {account: contoso}":                                                                                                       {"write it like https://", "need client_id"},
		"      storage_account: {connection_string: {env: VEDETTE_SECRET}, poll: 1ms, start: yesterday}":                                                  {"poll must be", "storage_account.start"},
		"      event_hub: {connection_string: {env: VEDETTE_SECRET}, protocol: mqtt}":                                                                     {"protocol: \"mqtt\""},
		"      event_hub: {connection_string: {env: VEDETTE_SECRET}, start: latest}":                                                                      {"go with protocol: kafka"},
		"      event_hub: {connection_string: {env: VEDETTE_SECRET}, namespace: c.example, protocol: kafka}":                                              {"not both", "need client_id"},
		"      event_hub: {connection_string: {env: VEDETTE_SECRET}, protocol: kafka, storage: {container: x, connection_string: {env: VEDETTE_SECRET}}}": {"checkpoint blobs"},
		"      event_hub: {}": {"event_hub.connection_string"},
	} {
		_, err := Parse([]byte(tenantHead + text))
		if len(faults) == 0 && err != nil {
			t.Errorf("%s\n%v", text, err)
		}
		for _, want := range faults {
			if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "line 2") {
				t.Errorf("%s\nthe faults lack %q: %v", text, want, err)
			}
		}
	}
}
