package world

import (
	"fmt"
	"strings"
)

// readMail: a mail comes or goes, and its reader may open what is attached.
func readMail(s *sim, sc *scene, ses *session) {
	r := sc.r
	p := ses.who
	other := pick(r, s.w.people)
	var m *message
	switch r.n(5) {
	case 0:
		partner := pick(r, partners)
		name := pick(r, givenNames) + " " + pick(r, surnames)
		m = s.w.newMessage(r.next(), p.mail, p.display, "Outbound", r.subject())
		m.objectID = p.objectID
		m.to = []recipient{{lower(strings.ReplaceAll(name, " ", ".")) + "@" + partner.domain, ""}}
	case 1, 2:
		m = s.w.newMessage(r.next(), other.mail, other.display, "Intra-org", r.subject())
		m.objectID = other.objectID
		m.to = []recipient{to(p)}
		for range r.n(4) {
			m.to = append(m.to, to(pick(r, s.w.people)))
		}
		if r.chance(25) {
			m.cc = []recipient{to(pick(r, s.w.people))}
		}
	default:
		m = s.w.partnerMail(r, p)
	}
	if r.chance(35) {
		kind := pick(r, []string{"pdf", "pdf", "docx", "xlsx", "png", "zip"})
		f := document(r.title()+"."+kind, r.next()%3)
		m.attachments = append(m.attachments, attachment{file: file{name: f.path, path: f.path, id: f.id, size: f.size}, kind: kind, ext: kind})
	}
	sc.send(m)
	if m.direction == "Outbound" {
		return
	}
	sc.pause(10, 120)
	sc.connect(ses.outlook, outside("outlook.office365.com", 443))
	if len(m.attachments) > 0 && sc.d.windows() {
		f := m.attachments[0].file
		f.path = home(p) + `\AppData\Local\Microsoft\Windows\INetCache\Content.Outlook\` + upper(hexString(uint64(p.n), 8)) + `\` + f.name
		sc.touch("FileCreated", ses.outlook, f)
		app := map[string]string{"pdf": "AcroRd32.exe", "docx": "WINWORD.EXE", "xlsx": "EXCEL.EXE"}[m.attachments[0].ext]
		if app != "" {
			reader := sc.spawn(ses.outlook, app, fmt.Sprintf(`"%s" "%s"`, img(app).full, f.path))
			sc.load(reader, "amsi.dll")
		}
	}
}

// partnerMail is an ordinary mail from another house.
func (w *World) partnerMail(r *rng, p *Person) *message {
	partner := pick(r, partners)
	name := pick(r, givenNames) + " " + pick(r, surnames)
	m := w.newMessage(r.next(), lower(strings.ReplaceAll(name, " ", "."))+"@"+partner.domain, name, "Inbound", r.subject())
	m.to = []recipient{to(p)}
	m.first = r.chance(8)
	for range r.n(3) {
		host := "www." + partner.domain
		m.links = append(m.links, link{fmt.Sprintf("https://%s/%s/%d", host, pick(r, []string{"docs", "offers", "orders", "track"}), r.n(90000)), host, "Body"})
	}
	return m
}

// clickLink follows a link of a mail through Safe Links.
func clickLink(s *sim, sc *scene, ses *session) {
	r := sc.r
	m := s.w.partnerMail(r, ses.who)
	if len(m.links) == 0 {
		host := pick(r, webSites)
		m.links = []link{{"https://" + host + "/item/" + fmt.Sprint(r.n(9999)), host, "Body"}}
	}
	sc.send(m)
	sc.pause(20, 400)
	c := &click{link: m.links[0], upn: ses.who.upn, ip: sc.d.public, action: "ClickAllowed", workload: "Email", app: "Outlook"}
	if r.chance(8) {
		c.workload, c.app = "Teams", "Microsoft Teams"
	}
	if r.chance(3) {
		c.action, c.threats, c.methods = "ClickBlocked", "Phish", `{"Phish":["URL malicious reputation"]}`
	}
	c.chain = `["` + c.url + `"]`
	row := sc.row(tabUrlClickEvents, c.action, nil)
	row.mail, row.click, row.id = m, c, r.next()
	if c.action == "ClickAllowed" {
		sc.connect(ses.browser, outside(c.domain, 443))
	}
}

// spam comes at any hour; most of it does not reach the mailbox.
func spam(s *sim, sc *scene) {
	r := sc.r
	p := pick(r, s.w.people)
	domain := pick(r, []string{"best-offers", "win-big", "parcel-status", "tax-refund", "crypto-yield", "renewal-desk"}) + fmt.Sprint(r.n(90)) + ".example"
	m := s.w.newMessage(r.next(), "news@"+domain, pick(r, []string{"Parcel Desk", "Tax Office", "Rewards", "IT Support", "Renewals"}), "Inbound",
		pick(r, []string{"Your parcel is waiting", "You have a refund", "Last chance: 80 % off", "Action required: mailbox full", "Invoice overdue"}))
	m.mailFrom = "bounce-" + fmt.Sprint(r.n(99999)) + "@" + domain
	m.to = []recipient{to(p)}
	m.bulk = r.between(4, 9)
	m.first = true
	m.threats, m.action, m.location = "Spam", "Junked", "Junk folder"
	m.confidence, m.methods = `{"Spam":"High"}`, `{"Spam":["Fingerprint matching"]}`
	m.auth = `{"SPF":"fail","DKIM":"none","DMARC":"fail","CompAuth":"fail"}`
	m.links = []link{{"https://" + domain + "/go/" + hexString(r.next(), 12), domain, "Body"}}
	switch r.n(6) {
	case 0:
		m.threats, m.action, m.location = "Phish", "Blocked", "Quarantine"
		m.confidence, m.methods = `{"Phish":"High"}`, `{"Phish":["Advanced filter","URL malicious reputation"]}`
	case 1:
		m.threats, m.threatNames, m.action, m.location = "Malware", "Trojan:Script/Obfuse.LM", "Blocked", "Quarantine"
		m.methods = `{"Malware":["Anti-malware engine"]}`
		f := document("invoice_"+fmt.Sprint(r.n(9999))+".js", r.next())
		m.attachments = []attachment{{f, "js", "js", "Malware", "Trojan:Script/Obfuse.LM", m.methods}}
	case 2:
		m.action, m.location = "Delivered", "Inbox/folder"
		m.policy = "Partner allow list"
	}
	sc.send(m)
	if m.action != "Delivered" {
		return
	}
	// Zero-hour auto purge takes it out again.
	sc.pause(200, 3000)
	row := sc.row(tabEmailPostDeliveryEvents, m.threats+" ZAP", nil)
	row.mail, row.rcpt = m, &m.to[0]
	row.post = &postDelivery{"Moved to junk folder", "Spam ZAP", "ZAP", "Success", "Junk folder", "Inbox/folder"}
	if r.chance(40) {
		row.post = &postDelivery{"Moved to quarantine", "Phish ZAP", "ZAP", "Success", "Quarantine", "Inbox/folder"}
		m.threats = "Phish"
	}
	sc.rare(tabCampaignInfo, values{"CampaignName": `"Phish.` + m.display[:3] + `.` + fmt.Sprint(r.n(99)) + `"`, "CampaignId": quote(guidOf(uint64(m.cluster))),
		"CampaignType": `"Phish"`, "CampaignSubtype": `"Credential Phish"`,
		"NetworkMessageId": quote(m.networkID()), "RecipientEmailAddress": quote(p.mail), "ReportId": quote(m.networkID() + "-" + fmt.Sprint(r.n(1<<30)))})
}

// chatMessage is a message in Teams.
func chatMessage(s *sim, sc *scene, ses *session) {
	r := sc.r
	p, other := ses.who, pick(r, s.w.people)
	n := fmt.Sprint(1_750_000_000_000 + r.n(20_000_000_000))
	thread := "19:" + hexString(r.next(), 32) + "@thread.v2"
	id := "/chats/" + thread + "/messages/" + n
	report := guidOf(r.next())
	external := r.chance(10)
	sender := [3]string{p.mail, p.display, p.objectID}
	if external {
		sender = [3]string{"sales@" + partners[r.n(len(partners))].domain, "Sales desk", guidOf(r.next())}
	}
	rcpts := `[{"RecipientSmtpAddress":"` + other.mail + `","RecipientDisplayName":"` + other.display + `","RecipientObjectId":"` + other.objectID + `","RecipientType":"User"}]`
	v := values{"LastEditedTime": `"` + sc.t.String() + `"`, "TeamsMessageId": quote(id), "SenderEmailAddress": quote(sender[0]), "SenderDisplayName": quote(sender[1]),
		"SenderObjectId": quote(sender[2]), "SenderType": `"User"`,
		"RecipientDetails": rcpts, "IsOwnedThread": fmt.Sprint(!external), "MessageId": quote(n), "ParentMessageId": quote(n), "ThreadId": quote(thread), "ThreadSubtype": `"None"`, "IsExternalThread": fmt.Sprint(external),
		"MessageFormatType": `"RichText"`, "MessageFormatSubtype": `"Html"`, "MessageVersion": quote(n), "DeliveryAction": `"Delivered"`, "DeliveryLocation": `"Teams"`, "ReportId": quote(report)}
	if r.chance(30) {
		v["GroupId"], v["GroupName"], v["MessageSubject"] = quote(guidOf(derive(1, p.department, 0))), quote(p.department+" team"), quote(pick(r, topics))
	}
	bad := external && r.chance(30)
	host := pick(r, webSites)
	if bad {
		host = "login-teams-share.example"
		v["ThreatTypes"], v["DetectionMethods"], v["ConfidenceLevel"], v["SafetyTip"] = `"Phish"`, `{"Phish":["URL malicious reputation"]}`, `{"Phish":"High"}`, `"Suspicious sender"`
		v["DeliveryAction"], v["DeliveryLocation"] = `"Blocked"`, `"Quarantine"`
	}
	sc.rare(tabMessageEvents, v)
	if bad || r.chance(40) {
		u := values{"TeamsMessageId": quote(id), "Url": quote("https://" + host + "/d/" + n), "UrlDomain": quote(host), "ReportId": quote(report + "_" + n)}
		if bad {
			u["ThreatTypes"] = `"Phish"`
		}
		sc.rare(tabMessageUrlInfo, u)
	}
	if bad {
		sc.pause(60, 600)
		sc.rare(tabMessagePostDeliveryEvents, values{"TeamsMessageId": quote(id), "Action": `"Moved to quarantine"`, "ActionType": `"Phish ZAP"`, "ActionTrigger": `"ZAP"`,
			"ActionResult": `"Success"`, "SenderEmailAddress": quote(sender[0]),
			"RecipientDetails": rcpts, "ThreatTypes": `"Phish"`, "ConfidenceLevel": `{"Phish":"High"}`, "DetectionMethods": `"{\"Phish\":[\"URL malicious reputation\"]}"`, "LatestDeliveryLocation": `"Quarantine"`,
			"ReportId": quote(guidOf(r.next())), "IsExternalThread": "true", "SafetyTip": `"Suspicious sender"`})
	}
}
