// Package sentinel maps Graph Security documents to rows in Microsoft Sentinel's shape: an incident to a row of SecurityIncident, an alert to a row
// of SecurityAlert with its entities. It is pure: the same document gives the same bytes.
//
// The document itself is kept in the row, under DefenderIncident or DefenderAlert, so nothing that Sentinel's columns cannot say is lost. The
// mapping follows Microsoft's published pages on the connector, its alert differences and its entity types.
// It imports only the standard library.
package sentinel

import (
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
)

// ProviderName is what incidents of the Defender portal carry today; comparisons with the former name are widened when a query is read.
const ProviderName = "Microsoft XDR"

// field is one member of a row, in order.
type field struct {
	name  string
	value any // anything json.Marshal takes, or object
}

// object is a JSON object whose members keep their order. Members whose value is nil or "" are left out.
type object []field

// MarshalJSON writes the members in order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for _, f := range o {
		if f.value == nil || f.value == "" {
			continue
		}
		v, err := marshal(f.value)
		if err != nil {
			return nil, err
		}
		name, err := json.Marshal(f.name)
		if err != nil {
			return nil, err
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(v)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// marshal is json.Marshal without HTML escapes, which would change texts for readers that compare bytes.
func marshal(v any) ([]byte, error) {
	if o, ok := v.(object); ok {
		return o.MarshalJSON()
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// text is v as JSON text in a string, as Sentinel keeps Entities and ExtendedProperties.
func text(v any) (string, error) {
	b, err := marshal(v)
	return string(b), err
}

// title makes "High" of "high" and "InProgress" of "inProgress".
func title(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// stableGUID derives a GUID from names: version 5 (RFC 9562) in a name space of our own.
func stableGUID(names ...string) string {
	h := sha1.New()
	h.Write([]byte("vedette:incident"))
	for _, n := range names {
		h.Write([]byte{0})
		h.Write([]byte(n))
	}
	s := h.Sum(nil)[:16]
	s[6] = s[6]&0x0f | 0x50
	s[8] = s[8]&0x3f | 0x80
	x := hex.EncodeToString(s)
	return fmt.Sprintf("%s-%s-%s-%s-%s", x[:8], x[8:12], x[12:16], x[16:20], x[20:])
}

// incidentNumber is Defender's id, which is a decimal number; an id that is not, or is too big for Sentinel's int, gets a stable number.
func incidentNumber(id string) int32 {
	if n, err := strconv.ParseInt(id, 10, 32); err == nil && n > 0 {
		return int32(n)
	}
	h := fnv.New32a()
	h.Write([]byte(id))
	return int32(h.Sum32() & 0x7fffffff)
}

// product says how a serviceSource appears in SecurityAlert.
type product struct{ provider, product string }

// products holds the names found in published rules and queries; Microsoft has no table of them.
var products = map[string]product{
	"microsoftdefenderforendpoint":   {"MDATP", "Microsoft Defender Advanced Threat Protection"},
	"microsoftdefenderforoffice365":  {"OATP", "Office 365 Advanced Threat Protection"},
	"microsoftdefenderforidentity":   {"Azure Advanced Threat Protection", "Azure Advanced Threat Protection"},
	"microsoftdefenderforcloudapps":  {"MCAS", "Microsoft Cloud App Security"},
	"azureadidentityprotection":      {"IPC", "Azure Active Directory Identity Protection"},
	"microsoft365defender":           {"Microsoft Defender XDR", "Microsoft Defender XDR"},
	"microsoftappgovernance":         {"MCAS", "Microsoft Application Protection"},
	"datalossprevention":             {"Microsoft Data Loss Prevention", "Microsoft Data Loss Prevention"},
	"microsoftinsiderriskmanagement": {"Microsoft 365 Insider Risk Management", "Microsoft 365 Insider Risk Management"},
	"microsoftdefenderforcloud":      {"Azure Security Center", "Azure Security Center"},
	"microsoftsentinel":              {"ASI Scheduled Alerts", "Azure Sentinel"},
}

// productOf names the product of an alert; one that is not in the table keeps Graph's own names.
func productOf(serviceSource, productName string) product {
	if p, ok := products[strings.ToLower(serviceSource)]; ok {
		return p
	}
	if productName == "" {
		productName = serviceSource
	}
	return product{serviceSource, productName}
}

// tactics are MITRE's tactics as Sentinel spells them; Defender's further categories (Malware, SuspiciousActivity …) are not tactics.
var tactics = []string{"Reconnaissance", "ResourceDevelopment", "InitialAccess", "Execution", "Persistence", "PrivilegeEscalation", "DefenseEvasion",
	"CredentialAccess", "Discovery", "LateralMovement", "Collection", "CommandAndControl", "Exfiltration", "Impact", "PreAttack", "ImpairProcessControl", "InhibitResponseFunction"}

// asTactic gives Sentinel's spelling of a category that is a tactic, and otherwise the category as it is.
func asTactic(category string) string {
	bare := strings.NewReplacer(" ", "", "-", "").Replace(category)
	for _, t := range tactics {
		if strings.EqualFold(t, bare) {
			return t
		}
	}
	return category
}

// distinct keeps the first of equal, non-empty strings.
func distinct(in []string) []string {
	out := []string{}
	for _, s := range in {
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
