package bench_test

import (
	"fmt"
	"strings"
)

// hunt is a hunting query as an analyst types it, and the best SQL for it that we can write by hand over the same files. In the SQL,
// {P}, {N} and {L} are the process, network and logon events of all days, {P 7} those of the last seven, {P 10-10} those of one day.
type hunt struct {
	name, kql, sql string
	free           bool // which rows come is not determined, only how many
}

var tools = strings.Fields("mimikatz rubeus sharphound lazagne procdump64 psexesvc ntdsutil adfind cobaltstrike kerberoast sekurlsa bloodhound seatbelt winpeas certify safetykatz powerview powersploit empire meterpreter")

// ticks of times that stand in the SQL.
const (
	hour      = 36_000_000_000
	unixEpoch = 621_355_968_000_000_000
)

func day(month, d int) int64 { // of 2026, in ticks
	days := map[int]int{10: 20727, 11: 20758}[month] + d - 1
	return unixEpoch + int64(days)*24*hour
}

func quoted(list []string) string { return `"` + strings.Join(list, `", "`) + `"` }

// anyOf is a condition with kql_has_any, which wants its list as kql/sql writes it.
func anyOf(column string) string { return "kql_has_any(" + column + ", '" + textList(tools) + "')" }

func each(columns []string, format string) string {
	var out []string
	for _, c := range columns {
		out = append(out, fmt.Sprintf(format, c))
	}
	return strings.Join(out, " or ")
}

var searched = []string{"FileName", "FolderPath", "ProcessCommandLine", "InitiatingProcessCommandLine", "InitiatingProcessFileName", "AccountName", "AdditionalFields"}

const tenColumns = "DeviceName, FileName, ProcessCommandLine, AccountName, FolderPath, SHA256, InitiatingProcessFileName, InitiatingProcessCommandLine, ProcessId, ReportId"

// hunts gives the queries. sha is a hash that a few hundred events have, device a machine.
func hunts(sha, device string) []hunt {
	nov := func(d int) string { return fmt.Sprint(day(11, d)) }
	return []hunt{
		{"q01 has, rare term", `DeviceProcessEvents | where ProcessCommandLine has "mimikatz" | project Timestamp, DeviceName, FileName, ProcessCommandLine | top 1000 by Timestamp desc`,
			`SELECT Timestamp, DeviceName, FileName, ProcessCommandLine FROM {P} WHERE kql_has(ProcessCommandLine, 'mimikatz') ORDER BY 1 DESC LIMIT 1000`, false},
		{"q02 has, common term", `DeviceProcessEvents | where ProcessCommandLine has "powershell" | count`,
			`SELECT count(*) FROM {P} WHERE kql_has(ProcessCommandLine, 'powershell')`, false},
		{"q03 has_any, 20 terms", `DeviceProcessEvents | where ProcessCommandLine has_any (` + quoted(tools) + `) | summarize c = count() by FileName | sort by c desc, FileName asc`,
			`SELECT FileName, count(*) c FROM {P} WHERE ` + anyOf("ProcessCommandLine") + ` GROUP BY 1 ORDER BY c DESC, 1`, false},
		{"q04 contains", `DeviceProcessEvents | where ProcessCommandLine contains "logonpass" | count`,
			`SELECT count(*) FROM {P} WHERE kql_contains(ProcessCommandLine, 'logonpass')`, false},
		{"q05 matches regex", `DeviceProcessEvents | where ProcessCommandLine matches regex @"(?i)-enc(odedcommand)?\s+[a-z0-9+/=]{100,}" | summarize c = count() by DeviceName | top 20 by c`,
			`SELECT DeviceName, count(*) c FROM {P} WHERE regexp_matches(ProcessCommandLine, '(?i)-enc(odedcommand)?\s+[a-z0-9+/=]{100,}') GROUP BY 1 ORDER BY c DESC LIMIT 20`, false},
		{"q06 count by hour", `DeviceProcessEvents | summarize count() by bin(Timestamp, 1h) | sort by Timestamp asc`,
			`SELECT Timestamp // 36000000000 * 36000000000 t, count(*) FROM {P} GROUP BY 1 ORDER BY 1`, false},
		{"q07 dcount by file", `DeviceProcessEvents | summarize d = dcount(DeviceId), c = count() by FileName | top 50 by c`,
			`SELECT FileName, count(DISTINCT DeviceId) d, count(*) c FROM {P} GROUP BY 1 ORDER BY c DESC LIMIT 50`, false},
		{"q07x count_distinct by file", `DeviceProcessEvents | summarize d = count_distinct(DeviceId), c = count() by FileName | top 50 by c`,
			`SELECT FileName, count(DISTINCT DeviceId) d, count(*) c FROM {P} GROUP BY 1 ORDER BY c DESC LIMIT 50`, false},
		{"q08 arg_max of ten columns", `DeviceProcessEvents | summarize arg_max(Timestamp, ` + tenColumns + `) by DeviceId`,
			`SELECT p.DeviceId, p.Timestamp, ` + tenColumns + ` FROM {P} p JOIN (SELECT DeviceId, max(Timestamp) m FROM {P} GROUP BY 1) x ON p.DeviceId = x.DeviceId AND p.Timestamp = x.m`, false},
		{"q09 join innerunique, 7 days", `DeviceProcessEvents | where Timestamp >= datetime(2026-11-13) | where FileName == "powershell.exe" | project t = Timestamp, DeviceId, ProcessId
| join (DeviceNetworkEvents | where Timestamp >= datetime(2026-11-13) | where RemoteIPType == "Public" | project n = Timestamp, DeviceId, InitiatingProcessId, RemoteIP) on DeviceId, $left.ProcessId == $right.InitiatingProcessId
| where n between (t .. t + 1h) | summarize c = count(), d = count_distinct(DeviceId) by RemoteIP | top 20 by c`,
			`WITH p AS (SELECT DeviceId, ProcessId, any_value(Timestamp) t FROM {P 7} WHERE FileName = 'powershell.exe' GROUP BY 1, 2)
SELECT n.RemoteIP, count(*) c, count(DISTINCT n.DeviceId) d FROM p JOIN {N 7} n ON n.DeviceId = p.DeviceId AND n.InitiatingProcessId = p.ProcessId AND n.Timestamp BETWEEN p.t AND p.t + 36000000000
WHERE n.RemoteIPType = 'Public' GROUP BY 1 ORDER BY c DESC LIMIT 20`, false},
		{"q10 join leftanti, rare files", `DeviceProcessEvents | where Timestamp >= datetime(2026-11-19) | join kind=leftanti (DeviceProcessEvents | where Timestamp < datetime(2026-11-19)) on SHA256, DeviceId
| summarize c = count() by FileName, SHA256 | top 100 by c`,
			`SELECT FileName, SHA256, count(*) c FROM {P 1} a ANTI JOIN {P 30-2} b ON b.SHA256 = a.SHA256 AND b.DeviceId = a.DeviceId GROUP BY 1, 2 ORDER BY c DESC LIMIT 100`, false},
		{"q11 make_set, 7 days", `DeviceProcessEvents | where Timestamp >= datetime(2026-11-13) | summarize s = make_set(FileName, 1000) by AccountName | project AccountName, n = array_length(s) | sort by n desc`,
			`SELECT AccountName, len(list(DISTINCT FileName)[:1000]) s FROM {P 7} GROUP BY 1 ORDER BY s DESC`, false},
		{"q12 top accounts by tools", `DeviceProcessEvents | where FileName in~ ("rundll32.exe", "regsvr32.exe", "mshta.exe", "certutil.exe", "bitsadmin.exe", "wmic.exe") | summarize c = count() by AccountName | top 20 by c`,
			`SELECT AccountName, count(*) c FROM {P} WHERE lower(FileName) IN ('rundll32.exe', 'regsvr32.exe', 'mshta.exe', 'certutil.exe', 'bitsadmin.exe', 'wmic.exe') GROUP BY 1 ORDER BY c DESC LIMIT 20`, false},
		{"q13 mv-expand", `DeviceProcessEvents | where AdditionalFields has "AttackTechniques" | mv-expand t = AdditionalFields.AttackTechniques to typeof(string) | summarize c = count() by t | sort by c desc`,
			`SELECT t, count(*) c FROM (SELECT unnest(CAST(json_extract_string(AdditionalFields, '$.AttackTechniques[*]') AS VARCHAR[])) t FROM {P} WHERE kql_has(AdditionalFields, 'AttackTechniques')) GROUP BY 1 ORDER BY c DESC`, false},
		{"q14 properties", `DeviceProcessEvents | where tolong(AdditionalFields.Score) > 90 and tostring(AdditionalFields.SignerInfo.IsTrusted) == "false" | summarize c = count() by DeviceName | top 20 by c`,
			`SELECT DeviceName, count(*) c FROM {P} WHERE TRY_CAST(json_extract_string(AdditionalFields, '$.Score') AS BIGINT) > 90 AND json_extract_string(AdditionalFields, '$.SignerInfo.IsTrusted') = 'false' GROUP BY 1 ORDER BY c DESC LIMIT 20`, false},
		{"q14p properties behind has", `DeviceProcessEvents | where AdditionalFields has "Score" | where tolong(AdditionalFields.Score) > 90 and tostring(AdditionalFields.SignerInfo.IsTrusted) == "false" | summarize c = count() by DeviceName | top 20 by c`,
			`SELECT DeviceName, count(*) c FROM {P} WHERE kql_has(AdditionalFields, 'Score') AND TRY_CAST(json_extract_string(AdditionalFields, '$.Score') AS BIGINT) > 90 AND json_extract_string(AdditionalFields, '$.SignerInfo.IsTrusted') = 'false' GROUP BY 1 ORDER BY c DESC LIMIT 20`, false},
		{"q15 percentiles", `DeviceProcessEvents | summarize percentiles(FileSize, 50, 95, 99) by ProcessVersionInfoCompanyName`,
			`SELECT ProcessVersionInfoCompanyName, unnest(quantile_disc(FileSize, [0.5, 0.95, 0.99])) FROM {P} GROUP BY 1`, true},
		{"q16 sessions of failed logons", `DeviceLogonEvents | where ActionType == "LogonFailed" | sort by RemoteIP asc, Timestamp asc | extend s = row_window_session(Timestamp, 1000d, 30m, RemoteIP != prev(RemoteIP))
| summarize a = min(Timestamp), z = max(Timestamp), c = count(), u = count_distinct(AccountName) by RemoteIP, s | where c >= 20 and u >= 10 | top 100 by c`,
			`WITH f AS (SELECT RemoteIP, AccountName, Timestamp, CASE WHEN Timestamp - lag(Timestamp) OVER w <= 18000000000 THEN 0 ELSE 1 END n FROM {L} WHERE ActionType = 'LogonFailed' WINDOW w AS (PARTITION BY RemoteIP ORDER BY Timestamp)),
s AS (SELECT *, sum(n) OVER (PARTITION BY RemoteIP ORDER BY Timestamp ROWS UNBOUNDED PRECEDING) sid FROM f)
SELECT RemoteIP, sid, min(Timestamp) a, max(Timestamp) z, count(*) c, count(DISTINCT AccountName) u FROM s GROUP BY 1, 2 HAVING c >= 20 AND u >= 10 ORDER BY c DESC LIMIT 100`, false},
		{"q17 union of three tables", `union (DeviceProcessEvents | project DeviceId, Timestamp, s = FileSize), (DeviceNetworkEvents | project DeviceId, Timestamp, s = tolong(RemotePort)), (DeviceLogonEvents | project DeviceId, Timestamp, s = tolong(RemotePort))
| summarize c = count(), max(Timestamp), sum(s) by DeviceId | top 10 by c`,
			`SELECT DeviceId, count(*) c, max(Timestamp), sum(s) FROM (SELECT DeviceId, Timestamp, FileSize s FROM {P} UNION ALL SELECT DeviceId, Timestamp, RemotePort FROM {N} UNION ALL SELECT DeviceId, Timestamp, RemotePort FROM {L}) GROUP BY 1 ORDER BY c DESC LIMIT 10`, false},
		{"q18 make-series, 720 hours", `let often = DeviceProcessEvents | summarize c = count() by FileName | top 10 by c | project FileName;
DeviceProcessEvents | where FileName in (often) | make-series n = count() default = 0 on Timestamp from datetime(2026-10-21) to datetime(2026-11-20) step 1h by FileName`,
			`WITH often AS (SELECT FileName FROM {P} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 10),
b AS (SELECT FileName, Timestamp // 36000000000 * 36000000000 h, count(*) c FROM {P} WHERE FileName IN (FROM often) GROUP BY 1, 2),
g AS (SELECT FileName, unnest(generate_series(` + fmt.Sprint(day(10, 21)) + `, ` + fmt.Sprint(day(11, 20)-hour) + `, 36000000000)) h FROM often)
SELECT g.FileName, list(coalesce(c, 0) ORDER BY g.h)::VARCHAR, list(g.h ORDER BY g.h)::VARCHAR FROM g LEFT JOIN b USING (FileName, h) GROUP BY 1`, false},
		{"q19 look-up of a hash", `DeviceProcessEvents | where SHA256 == "` + sha + `" | project Timestamp, DeviceName, FileName, ProcessCommandLine | top 100 by Timestamp`,
			`SELECT Timestamp, DeviceName, FileName, ProcessCommandLine FROM {P} WHERE SHA256 = '` + sha + `' ORDER BY 1 DESC LIMIT 100`, false},
		{"q20 an hour of a machine, all columns", `DeviceProcessEvents | where DeviceId == "` + device + `" and Timestamp >= datetime(2026-11-10T10:00) and Timestamp < datetime(2026-11-10T11:00) | sort by Timestamp asc`,
			`SELECT * EXCLUDE (_blk, _ingested, _hash, _overflow) FROM {P 10-10} WHERE DeviceId = '` + device + `' AND Timestamp >= ` + fmt.Sprint(day(11, 10)+10*hour) + ` AND Timestamp < ` + fmt.Sprint(day(11, 10)+11*hour) + ` ORDER BY Timestamp`, false},
		{"q21 a term in seven columns", `DeviceProcessEvents | where ` + each(searched, `%s has "kerberoast"`) + ` | count`,
			`SELECT count(*) FROM {P} WHERE ` + each(searched, "kql_has(%s, 'kerberoast')"), false},
		{"q22 has_any, one day", `DeviceProcessEvents | where Timestamp >= datetime(2026-11-19) and ProcessCommandLine has_any (` + quoted(tools) + `) | project Timestamp, DeviceName, ProcessCommandLine | take 1000`,
			`SELECT Timestamp, DeviceName, ProcessCommandLine FROM {P 1} WHERE Timestamp >= ` + nov(19) + ` AND ` + anyOf("ProcessCommandLine") + ` LIMIT 1000`, false},
		{"q23 newest 1,000 of a day, all columns", `DeviceProcessEvents | where Timestamp >= datetime(2026-11-19) | top 1000 by Timestamp desc`,
			`SELECT * EXCLUDE (_blk, _ingested, _hash, _overflow) FROM {P 1} WHERE Timestamp >= ` + nov(19) + ` ORDER BY Timestamp DESC LIMIT 1000`, false},
		// Beside the twenty-five: what the product promises.
		{"x01 has_any, ten rare terms", `DeviceProcessEvents | where ProcessCommandLine has_any (` + quoted(tools[:10]) + `) | count`,
			`SELECT count(*) FROM {P} WHERE kql_has_any(ProcessCommandLine, '` + textList(tools[:10]) + `')`, false},
		{"x02 search in a table", `search in (DeviceProcessEvents) "kerberoast" | count`, ``, false},
		{"x03 search in three tables", `search in (DeviceProcessEvents, DeviceNetworkEvents, DeviceLogonEvents) "kerberoast" | count`, ``, false},
		{"x07 search everywhere", `search "kerberoast"`, ``, false},
		{"x08 take", `DeviceProcessEvents | take 1000`, `SELECT * EXCLUDE (_blk, _ingested, _hash, _overflow) FROM {P 1} LIMIT 1000`, true},
		{"x04 arg_max of all columns", `DeviceProcessEvents | summarize arg_max(Timestamp, *) by DeviceId`,
			`SELECT p.* EXCLUDE (_blk, _ingested, _hash, _overflow) FROM {P} p JOIN (SELECT DeviceId, max(Timestamp) m FROM {P} GROUP BY 1) x ON p.DeviceId = x.DeviceId AND p.Timestamp = x.m`, false},
		{"x05 newest 1,000 of all, all columns", `DeviceProcessEvents | top 1000 by Timestamp desc`,
			`SELECT * EXCLUDE (_blk, _ingested, _hash, _overflow) FROM {P 1} ORDER BY Timestamp DESC LIMIT 1000`, false},
		{"x06 newest 100 of all, sort and take", `DeviceProcessEvents | sort by Timestamp desc | take 100`,
			`SELECT * EXCLUDE (_blk, _ingested, _hash, _overflow) FROM {P 1} ORDER BY Timestamp DESC LIMIT 100`, false},
	}
}
