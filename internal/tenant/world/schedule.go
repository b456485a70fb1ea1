package world

import (
	"sort"
	"time"
)

// invent makes everything that does not change while time passes.
func (w *World) invent() {
	w.inventNetwork()
	w.inventPeople()
	w.inventDevices()
	w.inventVulnerabilities()
	w.inventStories()
}

// attacks are the four that run through the history: where in it, at what time of day (UTC), and the story.
var attacks = []struct {
	at    float64
	clock time.Duration
	play  func(*story)
}{
	{0.22, 15*time.Hour + 10*time.Minute, (*story).insider},
	{0.45, 9*time.Hour + 5*time.Minute, (*story).aitm},
	{0.74, 8*time.Hour + 50*time.Minute, (*story).ransomware},
	{0.93, 3*time.Hour + 20*time.Minute, (*story).webShell},
}

// everydayShare is how many everyday incidents a history of thirty days has.
const everydayShare = 48

// inventStories writes the incidents of the history, with what the analysts made of them.
func (w *World) inventStories() {
	end := ticksOf(w.cfg.Now)
	r := rng{derive(w.cfg.Seed, "stories", 0)}
	add := func(at ticks, play func(*story)) *story {
		st := w.newStory(len(w.stories), at, 1)
		play(st)
		st.finish(end)
		w.stories = append(w.stories, st)
		return st
	}
	span := ticks(w.cfg.History / 100)
	n := max(12, int(int64(everydayShare)*int64(w.cfg.History)/int64(30*24*time.Hour)))
	for i := range n {
		at := ticksOf(w.start) + span*ticks(i)/ticks(n) + ticks(r.n(int(span/ticks(n)*4/5)))
		// Nearly all of them fall into office hours.
		if hour := at % tickDay / tickHour; (hour < 6 || hour > 18) && r.chance(80) {
			at += (10 - hour) * tickHour
		}
		at = max(min(at, end-90*tickMinute), ticksOf(w.start)+tickHour)
		play := everyday[i%len(everyday)]
		if r.chance(30) {
			play = everyday[r.n(len(everyday))]
		}
		w.settle(add(at, play), end)
	}
	var big []*story
	for _, a := range attacks {
		big = append(big, add(min(w.workday(a.at, a.clock), end-5*tickHour), a.play))
	}
	w.investigate(big, end)
	sort.SliceStable(w.stories, func(i, j int) bool { return w.stories[i].created < w.stories[j].created })
	for i, st := range w.stories {
		st.n = i
		st.id = newIncidentID(i)
	}
}

// settle is how everyday incidents end: the older, the more likely somebody looked at them.
func (w *World) settle(st *story, end ticks) {
	r := &st.r
	age := end - st.created
	if age < 2*tickDay && !r.chance(20) || r.chance(18) {
		return
	}
	after := ticks(r.between(20, 1400)) * tickMinute
	if st.created+after > end {
		return
	}
	title := st.alarms[0].title
	switch {
	case r.chance(15):
		st.triage("inProgress", "", "", "Asked the user; waiting for the answer.", after)
	case st.alarms[0].detection == "antivirus":
		st.triage("resolved", "truePositive", "unwantedSoftware", "Removed by antivirus, nothing else on the device. Told the user.", after)
	case title == "Suspicious PowerShell command line", title == "Process memory dump", title == "Security principal reconnaissance (LDAP)":
		st.triage("resolved", "informationalExpectedActivity", "confirmedActivity", "Planned work of the IT department, change 4471.", after, "Change")
	case title == "Impossible travel activity", title == "Unfamiliar sign-in properties":
		st.triage("resolved", "falsePositive", "notMalicious", "User is travelling; confirmed by phone.", after, "Travel")
	case title == "Suspected password spray attack (Kerberos, NTLM)":
		st.triage("resolved", "informationalExpectedActivity", "securityTesting", "Penetration test of this week, agreed with the CISO.", after, "Pentest")
	case st.alarms[0].service == "microsoftDefenderForOffice365":
		st.triage("resolved", "truePositive", "phishing", "Nobody followed the link. Sender blocked.", after, "Phishing")
	default:
		st.triage("resolved", "truePositive", "other", "Talked to the user and the data protection officer.", after)
	}
}

// investigate is what happened to the four attacks; one everyday incident is merged into the second of them.
func (w *World) investigate(big []*story, end ticks) {
	insider, aitm, ransom, web := big[0], big[1], big[2], big[3]
	insider.triage("resolved", "truePositive", "maliciousUserActivity", "Handed over to Human Resources and Legal. Drive and laptop secured.", 2*tickDay, "Insider", "HR")
	aitm.triage("resolved", "truePositive", "compromisedAccount", "Sessions revoked, password reset, inbox rule deleted, partners warned.", 20*tickHour, "BEC")
	aitm.comments = append(aitm.comments, comment{"Finance confirmed that no payment details were changed.", w.analyst(1).display, min(aitm.updated+tickHour, end)})
	aitm.updated = min(aitm.updated+tickHour, end)
	ransom.triage("inProgress", "truePositive", "multiStagedAttack", "File server isolated, admin account disabled. Restore from Tresor backup is running.",
		90*tickMinute, "Ransomware", "Major incident")
	ransom.comments = append(ransom.comments, comment{"Entry point is the mail 'Overdue invoice 88213'. Domain blocked.", w.analyst(0).display, min(ransom.updated+3*tickHour, end)})
	ransom.updated = min(ransom.updated+3*tickHour, end)
	if end-web.created > 4*tickHour {
		web.triage("inProgress", "truePositive", "", "Server taken off the load balancer.", 2*tickHour, "DMZ")
		web.determination = "unknown"
	}
	w.merge(aitm)
}

// merge redirects the incident about an unfamiliar sign-in of the attacker's network into the attack's incident.
func (w *World) merge(into *story) {
	st := w.newStory(len(w.stories), into.created-12*tickMinute, 1)
	victim := into.victim
	first := st.t
	sc := st.scene(nil)
	sc.signIn(victim, nil, "192.0.2.145", "Microsoft 365", "User did not pass the MFA challenge.")
	st.done(sc)
	a := st.alarm(alarmText{title: "Unfamiliar sign-in properties", description: "The sign-in has properties that are new for this user, such as network or browser.",
		category: "InitialAccess", severity: "low", service: "azureAdIdentityProtection", detection: "azureAdIdentityProtection",
		techniques: []string{"T1078.004"}}, first, evUser(&victim.account), evIP("192.0.2.145"))
	st.finish(ticksOf(w.cfg.Now))
	st.status, st.redirect = "redirected", into
	st.updated = min(into.created+25*tickMinute, ticksOf(w.cfg.Now))
	a.moved, a.updated = into, st.updated
	into.updated = max(into.updated, st.updated)
	w.stories = append(w.stories, st)
}
