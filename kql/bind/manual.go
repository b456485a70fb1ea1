package bind

import "slices"

// TabularDoc is what the manual says of a plugin of evaluate, or of a function of Defender or Sentinel that gives a table.
type TabularDoc struct {
	Name, Doc string
	Notes     string
	Refused   string // why it cannot be run here
}

// PluginDocs describes the plugins in order.
func PluginDocs() []TabularDoc {
	var out []TabularDoc
	for name, p := range plugins {
		out = append(out, TabularDoc{Name: name, Doc: pluginDocs[name], Notes: pluginNotes[name], Refused: p.external})
	}
	return sortDocs(out)
}

// FunctionDocs describes the functions of Defender and Sentinel that give tables, in order.
func FunctionDocs() []TabularDoc {
	out := []TabularDoc{functionDocs["AssignedIPAddresses"]}
	for name := range knownFunctions {
		out = append(out, functionDocs[name])
	}
	return sortDocs(out)
}

func sortDocs(list []TabularDoc) []TabularDoc {
	slices.SortFunc(list, func(a, b TabularDoc) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return list
}

var functionDocs = map[string]TabularDoc{
	"FileProfile": {Name: "FileProfile", Doc: "Adds to each row what is known of the file with the hash that a column holds: T | invoke FileProfile(SHA1).",
		Notes: "Taken from DeviceFileEvents, DeviceProcessEvents, DeviceImageLoadEvents and DeviceFileCertificateInfo of this store: Global means the devices seen here, not those of all tenants. " +
			"GlobalPrevalence counts devices; ThreatName is always empty; every row is enriched, whatever the second argument says. A column whose name ends in SHA256 is looked up by that hash."},
	"DeviceFromIP": {Name: "DeviceFromIP", Doc: "Adds to each row the device that had an address last: T | invoke DeviceFromIP(IP, Timestamp).",
		Notes: "Taken from DeviceNetworkInfo, as of the time given, else of the query's."},
	"SeenBy": {Name: "SeenBy", Doc: "Adds to each row the devices that have seen the device with its DeviceId: T | invoke SeenBy().",
		Notes: "A JSON array of the DeviceIds that had connections to one of the device's addresses, from DeviceNetworkInfo and DeviceNetworkEvents of this store; Defender's own discovery knows more."},
	"AssignedIPAddresses": {Name: "AssignedIPAddresses", Doc: "Gives the addresses that a device had by its newest report before a time: AssignedIPAddresses('device', datetime).",
		Notes: "Taken from DeviceNetworkInfo; the device is named by DeviceId or DeviceName."},
	"_GetWatchlist": {Name: "_GetWatchlist", Doc: "Gives the items of a watchlist, or those with one of the keys: _GetWatchlist('alias' [, dynamic(['key'])]).",
		Notes: "The columns are _DTItemId, LastUpdatedTimeUTC, SearchKey, WatchlistItem and the list's own, all string. A list that is not there has no items; a warning says so."},
	"_GetWatchlistAlias": {Name: "_GetWatchlistAlias", Doc: "Lists the aliases of the watchlists."},
}

var pluginNotes = map[string]string{
	"autocluster":     "Which patterns are found may differ from Kusto, which does not say how it searches; score, seeds, weights and wildcards are as documented.",
	"basket":          "Of patterns that the same rows have, only the most specific is given.",
	"diffpatterns":    "Which of several overlapping patterns is given may differ from Kusto, which does not say how it chooses.",
	"funnel_sequence": "Gives the first of Kusto's three tables: previous state, next state and count. The other two are summaries of it.",
	"preview":         "Kusto's second table, the number of all rows, is not given.",
	"sequence_detect": "An event that completes the sequence is given once, with the latest events that lead to it.",
}

var pluginDocs = map[string]string{
	"active_users_count":                    "Counts the users that were active in a number of periods of a window.",
	"activity_counts_metrics":               "Counts actions and users, new ones and all so far, for each period.",
	"activity_engagement":                   "Gives the ratio of the users of an inner period to those of an outer one.",
	"activity_metrics":                      "Counts users and new users, with the rates of those who stay and who leave, for each period.",
	"new_activity_metrics":                  "Follows the users that are new in a period through the next ones.",
	"session_count":                         "Counts sessions over a timeline.",
	"sliding_window_counts":                 "Counts actions and users of a sliding window.",
	"funnel_sequence":                       "Counts the users who took a sequence of states.",
	"funnel_sequence_completion":            "Counts the users who completed a sequence within periods.",
	"rolling_percentile":                    "Gives a percentile of a sliding window.",
	"sequence_detect":                       "Finds sequences of events.",
	"rows_near":                             "Gives the rows near those for which a condition holds.",
	"autocluster":                           "Finds common patterns of values.",
	"basket":                                "Finds frequent patterns of values.",
	"diffpatterns":                          "Finds the patterns in which two sets of rows differ.",
	"dcount_intersect":                      "Counts what sets have in common, from hll values.",
	"narrow":                                "Gives a row for each cell.",
	"pivot":                                 "Turns the values of a column into columns with an aggregate.",
	"bag_unpack":                            "Turns the keys of a property bag into columns.",
	"schema_merge":                          "Merges schemas into one.",
	"ipv4_lookup":                           "Looks addresses up in a table of IPv4 networks.",
	"ipv6_lookup":                           "Looks addresses up in a table of IPv6 networks.",
	"geo_polygon_lookup":                    "Looks points up in a table of polygons.",
	"geo_line_lookup":                       "Looks points up in a table of lines.",
	"identity":                              "Gives the rows as they are.",
	"estimate_rows_count":                   "Counts the rows.",
	"preview":                               "Gives the first rows.",
	"python":                                "Runs a Python script over the rows.",
	"r":                                     "Runs an R script over the rows.",
	"csharp":                                "Runs a C# script over the rows.",
	"http_request":                          "Asks a web server.",
	"http_request_post":                     "Asks a web server with a body.",
	"sql_request":                           "Asks an SQL server.",
	"mysql_request":                         "Asks a MySQL server.",
	"postgresql_request":                    "Asks a PostgreSQL server.",
	"cosmosdb_sql_request":                  "Asks a Cosmos DB.",
	"dax_request":                           "Asks a Power BI model.",
	"infer_storage_schema_with_suggestions": "Reads the schema of files.",
	"azure_digital_twins_query_request":     "Asks Azure Digital Twins.",
	"execute_query":                         "Runs a query elsewhere.",
	"execute_show_command":                  "Runs a command elsewhere.",
	"infer_storage_schema":                  "Reads the schema of files.",
	"ai_embeddings":                         "Asks a model for embeddings.",
	"ai_embed_text":                         "Asks a model for embeddings.",
	"ai_chat_completion":                    "Asks a model for a text.",
	"ai_chat_completion_prompt":             "Asks a model for a text.",
}
