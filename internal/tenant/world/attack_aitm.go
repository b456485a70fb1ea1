package world

import "fmt"

// aitm is the second attack: a sign-in page that sits in the middle, a stolen session, a hidden inbox rule, the mailbox read.
func (st *story) aitm() {
	st.attack = "aitm"
	w := st.w
	ses := w.actor("Sales", 2, st.t)
	p := ses.who
	st.victim = p
	const attacker = "192.0.2.145"
	host := "login." + w.net.netbios + "-sso.example"
	url := "https://" + host + "/common/oauth2/authorize?client_id=4765445b"

	sc := st.scene(ses.d)
	m := w.newMessage(st.r.next(), "documents@prisma-engineering-share.example", "Prisma Engineering via Share", "Inbound", "Signed offer 2026-114 is waiting for you")
	m.ip, m.first, m.to = "192.0.2.139", true, []recipient{to(p)}
	m.links = []link{{url, host, "Body"}}
	sc.send(m)
	st.done(sc)
	mailed := st.t
	st.wait(6, 15)

	sc = st.scene(ses.d)
	c := &click{link: m.links[0], upn: p.upn, ip: ses.d.public, action: "ClickAllowed", workload: "Email", app: "Outlook", through: true}
	c.chain = `["` + url + `","https://` + host + `/kmsi"]`
	row := sc.row(tabUrlClickEvents, c.action, nil)
	row.mail, row.click, row.id = m, c, st.r.next()
	sc.event("BrowserLaunchedToOpenUrl", ses.outlook, "").conn.remoteURL = url
	sc.connect(ses.browser, endpoint{host, "192.0.2.140", 443})
	st.done(sc)
	clicked := st.t
	st.alarm(alarmText{title: "A potentially malicious URL click was detected", description: "A user followed a link that Safe Links later found to be malicious.",
		category: "InitialAccess", severity: "high", service: "microsoftDefenderForOffice365", detection: "microsoftDefenderForOffice365",
		techniques: []string{"T1566.002"}, policy: guid(31, "policy-click", 0)}, mailed, evMailbox(p), evMail(m, 0), evURL(url))
	st.wait(2, 5)

	sc = st.scene(nil)
	sc.signIn(p, nil, attacker, "Microsoft 365", "").ident.uncommon = `["ISP","CountryCode","UserAgent"]`
	login := w.activity(&st.r, p, nil, attacker)
	login.app, login.appID, login.kind, login.objType, login.objName = "Microsoft 365", app365, "Login", "Task", "UserLoggedIn"
	st.foreign(login)
	login.raw = rawAudit("AzureActiveDirectory", 15, p, attacker,
		`,"ExtendedProperties":[{"Name":"RequestType","Value":"OAuth2:Authorize"},{"Name":"ResultStatusDetail","Value":"Redirect"}],"DeviceProperties":[{"Name":"SessionId","Value":"`+guid(31,
			"aitm-session", uint64(st.n))+`"}]`)
	sc.cloudRow("UserLoggedIn", login)
	st.done(sc)
	st.alarm(alarmText{title: "Anomalous Token", description: "The token of a session has unusual properties or is used from an unfamiliar place.",
		category: "CredentialAccess", severity: "medium", service: "azureAdIdentityProtection", detection: "azureAdIdentityProtection", techniques: []string{"T1539"}},
		clicked, evUser(&p.account), evIP(attacker))
	st.alarm(alarmText{title: "User compromised via a known AiTM phishing kit",
		description: "A user entered credentials on a page that relays them to the real sign-in page, and the session was then used elsewhere.", category: "CredentialAccess",
		severity: "high", service: "microsoft365Defender",
		detection: "microsoft365Defender", techniques: []string{"T1557", "T1078.004"}}, clicked, evUser(&p.account), evURL(url), evIP(attacker), evMail(m, 0))
	st.wait(5, 12)

	ruled := st.t
	sc = st.scene(nil)
	rule := w.activity(&st.r, p, nil, attacker)
	rule.app, rule.appID, rule.objType, rule.objName = "Microsoft Exchange Online", appExchange, "Inbox rule", ".."
	st.foreign(rule)
	rule.objects = `{"Type":"Structured object","Role":"Parameter","ServiceObjectType":"Inbox rule","Name":".."}`
	rule.raw = rawAudit("Exchange", 1, p, attacker,
		`,"ObjectId":`+quote(p.mail+`\..`)+`,"Parameters":[{"Name":"Name","Value":".."},{"Name":"SubjectOrBodyContainsWords","Value":"invoice;payment;phish;hack"},{"Name":"MoveToFolder","Value":"RSS Subscriptions"},{"Name":"MarkAsRead","Value":"True"},{"Name":"StopProcessingRules","Value":"True"}],"SessionId":"`+guid(31,
			"aitm-session", uint64(st.n))+`"`)
	sc.cloudRow("New-InboxRule", rule)
	st.done(sc)
	st.behave("Suspicious inbox rule creation", "A rule that hides mails was created from an address that is new for this user.", "SuspiciousInboxRule",
		"DefenseEvasion", []string{"T1564.008"}, p, nil, evIP(attacker), evMail(m, 0), evURL(url), evApp("Microsoft Exchange Online", appExchange))
	st.alarm(alarmText{title: "Suspicious inbox manipulation rule", description: "A rule that moves mails to a folder nobody reads was created from an unusual place.",
		category: "DefenseEvasion", severity: "medium", service: "microsoftDefenderForCloudApps", detection: "cloudAppSecurity", techniques: []string{"T1564.008"}},
		ruled, evUser(&p.account), evMailbox(p), evIP(attacker), evApp("Microsoft Exchange Online", appExchange))

	read := st.t
	for range 9 {
		st.wait(3, 12)
		sc = st.scene(nil)
		a := w.activity(&st.r, p, nil, attacker)
		st.foreign(a)
		sc.mailAccess(a, p, st.r.between(8, 40))
		if st.r.chance(50) {
			b := w.activity(&st.r, p, nil, attacker)
			st.foreign(b)
			sc.sharePoint("FileDownloaded", b, p, pick(&st.r, []string{"Price list 2026.xlsx", "Contract signed.docx", "Payment details.xlsx"}))
		}
		st.done(sc)
	}
	st.alarm(alarmText{title: "Suspicious mailbox access from an anonymous proxy",
		description: "Many mails were read in a session from a hosting provider that nobody in the house uses.", category: "Collection", severity: "medium",
		service: "microsoftDefenderForCloudApps", detection: "cloudAppSecurity",
		techniques: []string{"T1114.002"}}, read, evUser(&p.account), evMailbox(p), evIP(attacker), evApp("Microsoft Exchange Online", appExchange))
	st.internalPhish(ses)
	st.name = "Adversary-in-the-middle phishing and business email compromise involving one user reported by multiple sources"
}

// foreign makes an activity look like the attacker's browser.
func (st *story) foreign(a *activity) {
	a.deviceType, a.os, a.proxy, a.category, a.tags = "Desktop", "Windows 10", true, "Risky", `["Anonymous proxy"]`
	a.ua = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36"
	a.uncommon = `["ISP","CountryCode","UserAgent","IPAddress"]`
	a.where = st.w.whereIs(a.ip)
}

// internalPhish sends the lure on to colleagues from the stolen mailbox; it is taken out again later.
func (st *story) internalPhish(ses *session) {
	st.wait(5, 15)
	first := st.t
	p := ses.who
	sc := st.scene(ses.d)
	m := st.w.newMessage(st.r.next(), p.mail, p.display, "Intra-org", "Updated offer 2026-114 - please check")
	m.objectID, m.ip = p.objectID, "192.0.2.145"
	host := "login." + st.w.net.netbios + "-sso.example"
	m.links = []link{{"https://" + host + "/s/" + hexString(m.id, 10), host, "Body"}}
	m.threats, m.methods, m.confidence = "Phish", `{"Phish":["Advanced filter"]}`, `{"Phish":"High"}`
	for i, c := range st.w.people {
		if c != p && i%5 == 0 && len(m.to) < 12 {
			m.to = append(m.to, to(c))
		}
	}
	sc.send(m)
	sc.pause(60, 300)
	for i := range m.to {
		row := sc.row(tabEmailPostDeliveryEvents, "Phish ZAP", nil)
		row.mail, row.rcpt = m, &m.to[i]
		row.post = &postDelivery{"Moved to quarantine", "Phish ZAP", "ZAP", "Success", "Quarantine", "Inbox/folder"}
	}
	st.done(sc)
	st.alarm(alarmText{title: "Email messages removed after delivery",
		description: fmt.Sprintf("%d messages that were sent from a mailbox of the house were found to be phishing and removed.", len(m.to)), category: "LateralMovement",
		severity: "informational",
		service:  "microsoftDefenderForOffice365", detection: "microsoftDefenderForOffice365", techniques: []string{"T1534"}, policy: guid(31, "policy-zap",
			0)}, first, evMail(m, 0).as("malicious", "remediated"), evMail(m, 1).as("malicious", "remediated"), evMailbox(p), evURL(m.links[0].url))
}
