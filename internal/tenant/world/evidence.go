package world

import (
	"fmt"
	"strings"
)

// evidence is one entity of an alert. It points at what the raw rows point at.
type evidence struct {
	kind        string // EntityType of the AlertEvidence table
	impacted    bool
	roles       []string // Graph
	verdict     string
	remediation string
	dev         *Device
	proc        *proc
	file        *file
	acc         *account
	person      *Person
	ip, url     string
	mail        *message
	rcpt        *recipient
	reg         *registry
	app         string
	appID       int
}

func evDevice(d *Device) *evidence {
	return &evidence{kind: "Machine", impacted: true, dev: d, verdict: "suspicious"}
}

func evUser(a *account) *evidence {
	return &evidence{kind: "User", impacted: true, acc: a, roles: []string{"compromised"}, verdict: "suspicious"}
}

func evProcess(p *proc) *evidence {
	return &evidence{kind: "Process", dev: p.dev, proc: p, acc: p.acc, verdict: "suspicious"}
}

func evFile(d *Device, f file) *evidence {
	return &evidence{kind: "File", dev: d, file: &f, verdict: "malicious"}
}

func evIP(ip string) *evidence {
	return &evidence{kind: "Ip", ip: ip, verdict: "suspicious", roles: []string{"attacker"}}
}

func evURL(url string) *evidence { return &evidence{kind: "Url", url: url, verdict: "malicious"} }

func evMail(m *message, i int) *evidence {
	return &evidence{kind: "MailMessage", mail: m, rcpt: &m.to[i], verdict: "malicious"}
}

func evMailbox(p *Person) *evidence {
	return &evidence{kind: "Mailbox", impacted: true, person: p, acc: &p.account, verdict: "suspicious"}
}

func evRegistry(d *Device, reg registry) *evidence {
	return &evidence{kind: "RegistryValue", dev: d, reg: &reg, verdict: "suspicious"}
}

func evApp(name string, id int) *evidence {
	return &evidence{kind: "CloudApplication", app: name, appID: id, verdict: "suspicious"}
}

// as gives another verdict.
func (e *evidence) as(verdict, remediation string) *evidence {
	e.verdict, e.remediation = verdict, remediation
	return e
}

// doc is the evidence as Graph gives it.
func (e *evidence) doc(w *World, a *alarm) map[string]any {
	m := map[string]any{"createdDateTime": a.created.String(), "verdict": e.verdict, "remediationStatus": or(e.remediation, "none"), "remediationStatusDetails": nil,
		"roles": list(e.roles), "detailedRoles": []any{}, "tags": []any{}}
	kind := ""
	switch e.kind {
	case "Machine":
		kind = "deviceEvidence"
		w.deviceDoc(m, e.dev, a)
	case "User":
		kind = "userEvidence"
		m["userAccount"], m["stream"] = userAccount(w, e.acc), nil
	case "Mailbox":
		kind = "mailboxEvidence"
		m["primaryAddress"], m["displayName"], m["upn"], m["userAccount"] = e.person.mail, e.person.display, e.person.upn, userAccount(w, e.acc)
	case "Process":
		kind = "processEvidence"
		p := e.proc
		m["processId"], m["processCommandLine"], m["processCreationDateTime"] = p.pid, p.cmd, p.created.String()
		m["parentProcessId"], m["parentProcessCreationDateTime"], m["parentProcessImageFile"] = p.up().pid, p.up().created.String(), nil
		if p.parent != nil {
			m["parentProcessImageFile"] = fileDetails(&p.parent.file)
		}
		m["imageFile"], m["mdeDeviceId"], m["detectionStatus"], m["userAccount"] = fileDetails(&p.file), p.dev.id, a.detected(), userAccount(w, p.acc)
	case "File":
		kind = "fileEvidence"
		m["fileDetails"], m["detectionStatus"], m["mdeDeviceId"] = fileDetails(e.file), a.detected(), nil
		if e.dev != nil {
			m["mdeDeviceId"] = e.dev.id
		}
	case "Ip":
		kind = "ipEvidence"
		at := w.whereIs(e.ip)
		m["ipAddress"], m["countryLetterCode"], m["stream"] = e.ip, at.country, nil
		m["location"] = map[string]any{"city": at.city, "countryName": at.countryName, "state": at.state, "latitude": at.lat, "longitude": at.lon}
	case "Url":
		kind = "urlEvidence"
		m["url"] = e.url
	case "MailMessage":
		kind = "analyzedMessageEvidence"
		messageDoc(m, e.mail, e.rcpt, a)
	case "RegistryValue":
		kind = "registryValueEvidence"
		hive, key, _ := strings.Cut(e.reg.key, `\`)
		m["mdeDeviceId"], m["registryHive"], m["registryKey"], m["registryValueName"], m["registryValue"], m["registryValueType"] = e.dev.id, hive, key, e.reg.name, e.reg.data, e.reg.kind
	case "CloudApplication":
		kind = "cloudApplicationEvidence"
		m["appId"], m["saasAppId"], m["displayName"], m["instanceId"], m["instanceName"], m["stream"] = e.appID, e.appID, e.app, 0, e.app, nil
	}
	m["@odata.type"] = "#microsoft.graph.security." + kind
	return m
}

// detected is the detectionStatus: antivirus prevents, the sensor only sees.
func (a *alarm) detected() string {
	if a.detection == "antivirus" {
		return "prevented"
	}
	return "detected"
}

func (w *World) deviceDoc(m map[string]any, d *Device, a *alarm) {
	_, dns, _ := strings.Cut(d.fqdn, ".")
	risk := map[string]string{"informational": "informational", "low": "low", "medium": "medium", "high": "high"}[a.severity]
	logged := []any{}
	if d.owner != nil {
		logged = append(logged, map[string]any{"accountName": d.owner.name, "domainName": upper(d.owner.domain)})
	}
	var vm any
	if id := d.azureResource(); id != "" {
		vm = map[string]any{"vmId": d.uuid, "cloudProvider": "azure", "resourceId": id, "subscriptionId": subscription}
	}
	for k, v := range map[string]any{"firstSeenDateTime": d.first.String(), "mdeDeviceId": d.id, "azureAdDeviceId": d.aadID, "deviceDnsName": d.fqdn,
		"hostName": lower(d.host), "dnsDomain": dns, "ntDomain": upper(w.net.netbios), "osPlatform": d.os.name,
		"osBuild": d.os.build, "version": d.os.info, "healthStatus": "active", "riskScore": risk, "rbacGroupId": d.groupID, "rbacGroupName": d.group, "onboardingStatus": "onboarded", "defenderAvStatus": "updated", "lastIpAddress": d.ip,
		"lastExternalIpAddress": d.public, "ipInterfaces": []any{d.ip, d.ipv6, "127.0.0.1", "::1"}, "loggedOnUsers": logged, "resourceAccessEvents": []any{}, "vmMetadata": vm} {
		m[k] = v
	}
	m["roles"], m["detailedRoles"], m["tags"] = []any{"compromised"}, []any{"PrimaryDevice"}, list(d.tags)
}

func userAccount(w *World, a *account) map[string]any {
	return map[string]any{"accountName": a.name, "domainName": a.domain, "userSid": null(a.sid), "azureAdUserId": null(a.objectID), "userPrincipalName": null(a.upn),
		"displayName": null(a.display), "activeDirectoryObjectGuid": nil,
		"tenantId": w.cfg.TenantID, "resourceAccessEvents": []any{}}
}

func fileDetails(f *file) map[string]any {
	m := map[string]any{"sha1": nil, "sha256": nil, "md5": nil, "sha256Ac": nil, "fileName": f.name, "filePath": f.folder(), "fileSize": nil, "filePublisher": nil,
		"signer": nil, "issuer": nil}
	if f.id != 0 {
		m["sha1"], m["sha256"], m["md5"] = f.sha1(), f.sha256(), f.md5()
	}
	if f.size != 0 {
		m["fileSize"] = f.size
	}
	if f.img != nil {
		m["filePublisher"], m["signer"] = null(f.img.company), null(f.img.signer)
	}
	return m
}

// folder is the path without the name, as alerts have it; the tables have the whole path.
func (f *file) folder() string {
	return strings.TrimRight(strings.TrimSuffix(f.path, f.name), `\/`)
}

func messageDoc(m map[string]any, mail *message, rcpt *recipient, a *alarm) {
	var urls []any
	for _, l := range mail.links {
		urls = append(urls, l.url)
	}
	sender := func(addr string) map[string]any {
		return map[string]any{"emailAddress": addr, "displayName": mail.display, "domainName": domainOf(addr)}
	}
	threats, methods := []any{}, []any{}
	if mail.threats != "" {
		threats, methods = []any{mail.threats}, []any{"URL malicious reputation"}
	}
	for k, v := range map[string]any{"networkMessageId": mail.networkID(), "internetMessageId": mail.internetID, "subject": mail.subject, "language": mail.lang,
		"senderIp": mail.ip, "recipientEmailAddress": rcpt.addr, "antiSpamDirection": lower(mail.direction),
		"deliveryAction": mail.action, "deliveryLocation": mail.location, "urn": "urn:MailEntity:" + hexString(mail.id,
			32), "threats": threats, "threatDetectionMethods": methods, "urls": urls, "urlCount": len(mail.links),
		"attachmentsCount": len(mail.attachments), "receivedDateTime": a.first.String(), "p1Sender": sender(mail.mailFrom), "p2Sender": sender(mail.from)} {
		m[k] = v
	}
}

// extra is AdditionalFields of the AlertEvidence row: the entity in the alert schema's words.
func (e *evidence) extra(w *World) string {
	switch e.kind {
	case "Machine":
		return fmt.Sprintf(`{"DnsDomain":%s,"HostName":%s,"OSFamily":%s,"OSVersion":%s,"IsDomainJoined":true,"MdatpDeviceId":"%s","FQDN":%s,"AadDeviceId":"%s","RiskScore":"Medium","HealthStatus":"Active","LastSeen":null,"DetailedRoles":["PrimaryDevice"],"Type":"host","Role":0,"LeadingHost":true,"MachineId":"%s"}`,
			quote(e.dev.fqdn[strings.IndexByte(e.dev.fqdn,
				'.')+1:]), quote(lower(e.dev.host)), quote(e.dev.family()), quote(e.dev.os.version), e.dev.id, quote(e.dev.fqdn), e.dev.aadID, e.dev.id)
	case "User", "Mailbox":
		return fmt.Sprintf(`{"Name":%s,"NTDomain":%s,"UPNSuffix":%s,"Sid":%s,"AadUserId":%s,"DisplayName":%s,"IsDomainJoined":true,"Type":"%s","Role":0}`,
			quote(e.acc.name), quote(upper(e.acc.domain)), quote(w.cfg.Domain), quote(e.acc.sid), quote(e.acc.objectID), quote(e.acc.display),
			map[string]string{"User": "account", "Mailbox": "mailbox"}[e.kind])
	case "Process":
		return fmt.Sprintf(`{"ProcessId":"%d","CommandLine":%s,"ElevationToken":"Default","CreationTimeUtc":"%s","ImageFile":{"Directory":%s,"Name":%s,"FileHashes":[{"Algorithm":"SHA1","Value":"%s","Type":"filehash"},{"Algorithm":"SHA256","Value":"%s","Type":"filehash"}],"SizeInBytes":%d,"Type":"file"},"ParentProcess":{"ProcessId":"%d","CreationTimeUtc":"%s","Type":"process"},"Host":{"MachineId":"%s","HostName":%s,"Type":"host"},"Type":"process","Role":1}`,
			e.proc.pid, quote(e.proc.cmd), e.proc.created.String(), quote(e.proc.folder()), quote(e.proc.name), e.proc.sha1(), e.proc.sha256(), e.proc.size, e.proc.up().pid, e.proc.up().created.String(), e.dev.id, quote(lower(e.dev.host)))
	case "File":
		return fmt.Sprintf(`{"Directory":%s,"Name":%s,"FileHashes":[{"Algorithm":"SHA1","Value":"%s","Type":"filehash"},{"Algorithm":"SHA256","Value":"%s","Type":"filehash"}],"SizeInBytes":%d,"Type":"file","Role":1}`,
			quote(e.file.folder()), quote(e.file.name), e.file.sha1(), e.file.sha256(), e.file.size)
	case "Ip":
		at := w.whereIs(e.ip)
		return fmt.Sprintf(`{"Address":"%s","Location":{"CountryCode":"%s","City":%s},"Type":"ip","Role":1}`, e.ip, at.country, quote(at.city))
	case "Url":
		return `{"Url":` + quote(e.url) + `,"Type":"url","Role":1}`
	case "MailMessage":
		return fmt.Sprintf(`{"Recipient":%s,"Sender":%s,"P2Sender":%s,"SenderIP":"%s","NetworkMessageId":"%s","InternetMessageId":%s,"Subject":%s,"DeliveryAction":"%s","DeliveryLocation":"%s","Type":"mailMessage","Role":1,"AttachmentCount":%d,"UrlCount":%d}`,
			quote(e.rcpt.addr), quote(e.mail.mailFrom), quote(e.mail.from), e.mail.ip, e.mail.networkID(), quote(e.mail.internetID), quote(e.mail.subject), e.mail.action, e.mail.location, len(e.mail.attachments), len(e.mail.links))
	case "RegistryValue":
		return fmt.Sprintf(`{"Key":%s,"Name":%s,"Value":%s,"ValueType":%s,"Type":"registry-value","Role":1}`, quote(e.reg.key), quote(e.reg.name), quote(e.reg.data), quote(e.reg.kind))
	}
	return fmt.Sprintf(`{"AppId":%d,"Name":%s,"InstanceId":0,"SaasId":%d,"Type":"cloud-application","Role":1}`, e.appID, quote(e.app), e.appID)
}

func (d *Device) family() string {
	switch {
	case d.kind == kindMac:
		return "MacOS"
	case d.posix():
		return "Linux"
	}
	return "Windows"
}

// evidenceColumns writes an AlertEvidence row.
var evidenceColumns = with(alertInfoColumns, map[string]put{
	"Categories": func(b []byte, r *row) []byte { return appendString(b, `["`+r.alarm.category+`"]`) },
	"EntityType": func(b []byte, r *row) []byte { return appendString(b, r.ev.kind) },
	"EvidenceRole": func(b []byte, r *row) []byte {
		return appendString(b, map[bool]string{true: "Impacted", false: "Related"}[r.ev.impacted])
	},
	"EvidenceDirection": func(b []byte, r *row) []byte {
		if r.ev.ip == "" {
			return append(b, "null"...)
		}
		return append(b, `"Source"`...)
	},
	"FileName":   func(b []byte, r *row) []byte { return appendText(b, r.ev.image().name) },
	"FolderPath": func(b []byte, r *row) []byte { return appendText(b, r.ev.image().folder()) },
	"SHA1":       func(b []byte, r *row) []byte { return appendHash(b, r.ev.image().id, 40) },
	"SHA256":     func(b []byte, r *row) []byte { return appendSHA256(b, r.ev.image().id) },
	"FileSize":   func(b []byte, r *row) []byte { return appendSize(b, r.ev.image()) },
	"ThreatFamily": func(b []byte, r *row) []byte {
		if r.ev.kind != "File" {
			return append(b, "null"...)
		}
		return appendText(b, r.alarm.family)
	},
	"RemoteIP":        func(b []byte, r *row) []byte { return appendText(b, r.ev.ip) },
	"RemoteUrl":       func(b []byte, r *row) []byte { return appendText(b, r.ev.url) },
	"AccountName":     func(b []byte, r *row) []byte { return appendText(b, r.ev.account().name) },
	"AccountDomain":   func(b []byte, r *row) []byte { return appendText(b, r.ev.account().domain) },
	"AccountSid":      func(b []byte, r *row) []byte { return appendText(b, r.ev.account().sid) },
	"AccountObjectId": func(b []byte, r *row) []byte { return appendText(b, r.ev.account().objectID) },
	"AccountUpn":      func(b []byte, r *row) []byte { return appendText(b, r.ev.account().upn) },
	"DeviceId":        func(b []byte, r *row) []byte { return appendText(b, r.ev.device().id) },
	"DeviceName":      func(b []byte, r *row) []byte { return appendText(b, r.ev.device().fqdn) },
	"LocalIP": func(b []byte, r *row) []byte {
		if r.ev.kind != "Machine" {
			return append(b, "null"...)
		}
		return appendText(b, r.ev.dev.ip)
	},
	"NetworkMessageId": func(b []byte, r *row) []byte {
		if r.ev.mail == nil {
			return append(b, "null"...)
		}
		return quoteGUID(b, r.ev.mail.id)
	},
	"EmailSubject": func(b []byte, r *row) []byte {
		if r.ev.mail == nil {
			return append(b, "null"...)
		}
		return appendString(b, r.ev.mail.subject)
	},
	"Application":   func(b []byte, r *row) []byte { return appendText(b, r.ev.app) },
	"ApplicationId": func(b []byte, r *row) []byte { return appendPort(b, r.ev.appID) },
	"OAuthApplicationId": func(b []byte, r *row) []byte {
		if r.ev.app != "Travel Desk" {
			return append(b, "null"...)
		}
		return appendString(b, guid(8, "oauth", 0))
	},
	"ProcessCommandLine": func(b []byte, r *row) []byte {
		if r.ev.proc == nil {
			return append(b, "null"...)
		}
		return appendString(b, r.ev.proc.cmd)
	},
	"RegistryKey":       func(b []byte, r *row) []byte { return appendText(b, r.ev.registry().key) },
	"RegistryValueName": func(b []byte, r *row) []byte { return appendText(b, r.ev.registry().name) },
	"RegistryValueData": func(b []byte, r *row) []byte { return appendText(b, r.ev.registry().data) },
	"AdditionalFields":  func(b []byte, r *row) []byte { return appendText(b, r.extra) },
	"CloudResource":     func(b []byte, r *row) []byte { return appendText(b, r.ev.azure(r.ev.device().host)) },
	"CloudPlatform":     func(b []byte, r *row) []byte { return appendText(b, r.ev.azure("Azure")) },
	"ResourceType":      func(b []byte, r *row) []byte { return appendText(b, r.ev.azure("Virtual Machine")) },
	"ResourceID":        func(b []byte, r *row) []byte { return appendText(b, r.ev.azure(r.ev.device().azureResource())) },
	"SubscriptionId":    func(b []byte, r *row) []byte { return appendText(b, r.ev.azure(subscription)) },
})

var (
	noFile     file
	noDevice   Device
	noRegistry registry
)

func (e *evidence) image() *file {
	switch {
	case e.file != nil:
		return e.file
	case e.proc != nil:
		return &e.proc.file
	}
	return &noFile
}

func (e *evidence) account() *account {
	if e.acc == nil {
		return &noAccount
	}
	return e.acc
}

func (e *evidence) device() *Device {
	if e.dev == nil {
		return &noDevice
	}
	return e.dev
}

func (e *evidence) registry() *registry {
	if e.reg == nil {
		return &noRegistry
	}
	return e.reg
}

func (e *evidence) azure(s string) string {
	if e.kind != "Machine" {
		return ""
	}
	return e.dev.cloud(s)
}
