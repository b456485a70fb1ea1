package world

// identity is one event of Defender for Identity: a logon, a query or a change in Active Directory, or a sign-in to Entra ID.
type identity struct {
	app                                    string // Active Directory, Microsoft 365 …
	kind                                   string // LogonType or QueryType
	protocol, failure                      string
	acc                                    *account
	device, deviceType, os                 string
	ip                                     string
	port                                   int
	destName, destIP                       string
	destPort                               int
	targetDevice, targetDisplay, targetUPN string
	query, queryTarget                     string
	country, isp                           string
	lastSeen, uncommon                     string // JSON texts
}

var identityColumns = map[string]put{
	"ActionType":               func(b []byte, r *row) []byte { return appendString(b, r.action) },
	"Application":              func(b []byte, r *row) []byte { return appendString(b, r.ident.app) },
	"LogonType":                func(b []byte, r *row) []byte { return appendText(b, r.ident.kind) },
	"QueryType":                func(b []byte, r *row) []byte { return appendText(b, r.ident.kind) },
	"QueryTarget":              func(b []byte, r *row) []byte { return appendText(b, r.ident.queryTarget) },
	"Query":                    func(b []byte, r *row) []byte { return appendText(b, r.ident.query) },
	"Protocol":                 func(b []byte, r *row) []byte { return appendText(b, r.ident.protocol) },
	"FailureReason":            func(b []byte, r *row) []byte { return appendText(b, r.ident.failure) },
	"AccountName":              func(b []byte, r *row) []byte { return appendText(b, r.who().name) },
	"AccountDomain":            func(b []byte, r *row) []byte { return appendText(b, r.who().domain) },
	"AccountUpn":               func(b []byte, r *row) []byte { return appendText(b, r.who().upn) },
	"AccountSid":               func(b []byte, r *row) []byte { return appendText(b, r.who().sid) },
	"AccountObjectId":          func(b []byte, r *row) []byte { return appendText(b, r.who().objectID) },
	"AccountDisplayName":       func(b []byte, r *row) []byte { return appendText(b, r.who().display) },
	"DeviceName":               func(b []byte, r *row) []byte { return appendText(b, r.ident.device) },
	"DeviceType":               func(b []byte, r *row) []byte { return appendText(b, r.ident.deviceType) },
	"OSPlatform":               func(b []byte, r *row) []byte { return appendText(b, r.ident.os) },
	"IPAddress":                func(b []byte, r *row) []byte { return appendText(b, r.ident.ip) },
	"Port":                     func(b []byte, r *row) []byte { return appendPort(b, r.ident.port) },
	"DestinationDeviceName":    func(b []byte, r *row) []byte { return appendText(b, r.ident.destName) },
	"DestinationIPAddress":     func(b []byte, r *row) []byte { return appendText(b, r.ident.destIP) },
	"DestinationPort":          func(b []byte, r *row) []byte { return appendPort(b, r.ident.destPort) },
	"TargetDeviceName":         func(b []byte, r *row) []byte { return appendText(b, r.ident.targetDevice) },
	"TargetAccountDisplayName": func(b []byte, r *row) []byte { return appendText(b, r.ident.targetDisplay) },
	"TargetAccountUpn":         func(b []byte, r *row) []byte { return appendText(b, r.ident.targetUPN) },
	"Location":                 func(b []byte, r *row) []byte { return appendText(b, r.ident.country) },
	"ISP":                      func(b []byte, r *row) []byte { return appendText(b, r.ident.isp) },
	"ReportId": func(b []byte, r *row) []byte {
		if r.ident.app == "Active Directory" {
			return quoteGUID(b, r.id)
		}
		return appendHash(b, r.id, 64)
	},
	// These tables carry AdditionalFields as an object, not as a string.
	"AdditionalFields": func(b []byte, r *row) []byte { return appendJSON(b, r.extra) },
	"LastSeenForUser":  func(b []byte, r *row) []byte { return appendJSON(b, r.ident.lastSeen) },
	"UncommonForUser":  func(b []byte, r *row) []byte { return appendJSON(b, r.ident.uncommon) },
}

func (r *row) who() *account {
	if r.ident.acc == nil {
		return &noAccount
	}
	return r.ident.acc
}

// activity is one event of Defender for Cloud Apps.
type activity struct {
	app            string
	appID          int
	acc            *account
	accountType    string // Regular, Admin, Application, System
	admin          bool
	deviceType, os string
	ip             string
	where          place
	proxy          bool
	category       string // IPCategory
	tags           string // JSON text
	ua             string
	kind           string // ActivityType
	objects        string // JSON text, without the actor
	objName        string
	objType        string
	objID          string
	raw            put // RawEventData
	lastSeen       string
	uncommon       string
	session        string
	oauth          string
	external       bool
	impersonated   bool
}

var cloudAppColumns = map[string]put{
	"ActionType":         func(b []byte, r *row) []byte { return appendString(b, r.action) },
	"Application":        func(b []byte, r *row) []byte { return appendString(b, r.cloud.app) },
	"ApplicationId":      func(b []byte, r *row) []byte { return appendInt(b, int64(r.cloud.appID)) },
	"AppInstanceId":      func(b []byte, r *row) []byte { return append(b, '0') },
	"AccountObjectId":    func(b []byte, r *row) []byte { return appendText(b, r.cloud.acc.objectID) },
	"AccountId":          func(b []byte, r *row) []byte { return appendText(b, r.cloud.accountID()) },
	"AccountDisplayName": func(b []byte, r *row) []byte { return appendText(b, r.cloud.acc.display) },
	"IsAdminOperation":   func(b []byte, r *row) []byte { return appendBool(b, r.cloud.admin) },
	"DeviceType":         func(b []byte, r *row) []byte { return appendText(b, r.cloud.deviceType) },
	"OSPlatform":         func(b []byte, r *row) []byte { return appendText(b, r.cloud.os) },
	"IPAddress":          func(b []byte, r *row) []byte { return appendText(b, r.cloud.ip) },
	"IsAnonymousProxy":   func(b []byte, r *row) []byte { return appendBool(b, r.cloud.proxy) },
	"CountryCode":        func(b []byte, r *row) []byte { return appendText(b, r.cloud.where.country) },
	"City":               func(b []byte, r *row) []byte { return appendText(b, r.cloud.where.city) },
	"ISP":                func(b []byte, r *row) []byte { return appendText(b, r.cloud.where.isp) },
	"UserAgent":          func(b []byte, r *row) []byte { return appendText(b, r.cloud.ua) },
	"ActivityType":       func(b []byte, r *row) []byte { return appendString(b, r.cloud.kind) },
	"ActivityObjects": func(b []byte, r *row) []byte {
		b = append(b, `[{"Type":"Account","Role":"Actor","Name":`...)
		b = appendText(b, r.cloud.acc.display)
		b = append(b, `,"Id":`...)
		b = appendText(b, r.cloud.accountID())
		b = append(b, `,"ApplicationId":`...)
		b = appendInt(b, int64(r.cloud.appID))
		b = append(b, `,"ApplicationInstance":0}`...)
		if r.cloud.objects != "" {
			b = append(b, ',')
			b = append(b, r.cloud.objects...)
		}
		return append(b, ']')
	},
	"ObjectName": func(b []byte, r *row) []byte { return appendText(b, r.cloud.objName) },
	"ObjectType": func(b []byte, r *row) []byte { return appendText(b, r.cloud.objType) },
	"ObjectId":   func(b []byte, r *row) []byte { return appendText(b, r.cloud.objID) },
	"ReportId": func(b []byte, r *row) []byte {
		b = append(b, '"')
		b = appendInt(b, int64(r.id>>36))
		b = append(b, '_')
		b = appendInt(b, int64(r.cloud.appID))
		b = append(b, '_')
		b = appendGUID(b, r.id)
		return append(b, '"')
	},
	"AccountType":      func(b []byte, r *row) []byte { return appendString(b, r.cloud.accountType) },
	"IsExternalUser":   func(b []byte, r *row) []byte { return appendBool(b, r.cloud.external) },
	"IsImpersonated":   func(b []byte, r *row) []byte { return appendBool(b, r.cloud.impersonated) },
	"IPTags":           func(b []byte, r *row) []byte { return appendJSON(b, r.cloud.tags) },
	"IPCategory":       func(b []byte, r *row) []byte { return appendText(b, r.cloud.category) },
	"UserAgentTags":    func(b []byte, r *row) []byte { return appendJSON(b, r.cloud.agentTags()) },
	"RawEventData":     func(b []byte, r *row) []byte { return r.cloud.raw(b, r) },
	"AdditionalFields": func(b []byte, r *row) []byte { return appendJSON(b, or(r.extra, "{}")) },
	"LastSeenForUser":  func(b []byte, r *row) []byte { return appendJSON(b, r.cloud.lastSeen) },
	"UncommonForUser":  func(b []byte, r *row) []byte { return appendJSON(b, r.cloud.uncommon) },
	"AuditSource":      func(b []byte, r *row) []byte { return append(b, `"Defender for Cloud Apps app connector"`...) },
	"SessionData":      func(b []byte, r *row) []byte { return appendJSON(b, r.cloud.session) },
	"OAuthAppId":       func(b []byte, r *row) []byte { return appendText(b, r.cloud.oauth) },
}

func (a *activity) accountID() string {
	if a.acc.objectID != "" {
		return a.acc.objectID
	}
	return a.acc.display
}

func (a *activity) agentTags() string {
	if a.deviceType != "Mobile" {
		return ""
	}
	return `["Native client"]`
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
