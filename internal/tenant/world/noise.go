package world

import "fmt"

// everyday are the incidents of every week: most of them harmless, some half serious.
var everyday = []func(st *story){
	(*story).unwantedSoftware, (*story).adminPowerShell, (*story).impossibleTravel, (*story).reportedMail, (*story).zappedMail, (*story).unfamiliarSignIn, (*story).passwordSpray,
	(*story).dumpTool, (*story).wormOnUSB, (*story).cardNumbers, (*story).consentedApp, (*story).directoryRecon,
}

func (st *story) unwantedSoftware() {
	ses := st.w.actor(pick(&st.r, []string{"Sales", "Customer Service", "Production"}), st.r.n(4), st.t)
	first := st.t
	sc := st.scene(ses.d)
	name := pick(&st.r, []string{"pdf_converter_setup.exe", "coupon_finder.exe", "driver_booster_free.exe"})
	f := document(home(ses.who)+`\Downloads\`+name, 4)
	f.size = 3_204_112
	host := "download.freeware-corner.example"
	sc.connect(ses.browser, outside(host, 443))
	row := sc.touch("FileCreated", ses.browser, f)
	row.origin.url, row.origin.ip = "https://"+host+"/"+name, outside(host, 443).ip
	p := sc.run(ses.shell, f, `"`+f.path+`" `)
	av := sc.event("AntivirusDetection", ses.d.base.defender,
		`{"ThreatName":"PUA:Win32/BundleOffer","WasExecutingWhileDetected":true,"Action":"Quarantine","WasRemediated":true,"ReportSource":"Windows Defender Antivirus"}`)
	av.file, av.child = f, p
	st.done(sc)
	st.alarm(alarmText{title: "'BundleOffer' unwanted software was prevented", description: "Antivirus removed a program that installs others nobody asked for.",
		category: "UnwantedSoftware", severity: "informational", service: "microsoftDefenderForEndpoint", detection: "antivirus",
		threat: "PUA:Win32/BundleOffer", family: "BundleOffer"}, first, evDevice(ses.d), evUser(&ses.who.account).as("noThreatsFound", ""), evFile(ses.d, f).as("malicious", "prevented"), evProcess(p), evURL("https://"+host+"/"+name).as("suspicious", ""))
}

func (st *story) adminPowerShell() {
	ses := st.w.actor("IT", st.r.n(3), st.t)
	first := st.t
	sc := st.scene(ses.d)
	p := sc.spawn(ses.shell, "powershell.exe",
		`"powershell.exe" -NoProfile -ExecutionPolicy Bypass -Command "iex ((New-Object Net.WebClient).DownloadString('https://scripts.`+st.w.cfg.Domain+`/inventory.ps1'))"`)
	p.integrity, p.elevation = "High", "TokenElevationTypeFull"
	sc.load(p, "System.Management.Automation.ni.dll")
	sc.event("PowerShellCommand", p, `{"Command":"Get-CimInstance"}`)
	sc.connect(p, endpoint{"scripts." + st.w.cfg.Domain, "10.10.10.31", 443})
	for range 6 {
		sc.to(p, st.w.devices[st.r.n(countServers(st.w.devices))], 5985)
	}
	st.done(sc)
	st.alarm(alarmText{title: "Suspicious PowerShell command line", description: "PowerShell loaded a script from the network and ran it from memory.",
		category: "Execution", severity: "medium", service: "microsoftDefenderForEndpoint", detection: "microsoftDefenderForEndpoint",
		techniques: []string{"T1059.001"}}, first, evDevice(ses.d), evUser(&ses.who.account), evProcess(p), evURL("https://scripts."+st.w.cfg.Domain+"/inventory.ps1").as("noThreatsFound", ""))
}

func (st *story) impossibleTravel() {
	p := st.w.people[st.r.n(len(st.w.people))]
	far := fmt.Sprintf("192.0.2.%d", st.r.between(20, 120))
	first := st.t
	sc := st.scene(nil)
	sc.signIn(p, nil, p.home, "Microsoft 365", "")
	sc.pause(600, 1800)
	sc.signIn(p, nil, far, "Microsoft 365", "").ident.uncommon = `["ISP","CountryCode"]`
	a := st.w.activity(&st.r, p, nil, far)
	a.deviceType, a.os, a.ua = "Mobile", "iOS", "Outlook-iOS/2.0"
	sc.mailAccess(a, p, 3)
	st.done(sc)
	st.behave("Impossible travel", "A user was active from two countries within a shorter time than the journey takes.", "ImpossibleTravelActivity", "InitialAccess",
		[]string{"T1078.004"}, p, nil, evIP(far), evApp("Microsoft Exchange Online", appExchange))
	st.alarm(alarmText{title: "Impossible travel activity",
		description: "The user was active in two countries within a time in which nobody can travel from one to the other.", category: "InitialAccess", severity: "medium",
		service: "microsoftDefenderForCloudApps", detection: "cloudAppSecurity",
		techniques: []string{"T1078.004"}}, first, evUser(&p.account), evIP(p.home).as("noThreatsFound", ""), evIP(far), evApp("Microsoft Exchange Online", appExchange))
}

// badMail is a mail that came through.
func (st *story) badMail(threat string) *message {
	p := st.w.people[st.r.n(len(st.w.people))]
	domain := pick(&st.r, []string{"secure-docs-portal.example", "hr-benefits-update.example", "voicemail-desk.example", "parcel-customs.example"})
	m := st.w.newMessage(st.r.next(), "noreply@"+domain, pick(&st.r, []string{"Document Portal", "HR Benefits", "Voicemail", "Customs"}), "Inbound", pick(&st.r,
		[]string{"You received a secure document", "New voicemail (0:42)", "Benefits enrolment ends today", "Customs fee due"}))
	m.ip, m.first = fmt.Sprintf("192.0.2.%d", st.r.between(130, 138)), true
	m.to = []recipient{to(p)}
	m.links = []link{{"https://" + domain + "/v/" + hexString(m.id, 14), domain, "Body"}}
	m.auth = `{"SPF":"pass","DKIM":"fail","DMARC":"fail","CompAuth":"fail"}`
	m.threats = threat
	return m
}

func (st *story) reportedMail() {
	m := st.badMail("")
	first := st.t
	sc := st.scene(nil)
	sc.send(m)
	st.done(sc)
	st.wait(20, 90)
	st.alarm(alarmText{title: "Email reported by user as malware or phish", description: "Somebody reported a mail with the button in Outlook.",
		category: "InitialAccess", severity: "low", service: "microsoftDefenderForOffice365", detection: "microsoftDefenderForOffice365", techniques: []string{"T1566.002"},
		policy: guid(31, "policy-report", 0)}, first, evMail(m, 0).as("suspicious", ""), evURL(m.links[0].url).as("suspicious", ""), st.mailboxOf(m))
}

func (st *story) mailboxOf(m *message) *evidence {
	for _, p := range st.w.people {
		if p.mail == m.to[0].addr {
			return evMailbox(p).as("noThreatsFound", "")
		}
	}
	return evMailbox(st.w.people[0])
}

func (st *story) zappedMail() {
	m := st.badMail("Phish")
	m.methods, m.confidence = `{"Phish":["URL malicious reputation"]}`, `{"Phish":"High"}`
	first := st.t
	sc := st.scene(nil)
	sc.send(m)
	sc.pause(300, 1200)
	row := sc.row(tabEmailPostDeliveryEvents, "Phish ZAP", nil)
	row.mail, row.rcpt = m, &m.to[0]
	row.post = &postDelivery{"Moved to quarantine", "Phish ZAP", "ZAP", "Success", "Quarantine", "Inbox/folder"}
	st.done(sc)
	st.alarm(alarmText{title: "Email messages containing malicious URL removed after delivery",
		description: "Mails with a malicious link were delivered and then removed.", category: "InitialAccess", severity: "informational",
		service:   "microsoftDefenderForOffice365",
		detection: "microsoftDefenderForOffice365", techniques: []string{"T1566.002"}, policy: guid(31, "policy-url",
			0)}, first, evMail(m, 0).as("malicious", "remediated"), evURL(m.links[0].url).as("malicious", "remediated"), st.mailboxOf(m))
}

func (st *story) unfamiliarSignIn() {
	p := st.w.people[st.r.n(len(st.w.people))]
	ip := fmt.Sprintf("198.51.100.%d", st.r.between(221, 250))
	first := st.t
	sc := st.scene(nil)
	sc.signIn(p, nil, ip, "Microsoft 365", "").ident.uncommon = `["ISP"]`
	st.done(sc)
	st.alarm(alarmText{title: "Unfamiliar sign-in properties", description: "The sign-in has properties that are new for this user, such as network or browser.",
		category: "InitialAccess", severity: "low", service: "azureAdIdentityProtection", detection: "azureAdIdentityProtection", techniques: []string{"T1078.004"}},
		first, evUser(&p.account), evIP(ip))
}

func (st *story) passwordSpray() {
	dc := st.w.ofKind(kindDC)[0]
	rds := st.w.ofKind(kindApp)
	from := rds[len(rds)-1]
	first := st.t
	sc := st.scene(dc)
	for i := range 30 {
		p := st.w.people[i*3%len(st.w.people)]
		sc.identity("LogonFailed", identity{app: "Active Directory", kind: "Failed logon", protocol: "Ntlm", failure: "WrongPassword", acc: &p.account, device: from.fqdn,
			deviceType: "Server", os: from.os.name, ip: from.ip, port: 49_152 + st.r.n(16_000), destName: dc.fqdn, destIP: dc.ip, destPort: 445, targetDevice: dc.fqdn})
		sc.logonTo(dc, &p.account, "Network", "NTLM", from, "InvalidUserNameOrPassword")
		sc.pause(1, 6)
	}
	st.done(sc)
	st.alarm(alarmText{title: "Suspected password spray attack (Kerberos, NTLM)", description: "Many accounts were tried with few passwords from one computer.",
		category: "CredentialAccess", severity: "medium", service: "microsoftDefenderForIdentity", detection: "microsoftDefenderForIdentity",
		techniques: []string{"T1110.003"}},
		first, evDevice(from), evDevice(dc), evIP(from.ip).as("suspicious", ""), evUser(&st.w.people[0].account), evUser(&st.w.people[3].account))
}

func (st *story) dumpTool() {
	sql := pick(&st.r, st.w.ofKind(kindSQL))
	acc := new(account)
	*acc = st.w.role("IT", 1+st.r.n(3)).adminAccount()
	first := st.t
	sc := st.scene(sql)
	logon := sc.logonTo(sql, acc, "RemoteInteractive", "Negotiate", st.w.role("IT", 1).device0(st.w), "")
	shell := newProc(sql, sql.base.winlogon, img("explorer.exe"), `C:\Windows\Explorer.EXE`, acc)
	shell.logonID, shell.session, shell.integrity, shell.elevation = logon.logon.id, 2, "High", "TokenElevationTypeFull"
	sc.start(shell)
	p := sc.spawn(shell, "procdump64.exe", fmt.Sprintf(`C:\Tools\Sysinternals\procdump64.exe -ma %d C:\Temp\sqlservr.dmp`, sql.base.service.pid))
	sc.event("OpenProcessApiCall", p, `{"DesiredAccess":5136}`).child = sql.base.service
	sc.touch("FileCreated", p, document(`C:\Temp\sqlservr.dmp`, st.r.next()))
	st.done(sc)
	st.alarm(alarmText{title: "Process memory dump", description: "A tool wrote the memory of a server process to a file.", category: "CredentialAccess",
		severity: "low", service: "microsoftDefenderForEndpoint", detection: "customDetection", techniques: []string{"T1003.001"}}, first, evDevice(sql), evUser(acc),
		evProcess(p))
}

func (st *story) wormOnUSB() {
	ses := st.w.actor("Production", st.r.n(3), st.t)
	first := st.t
	sc := st.scene(ses.d)
	sc.event("UsbDriveMounted", nil, `{"BusType":7,"DriveLetter":"E:","ProductName":"Travel","ProductRevision":"1.00","SerialNumber":"`+upper(hexString(st.r.next(),
		16))+`","Manufacturer":"Orbita","Volume":"\\\\?\\Volume{`+guidOf(st.r.next())+`}","LoggedOnUsers":["`+ses.who.upn+`"]}`)
	f := document(`E:\Photos.lnk`, 1)
	f.size = 2_918
	sc.touch("FileModified", ses.shell, f)
	av := sc.event("AntivirusDetection", ses.d.base.defender,
		`{"ThreatName":"Worm:Win32/Shortcutter.C","WasExecutingWhileDetected":false,"Action":"Quarantine","WasRemediated":true,"ReportSource":"Windows Defender Antivirus"}`)
	av.file = f
	st.done(sc)
	st.alarm(alarmText{title: "'Shortcutter' malware was prevented", description: "Antivirus removed a worm from a removable drive.", category: "Malware",
		severity: "low", service: "microsoftDefenderForEndpoint", detection: "antivirus", techniques: []string{"T1091"}, threat: "Worm:Win32/Shortcutter.C",
		family: "Shortcutter"},
		first, evDevice(ses.d), evUser(&ses.who.account).as("noThreatsFound", ""), evFile(ses.d, f).as("malicious", "prevented"))
}

func (st *story) cardNumbers() {
	p := st.w.role("Finance", 1+st.r.n(4))
	first := st.t
	sc := st.scene(nil)
	m := st.w.newMessage(st.r.next(), p.mail, p.display, "Outbound", "Travel bookings and cards")
	m.objectID = p.objectID
	m.to = []recipient{{"desk@veldkamp-travel.example", ""}}
	f := document("cards.xlsx", 2)
	m.attachments = []attachment{{file: file{name: f.path, path: f.path, id: f.id, size: f.size}, kind: "xlsx", ext: "xlsx"}}
	sc.send(m)
	st.done(sc)
	st.alarm(alarmText{title: "DLP policy (Credit card numbers) matched for email with subject (Travel bookings and cards)",
		description: "A mail to another house contains credit card numbers.", category: "Exfiltration", severity: "low", service: "dataLossPrevention",
		detection: "microsoftDataLossPrevention",
		policy:    guid(31, "policy-dlp", 0)}, first, evUser(&p.account), evMail(m, 0).as("suspicious", ""))
}

func (st *story) consentedApp() {
	p := st.w.people[st.r.n(len(st.w.people))]
	first := st.t
	sc := st.scene(nil)
	a := st.w.activity(&st.r, p, p.device, p.site.public)
	a.app, a.appID, a.objType, a.objName, a.oauth = "Microsoft 365", app365, "Application", "Travel Desk", guid(8, "oauth", 0)
	a.raw = rawAudit("AzureActiveDirectory", 8, p, a.ip, `,"ModifiedProperties":[{"Name":"ConsentContext.IsAdminConsent","NewValue":"False"}],"Target":[{"ID":"Travel Desk","Type":1}]`)
	sc.cloudRow("Consent to application.", a)
	st.done(sc)
	st.behave("Unusual consent to an application", "A user gave an application access that few in the house gave.", "UnusualConsent", "Persistence",
		[]string{"T1078.004"}, p, nil, evApp("Travel Desk", app365))
	st.alarm(alarmText{title: "Unusual addition of an OAuth app", description: "A user let an application read the mailbox that few in the house use.",
		category: "Persistence", severity: "low", service: "microsoftDefenderForCloudApps", detection: "cloudAppSecurity", techniques: []string{"T1078.004"}},
		first, evUser(&p.account), evApp("Travel Desk", app365), evIP(a.ip).as("noThreatsFound", ""))
}

func (st *story) directoryRecon() {
	ses := st.w.actor("IT", 1, st.t)
	dc := st.w.ofKind(kindDC)[1]
	first := st.t
	sc := st.scene(dc)
	for _, q := range []string{"(&(objectClass=user)(adminCount=1))", "(objectClass=trustedDomain)", "(&(objectCategory=computer)(primaryGroupID=516))"} {
		sc.identity("LDAP query", identity{app: "Active Directory", kind: "LdapQuery", protocol: "Ldap", query: q, queryTarget: "Directory", acc: &ses.who.account,
			device: ses.d.fqdn, ip: ses.d.ip, port: 49_152 + st.r.n(16_000), destName: dc.fqdn, destIP: dc.ip, destPort: 389, targetDevice: dc.fqdn, country: "NL"})
	}
	st.done(sc)
	st.alarm(alarmText{title: "Security principal reconnaissance (LDAP)", description: "Somebody searched the directory for privileged accounts and domain controllers.",
		category: "Discovery", severity: "medium", service: "microsoftDefenderForIdentity", detection: "microsoftDefenderForIdentity",
		techniques: []string{"T1087.002", "T1018"}}, first, evUser(&ses.who.account), evDevice(ses.d), evDevice(dc))
}
