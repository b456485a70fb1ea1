package ecs

import (
	"slices"
	"strings"
)

// entityCategories are the categories of the entities that alerts and behaviours name.
var entityCategories = map[string]string{"file": "file", "process": "process", "device": "host", "machine": "host", "user": "iam",
	"ip": "network", "url": "network", "mailmessage": "email"}

// alertEventClass sets kind, category and type of alert and behaviour rows.
func alertEventClass(r *record, _ *step) {
	kind := "alert"
	if strings.Contains(r.category, "behavior") {
		kind = "event"
	}
	r.f.set(fEventKind, stringValue(kind))
	if c := entityCategories[strings.ToLower(r.f.str(mEntityType))]; c != "" {
		r.word(fEventCategory, c)
	}
	eventType := "info"
	if !strings.HasSuffix(r.category, "-alertinfo") {
		switch strings.ToLower(r.f.str(mAlertCategory)) {
		case "malware", "ransomware":
			r.word(fEventCategory, "malware")
		case "persistence", "privilegeescalation", "suspiciousactivity", "threatmanagement":
			r.word(fEventCategory, "threat")
			r.flags |= isThreat
			eventType = "indicator"
		}
	}
	r.word(fEventType, eventType)
	if r.f.values[fEventCategory].kind == list {
		r.flags |= isCategorised
	}
}

// techniques takes "Name (T1078.004)" apart. One that looks otherwise spoils the list, as with Elastic.
func techniques(r *record, _ *step) {
	items := r.f.values[mTechniques].items()
	if len(items) == 0 {
		return
	}
	var whole, ids, names []string
	right := true
	for _, item := range items {
		t := item.str()
		whole = append(whole, t)
		space, open, end := strings.LastIndexByte(t, ' '), strings.IndexByte(t, '('), strings.IndexByte(t, ')')
		if space < 0 || open < 0 || end < open {
			right = false
			continue
		}
		ids, names = append(ids, t[open+1:end]), append(names, t[:space])
	}
	slices.Sort(whole)
	r.f.set(mTechniques, r.strings(whole))
	if right || !r.m.opt.StrictElastic {
		slices.Sort(ids)
		slices.Sort(names)
		r.f.set(fTechniqueIDs, r.strings(ids))
		r.f.set(fTechniqueNames, r.strings(names))
	}
}

// severity gives the number of the argument's word.
func severity(r *record, s *step) {
	switch strings.ToLower(r.f.str(s.arg)) {
	case "informational", "low":
		r.f.set(fEventSeverity, numberValue("21"))
	case "medium":
		r.f.set(fEventSeverity, numberValue("47"))
	case "high":
		r.f.set(fEventSeverity, numberValue("73"))
	case "critical":
		r.f.set(fEventSeverity, numberValue("99"))
	}
}

func emailClass(r *record, _ *step) {
	if strings.Contains(r.category, "urlclickevents") {
		r.flags |= isClick
	}
	if r.f.values[mFileType].kind > null {
		r.flags |= isAttachment
	}
}

func lowerAction(r *record, _ *step) {
	if a := r.f.str(fEventAction); a != "" {
		r.f.set(fEventAction, stringValue(strings.ReplaceAll(strings.ToLower(a), " ", "-")))
	}
}

// userFromAddress takes a mail address apart.
func userFromAddress(r *record, s *step) {
	mail := r.f.str(s.arg)
	if mail == "" {
		return
	}
	r.f.set(fUserEmail, stringValue(mail))
	if name, domain, ok := strings.Cut(mail, "@"); ok && name != "" && domain != "" {
		r.f.set(fUserName, stringValue(name))
		r.f.set(fUserDomain, stringValue(domain))
	}
}

// userFromRequestor is userFromAddress for a field that may also hold a name.
func userFromRequestor(r *record, s *step) {
	if who := r.f.str(s.arg); strings.IndexByte(who, '@') > 0 {
		userFromAddress(r, s)
	} else if who != "" {
		r.f.set(fUserName, stringValue(who))
	}
}

// identityClass sets kind, category and type of identity and cloud rows, and of rows that nobody else maps.
func identityClass(r *record, _ *step) {
	table := strings.TrimPrefix(r.category, "advancedhunting-")
	is := func(name string) bool { return table == name }
	on := func(bit flags, ok bool) {
		if ok {
			r.flags |= bit
		}
	}
	on(isIdentityLogon, is("identitylogonevents"))
	on(isIdentityInfo, is("identityinfo"))
	on(isCloudApp, is("cloudappevents"))
	on(isCloudAudit, is("cloudauditevents"))
	on(isKnown, slices.ContainsFunc(r.fam.tables, func(t string) bool { return strings.EqualFold(t, table) }))
	on(isPublicIP, r.f.values[mPrivateIP].text == "false")
	kind := "event"
	switch {
	case r.has(isIdentityInfo):
		kind = "asset"
		r.word(fEventCategory, "iam")
		r.move(mCity, mAccountCity)
		r.move(mCountry, mAccountCountry)
	case r.has(isIdentityLogon), !r.has(isKnown) && strings.Contains(table, "signin"):
		r.word(fEventCategory, "authentication")
	case r.has(isCloudAudit):
		r.word(fEventCategory, "configuration")
	}
	r.f.set(fEventKind, stringValue(kind))
	r.word(fEventType, "info")
	if r.has(isIdentityInfo) {
		r.word(fEventType, "user")
	}
}

func (r *record) move(from, to slot) {
	if v := r.f.values[from]; v.kind > null {
		r.f.set(to, v)
		r.f.drop(from)
	}
}

func logonOutcome(r *record, _ *step) {
	if r.has(isIdentityLogon) {
		r.outcome(r.f.values[mFailureReason].empty())
	}
}

func rawUser(r *record, _ *step) {
	if v := r.f.values[mRawEvent].member("UserId"); r.f.values[fUserName].kind <= null && !v.empty() {
		r.f.set(fUserName, v)
	}
}
