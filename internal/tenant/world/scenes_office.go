package world

import "fmt"

// play makes the rows of a scene of somebody's working day.
type play func(s *sim, sc *scene, ses *session)

// weighted is one kind of scene and how often it comes, relative to the others.
type weighted struct {
	weight int
	play   play
}

// windowsDay and posixDay are what people do at their devices.
var windowsDay = []weighted{
	{14, browse}, {13, editDocument}, {9, readMail}, {8, syncFiles}, {6, openShare}, {6, cloudSignIn}, {9, cloudActivity}, {4, meet}, {3, unlock}, {3, printPage},
	{2, downloadFile}, {1, mountDrive}, {3, lineOfBusiness}, {3, develop}, {3, administer}, {1, compress}, {3, clickLink}, {2, chatMessage}, {4, shellNoise},
}

var posixDay = []weighted{
	{14, posixBrowse}, {14, posixShell}, {8, readMail}, {6, cloudSignIn}, {9, cloudActivity}, {4, meet}, {3, clickLink}, {2, chatMessage}, {5, posixNoise},
}

func choose(r *rng, list []weighted) play {
	sum := 0
	for _, w := range list {
		sum += w.weight
	}
	n := r.n(sum)
	for _, w := range list {
		if n -= w.weight; n < 0 {
			return w.play
		}
	}
	return list[0].play
}

func office(s *sim, sc *scene, ses *session) {
	list := windowsDay
	if ses.d.posix() {
		list = posixDay
	}
	choose(&s.r, list)(s, sc, ses)
}

func browse(s *sim, sc *scene, ses *session) {
	r := sc.r
	if r.chance(12) {
		sc.event("BrowserLaunchedToOpenUrl", ses.outlook, "").conn.remoteURL = "https://" + pick(r, webSites) + "/"
	}
	name := ses.browser.name
	tab := sc.spawn(ses.browser, name,
		fmt.Sprintf(`"%s" --type=renderer --lang=en-GB --device-scale-factor=1.5 --num-raster-threads=4 --renderer-client-id=%d --time-ticks-at-unix-epoch=-17560%08d --launch-time-ticks=%d /prefetch:1`,
			ses.browser.path, r.between(5, 400), r.n(99999999), r.n(1<<40)))
	tab.integrity = "Low"
	for range r.between(2, 5) {
		sc.connect(ses.browser, outside(pick(r, webSites), 443))
		sc.pause(0, 4)
	}
	sc.connect(ses.browser, outside(pick(r, microsoftHosts), 443))
	if r.chance(25) {
		cache := document(home(ses.who)+fmt.Sprintf(`\AppData\Local\Microsoft\Edge\User Data\Default\Cache\Cache_Data\f_%06x`, r.n(1<<24))+".js", r.next())
		sc.touch("FileCreated", ses.browser, cache)
	}
	if r.chance(30) {
		dns := sc.event("DnsQueryResponse", ses.browser, `{"DnsQueryString":"`+pick(r,
			webSites)+`","DnsQueryType":"A","DnsQueryResult":"[{\"DnsQueryResultType\":\"Ip\",\"Result\":\"`+outside(pick(r, webSites), 443).ip+`\"}]"}`)
		dns.conn.localIP = sc.d.ip
	}
}

func editDocument(s *sim, sc *scene, ses *session) {
	r := sc.r
	kind := pick(r, officeTypes)
	path := home(ses.who) + `\OneDrive - ` + s.w.cfg.TenantName + `\` + r.title() + "." + kind.ext
	f := document(path, r.next()%4)
	app := sc.spawn(ses.shell, kind.app, fmt.Sprintf(`"%s" /n "%s" /o ""`, img(kind.app).full, path))
	sc.load(app, pick(r, []string{"wininet.dll", "mscoree.dll", "amsi.dll", "dbghelp.dll"}))
	if r.chance(40) {
		sc.spawn(app, "splwow64.exe", "splwow64.exe 8192")
	}
	sc.connect(app, outside(pick(r, []string{"odc.officeapps.live.com", "substrate.office.com", "graph.microsoft.com"}), 443))
	sc.pause(1, 20)
	lock := document(home(ses.who)+`\OneDrive - `+s.w.cfg.TenantName+`\~$`+f.name, r.next())
	lock.size = 165
	sc.touch("FileCreated", app, lock)
	link := document(home(ses.who)+`\AppData\Roaming\Microsoft\Office\Recent\`+f.name+".LNK", r.next())
	link.size = int64(r.between(900, 1600))
	sc.touch("FileCreated", app, link)
	sc.event("ShellLinkCreateFileEvent", app,
		fmt.Sprintf(`{"FileSizeInBytes":%d,"VolumeGuidPath":"\\\\?\\Volume{%s}","IsOnRemovableMedia":false,"ShellLinkRunAsAdmin":false,"ShellLinkShowCommand":"SW_SHOWNORMAL"}`,
			link.size, guidOf(uint64(sc.d.n)))).file = link
	sc.set(app, fmt.Sprintf(`HKEY_CURRENT_USER\`+ses.who.sid+`\SOFTWARE\Microsoft\Office\16.0\%s\User MRU\ADAL_%s\File MRU`, map[string]string{"docx": "Word",
		"xlsx": "Excel", "pptx": "PowerPoint"}[kind.ext], upper(hexString(uint64(ses.who.n), 32))),
		"Item 1", "String", "[F00000000][T01DC0B5F0A8E1C40][O00000000]*"+path)
	sc.pause(20, 200)
	m := sc.touch("FileModified", app, document(path, r.next()%4+4))
	if r.chance(20) {
		m.origin.label, m.origin.sublabel = "Confidential", "All Employees"
	}
	if r.chance(20) {
		ren := sc.touch("FileRenamed", app, document(path[:len(path)-5]+" (1)."+kind.ext, r.next()%4+8))
		ren.prev = f
	}
	if r.chance(30) {
		sc.touch("FileDeleted", app, lock)
	}
	if r.chance(10) {
		sc.event("GetClipboardData", app, "")
	}
}

func syncFiles(s *sim, sc *scene, ses *session) {
	r := sc.r
	folder := home(ses.who) + `\OneDrive - ` + s.w.cfg.TenantName + `\`
	for range r.between(1, 5) {
		f := document(folder+r.title()+"."+pick(r, officeTypes).ext, r.next()%12)
		sc.touch(pick(r, []string{"FileCreated", "FileModified", "FileRenamed"}), ses.onedrive, f)
	}
	sc.connect(ses.onedrive, outside(pick(r, []string{"onedrive.live.com", "graph.microsoft.com", "skydrive.wns.windows.com"}), 443))
	if r.chance(20) {
		sc.set(ses.onedrive, `HKEY_CURRENT_USER\`+ses.who.sid+`\SOFTWARE\Microsoft\OneDrive\Accounts\Business1`, "LastSignInTime", "Qword", fmt.Sprint(r.n(1<<40)))
	}
}

// openShare goes to a file server: Kerberos, logon there, files on both sides.
func openShare(s *sim, sc *scene, ses *session) {
	r := sc.r
	fs := pick(r, s.w.ofKind(kindFile))
	dc := pick(r, s.w.ofKind(kindDC))
	sc.identity("LogonSuccess", identity{app: "Active Directory", kind: "Resource access", protocol: pick(r, []string{"Kerberos", "Kerberos", "Ntlm"}),
		acc: &ses.who.account, device: sc.d.fqdn, deviceType: sc.d.deviceType(),
		os: sc.d.os.name, ip: sc.d.ip, port: 49152 + r.n(15000), destName: dc.fqdn, destIP: dc.ip, destPort: 88, targetDevice: fs.fqdn, targetDisplay: fs.host})
	sc.to(sc.d.base.system, fs, 445)
	sc.logonTo(fs, &ses.who.account, "Network", "Kerberos", sc.d, "")
	share := `\\` + lower(fs.host) + `\` + pick(r, []string{"sales$", "finance", "engineering", "projects", "scans"})
	local := `E:\Shares` + share[len(lower(fs.host))+2:] + `\`
	for range r.between(1, 4) {
		row := sc.touch(pick(r, []string{"FileCreated", "FileModified", "FileRenamed"}), fs.base.system, document(local+r.title()+"."+pick(r, officeTypes).ext, r.next()%8))
		row.dev = fs
		row.origin = origin{request: "SMB", sourceIP: sc.d.ip, sourcePort: 49152 + r.n(15000), share: share, account: &ses.who.account}
		if row.action == "FileRenamed" {
			row.prev = document(local+"New Microsoft Word Document.docx", 1)
		}
		sc.pause(1, 30)
	}
}

func unlock(s *sim, sc *scene, ses *session) {
	row := sc.row(tabDeviceLogonEvents, "LogonSuccess", sc.d.base.lsass)
	row.acc = &ses.who.account
	row.logon = logon{kind: "Unlock", protocol: "Negotiate", id: ses.id, admin: ses.who.admin}
	row.extra = `{"IsLocalLogon":true}`
	if sc.r.chance(15) {
		fail := sc.row(tabDeviceLogonEvents, "LogonFailed", sc.d.base.lsass)
		fail.acc, fail.extra = &ses.who.account, `{"IsLocalLogon":true}`
		fail.logon = logon{kind: "Interactive", protocol: "Negotiate", failure: "InvalidUserNameOrPassword"}
	}
	sc.event("DpapiAccessed", ses.browser, fmt.Sprintf(`{"CallerProcessID":%d,"DataDescription":"","OperationType":"SPCryptUnprotect"}`, ses.browser.pid))
}

func printPage(s *sim, sc *scene, ses *session) {
	app := sc.spawn(ses.shell, "AcroRd32.exe", `"C:\Program Files\Adobe\Acrobat DC\Acrobat\AcroRd32.exe" "`+home(ses.who)+`\Documents\`+sc.r.title()+`.pdf"`)
	sc.spawnAs(sc.d.base.spooler, "splwow64.exe", "splwow64.exe 12288", &ses.who.account)
	spool := document(fmt.Sprintf(`C:\Windows\System32\spool\PRINTERS\%05d.SPL`, sc.r.n(99999)), sc.r.next())
	sc.touch("FileCreated", sc.d.base.spooler, spool)
	sc.touch("FileDeleted", sc.d.base.spooler, spool)
	sc.load(app, "wininet.dll")
}

func downloadFile(s *sim, sc *scene, ses *session) {
	r := sc.r
	host := pick(r, webSites)
	f := document(home(ses.who)+`\Downloads\`+r.title()+"."+pick(r, []string{"pdf", "zip", "xlsx", "docx"}), r.next()%3)
	sc.connect(ses.browser, outside(host, 443))
	row := sc.touch("FileCreated", ses.browser, f)
	row.origin.url, row.origin.referrer, row.origin.ip = "https://"+host+"/files/"+fmt.Sprint(r.n(99999)), "https://"+host+"/", outside(host, 443).ip
	ev := sc.event("SmartScreenAppWarning", ses.browser, `{"Experience":"Unknown","ActivityId":"`+guidOf(r.next())+`"}`)
	ev.file, ev.origin = f, row.origin
	ev.conn.remoteURL = row.origin.url
}

func mountDrive(s *sim, sc *scene, ses *session) {
	r := sc.r
	serial := upper(hexString(r.next(), 16))
	vendor := pick(r, []string{"Kingsbridge", "Silverdisk", "Orbita"})
	sc.event("PnpDeviceConnected", nil,
		`{"ClassName":"DiskDrive","ClassId":"4d36e967-e325-11ce-bfc1-08002be10318","DeviceId":"USBSTOR\\Disk&Ven_`+vendor+`&Prod_Travel&Rev_1.00\\`+serial+`&0","DeviceDescription":"Disk drive","VendorIds":["USBSTOR\\Disk`+vendor+`"]}`)
	sc.event("UsbDriveMounted", nil,
		`{"BusType":7,"DriveLetter":"E:","ProductName":"Travel","ProductRevision":"1.00","SerialNumber":"`+serial+`","Manufacturer":"`+vendor+`","Volume":"\\\\?\\Volume{`+guidOf(r.next())+`}","LoggedOnUsers":["`+ses.who.upn+`"]}`)
	for range r.between(1, 4) {
		sc.pause(2, 40)
		row := sc.touch("FileCreated", ses.shell, document(`E:\`+r.title()+"."+pick(r, officeTypes).ext, r.next()%4))
		sc.event("RemovableStorageFileEvent", ses.shell, "").file = row.file
	}
}

func lineOfBusiness(s *sim, sc *scene, ses *session) {
	app := "FormaClient.exe"
	if ses.who.department == "Engineering" {
		app = "OpticCad.exe"
	}
	p := sc.spawn(ses.shell, app, `"`+img(app).full+`"`)
	sc.load(p, "mscoree.dll")
	srv := pick(sc.r, s.w.ofKind(kindApp))
	for range sc.r.between(1, 4) {
		sc.to(p, srv, 8443)
		sc.pause(3, 60)
	}
	sc.touch("FileModified", p, document(home(ses.who)+`\AppData\Local\`+app[:len(app)-4]+`\settings.json`, sc.r.next()))
}

func compress(s *sim, sc *scene, ses *session) {
	name := home(ses.who) + `\Documents\` + sc.r.title()
	p := sc.spawn(ses.shell, "7zG.exe", `"C:\Program Files\7-Zip\7zG.exe" a -i#7zMap`+fmt.Sprint(sc.r.n(20000))+`#7zEvent -ad -saa -- "`+name+`"`)
	sc.touch("FileCreated", p, document(name+".zip", sc.r.next()))
}

func meet(s *sim, sc *scene, ses *session) {
	for range sc.r.between(2, 5) {
		row := sc.connect(ses.teams, endpoint{"", fmt.Sprintf("203.0.113.%d", 180+sc.r.n(60)), 3478 + sc.r.n(4)})
		row.conn.protocol = "Udp"
		sc.pause(1, 10)
	}
	sc.connect(ses.teams, outside("teams.microsoft.com", 443))
	if sc.r.chance(10) && sc.d.windows() {
		sc.event("ScreenshotTaken", ses.shell, "")
	}
}

func shellNoise(s *sim, sc *scene, ses *session) {
	r := sc.r
	p := sc.spawnAs(sc.d.base.dcom, pick(r, []string{"RuntimeBroker.exe", "backgroundTaskHost.exe", "taskhostw.exe"}), `"`+pick(r,
		[]string{"RuntimeBroker.exe\" -Embedding", "backgroundTaskHost.exe\" -ServerName:App.AppX" + base64url(r.next(), 20) + ".mca", "taskhostw.exe\""}), &ses.who.account)
	p.logonID, p.session, p.integrity, p.elevation = ses.id, 1, "Medium", "TokenElevationTypeLimited"
	sc.load(p, pick(r, []string{"wininet.dll", "vaultcli.dll", "dbghelp.dll"}))
	if r.chance(40) {
		sc.set(ses.shell, `HKEY_CURRENT_USER\`+ses.who.sid+`\SOFTWARE\Microsoft\Windows\CurrentVersion\Explorer\RecentDocs`, fmt.Sprint(r.n(150)), "Binary", "")
	}
	if r.chance(20) {
		row := sc.row(tabDeviceRegistryEvents, pick(r, []string{"RegistryValueDeleted", "RegistryKeyCreated", "RegistryKeyDeleted"}), ses.shell)
		row.reg = registry{key: `HKEY_CURRENT_USER\` + ses.who.sid + `\SOFTWARE\Classes\Local Settings\MuiCache`,
			prevKey: `HKEY_CURRENT_USER\` + ses.who.sid + `\SOFTWARE\Classes\Local Settings\MuiCache`, prevName: "LanguageList", prevData: "en-GB", name: "LanguageList"}
	}
}
