package world

import (
	"fmt"
	"strings"
)

// Application ids of Defender for Cloud Apps.
const (
	appExchange   = 20893
	appSharePoint = 20892
	appOneDrive   = 15600
	appTeams      = 28375
	app365        = 11161
	appAzure      = 12260
	appEntra      = 11161
)

// cloudSignIn is a sign-in to Entra ID, as Defender for Identity tells it.
func cloudSignIn(s *sim, sc *scene, ses *session) {
	r := sc.r
	ip := sc.d.public
	if r.chance(12) {
		ip = ses.who.home
	}
	failure := ""
	if r.chance(5) {
		failure = pick(r, []string{"Invalid username or password.", "User did not pass the MFA challenge.", "The session has expired."})
	}
	sc.signIn(ses.who, sc.d, ip, pick(r, []string{"Microsoft 365", "Microsoft 365", "Microsoft Teams", "Microsoft SharePoint Online", "Azure portal"}), failure)
}

func (s *scene) signIn(p *Person, d *Device, ip, app, failure string) *row {
	where := s.w.whereIs(ip)
	action := "LogonSuccess"
	if failure != "" {
		action = "LogonFailed"
	}
	i := identity{app: app, kind: pick(s.r, []string{"OAuth2:Token", "OAuth2:Authorize", "Login:login"}), protocol: "OAuth2", failure: failure, acc: &p.account, ip: ip,
		country: where.country, isp: where.isp,
		lastSeen: lastSeen(s.r), uncommon: uncommon(s.r, 4)}
	if d != nil {
		i.device, i.deviceType, i.os = d.host, "Desktop", osName(d)
	}
	return s.identity(action, i)
}

// lastSeen says for how many days each property of an activity had not been seen of this user.
func lastSeen(r *rng) string {
	return fmt.Sprintf(`{"ActionType":%d,"OSPlatform":0,"ISP":%d,"CountryCode":0,"UserAgent":%d}`, r.n(3), r.n(2), r.n(5))
}

func uncommon(r *rng, percent int) string {
	if r.chance(percent) {
		return `["ISP","CountryCode"]`
	}
	return "[]"
}

// cloudActivity is work in Microsoft 365, as the audit log has it.
func cloudActivity(s *sim, sc *scene, ses *session) {
	r := sc.r
	p := ses.who
	a := s.w.activity(r, p, sc.d, sc.d.public)
	switch r.n(6) {
	case 0, 1:
		sc.mailAccess(a, p, r.between(1, 6))
	case 2, 3:
		op := pick(r, []string{"FileAccessed", "FileModified", "FileDownloaded", "FileUploaded", "FileSyncUploadedFull", "SharingSet"})
		sc.sharePoint(op, a, p, r.title()+"."+pick(r, officeTypes).ext)
	case 4:
		a.app, a.appID, a.kind = "Microsoft Teams", appTeams, "Basic"
		a.raw = rawAudit("MicrosoftTeams", 25, p, a.ip, `,"CommunicationType":"GroupChat","ChatThreadId":"19:`+hexString(r.next(), 32)+`@thread.v2"`)
		sc.cloudRow(pick(r, []string{"MessageSent", "MeetingParticipantDetail", "ChatCreated"}), a)
	default:
		a.app, a.appID, a.kind = "Microsoft 365", app365, "Login"
		a.objType, a.objName = "Task", "UserLoggedIn"
		a.raw = rawAudit("AzureActiveDirectory", 15, p, a.ip,
			`,"ActorContextId":"`+s.w.cfg.TenantID+`","ExtendedProperties":[{"Name":"UserAgent","Value":"Mozilla/5.0"},{"Name":"RequestType","Value":"OAuth2:Authorize"}]`)
		sc.cloudRow("UserLoggedIn", a)
	}
}

// activity is the frame of what a person does in the cloud from a device.
func (w *World) activity(r *rng, p *Person, d *Device, ip string) *activity {
	a := &activity{acc: &p.account, accountType: "Regular", deviceType: "Desktop", ip: ip, where: w.whereIs(ip), kind: "Basic", lastSeen: lastSeen(r), uncommon: uncommon(r, 3)}
	if d != nil {
		a.os, a.ua = osName(d), userAgent(d)
	}
	if r.chance(15) {
		a.deviceType, a.os, a.ua = "Mobile", "iOS", "Outlook-iOS/2.0"
	}
	if ip == p.site.public {
		a.category, a.tags = "Corporate", `["Corporate","Offices"]`
	}
	if r.chance(5) {
		a.session = `{"InLineSession":"` + guidOf(r.next()) + `"}`
	}
	if r.chance(4) {
		a.oauth = guid(8, "oauth", uint64(r.n(6)))
	}
	return a
}

// rawAudit writes the record of the unified audit log that an activity was made of.
func rawAudit(workload string, recordType int, p *Person, ip, rest string) put {
	return func(b []byte, r *row) []byte {
		b = append(b, `{"CreationTime":"`...)
		b = append(b, r.at.String()[:19]...)
		b = append(b, `","Id":"`...)
		b = appendGUID(b, r.id)
		b = append(b, `","Operation":`...)
		b = appendString(b, r.action)
		b = append(b, `,"OrganizationId":"`...)
		b = append(b, p.tenantID...)
		b = append(b, `","RecordType":`...)
		b = appendInt(b, int64(recordType))
		b = append(b, `,"UserKey":`...)
		b = appendString(b, p.objectID)
		b = append(b, `,"UserType":0,"Version":1,"Workload":"`...)
		b = append(b, workload...)
		b = append(b, `","ClientIP":"`...)
		b = append(b, ip...)
		b = append(b, `","UserId":`...)
		b = appendString(b, p.upn)
		b = append(b, rest...)
		return append(b, '}')
	}
}

// mailAccess is MailItemsAccessed: which mails were read, in which folder, by which session.
func (s *scene) mailAccess(a *activity, p *Person, items int) *row {
	a.app, a.appID, a.kind = "Microsoft Exchange Online", appExchange, "Run"
	a.objType, a.objName, a.objID = "Task", "MailItemsAccessed", guidOf(derive(3, p.mail, 0))
	a.objects = `{"Type":"Structured object","Role":"Parameter","ServiceObjectType":"Session ID"},{"Type":"Task","Role":"Target object","Name":"MailItemsAccessed"}`
	list := ""
	for i := range items {
		if i > 0 {
			list += ","
		}
		list += `{"InternetMessageId":"<` + upper(hexString(s.r.next(), 24)) + `@` + domainOf(p.mail) + `>","SizeInBytes":` + fmt.Sprint(s.r.between(4000, 90000)) + `}`
	}
	a.raw = rawAudit("Exchange", 50, p, a.ip,
		`,"ClientInfoString":"Client=OWA;Action=ViaProxy","ClientRequestId":"`+guidOf(s.r.next())+`","MailboxGuid":"`+a.objID+`","MailboxOwnerUPN":`+quote(p.upn)+`,"LogonType":0,"InternalLogonType":0,"OperationCount":`+fmt.Sprint(items)+
			`,"OperationProperties":[{"Name":"MailAccessType","Value":"Bind"},{"Name":"IsThrottled","Value":"False"}],"Folders":[{"Path":"\\Inbox","FolderItems":[`+list+`]}]`)
	return s.cloudRow("MailItemsAccessed", a)
}

// sharePoint is something done to a file in SharePoint or OneDrive.
func (s *scene) sharePoint(op string, a *activity, p *Person, name string) *row {
	tenant, _, _ := strings.Cut(s.w.cfg.Domain, ".")
	a.app, a.appID = "Microsoft OneDrive for Business", appOneDrive
	site := "https://" + tenant + "-my.sharepoint.example/personal/" + lower(p.name) + "/Documents/"
	if s.r.chance(50) {
		a.app, a.appID = "Microsoft SharePoint Online", appSharePoint
		site = "https://" + tenant + ".sharepoint.example/sites/" + lower(p.department) + "/Shared Documents/"
	}
	a.kind = map[string]string{"FileAccessed": "View", "FileDownloaded": "Download", "FileUploaded": "Upload", "FileModified": "Edit"}[op]
	if a.kind == "" {
		a.kind = "Basic"
	}
	a.objName, a.objType, a.objID = site+name, "File", guidOf(derive(5, site+name, 0))
	a.objects = `{"Type":"File","Role":"Target object","Name":` + quote(name) + `,"Id":` + quote(site+name) + `,"ApplicationId":` + fmt.Sprint(a.appID) + `,"ApplicationInstance":0}`
	a.raw = rawAudit("OneDrive", 6, p, a.ip,
		`,"ObjectId":`+quote(site+name)+`,"ItemType":"File","SourceFileName":`+quote(name)+`,"SiteUrl":`+quote(site)+`,"UserAgent":`+quote(a.ua)+`,"EventSource":"SharePoint","SourceFileExtension":"`+name[strings.LastIndexByte(name,
			'.')+1:]+`"`)
	return s.cloudRow(op, a)
}
