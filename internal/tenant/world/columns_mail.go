package world

import (
	"fmt"
	"strings"
)

// message is one mail as Exchange Online Protection sees it; every recipient has a row of its own.
type message struct {
	id          uint64 // gives NetworkMessageId
	internetID  string // Message-ID header
	from        string // P2 sender, the From header
	mailFrom    string // P1 sender, the envelope
	display     string
	objectID    string // of a sender in the tenant
	ip          string
	direction   string // Inbound, Outbound, Intra-org
	subject     string
	cluster     int64
	lang        string
	size        int64
	bulk        int // bulk complaint level; 0 is none
	action      string
	location    string
	threats     string // "Phish", "Spam", "Malware"
	threatNames string
	methods     string // DetectionMethods as JSON text
	confidence  string // ConfidenceLevel as JSON text
	policy      string // of the organisation or the user that decided, if one did
	auth        string
	first       bool // first contact between sender and recipient
	to, cc      []recipient
	attachments []attachment
	links       []link
}

type recipient struct{ addr, objectID string }

type attachment struct {
	file
	kind, ext            string
	threats, threatNames string
	methods              string
}

type link struct{ url, domain, location string }

// click is a click on a link that Safe Links looked at.
type click struct {
	link
	upn, ip, action, workload string
	threats, methods          string
	through                   bool
	chain                     string // JSON text
	app                       string
}

// postDelivery is what happened to a mail after it was in the mailbox.
type postDelivery struct {
	action, kind, trigger, result, location, source string
}

func (m *message) networkID() string { return guidOf(m.id) }

// reportID of the mail tables is the message's id and a number.
func (m *message) reportID(b []byte, n uint64) []byte {
	b = append(b, '"')
	b = appendGUID(b, m.id)
	b = append(b, '-')
	b = appendInt(b, int64(mix(m.id+n)>>1))
	return append(b, '"')
}

func domainOf(addr string) string { return addr[strings.IndexByte(addr, '@')+1:] }

var mailColumns = map[string]put{
	"NetworkMessageId":      func(b []byte, r *row) []byte { return quoteGUID(b, r.mail.id) },
	"InternetMessageId":     func(b []byte, r *row) []byte { return appendString(b, r.mail.internetID) },
	"SenderMailFromAddress": func(b []byte, r *row) []byte { return appendString(b, r.mail.mailFrom) },
	"SenderFromAddress":     func(b []byte, r *row) []byte { return appendString(b, r.mail.from) },
	"SenderDisplayName":     func(b []byte, r *row) []byte { return appendString(b, r.mail.display) },
	"SenderObjectId":        func(b []byte, r *row) []byte { return appendText(b, r.mail.objectID) },
	"SenderMailFromDomain":  func(b []byte, r *row) []byte { return appendString(b, domainOf(r.mail.mailFrom)) },
	"SenderFromDomain":      func(b []byte, r *row) []byte { return appendString(b, domainOf(r.mail.from)) },
	"SenderIPv4": func(b []byte, r *row) []byte {
		if strings.IndexByte(r.mail.ip, ':') >= 0 {
			return append(b, "null"...)
		}
		return appendText(b, r.mail.ip)
	},
	"SenderIPv6": func(b []byte, r *row) []byte {
		if strings.IndexByte(r.mail.ip, ':') < 0 {
			return append(b, "null"...)
		}
		return appendString(b, r.mail.ip)
	},
	"RecipientEmailAddress":  func(b []byte, r *row) []byte { return appendString(b, r.rcpt.addr) },
	"RecipientObjectId":      func(b []byte, r *row) []byte { return appendText(b, r.rcpt.objectID) },
	"RecipientDomain":        func(b []byte, r *row) []byte { return appendString(b, domainOf(r.rcpt.addr)) },
	"Subject":                func(b []byte, r *row) []byte { return appendString(b, r.mail.subject) },
	"EmailClusterId":         func(b []byte, r *row) []byte { return appendInt(b, r.mail.cluster) },
	"EmailDirection":         func(b []byte, r *row) []byte { return appendString(b, r.mail.direction) },
	"DeliveryAction":         func(b []byte, r *row) []byte { return appendString(b, r.mail.action) },
	"DeliveryLocation":       func(b []byte, r *row) []byte { return appendString(b, r.mail.location) },
	"LatestDeliveryLocation": func(b []byte, r *row) []byte { return appendString(b, r.mail.location) },
	"LatestDeliveryAction":   func(b []byte, r *row) []byte { return appendString(b, r.mail.action) },
	"ThreatTypes":            func(b []byte, r *row) []byte { return appendText(b, r.mail.threats) },
	"ThreatNames":            func(b []byte, r *row) []byte { return appendText(b, r.mail.threatNames) },
	"ThreatClassification": func(b []byte, r *row) []byte {
		if r.mail.threats != "Phish" {
			return append(b, "null"...)
		}
		return append(b, `"Credential Phish"`...)
	},
	"DetectionMethods":   func(b []byte, r *row) []byte { return appendText(b, r.mail.methods) },
	"ConfidenceLevel":    func(b []byte, r *row) []byte { return appendText(b, r.mail.confidence) },
	"BulkComplaintLevel": func(b []byte, r *row) []byte { return appendPort(b, r.mail.bulk) },
	"EmailAction": func(b []byte, r *row) []byte {
		switch r.mail.action {
		case "Junked":
			return append(b, `"Move message to user's Junk Email folder"`...)
		case "Blocked":
			return append(b, `"Send to quarantine"`...)
		}
		return append(b, "null"...)
	},
	"EmailActionPolicy": func(b []byte, r *row) []byte { return r.ifThreat(b, `"Antispam high-confidence"`) },
	"EmailActionPolicyGuid": func(b []byte, r *row) []byte {
		return r.ifThreat(b, quote(guid(9, "policy", uint64(len(r.mail.threats)))))
	},
	"AuthenticationDetails": func(b []byte, r *row) []byte { return appendString(b, r.mail.auth) },
	"AttachmentCount":       func(b []byte, r *row) []byte { return appendInt(b, int64(len(r.mail.attachments))) },
	"UrlCount":              func(b []byte, r *row) []byte { return appendInt(b, int64(len(r.mail.links))) },
	"EmailLanguage":         func(b []byte, r *row) []byte { return appendString(b, r.mail.lang) },
	"Connectors": func(b []byte, r *row) []byte {
		if r.mail.direction == "Intra-org" {
			return append(b, "null"...)
		}
		return append(b, `"Mail gateway hybrid"`...)
	},
	"OrgLevelAction":   func(b []byte, r *row) []byte { return r.ifPolicy(b, "Allow") },
	"OrgLevelPolicy":   func(b []byte, r *row) []byte { return r.ifPolicy(b, r.mail.policy) },
	"UserLevelAction":  func(b []byte, r *row) []byte { return r.ifPolicy(b, "Allow") },
	"UserLevelPolicy":  func(b []byte, r *row) []byte { return r.ifPolicy(b, "Safe senders list") },
	"ReportId":         func(b []byte, r *row) []byte { return r.mail.reportID(b, derive(0, r.rcpt.addr, 0)) },
	"AdditionalFields": func(b []byte, r *row) []byte { return appendText(b, r.extra) },
	"DistributionList": func(b []byte, r *row) []byte {
		if len(r.mail.to) < 3 {
			return append(b, "null"...)
		}
		return appendString(b, "all-hands@"+domainOf(r.rcpt.addr))
	},
	"LastEventExecutionTime": func(b []byte, r *row) []byte { return appendTime(b, r.at+3*tickSecond) },
	"ExchangeTransportRule": func(b []byte, r *row) []byte {
		if r.mail.direction != "Inbound" {
			return append(b, "null"...)
		}
		return append(b, `"External sender banner"`...)
	},
	"ForwardingInformation": func(b []byte, r *row) []byte {
		if r.mail.policy == "" {
			return append(b, "null"...)
		}
		return append(b, `"SMTP forwarding"`...)
	},
	"Context": func(b []byte, r *row) []byte {
		if !r.mail.first {
			return append(b, "null"...)
		}
		return append(b, `"First contact"`...)
	},
	"To":             func(b []byte, r *row) []byte { return appendAddresses(b, r.mail.to) },
	"Cc":             func(b []byte, r *row) []byte { return appendAddresses(b, r.mail.cc) },
	"EmailSize":      func(b []byte, r *row) []byte { return appendInt(b, r.mail.size) },
	"IsFirstContact": func(b []byte, r *row) []byte { return appendBool(b, r.mail.first) },
}

func (r *row) ifThreat(b []byte, text string) []byte {
	if r.mail.threats == "" || r.mail.action == "Delivered" {
		return append(b, "null"...)
	}
	return append(b, text...)
}

func (r *row) ifPolicy(b []byte, text string) []byte {
	if r.mail.policy == "" {
		return append(b, "null"...)
	}
	return appendString(b, text)
}

func quoteGUID(b []byte, id uint64) []byte {
	b = append(b, '"')
	b = appendGUID(b, id)
	return append(b, '"')
}

func appendAddresses(b []byte, list []recipient) []byte {
	b = append(b, '[')
	for i, a := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, a.addr)
	}
	return append(b, ']')
}

var attachmentColumns = with(mailColumns, map[string]put{
	"FileName":         func(b []byte, r *row) []byte { return appendString(b, r.attach.name) },
	"FileType":         func(b []byte, r *row) []byte { return appendString(b, r.attach.kind) },
	"FileExtension":    func(b []byte, r *row) []byte { return appendString(b, r.attach.ext) },
	"SHA256":           func(b []byte, r *row) []byte { return appendSHA256(b, r.attach.id) },
	"FileSize":         func(b []byte, r *row) []byte { return appendInt(b, r.attach.size) },
	"ThreatTypes":      func(b []byte, r *row) []byte { return appendText(b, r.attach.threats) },
	"ThreatNames":      func(b []byte, r *row) []byte { return appendText(b, r.attach.threatNames) },
	"DetectionMethods": func(b []byte, r *row) []byte { return appendText(b, r.attach.methods) },
	"ReportId":         func(b []byte, r *row) []byte { return r.mail.reportID(b, r.attach.id) },
})

var mailURLColumns = with(mailColumns, map[string]put{
	"Url":         func(b []byte, r *row) []byte { return appendString(b, r.link.url) },
	"UrlDomain":   func(b []byte, r *row) []byte { return appendString(b, r.link.domain) },
	"UrlLocation": func(b []byte, r *row) []byte { return appendString(b, r.link.location) },
	"ReportId":    func(b []byte, r *row) []byte { return r.mail.reportID(b, derive(0, r.link.url, 1)) },
})

var postColumns = with(mailColumns, map[string]put{
	"Action":           func(b []byte, r *row) []byte { return appendString(b, r.post.action) },
	"ActionType":       func(b []byte, r *row) []byte { return appendString(b, r.post.kind) },
	"ActionTrigger":    func(b []byte, r *row) []byte { return appendString(b, r.post.trigger) },
	"ActionResult":     func(b []byte, r *row) []byte { return appendString(b, r.post.result) },
	"DeliveryLocation": func(b []byte, r *row) []byte { return appendString(b, r.post.location) },
	"SourceLocation":   func(b []byte, r *row) []byte { return appendString(b, r.post.source) },
	"ReportId":         func(b []byte, r *row) []byte { return r.mail.reportID(b, derive(1, r.rcpt.addr, 2)) },
})

var clickColumns = map[string]put{
	"Url":              func(b []byte, r *row) []byte { return appendString(b, r.click.url) },
	"ActionType":       func(b []byte, r *row) []byte { return appendString(b, r.click.action) },
	"AccountUpn":       func(b []byte, r *row) []byte { return appendString(b, r.click.upn) },
	"Workload":         func(b []byte, r *row) []byte { return appendString(b, r.click.workload) },
	"NetworkMessageId": func(b []byte, r *row) []byte { return quoteGUID(b, r.mail.id) },
	"ThreatTypes":      func(b []byte, r *row) []byte { return appendText(b, r.click.threats) },
	"DetectionMethods": func(b []byte, r *row) []byte { return appendText(b, r.click.methods) },
	"IPAddress":        func(b []byte, r *row) []byte { return appendString(b, r.click.ip) },
	"IsClickedThrough": func(b []byte, r *row) []byte { return appendBool(b, r.click.through) },
	"UrlChain":         func(b []byte, r *row) []byte { return appendString(b, r.click.chain) },
	"ReportId":         func(b []byte, r *row) []byte { return quoteGUID(b, derive(r.mail.id, "click", r.id)) },
	"AppName":          func(b []byte, r *row) []byte { return appendString(b, r.click.app) },
	"AppVersion":       func(b []byte, r *row) []byte { return append(b, `"16.0.19029"`...) },
	"SourceId":         func(b []byte, r *row) []byte { return quoteGUID(b, r.mail.id) },
}

// newMessage is a mail without peculiarities; the caller changes what is special.
func (w *World) newMessage(id uint64, from, display, direction, subject string) *message {
	m := &message{id: id, from: from, mailFrom: from, display: display, direction: direction, subject: subject, lang: "en", action: "Delivered", location: "Inbox/folder"}
	m.internetID = fmt.Sprintf("<%s@%s>", upper(hexString(id+1, 24)), domainOf(from))
	m.cluster = int64(derive(1, from, 0) >> 32)
	m.size = int64(4000 + id%90000)
	m.auth = `{"SPF":"pass","DKIM":"pass","DMARC":"pass","CompAuth":"pass"}`
	switch direction {
	case "Inbound":
		m.ip = outside("mx."+domainOf(from), 25).ip
		if id%16 == 0 {
			m.ip = fmt.Sprintf("2001:db8:%x::%x", id>>8&0xffff, id>>24&0xff)
		}
	default:
		m.ip = w.net.sites[0].public
		if direction == "Intra-org" {
			m.auth = `{"SPF":"none","DKIM":"none","DMARC":"none"}`
		}
	}
	return m
}

func to(p *Person) recipient { return recipient{p.mail, p.objectID} }
