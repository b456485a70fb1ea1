package queue

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Evidence is one piece of an alert's evidence: Graph's object, flattened for reading, with the query that shows its raw rows.
type Evidence struct {
	Type              string   `json:"type"` // process, file, ip, user, device, url, …
	Title             string   `json:"title"`
	Verdict           string   `json:"verdict"`
	RemediationStatus string   `json:"remediationStatus"`
	Roles             []string `json:"roles"`
	Created           string   `json:"created"`
	Fields            []Value  `json:"fields"`
	Query             string   `json:"query"` // "" where no table would hold it
}

// Value is one named value of a piece of evidence.
type Value struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// evidenceType gives "process" of "#microsoft.graph.security.processEvidence".
func evidenceType(e map[string]any) string {
	t := str(e, "@odata.type")
	return strings.TrimSuffix(t[strings.LastIndexByte(t, '.')+1:], "Evidence")
}

// str follows path into nested objects and gives the value there as text, "" where there is none.
func str(e map[string]any, path ...string) string {
	for i, p := range path {
		v, ok := e[p]
		if !ok || v == nil {
			return ""
		}
		if i == len(path)-1 {
			switch v := v.(type) {
			case string:
				return v
			case float64:
				return strconv.FormatFloat(v, 'f', -1, 64)
			case bool:
				return fmt.Sprint(v)
			}
			return ""
		}
		if e, ok = v.(map[string]any); !ok {
			return ""
		}
	}
	return ""
}

func evidence(e map[string]any, first, last string) Evidence {
	out := Evidence{
		Type: evidenceType(e), Verdict: str(e, "verdict"), RemediationStatus: str(e, "remediationStatus"), Created: str(e, "createdDateTime"),
		Roles: []string{}, Fields: []Value{},
	}
	if roles, ok := e["roles"].([]any); ok {
		for _, r := range roles {
			if s, ok := r.(string); ok {
				out.Roles = append(out.Roles, s)
			}
		}
	}
	flatten("", e, &out.Fields, 0)
	slices.SortFunc(out.Fields, func(a, b Value) int { return strings.Compare(a.Name, b.Name) })
	out.Title = title(out.Type, e)
	out.Query = hunt(out.Type, e, first, last)
	return out
}

// flatten lists every leaf of an evidence object as a.b.c, at most six levels deep.
func flatten(prefix string, v any, to *[]Value, depth int) {
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			if depth == 0 && slices.Contains([]string{"@odata.type", "verdict", "remediationStatus", "createdDateTime", "roles"}, k) {
				continue
			}
			name := k
			if prefix != "" {
				name = prefix + "." + k
			}
			if depth < 6 {
				flatten(name, inner, to, depth+1)
			}
		}
	case []any:
		for i, inner := range v {
			if depth < 6 {
				flatten(fmt.Sprintf("%s[%d]", prefix, i), inner, to, depth+1)
			}
		}
	case nil:
	case float64:
		*to = append(*to, Value{prefix, strconv.FormatFloat(v, 'f', -1, 64)})
	default:
		if s := fmt.Sprint(v); s != "" {
			*to = append(*to, Value{prefix, s})
		}
	}
}

func title(kind string, e map[string]any) string {
	switch kind {
	case "process":
		return cmp.Or(str(e, "imageFile", "fileName"), str(e, "processCommandLine")) + " (" + str(e, "processId") + ")"
	case "file":
		return str(e, "fileDetails", "fileName")
	case "device":
		return cmp.Or(str(e, "deviceDnsName"), str(e, "hostName"), str(e, "mdeDeviceId"))
	case "user":
		return cmp.Or(str(e, "userAccount", "userPrincipalName"), str(e, "userAccount", "accountName"), str(e, "userAccount", "userSid"))
	case "mailbox":
		return cmp.Or(str(e, "primaryAddress"), str(e, "upn"))
	case "analyzedMessage":
		return str(e, "subject")
	case "registryKey":
		return str(e, "registryHive") + `\` + str(e, "registryKey")
	case "registryValue":
		return str(e, "registryHive") + `\` + str(e, "registryKey") + `\` + str(e, "registryValueName")
	}
	return cmp.Or(str(e, "ipAddress"), str(e, "url"), str(e, "displayName"), str(e, "name"), str(e, "domainName"), kind)
}

// hunt writes the query that shows the raw rows behind a piece of evidence. Values are quoted as KQL string literals.
func hunt(kind string, e map[string]any, first, last string) string {
	window := around(first, last)
	switch kind {
	case "process":
		pid, err := strconv.ParseInt(str(e, "processId"), 10, 64)
		if id := str(e, "mdeDeviceId"); id != "" && err == nil {
			return "union DeviceProcessEvents, DeviceNetworkEvents, DeviceFileEvents, DeviceRegistryEvents, DeviceEvents\n| where DeviceId == " + quote(id) +
				fmt.Sprintf("\n| where ProcessId == %d or InitiatingProcessId == %d", pid, pid) + window
		}
	case "file", "fileHash":
		if h := cmp.Or(str(e, "fileDetails", "sha256"), str(e, "value")); len(h) == 64 {
			return "union DeviceFileEvents, DeviceProcessEvents, DeviceImageLoadEvents, EmailAttachmentInfo\n| where SHA256 == " + quote(h) + "\n| sort by Timestamp asc"
		}
		if h := str(e, "fileDetails", "sha1"); h != "" {
			return "union DeviceFileEvents, DeviceProcessEvents, DeviceImageLoadEvents\n| where SHA1 == " + quote(h) + "\n| sort by Timestamp asc"
		}
	case "ip":
		if ip := str(e, "ipAddress"); ip != "" {
			return "union DeviceNetworkEvents, DeviceLogonEvents, EmailEvents, CloudAppEvents, IdentityLogonEvents\n| where " + quote(ip) +
				" in (column_ifexists(\"RemoteIP\", \"\"), column_ifexists(\"SenderIPv4\", \"\"), column_ifexists(\"IPAddress\", \"\"))" + window
		}
	case "url":
		if u := str(e, "url"); u != "" {
			seen := quote(u)
			if at, err := url.Parse(u); err == nil && at.Hostname() != "" { // connections are often logged by host alone
				seen += ", " + quote(at.Hostname())
			}
			return "union DeviceNetworkEvents, EmailUrlInfo, UrlClickEvents\n| where RemoteUrl in~ (" + seen + ") or Url =~ " + quote(u) + "\n| sort by Timestamp asc"
		}
	case "device":
		if id := str(e, "mdeDeviceId"); id != "" {
			return "union DeviceProcessEvents, DeviceNetworkEvents, DeviceFileEvents, DeviceLogonEvents, DeviceEvents\n| where DeviceId == " + quote(id) + window
		}
	case "user":
		return who("union IdentityLogonEvents, EntraIdSignInEvents, CloudAppEvents, DeviceLogonEvents, DeviceProcessEvents", e, window)
	case "analyzedMessage":
		if id := str(e, "networkMessageId"); id != "" {
			return "union EmailEvents, EmailUrlInfo, EmailAttachmentInfo, EmailPostDeliveryEvents, UrlClickEvents\n| where NetworkMessageId == " + quote(id) + "\n| sort by Timestamp asc"
		}
	case "mailbox":
		if m := str(e, "primaryAddress"); m != "" {
			return "union EmailEvents, CloudAppEvents\n| where RecipientEmailAddress =~ " + quote(m) + " or SenderFromAddress =~ " + quote(m) + " or AccountId =~ " + quote(m) + window
		}
	case "cloudApplication":
		if id, err := strconv.ParseInt(str(e, "appId"), 10, 64); err == nil {
			return fmt.Sprintf("CloudAppEvents\n| where ApplicationId == %d", id) + window
		}
	case "oauthApplication":
		if id := str(e, "appId"); id != "" {
			return "CloudAppEvents\n| where OAuthAppId == " + quote(id) + window
		}
	case "registryKey", "registryValue":
		if k, id := str(e, "registryKey"), str(e, "mdeDeviceId"); k != "" && id != "" {
			return "DeviceRegistryEvents\n| where DeviceId == " + quote(id) + " and RegistryKey endswith " + quote(k) + window
		}
	}
	return ""
}

// who is the query for the rows of an account, by every name that the evidence gives it.
func who(tables string, e map[string]any, window string) string {
	var names []string
	for _, n := range []struct{ field, is string }{{"azureAdUserId", "AccountObjectId == "}, {"userSid", "AccountSid == "}, {"userPrincipalName", "AccountUpn =~ "}} {
		if v := str(e, "userAccount", n.field); v != "" {
			names = append(names, n.is+quote(v))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return tables + "\n| where " + strings.Join(names, " or ") + window
}

// around is the filter on the alert's time with an hour on each side.
func around(first, last string) string {
	a, errA := time.Parse(time.RFC3339Nano, first)
	b, errB := time.Parse(time.RFC3339Nano, cmp.Or(last, first))
	if errA != nil || errB != nil {
		return "\n| sort by Timestamp asc"
	}
	const layout = "2006-01-02T15:04:05Z"
	return "\n| where Timestamp between (datetime(" + a.Add(-time.Hour).UTC().Format(layout) + ") .. datetime(" + b.Add(time.Hour).UTC().Format(layout) + "))\n| sort by Timestamp asc"
}

// quote writes s as a KQL string literal.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch r {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
