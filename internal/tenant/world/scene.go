package world

import (
	"fmt"
	"strings"
)

// scene is a short piece of life: rows that belong together, in the order of their times. The builder methods put a row at the
// scene's clock and move it on.
type scene struct {
	w     *World
	r     *rng
	d     *Device
	t     ticks
	rows  []*row
	next  int     // first row not yet played
	fixed bool    // rows keep their times when they are played live
	pace  float64 // of pauses, 0 is 1
}

// row adds a row at the scene's clock.
func (s *scene) row(t *table, action string, init *proc) *row {
	r := &row{table: t, at: s.t, dev: s.d, action: action, init: init}
	s.rows = append(s.rows, r)
	s.t += ticks(s.r.between(20_000, 3_000_000))
	return r
}

// pause moves the clock by some seconds.
func (s *scene) pause(lo, hi int) {
	d := ticks(s.r.between(lo*1000, hi*1000)) * tickSecond / 1000
	if s.pace > 0 {
		d = ticks(float64(d) * s.pace)
	}
	s.t += d
}

// spawn starts a program; acc nil means the parent's account.
func (s *scene) spawn(parent *proc, name, cmd string) *proc {
	return s.spawnAs(parent, name, cmd, parent.acc)
}

func (s *scene) spawnAs(parent *proc, name, cmd string, acc *account) *proc {
	return s.start(newProc(s.d, parent, img(name), cmd, acc))
}

// run starts a program that is not in the catalogue: malware, tools, own scripts.
func (s *scene) run(parent *proc, f file, cmd string) *proc {
	p := newProc(s.d, parent, img("cmd.exe"), cmd, parent.acc)
	p.file = f
	return s.start(p)
}

func (s *scene) start(p *proc) *proc {
	p.pid = s.r.pid()
	if s.d.posix() {
		p.pid = int64(s.r.between(1200, 480_000))
	}
	p.created = s.t
	lag := ticks(s.r.between(1000, 900_000))
	s.t += lag
	row := s.row(tabDeviceProcessEvents, "ProcessCreated", p.parent)
	row.child, row.lag = p, lag
	row.extra = s.posixExtra(p)
	return p
}

// posixExtra is what Defender adds for processes on Mac and Linux.
func (s *scene) posixExtra(p *proc) string {
	if !s.d.posix() {
		return ""
	}
	uid, group := 0, "root"
	if p.acc.name != "root" {
		uid, group = 1001, "users"
	}
	user := fmt.Sprintf(`{"Name":%s,"DomainName":%s,"LogonId":0,"PosixUserId":%d,"PrimaryPosixGroup":{"Name":"%s","PosixGroupId":%d}}`, quote(p.acc.name), quote(s.d.host), uid, group, uid)
	return `{"InitiatingProcessPosixEffectiveUser":` + user + `,"ProcessPosixEffectiveUser":` + user + fmt.Sprintf(`,"ProcessPosixProcessGroupId":%d,"ProcessPosixSessionId":%d`,
		p.pid, p.parent.pid) +
		`,"ProcessCurrentWorkingDirectory":"/","ProcessPosixFilePermissions":["OthersExecute","OthersRead","GroupExecute","GroupRead","UserExecute","UserWrite","UserRead","UserAll"]}`
}

// connect tells of a connection from a process to an outside endpoint.
func (s *scene) connect(p *proc, e endpoint) *row {
	row := s.row(tabDeviceNetworkEvents, "ConnectionSuccess", p)
	row.conn = conn{remoteIP: e.ip, remotePort: e.port, remoteURL: e.host, localIP: s.d.ip, localPort: 49152 + s.r.n(16000), protocol: "Tcp", remoteType: ipType(e.ip), localType: "Private"}
	if e.port == 443 && s.r.chance(40) {
		ssl := s.row(tabDeviceNetworkEvents, "SslConnectionInspected", p)
		ssl.init, ssl.conn = nil, row.conn
		ssl.extra = `{"direction":"Out","conn_id":"C` + base64url(s.r.next(),
			17) + `","server_name":` + quote(e.host) + `,"established":true,"subject":` + quote("CN="+e.host) + `,"version":"TLSv13"}`
	}
	return row
}

// to connects to another device of the house.
func (s *scene) to(p *proc, d *Device, port int) *row {
	row := s.connect(p, endpoint{d.fqdn, d.ip, port})
	row.conn.remoteURL = ""
	if port != 443 {
		row.conn.remoteURL = d.fqdn
	}
	return row
}

func ipType(ip string) string {
	switch {
	case strings.HasPrefix(ip, "10."), strings.HasPrefix(ip, "172.16."):
		return "Private"
	case strings.HasPrefix(ip, "127."):
		return "Loopback"
	}
	return "Public"
}

// touch tells of something done to a file.
func (s *scene) touch(action string, p *proc, f file) *row {
	row := s.row(tabDeviceFileEvents, action, p)
	row.file = f
	row.origin.request, row.origin.account = "Local", p.acc
	if kind := fileTypes[lower(f.path[strings.LastIndexByte(f.path, '.')+1:])]; kind != "" {
		row.extra = `{"FileType":"` + kind + `"}`
	}
	return row
}

var fileTypes = map[string]string{"exe": "PortableExecutable", "dll": "PortableExecutable", "docx": "OfficeOpenXml", "docm": "OfficeOpenXml", "xlsx": "OfficeOpenXml",
	"xlsm": "OfficeOpenXml",
	"pptx": "OfficeOpenXml", "pdf": "PDF", "zip": "Zip", "7z": "SevenZip", "ps1": "PowerShell", "js": "JavaScript", "iso": "Iso", "lnk": "Lnk", "aspx": "Html"}

// document names a file by its path; version tells its contents apart.
func document(path string, version uint64) file {
	sep := strings.LastIndexAny(path, `\/`)
	id := derive(21, path, version)
	return file{name: path[sep+1:], path: path, id: id, size: int64(8_000 + id%3_000_000)}
}

// load tells that a process loaded a library.
func (s *scene) load(p *proc, name string) {
	s.row(tabDeviceImageLoadEvents, "ImageLoaded", p).file = img(name).on(s.d)
}

// set tells that a process set a registry value.
func (s *scene) set(p *proc, key, name, kind, data string) *row {
	row := s.row(tabDeviceRegistryEvents, "RegistryValueSet", p)
	row.reg = registry{key: key, name: name, kind: kind, data: data, prevKey: key, prevName: name}
	return row
}

// event tells of one of the many things in DeviceEvents.
func (s *scene) event(action string, p *proc, extra string) *row {
	row := s.row(tabDeviceEvents, action, p)
	row.extra = extra
	return row
}

// logonTo tells that an account came to a device over the network, as that device saw it.
func (s *scene) logonTo(d *Device, acc *account, kind, protocol string, from *Device, failure string) *row {
	row := s.row(tabDeviceLogonEvents, "LogonSuccess", d.base.lsass)
	row.dev, row.acc = d, acc
	row.logon = logon{kind: kind, protocol: protocol, failure: failure, id: int64(s.r.between(1_000_000, 900_000_000)), admin: strings.HasPrefix(acc.name, "adm-")}
	row.extra = `{"IsLocalLogon":false}`
	if failure != "" {
		row.action, row.logon.id = "LogonFailed", 0
	}
	if from != nil {
		row.conn = conn{remoteIP: from.ip, remoteName: from.host, remotePort: 49152 + s.r.n(16000), remoteType: "Private"}
	}
	if d.posix() {
		row.init = d.base.sshd
		row.logon.protocol = ""
		row.extra = `{"PosixUserId":1001,"PosixPrimaryGroupName":"users","PosixPrimaryGroupId":1001}`
	}
	return row
}

// identity adds a row of the Identity tables; which one follows from what it says.
func (s *scene) identity(action string, i identity) *row {
	t := tabIdentityLogonEvents
	switch {
	case i.query != "" || i.queryTarget != "":
		t = tabIdentityQueryEvents
	case !strings.HasPrefix(action, "Logon"):
		t = tabIdentityDirectoryEvents
	}
	row := s.row(t, action, nil)
	row.id = s.r.next()
	row.ident = &i
	if i.app == "Active Directory" {
		actor := i.device
		if actor == "" {
			actor = i.destName
		}
		row.extra = `{"Count":"1","ACTOR.DEVICE":` + quote(actor) + `,"TO.DEVICE":` + quote(i.destName) + `,"SourceComputerOperatingSystemType":"windows","DestinationComputerOperatingSystemType":"windows","AttackTechniques":""}`
	} else {
		row.extra = `{"ACTOR.ENTITY_USER":` + quote(row.who().display) + `,"ARG.CLOUD_SERVICE":` + quote(i.app) + `,"Pass-through authentication":"false","Request ID":"` + guidOf(row.id) + `"}`
	}
	return row
}

// send adds the rows of a mail: one for each recipient, and its attachments and links.
func (s *scene) send(m *message) {
	for i := range m.to {
		rcpt := &m.to[i]
		row := s.row(tabEmailEvents, "", nil)
		row.mail, row.rcpt = m, rcpt
		if m.threats != "" {
			row.extra = `{"CampaignId":"` + guidOf(uint64(m.cluster)) + `"}`
		}
		for j := range m.attachments {
			row := s.row(tabEmailAttachmentInfo, "", nil)
			row.mail, row.rcpt, row.attach = m, rcpt, &m.attachments[j]
		}
	}
	for j := range m.links {
		row := s.row(tabEmailUrlInfo, "", nil)
		row.mail, row.rcpt, row.link = m, &m.to[0], &m.links[j]
	}
}

// cloudRow adds a row of CloudAppEvents.
func (s *scene) cloudRow(action string, a *activity) *row {
	row := s.row(tabCloudAppEvents, action, nil)
	row.cloud, row.id = a, s.r.next()
	return row
}

// rare adds a row of a table whose rows carry each column's value.
func (s *scene) rare(t *table, v values) *row {
	row := s.row(t, "", nil)
	row.values = v
	return row
}
