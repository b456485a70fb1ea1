package incident

import (
	"slices"
	"strings"

	"github.com/vedette-siem/vedette/internal/fault"
)

// Words of Defender that rules speak of.
const (
	Active     = "active"
	InProgress = "inProgress"
	Resolved   = "resolved"
	Redirected = "redirected" // set by the service alone: the incident was merged into another
)

// The words that may be set, in Graph's spelling. The service has more for its own use.
var (
	statuses        = []string{Active, InProgress, Resolved}
	severities      = []string{"informational", "low", "medium", "high"}
	classifications = []string{"unknown", "falsePositive", "truePositive", "informationalExpectedActivity"}
	determinations  = []string{"unknown", "apt", "malware", "securityPersonnel", "securityTesting", "unwantedSoftware", "other", "multiStagedAttack", "compromisedAccount", "phishing",
		"maliciousUserActivity", "notMalicious", "notEnoughDataToValidate", "confirmedActivity", "lineOfBusinessApplication"}
	// older names of determinations, which documents and SDKs still use
	renamed = map[string]string{"compromiseduser": "compromisedAccount", "clean": "notMalicious", "insufficientdata": "notEnoughDataToValidate", "confirmeduseractivity": "confirmedActivity"}
	// words that the service sets and nobody else
	serviceStatuses = []string{Redirected, "awaitingAction"}
)

// Word gives a word of Graph in its usual spelling: case does not matter there, and determinations have older names. Unknown words stay.
func Word(f Field, s string) string {
	if f == Closing {
		v := ParseVerdict(s)
		return Verdict{spelling(classifications, v.Classification), determination(v.Determination)}.String()
	}
	switch f {
	case Status:
		return spelling(append(slices.Clone(serviceStatuses), statuses...), s)
	case Severity:
		return spelling(severities, s)
	}
	return s
}

func determination(s string) string {
	if now, old := renamed[strings.ToLower(s)]; old {
		return now
	}
	return spelling(determinations, s)
}

func spelling(words []string, s string) string {
	if i := slices.IndexFunc(words, func(w string) bool { return strings.EqualFold(w, s) }); i >= 0 {
		return words[i]
	}
	return s
}

// Check tells whether a field may be set to v, and gives v in its usual form. The fault names the words that may be used.
func Check(f Field, v string) (string, error) {
	const op = "change incident"
	one := func(what string, words []string, s string) error {
		if !slices.Contains(words, s) {
			return fault.New(fault.Invalid, op, "%s %q is not one of %s", what, s, strings.Join(words, ", "))
		}
		return nil
	}
	v = Word(f, v)
	switch f {
	case Status:
		return v, one("status", statuses, v)
	case Severity:
		return v, one("severity", severities, v)
	case Closing:
		d := ParseVerdict(v)
		if v == "" {
			return v, nil
		}
		if err := one("classification", classifications, d.Classification); err != nil {
			return v, err
		}
		return v, one("determination", determinations, d.Determination)
	case Tags:
		return tagText(parseTags(v)), nil
	case Title:
		if strings.TrimSpace(v) == "" {
			return v, fault.New(fault.Invalid, op, "an incident needs a title")
		}
		return v, nil
	case AssignedTo, Description, Summary, ResolvingComment:
		return v, nil
	}
	return v, fault.New(fault.Invalid, op, "%s cannot be changed", f)
}

// SentinelStatus gives Sentinel's word for a status of Defender's. A redirected incident is closed there: its alerts are in another.
func SentinelStatus(status string) string {
	switch Word(Status, status) {
	case Active:
		return "New"
	case Resolved, Redirected:
		return "Closed"
	}
	return "Active"
}

// FromSentinelStatus gives Defender's word for Sentinel's. While the word that is there means the same, it stays (awaitingAction is Active too).
func FromSentinelStatus(status, have string) (string, error) {
	for _, w := range []string{have, Active, InProgress, Resolved} {
		if w != "" && strings.EqualFold(SentinelStatus(w), status) {
			return w, nil
		}
	}
	return "", fault.New(fault.Invalid, "change incident", "status %q is not one of New, Active, Closed", status)
}

// sentinelVerdicts pairs the classifications of both sides. The first reason of each is what Sentinel shows.
var sentinelVerdicts = []struct {
	defender, sentinel string
	reasons            []string
}{
	{"truePositive", "TruePositive", []string{"SuspiciousActivity"}},
	{"falsePositive", "FalsePositive", []string{"InaccurateData", "IncorrectAlertLogic"}},
	{"informationalExpectedActivity", "BenignPositive", []string{"SuspiciousButExpected"}},
	{"unknown", "Undetermined", []string{""}},
}

// Sentinel gives Sentinel's classification and reason for a verdict, "" for both while there is none.
func (v Verdict) Sentinel() (classification, reason string) {
	for _, p := range sentinelVerdicts {
		if strings.EqualFold(p.defender, v.Classification) {
			return p.sentinel, p.reasons[0]
		}
	}
	return "", ""
}

// FromSentinel gives the verdict that Sentinel's words mean. Sentinel knows no determination: the one that is there survives as long as the
// classification stays; another classification begins with "other", and Undetermined with "unknown".
func FromSentinel(classification, reason string, have Verdict) (Verdict, error) {
	if classification == "" {
		return Verdict{}, nil
	}
	var names []string
	for _, p := range sentinelVerdicts {
		names = append(names, p.sentinel)
		if !strings.EqualFold(p.sentinel, classification) {
			continue
		}
		known := slices.ContainsFunc(p.reasons, func(r string) bool { return strings.EqualFold(r, reason) })
		if reason != "" && !known {
			return Verdict{}, fault.New(fault.Invalid, "change incident", "classification %s has the reasons %s, not %q", p.sentinel, strings.Join(p.reasons, ", "), reason)
		}
		switch {
		case strings.EqualFold(have.Classification, p.defender):
			return have, nil
		case p.defender == "unknown":
			return Verdict{p.defender, "unknown"}, nil
		}
		return Verdict{p.defender, "other"}, nil
	}
	return Verdict{}, fault.New(fault.Invalid, "change incident", "classification %q is not one of %s", classification, strings.Join(names, ", "))
}
