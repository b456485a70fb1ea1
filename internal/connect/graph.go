package connect

import (
	"strings"

	"github.com/vedette-siem/vedette/internal/schema"
)

// Series is one line of the data graph: a name and the query that draws it.
type Series struct {
	Name    string `json:"name"`
	Query   string `json:"query"`
	Default bool   `json:"default"` // shown without being asked for
}

// lineQuery is the connector page's own query for one line, as Microsoft's documentation of the connector gives it to users: fourteen days,
// one point a day counted back from now, zero where nothing came.
const lineQuery = `let Now = now();
(range TimeGenerated from ago(14d) to Now-1d step 1d
| extend Count = 0
| union isfuzzy=true (
    $SOURCE
    | summarize Count = count() by bin_at(TimeGenerated, 1d, Now)
)
| summarize Count=max(Count) by bin_at(TimeGenerated, 1d, Now)
| sort by TimeGenerated
| project Value = iff(isnull(Count), 0, Count), Time = TimeGenerated, Legend = "$LEGEND")
| render timechart`

func line(legend, source string) string {
	return strings.NewReplacer("$SOURCE", source, "$LEGEND", legend).Replace(lineQuery)
}

// alertProducts are the names under which the products behind the connector appear in SecurityAlert.
const alertProducts = `SecurityAlert
    | where ProductName in ("Microsoft Defender Advanced Threat Protection", "Office 365 Advanced Threat Protection",
        "Azure Advanced Threat Protection", "Microsoft Cloud App Security", "Microsoft 365 Defender", "Microsoft Defender XDR",
        "Azure Active Directory Identity Protection")`

// Graph gives the lines of the data graph: incidents, alerts, all events together, and one for each event table.
func (s *Set) Graph() []Series {
	tables := streamed()
	names := make([]string, len(tables))
	for i, t := range tables {
		names[i] = t.Name
	}
	out := []Series{
		{"Incidents", line("Incidents", "SecurityIncident\n    | where ProviderName == \"Microsoft 365 Defender\""), true},
		{"Alerts", line("Alerts", alertProducts), true},
		{"Events", line("Events", "union isfuzzy=true "+strings.Join(names, ", ")), true},
	}
	for _, t := range tables {
		out = append(out, Series{t.Name, line(t.Name, t.Name), false})
	}
	return out
}

// streamed lists the tables that the Streaming API offers, in the catalogue's order.
func streamed() []*tableInfo {
	var out []*tableInfo
	for _, t := range schema.Builtin().Tables() {
		if t.Streamed {
			out = append(out, t)
		}
	}
	return out
}

// tableInfo is a table of the catalogue.
type tableInfo = schema.Table
