package world

import "strings"

// proc is a process on a device. Rows point at processes, so that all that is said of one agrees.
type proc struct {
	file
	dev       *Device
	cmd       string
	pid       int64
	created   ticks
	fixed     bool // created is final: the process does not begin with the row that tells of it
	parent    *proc
	acc       *account
	logonID   int64
	session   int64
	integrity string // System, High, Medium, Low
	elevation string // TokenElevationTypeDefault, …Full, …Limited
	remoteIP  string // of a remote session
	remoteDev string
}

// baseProcesses are those that run since the device was started.
type baseProcesses struct {
	system, wininit, services, lsass, winlogon *proc
	netsvcs, schedule, dcom, update, spooler   *proc // svchost.exe by service group
	defender, sense, wmi                       *proc
	service                                    *proc // what the server is there for: sqlservr.exe, w3wp.exe, dns.exe, nginx …
	init, cron, sshd, mdatp                    *proc // Mac and Linux
}

func (w *World) bootProcesses(d *Device) baseProcesses {
	r := rng{derive(w.cfg.Seed, "boot", uint64(d.n))}
	at := d.boot
	start := func(parent *proc, name, cmd string, acc *account) *proc {
		at += ticks(r.between(100_000, 30_000_000))
		p := newProc(d, parent, img(name), cmd, acc)
		p.pid, p.created, p.fixed = r.pid(), at, true
		p.logonID, p.integrity, p.elevation = systemLogon(acc), "System", "TokenElevationTypeDefault"
		return p
	}
	if d.posix() {
		return posixBoot(d, start)
	}
	var b baseProcesses
	b.system = start(nil, "ntoskrnl.exe", "", &accSystem)
	b.system.pid, b.system.name = 4, "System"
	smss := start(b.system, "smss.exe", `\SystemRoot\System32\smss.exe`, &accSystem)
	b.wininit = start(smss, "wininit.exe", "wininit.exe", &accSystem)
	b.winlogon = start(smss, "winlogon.exe", "winlogon.exe", &accSystem)
	b.winlogon.session = 1
	b.services = start(b.wininit, "services.exe", "services.exe", &accSystem)
	b.lsass = start(b.wininit, "lsass.exe", "lsass.exe", &accSystem)
	svc := func(args string, acc *account) *proc {
		return start(b.services, "svchost.exe", `C:\Windows\system32\svchost.exe `+args, acc)
	}
	b.dcom = svc("-k DcomLaunch -p", &accSystem)
	b.netsvcs = svc("-k NetworkService -p -s Dnscache", &accNetwork)
	b.schedule = svc("-k netsvcs -p -s Schedule", &accSystem)
	b.update = svc("-k netsvcs -p -s wuauserv", &accSystem)
	b.spooler = start(b.services, "spoolsv.exe", `C:\Windows\System32\spoolsv.exe`, &accSystem)
	b.defender = start(b.services, "MsMpEng.exe", `"MsMpEng.exe"`, &accSystem)
	b.sense = start(b.services, "MsSense.exe", `"MsSense.exe"`, &accSystem)
	b.wmi = start(b.dcom, "WmiPrvSE.exe", `C:\Windows\system32\wbem\wmiprvse.exe -secured -Embedding`, &accNetwork)
	switch d.kind {
	case kindDC:
		b.service = start(b.services, "dns.exe", `C:\Windows\system32\dns.exe`, &accSystem)
	case kindSQL:
		b.service = start(b.services, "sqlservr.exe", `"C:\Program Files\Microsoft SQL Server\MSSQL16.MSSQLSERVER\MSSQL\Binn\sqlservr.exe" -sMSSQLSERVER`, &accNetwork)
	case kindWeb:
		was := svc("-k iissvcs", &accSystem)
		b.service = start(was, "w3wp.exe",
			`c:\windows\system32\inetsrv\w3wp.exe -ap "ServicePortal" -v "v4.0" -l "webengine4.dll" -a \\.\pipe\iisipm7f1c2a -h "C:\inetpub\temp\apppools\ServicePortal\ServicePortal.config" -w "" -m 0`,
			&accAppPool)
		b.service.integrity = "High"
	case kindConnect:
		b.service = start(b.services, "miiserver.exe", `"C:\Program Files\Microsoft Azure AD Sync\Bin\miiserver.exe"`, &accSystem)
	case kindApp:
		b.service = start(b.services, "java.exe", `"D:\Apps\Forma\jre\bin\java.exe" -Xmx8g -jar D:\Apps\Forma\forma-server.jar --port=8443`, &accSystem)
	default:
		b.service = svc("-k LocalServiceNetworkRestricted -p -s Dhcp", &accLocal)
	}
	return b
}

func posixBoot(d *Device, start func(*proc, string, string, *account) *proc) baseProcesses {
	var b baseProcesses
	root := &accRoot
	if d.kind == kindMac {
		b.init = start(nil, "launchd", "/sbin/launchd", root)
		b.cron = start(b.init, "xpcproxy", "xpcproxy com.apple.mdworker.shared", root)
		b.mdatp = start(b.init, "wdavdaemon", "/Applications/Microsoft Defender.app/Contents/MacOS/wdavdaemon", root)
		b.sshd = b.init
		b.service = b.cron
	} else {
		b.init = start(nil, "systemd", "/sbin/init", root)
		b.cron = start(b.init, "cron", "/usr/sbin/cron -f -P", root)
		b.sshd = start(b.init, "sshd", "sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups", root)
		b.mdatp = start(b.init, "wdavdaemon", "/opt/microsoft/mdatp/sbin/wdavdaemon", root)
		b.service = start(b.init, "nginx", "nginx: master process /usr/sbin/nginx -g daemon on; master_process on;", root)
	}
	b.init.pid = 1
	for _, p := range []*proc{b.init, b.cron, b.sshd, b.mdatp, b.service} {
		p.integrity, p.elevation = "", "None"
	}
	return b
}

var (
	accRoot    = account{domain: "", name: "root"}
	accAppPool = account{domain: "iis apppool", name: "serviceportal", sid: "S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415"}
)

// pid gives a process id as Windows does, a multiple of four.
func (r *rng) pid() int64 { return int64(r.between(300, 7800)) * 4 }

func systemLogon(a *account) int64 {
	switch a {
	case &accLocal:
		return 997
	case &accNetwork:
		return 996
	case &accRoot:
		return 0
	}
	return 999
}

// newProc makes a process of a program that is installed on the device; the caller says when and under which id it began.
func newProc(d *Device, parent *proc, m *image, cmd string, acc *account) *proc {
	p := &proc{file: m.on(d), dev: d, cmd: cmd, parent: parent, acc: acc}
	if parent != nil {
		p.logonID, p.session = parent.logonID, parent.session
		p.integrity, p.elevation = parent.integrity, parent.elevation
		p.remoteIP, p.remoteDev = parent.remoteIP, parent.remoteDev
	}
	return p
}

// unique is Defender's ProcessUniqueId: one number for each process that ever ran.
func (p *proc) unique() uint64 {
	return derive(uint64(p.dev.n), "proc", uint64(p.pid)^uint64(p.created)<<16) >> 10
}

func (p *proc) signerType() string {
	switch {
	case p.dev.posix() || p.img == nil || p.img.signer == "":
		return "Unknown"
	case strings.HasPrefix(p.img.signer, "Microsoft Windows"):
		return "OsVendor"
	}
	return "Other"
}

func (p *proc) signatureStatus() string {
	if p.img == nil || p.img.signer == "" || p.dev.posix() {
		return "Unknown"
	}
	return "Valid"
}
