package incident

import "testing"

// Every determination survives that Sentinel's words are shown and written back.
func TestSentinelKeepsDetermination(t *testing.T) {
	for _, c := range classifications {
		for _, d := range determinations {
			v := Verdict{c, d}
			class, reason := v.Sentinel()
			if back, err := FromSentinel(class, reason, v); back != v || err != nil {
				t.Errorf("%v → %s/%s → %v, %v", v, class, reason, back, err)
			}
		}
	}
	for _, s := range append(statuses, "awaitingAction") {
		if back, err := FromSentinelStatus(SentinelStatus(s), s); back != s || err != nil {
			t.Errorf("%s → %s → %s, %v", s, SentinelStatus(s), back, err)
		}
	}
}

func TestFromSentinel(t *testing.T) {
	have := Verdict{"truePositive", "phishing"}
	for _, tc := range []struct {
		class, reason string
		want          string
		bad           bool
	}{
		{"TruePositive", "SuspiciousActivity", "truePositive/phishing", false},
		{"falsepositive", "IncorrectAlertLogic", "falsePositive/other", false},
		{"FalsePositive", "InaccurateData", "falsePositive/other", false},
		{"BenignPositive", "", "informationalExpectedActivity/other", false},
		{"Undetermined", "", "unknown/unknown", false},
		{"", "", "", false},
		{"TruePositive", "InaccurateData", "", true},
		{"Perhaps", "", "", true},
	} {
		got, err := FromSentinel(tc.class, tc.reason, have)
		if got.String() != tc.want || (err != nil) != tc.bad {
			t.Errorf("%s/%s: %v, %v", tc.class, tc.reason, got, err)
		}
	}
	for word, want := range map[string]string{"New": Active, "active": InProgress, "Closed": Resolved, "Open": ""} {
		if got, err := FromSentinelStatus(word, Active); got != want || (err != nil) != (want == "") {
			t.Errorf("%s: %s, %v", word, got, err)
		}
	}
}

func TestCheck(t *testing.T) {
	for _, tc := range []struct {
		f        Field
		in, want string
		bad      bool
	}{
		{Status, "Resolved", Resolved, false},
		{Status, Redirected, Redirected, true},
		{Severity, "HIGH", "high", false},
		{Severity, "huge", "huge", true},
		{Closing, "TruePositive/CompromisedUser", "truePositive/compromisedAccount", false},
		{Closing, "informationalExpectedActivity/confirmedUserActivity", "informationalExpectedActivity/confirmedActivity", false},
		{Closing, "falsePositive/clean", "falsePositive/notMalicious", false},
		{Closing, "truePositive", "truePositive/", true},
		{Closing, "", "", false},
		{Tags, `["b","a","b",""]`, `["a","b"]`, false},
		{Title, " ", " ", true},
		{"redirectIncidentId", "7", "7", true},
	} {
		if got, err := Check(tc.f, tc.in); got != tc.want || (err != nil) != tc.bad {
			t.Errorf("%s %q: %q, %v", tc.f, tc.in, got, err)
		}
	}
}
