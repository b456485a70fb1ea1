package world

import "fmt"

// session is somebody's day at a device. It is a function of device and day alone, so that attacks, which are written before the
// history is played, can hang their processes on the same explorer.exe as the daily work.
type session struct {
	d          *Device
	who        *Person
	start, end ticks
	works      bool // false on a day off; the processes are there all the same
	id         int64
	userinit   *proc
	shell      *proc // explorer.exe, Finder, gnome-shell
	sihost     *proc
	browser    *proc
	outlook    *proc
	teams      *proc
	onedrive   *proc
	terminal   *proc // bash or zsh where there is no Windows
}

func dayOf(t ticks) int64 { return int64(t / tickDay) }

// weekend says whether a day since 1970 is a Saturday or Sunday.
func weekend(day int64) bool { w := (day + 4) % 7; return w == 0 || w == 6 }

func (w *World) session(d *Device, day int64) *session {
	r := rng{derive(w.cfg.Seed, "session", uint64(d.n)<<24+uint64(day))}
	s := &session{d: d, who: d.owner}
	if s.who == nil {
		s.who = w.people[r.n(len(w.people))]
	}
	s.works = !r.chance(7)
	if weekend(day) {
		s.works = r.chance(8)
	}
	s.start = ticks(day)*tickDay + 6*tickHour + 40*tickMinute + ticks(s.who.late)*tickMinute + ticks(r.n(int(25*tickMinute)))
	s.end = s.start + 8*tickHour + ticks(r.n(int(2*tickHour)))
	s.id = int64(r.between(180_000, 90_000_000))
	at := s.start
	begin := func(parent *proc, name, cmd string) *proc {
		at += ticks(r.between(2_000_000, 60_000_000))
		p := newProc(d, parent, img(name), cmd, &s.who.account)
		p.pid, p.created, p.fixed = r.pid(), at, true
		p.logonID, p.session, p.integrity, p.elevation = s.id, 1, "Medium", "TokenElevationTypeLimited"
		if d.posix() {
			p.integrity, p.elevation = "", "None"
		}
		return p
	}
	switch d.kind {
	case kindMac:
		s.shell = begin(d.base.init, "Finder", "/System/Library/CoreServices/Finder.app/Contents/MacOS/Finder")
		s.browser = begin(d.base.init, "Safari", "/Applications/Safari.app/Contents/MacOS/Safari")
		s.outlook = begin(d.base.init, "Microsoft Outlook", "/Applications/Microsoft Outlook.app/Contents/MacOS/Microsoft Outlook")
		s.teams = begin(d.base.init, "MSTeams", "/Applications/Microsoft Teams.app/Contents/MacOS/MSTeams")
		s.terminal = begin(s.shell, "zsh", "-zsh")
	case kindLinuxDesktop:
		s.shell = begin(d.base.init, "gnome-shell", "/usr/bin/gnome-shell")
		s.browser = begin(s.shell, "firefox", "/usr/lib/firefox/firefox")
		s.outlook, s.teams = s.browser, s.browser
		s.terminal = begin(s.shell, "bash", "bash")
	default:
		s.userinit = begin(d.base.winlogon, "userinit.exe", `C:\Windows\system32\userinit.exe`)
		s.shell = begin(s.userinit, "explorer.exe", `C:\Windows\Explorer.EXE`)
		s.sihost = begin(d.base.dcom, "sihost.exe", "sihost.exe")
		s.onedrive = begin(s.shell, "OneDrive.exe", `"C:\Program Files\Microsoft OneDrive\OneDrive.exe" /background`)
		s.teams = begin(s.sihost, "ms-teams.exe", `"C:\Program Files\WindowsApps\MSTeams_25198.1109.3837.4725_x64__8wekyb3d8bbwe\ms-teams.exe" ms-teams:system-initiated`)
		s.outlook = begin(s.shell, "OUTLOOK.EXE", `"C:\Program Files\Microsoft Office\root\Office16\OUTLOOK.EXE" `)
		if d.n%4 == 0 {
			s.browser = begin(s.shell, "chrome.exe", `"C:\Program Files\Google\Chrome\Application\chrome.exe" `)
		} else {
			s.browser = begin(s.shell, "msedge.exe", `"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe" --profile-directory=Default`)
		}
	}
	return s
}

// logonScene tells how the session began.
func (s *session) logonScene(w *World, r *rng) *scene {
	sc := &scene{w: w, r: r, d: s.d, t: s.start, fixed: true}
	row := sc.row(tabDeviceLogonEvents, "LogonSuccess", s.d.base.lsass)
	row.acc = &s.who.account
	row.logon = logon{kind: "Interactive", protocol: "Negotiate", id: s.id, admin: s.who.admin}
	row.extra = `{"IsLocalLogon":true}`
	if s.d.posix() {
		row.init = s.d.base.init
		row.logon.protocol = ""
		row.extra = fmt.Sprintf(`{"PosixUserId":%d,"PosixPrimaryGroupName":"staff","PosixPrimaryGroupId":20}`, 501+s.who.n)
	}
	for _, p := range []*proc{s.userinit, s.shell, s.sihost, s.onedrive, s.teams, s.outlook, s.browser, s.terminal} {
		if p == nil || p == s.browser && s.outlook == s.browser && p.created < sc.t {
			continue
		}
		if p == s.outlook && p == s.browser {
			continue
		}
		sc.t = p.created + ticks(r.between(1000, 900_000))
		row := sc.row(tabDeviceProcessEvents, "ProcessCreated", p.parent)
		row.child = p
		row.extra = sc.posixExtra(p)
	}
	dc := w.ofKind(kindDC)[s.d.n%2]
	sc.identity("LogonSuccess", identity{app: "Active Directory", kind: "Credentials validation", protocol: "Kerberos", acc: &s.who.account, device: s.d.fqdn, os: s.d.os.name,
		deviceType: s.d.deviceType(), ip: s.d.ip, port: 49152 + r.n(15000), destName: dc.fqdn, destIP: dc.ip, destPort: 88, targetDevice: dc.fqdn})
	return sc
}
