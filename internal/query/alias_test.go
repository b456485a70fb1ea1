package query_test

import (
	"testing"

	"github.com/vedette-siem/vedette/internal/query"
)

// TestWordAliases: comparisons with a renamed word find the rows of its other words; everything else sees what is stored.
func TestWordAliases(t *testing.T) {
	for _, inGo := range []bool{false, true} {
		e := query.New(query.Options{Store: filled(t), InGo: inGo})
		for text, want := range map[string]string{
			`SecurityIncident | where ProviderName == "Microsoft 365 Defender"`:                                                                                      "1 2",
			`SecurityIncident | where ProviderName == "Microsoft XDR"`:                                                                                               "1 2",
			`SecurityIncident | where "Microsoft 365 Defender" == ProviderName`:                                                                                      "1 2",
			`SecurityIncident | where ProviderName != "Microsoft 365 Defender"`:                                                                                      "3",
			`SecurityIncident | where not(ProviderName == "Microsoft 365 Defender")`:                                                                                 "3",
			`SecurityIncident | where ProviderName in ("Azure Sentinel", "Microsoft 365 Defender")`:                                                                  "1 2 3",
			`SecurityIncident | where ProviderName !in ("Microsoft 365 Defender")`:                                                                                   "3",
			`SecurityIncident | where ProviderName in~ ("microsoft 365 defender")`:                                                                                   "1 2",
			`SecurityIncident | where ProviderName =~ "microsoft 365 DEFENDER"`:                                                                                      "1 2",
			`SecurityIncident | where ProviderName !~ "microsoft xdr"`:                                                                                               "3",
			`SecurityIncident | where ProviderName has "365"`:                                                                                                        "2",
			`SecurityIncident | where ProviderName contains "XDR"`:                                                                                                   "1",
			`SecurityIncident | where ProviderName == "microsoft xdr"`:                                                                                               "",
			`SecurityIncident | where Title == "Microsoft 365 Defender"`:                                                                                             "",
			`SecurityIncident | project IncidentNumber, P = ProviderName | where P == "Microsoft 365 Defender"`:                                                      "1 2",
			`SecurityIncident | extend ProviderName = "Microsoft XDR" | where ProviderName == "Microsoft 365 Defender"`:                                              "",
			`SecurityIncident | summarize arg_max(TimeGenerated, *) by IncidentNumber | where ProviderName == "Microsoft 365 Defender"`:                              "1 2",
			`SecurityIncident | summarize arg_max(TimeGenerated, ProviderName) by IncidentNumber | where ProviderName == "Microsoft 365 Defender"`:                   "1 2",
			`SecurityIncident | summarize take_any(IncidentNumber) by ProviderName | where ProviderName == "Microsoft 365 Defender"`:                                 "1 2",
			`union SecurityIncident, (SecurityIncident | where false) | where ProviderName == "Microsoft 365 Defender"`:                                              "1 2",
			`SecurityIncident | join kind=inner (SecurityIncident | project IncidentNumber) on IncidentNumber | where ProviderName == "Microsoft 365 Defender"`:      "1 2",
			`let P = SecurityIncident | where ProviderName == "Microsoft 365 Defender"; P | where IncidentNumber in ((P | project IncidentNumber))`:                  "1 2",
			`SecurityIncident | where IncidentNumber in ((SecurityIncident | where ProviderName == "Microsoft 365 Defender" | project IncidentNumber))`:              "1 2",
			`SecurityIncident | where IncidentNumber == toscalar(SecurityIncident | where ProviderName == "Microsoft 365 Defender" | summarize max(IncidentNumber))`: "2",
			`SecurityIncident | extend Old = iff(ProviderName == "Microsoft 365 Defender", 1, 0) | where Old == 1`:                                                   "1 2",
			`SecurityIncident | mv-expand AlertIds to typeof(string) | where ProviderName == "Microsoft 365 Defender"`:                                               "1 2",
		} {
			a, _ := ask(t, e, query.Request{Text: text + " | project IncidentNumber | sort by IncidentNumber asc"})
			if a.String() != want {
				t.Errorf("in Go %v: %s\ngot %q, want %q", inGo, text, a, want)
			}
		}
		for text, want := range map[string]string{
			`SecurityAlert | where ProductName == "Microsoft 365 Defender" | count`:          "1",
			`SecurityAlert | where ProviderName == "Microsoft 365 Defender" | count`:         "1",
			`SecurityAlert | summarize count() by ProductName | project ProductName`:         `"Microsoft Defender XDR"`,
			`SecurityIncident | summarize countif(ProviderName == "Microsoft 365 Defender")`: "2",
		} {
			if a, _ := ask(t, e, query.Request{Text: text}); a.String() != want {
				t.Errorf("in Go %v: %s\ngot %q, want %q", inGo, text, a, want)
			}
		}
	}
}
