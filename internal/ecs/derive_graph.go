package ecs

import (
	"crypto/sha1"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"
)

const evidencePrefix = "#microsoft.graph.security."

// evidenceCategories are the categories of kinds of evidence and of determinations.
var evidenceCategories = map[string]string{"analyzedMessageEvidence": "email", "mailboxEvidence": "email", "mailClusterEvidence": "email",
	"deviceEvidence": "host", "fileEvidence": "file", "ipEvidence": "network", "processEvidence": "process",
	"registryValueEvidence": "registry", "registryKeyEvidence": "registry", "userEvidence": "iam", "securityGroupEvidence": "iam"}

var determinations = map[string]string{"malware": "malware", "malicioususeractivity": "malware", "phishing": "email", "apt": "threat"}

// evidenceClass sets category and type of an alert. Once registry evidence was seen the type is access, as with Elastic.
func evidenceClass(r *record, _ *step) {
	var categories, types []string
	add := func(to *[]string, s string) {
		if !slices.Contains(*to, s) {
			*to = append(*to, s)
		}
	}
	for _, p := range r.pieces[:r.used] {
		c := evidenceCategories[strings.TrimPrefix(p.str(eKind), evidencePrefix)]
		if c == "" {
			continue
		}
		add(&categories, c)
		if slices.Contains(categories, "registry") {
			add(&types, "access")
		} else {
			add(&types, "info")
		}
	}
	if c := determinations[strings.ToLower(r.f.str(aDetermination))]; c != "" && r.f.values[r.fam.into].kind == list {
		add(&categories, c)
		if c == "threat" {
			add(&types, "indicator")
		} else {
			add(&types, "info")
		}
	}
	r.sorted(fEventCategory, categories)
	r.sorted(fEventType, types)
}

// sorted sets a list in order, if it has members.
func (r *record) sorted(to slot, texts []string) {
	if len(texts) > 0 {
		slices.Sort(texts)
		r.f.set(to, r.strings(slices.Compact(texts)))
	}
}

func incidentClass(r *record, _ *step) {
	c := determinations[strings.ToLower(r.f.str(iDetermination))]
	if c == "" {
		return
	}
	r.word(fEventCategory, c)
	if c == "threat" {
		r.word(fEventType, "indicator")
	} else {
		r.word(fEventType, "info")
	}
}

// duration is the time from event.start to event.end in nanoseconds.
func duration(r *record, _ *step) {
	start, err := time.Parse(time.RFC3339Nano, r.f.str(fEventStart))
	end, err2 := time.Parse(time.RFC3339Nano, r.f.str(fEventEnd))
	if err == nil && err2 == nil {
		r.f.set(fEventDuration, numberValue(strconv.FormatInt(int64(end.Sub(start)), 10)))
	}
}

func commentAuthors(r *record, s *step) { r.comments(s, "createdByDisplayName") }

func commentAccounts(r *record, s *step) { r.comments(s, "createdBy") }

func (r *record) comments(s *step, member string) {
	for _, c := range r.f.values[s.arg].items() {
		if v := c.member(member); v.kind == text {
			r.append(fRelatedUser, v)
		}
	}
}

// loggedOnUsers names the users on the devices; for incidents they are user.name as well.
func loggedOnUsers(r *record, _ *step) {
	incident := r.fam.name == "incident"
	each := func(member string, to slot) {
		for _, p := range r.pieces[:r.used] {
			for _, u := range p.values[eLoggedOn].items() {
				r.append(to, u.member(member))
			}
		}
	}
	if incident {
		each("account_name", fUserName)
	}
	each("account_name", fRelatedUser)
	each("domain_name", fRelatedHosts)
	if !incident || r.m.opt.PreserveDuplicates {
		return
	}
	for _, p := range r.pieces[:r.used] {
		users := p.values[eLoggedOn].items()
		for i := range users {
			users[i], _ = users[i].without("account_name")
		}
	}
}

// evidenceFields sets what only some kinds of evidence may say.
func evidenceFields(r *record, _ *step) {
	incident := r.fam.name == "incident"
	lists := map[slot][]string{}
	var sizes, pids, parents []int64
	for _, p := range r.pieces[:r.used] {
		add := func(to, from slot) {
			if s := p.str(from); s != "" {
				lists[to] = append(lists[to], s)
			}
		}
		number := func(to *[]int64, from slot) {
			if n, err := strconv.ParseInt(p.values[from].text, 10, 64); err == nil {
				*to = append(*to, n)
			}
		}
		switch strings.TrimPrefix(p.str(eKind), evidencePrefix) {
		case "securityGroupEvidence":
			add(fGroupName, eDisplayName)
		case "deviceEvidence":
			add(fHostID, eMachine)
		case "mailboxEvidence", "userEvidence":
			add(fUserDomain, eDomain)
			add(fUserName, eAccount)
			if incident { // Elastic's two pipelines differ here
				add(fUserID, ePrincipal)
			} else {
				add(fUserID, eUserID)
				add(fUserEmail, ePrincipal)
			}
		case "processEvidence":
			add(fProcessUserID, eUserID)
			add(fProcessUserName, eAccount)
			number(&pids, ePID)
			number(&parents, eParentPID)
		case "fileEvidence":
			number(&sizes, eFileSize)
		}
		if strings.EqualFold(p.str(eProvider), "azure") {
			lists[fCloudProvider] = append(lists[fCloudProvider], "azure")
		}
	}
	for to, texts := range lists {
		r.sorted(to, texts)
	}
	r.numbers(fFileSize, sizes)
	r.numbers(fProcessPID, pids)
	r.numbers(fParentPID, parents)
}

func (r *record) numbers(to slot, ns []int64) {
	if len(ns) == 0 {
		return
	}
	slices.Sort(ns)
	out := r.list(len(ns))
	for _, n := range slices.Compact(ns) {
		out.values = append(out.values, numberValue(strconv.FormatInt(n, 10)))
	}
	r.f.set(to, value{kind: list, in: out})
}

// incidentProcesses sets executables and entity ids of an incident's processes.
func incidentProcesses(r *record, _ *step) {
	lists := map[slot][]string{}
	for _, p := range r.pieces[:r.used] {
		image := func(to, path, name slot) {
			file, folder := p.str(name), p.str(path)
			if file == "" {
				return
			}
			if folder != "" {
				separator := "/"
				if strings.Contains(folder, `\`) {
					separator = `\`
				}
				file = strings.TrimSuffix(folder, separator) + separator + file
			}
			lists[to] = append(lists[to], file)
		}
		image(fProcessExecutable, eImagePath, eImageName)
		image(fParentExecutable, eParentImagePath, eParentImageName)
		if p.str(eKind) != evidencePrefix+"processEvidence" {
			continue
		}
		entity := func(to, id, start slot) {
			pid, began, device := p.values[id].text, p.str(start), p.str(eMachine)
			if pid != "" && began != "" && device != "" {
				lists[to] = append(lists[to], pid+"|"+began+"|"+device)
			}
		}
		entity(fProcessEntityID, ePID, eStart)
		entity(fParentEntityID, eParentPID, eParentStart)
	}
	for to, texts := range lists {
		slices.Sort(texts)
		texts = slices.Compact(texts)
		ids := to == fProcessEntityID || to == fParentEntityID
		for i := range texts {
			if ids {
				texts[i] = fingerprint(texts[i])
			}
		}
		if !ids && len(texts) == 1 {
			r.f.set(to, stringValue(texts[0]))
		} else {
			r.f.set(to, r.strings(texts))
		}
	}
}

// fingerprint is what Elasticsearch's processor of that name makes of one text.
func fingerprint(s string) string {
	sum := sha1.Sum(append([]byte{0}, s...)) //nolint:gosec // an identifier, not a secret
	return base64.StdEncoding.EncodeToString(sum[:])
}

// sourceUser says who is in charge of an incident.
func sourceUser(r *record, s *step) {
	who := r.f.str(s.arg)
	if who == "" {
		return
	}
	at := strings.IndexByte(who, '@')
	if at <= 0 {
		r.f.set(fSourceUserName, stringValue(who))
		return
	}
	nameEnd := func(c rune) bool { return !wordy(c, "._-") }
	name := who[strings.LastIndexFunc(who[:at], nameEnd)+1 : at]
	domain := who[at+1:]
	if end := strings.IndexFunc(domain, func(c rune) bool { return !wordy(c, ".-") }); end >= 0 {
		domain = domain[:end]
	}
	if name == "" || domain == "" {
		name, domain = who, ""
	}
	r.f.set(fSourceUserName, stringValue(name))
	r.f.set(fSourceUserDomain, stringValue(domain))
	r.f.set(fSourceUserEmail, stringValue(who))
}

func wordy(c rune, also string) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune(also, c)
}
