package world

import "fmt"

// machinery is what happens around the clock, with nobody at the keyboard.
var machinery = []struct {
	weight int
	play   func(s *sim, sc *scene)
}{
	{20, heartbeat}, {16, serviceWork}, {8, antivirus}, {6, windowsUpdate}, {9, certificates}, {9, domainController}, {6, dnsQueries}, {3, directoryChange},
	{7, webTraffic}, {6, sqlJob}, {5, backup}, {7, linuxServer}, {2, entraConnect}, {5, spam}, {5, portScan}, {5, cloudPlatform}, {2, inventories}, {3, serviceLogon}, {2, drivers},
}

func datacenter(s *sim, sc *scene) {
	sum := 0
	for _, m := range machinery {
		sum += m.weight
	}
	n := s.r.n(sum)
	for _, m := range machinery {
		if n -= m.weight; n < 0 {
			m.play(s, sc)
			return
		}
	}
}

// windows picks a Windows device, servers more often than their share.
func (s *sim) windows() *Device {
	n := len(s.w.devices)
	if s.r.chance(40) {
		n = countServers(s.w.devices)
	}
	for {
		if d := s.w.devices[s.r.n(n)]; d.windows() {
			return d
		}
	}
}

// heartbeat is the regular report of a device about itself; each device has its turn.
func heartbeat(s *sim, sc *scene) {
	d := s.w.devices[s.beat%len(s.w.devices)]
	s.beat++
	sc.d = d
	info := sc.row(tabDeviceInfo, "", nil)
	if !d.server() {
		if ses := s.at(d, sc.t); ses.works && sc.t > ses.start && sc.t < ses.end {
			info.acc = &ses.who.account
		}
	}
	sc.row(tabDeviceNetworkInfo, "", nil)
	if d.windows() {
		p := sc.spawn(d.base.sense, "SenseCncProxy.exe", `"SenseCncProxy.exe"`)
		sc.connect(p, outside("v10.events.data.microsoft.com", 443))
	}
}

func serviceWork(s *sim, sc *scene) {
	r := sc.r
	d := s.windows()
	sc.d = d
	svc := sc.spawnAs(d.base.services, "svchost.exe", `C:\Windows\system32\svchost.exe -k `+pick(r, []string{"netsvcs -p -s BITS", "LocalService -p -s WdiServiceHost",
		"wsappx -p -s ClipSVC", "netsvcs -p -s gpsvc", "LocalServiceNetworkRestricted -p -s WinHttpAutoProxySvc"}), pick(r, []*account{&accSystem, &accLocal, &accNetwork}))
	svc.logonID = systemLogon(svc.acc)
	sc.load(svc, pick(r, []string{"kernel32.dll", "wininet.dll", "samlib.dll", "vaultcli.dll"}))
	sc.set(svc, `HKEY_LOCAL_MACHINE\SYSTEM\ControlSet001\Services\bam\State\UserSettings\S-1-5-18`, `\Device\HarddiskVolume3\Windows\System32\svchost.exe`, "Binary", "")
	switch r.n(6) {
	case 0:
		p := sc.spawn(d.base.wmi, "cmd.exe", `cmd.exe /c "C:\Program Files (x86)\Microsoft Intune Management Extension\agentexecutor.exe" -remediationScript`)
		ev := sc.event("ProcessCreatedUsingWmiQuery", d.base.wmi, `{"ClientMachine":"`+d.host+`","IsRemoteMachine":false}`)
		ev.child = p
	case 1:
		task := sc.event("ScheduledTaskCreated", d.base.schedule,
			`{"TaskName":"\\Microsoft\\Windows\\UpdateOrchestrator\\Schedule Work","TaskContent":"<Task version=\"1.4\"><Actions><Exec><Command>%systemroot%\\system32\\usoclient.exe</Command></Exec></Actions></Task>"}`)
		task.acc = &accSystem
	case 2:
		ev := sc.event("OpenProcessApiCall", d.base.defender, `{"DesiredAccess":5136}`)
		ev.child = d.base.lsass
	case 3:
		sc.event("NamedPipeEvent", svc,
			`{"PipeName":"\\Device\\NamedPipe\\wkssvc","FileOperation":"File opened","NamedPipeEnd":"Client","RemoteClientsAccess":"AcceptRemote","ThreadId":`+fmt.Sprint(r.n(30000))+`}`)
	case 4:
		sc.event("NtAllocateVirtualMemoryApiCall", svc, fmt.Sprintf(`{"BaseAddress":%d,"RegionSize":262144,"ProtectionMask":64}`, 2_000_000_000_000+r.n(90_000_000_000)))
	default:
		sc.connect(svc, outside(pick(r, microsoftHosts), pick(r, []int{443, 443, 80})))
	}
}

func antivirus(s *sim, sc *scene) {
	r := sc.r
	sc.d = s.windows()
	av := sc.d.base.defender
	p := sc.spawn(av, "MpCmdRun.exe", pick(r, []string{`"MpCmdRun.exe" Scan -ScheduleJob -RestrictPrivileges -DailyScan -ScanTrigger 54`,
		`"MpCmdRun.exe" SignatureUpdate -ScheduleJob -RestrictPrivileges`, `"MpCmdRun.exe" GetDeviceTicket -AccessKey ` + guidOf(r.next())}))
	sc.load(p, "kernel32.dll")
	if r.chance(50) {
		f := document(fmt.Sprintf(`C:\ProgramData\Microsoft\Windows Defender\Definition Updates\{%s}\mpavdlta.vdm`, upper(guidOf(r.next()))), r.next())
		sc.touch("FileCreated", av, f)
		sc.event("AntivirusDefinitionsUpdated", av, `{"AntivirusEngineVersion":"1.1.25070.4","AntispywareSignatureVersion":"1.435.`+fmt.Sprint(r.n(900))+`.0"}`)
		row := sc.set(p, `HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows Defender\Signature Updates`, "AVSignatureVersion", "String", fmt.Sprintf("1.435.%d.0", r.n(900)))
		row.reg.prevData = "1.435.12.0"
	} else {
		sc.event("AntivirusScanCompleted", av, `{"ScanTypeIndex":"Quick","ScanParametersIndex":"AntiMalware","User":"NT AUTHORITY\\SYSTEM","ScanId":"`+guidOf(r.next())+`"}`).acc = &accSystem
	}
}

func windowsUpdate(s *sim, sc *scene) {
	r := sc.r
	sc.d = s.windows()
	sc.connect(sc.d.base.update, outside("ctldl.windowsupdate.com", 80))
	switch r.n(3) {
	case 0:
		p := sc.spawn(sc.d.base.services, "TrustedInstaller.exe", `C:\Windows\servicing\TrustedInstaller.exe`)
		w := sc.spawn(sc.d.base.dcom, "TiWorker.exe", `C:\Windows\winsxs\amd64_microsoft-windows-servicingstack_31bf3856ad364e35_10.0.1\TiWorker.exe -Embedding`)
		for range r.between(1, 4) {
			sc.touch("FileCreated", w, document(fmt.Sprintf(`C:\Windows\WinSxS\Temp\InFlight\%016x\amd64_component_%04x.dll`, r.next(), r.n(1<<16)), r.next()))
		}
		sc.load(p, "kernel32.dll")
	case 1:
		p := sc.spawn(sc.d.base.schedule, "MicrosoftEdgeUpdate.exe", `"C:\Program Files (x86)\Microsoft\EdgeUpdate\MicrosoftEdgeUpdate.exe" /ua /installsource scheduler`)
		sc.connect(p, outside("edge.microsoft.com", 443))
		sc.set(p, `HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Microsoft\EdgeUpdate\ClientState\{56EB18F8-B008-4CBD-B6D2-8C97FE7E9062}`, "LastCheckSuccess", "Dword",
			fmt.Sprint(1_755_000_000+r.n(3_000_000)))
	default:
		p := sc.spawn(sc.d.base.services, "OfficeClickToRun.exe", `"C:\Program Files\Common Files\Microsoft Shared\ClickToRun\OfficeClickToRun.exe" /service`)
		sc.connect(p, outside("config.edge.skype.com", 443))
		sc.touch("FileModified", p, document(`C:\ProgramData\Microsoft\ClickToRun\DeploymentConfig.0.xml`, r.next()))
	}
}

var certified = []string{"svchost.exe", "MsMpEng.exe", "chrome.exe", "OneDrive.exe", "explorer.exe", "FormaClient.exe", "OpticCad.exe", "7zFM.exe", "notepad++.exe",
	"java.exe", "msedge.exe", "OUTLOOK.EXE", "vmtoolsd.exe", "TresorAgent.exe"}

func certificates(s *sim, sc *scene) {
	sc.d = s.windows()
	sc.row(tabDeviceFileCertificateInfo, "", nil).file = img(pick(sc.r, certified)).on(sc.d)
}

// domainController is the traffic of the directory: machine accounts and services that authenticate all the time.
func domainController(s *sim, sc *scene) {
	r := sc.r
	dc := pick(r, s.w.ofKind(kindDC))
	d := s.windows()
	sc.d = dc
	machine := &account{domain: s.w.net.netbios, name: lower(d.host) + "$", sid: fmt.Sprintf("%s-%d", s.w.net.domainSID, 4000+d.n), display: d.host}
	for range r.between(1, 3) {
		sc.identity("LogonSuccess", identity{app: "Active Directory", kind: "Resource access", protocol: "Kerberos", acc: machine, device: d.fqdn,
			deviceType: d.deviceType(), os: d.os.name, ip: d.ip, port: 49152 + r.n(15000),
			destName: dc.fqdn, destIP: dc.ip, destPort: 88, targetDevice: dc.fqdn, targetDisplay: "krbtgt"})
		sc.logonTo(dc, machine, "Network", "Kerberos", d, "")
		sc.pause(1, 50)
	}
	if r.chance(20) {
		p := pick(r, s.w.people)
		sc.identity("LogonFailed", identity{app: "Active Directory", kind: "Failed logon", protocol: pick(r, []string{"Ntlm", "Kerberos", "Ldap"}), failure: pick(r,
			[]string{"WrongPassword", "AccountLocked", "PasswordExpired"}), acc: &p.account, device: d.fqdn, deviceType: d.deviceType(),
			os: d.os.name, ip: d.ip, port: 49152 + r.n(15000), destName: dc.fqdn, destIP: dc.ip, destPort: 389, targetDevice: dc.fqdn})
		sc.logonTo(dc, &p.account, "Network", "NTLM", d, "InvalidUserNameOrPassword")
	}
	if r.chance(30) {
		ldap := sc.event("LdapSearch", d.base.netsvcs,
			`{"SearchFilter":"(&(objectCategory=computer)(cn=`+d.host+`))","AttributeList":["distinguishedName","operatingSystem"],"ScopeOfSearch":"SubTree","DistinguishedName":"`+s.w.net.baseDN+`"}`)
		ldap.dev = d
	}
}

func dnsQueries(s *sim, sc *scene) {
	r := sc.r
	dc := pick(r, s.w.ofKind(kindDC))
	d := s.w.devices[r.n(len(s.w.devices))]
	sc.d = dc
	for range r.between(1, 4) {
		i := identity{app: "Active Directory", protocol: "Dns", device: d.fqdn, ip: d.ip, port: 49152 + r.n(15000), destName: dc.fqdn, destIP: dc.ip, destPort: 53, country: "NL"}
		i.kind, i.queryTarget = pick(r, []string{"HostAddress", "AAAA", "Service", "Text"}), pick(r, webSites)
		sc.identity("DNS query", i)
		sc.pause(0, 9)
	}
	if r.chance(35) {
		p := pick(r, s.w.people)
		other := pick(r, s.w.people)
		i := identity{app: "Active Directory", protocol: pick(r, []string{"Ldap", "Samr"}), acc: &p.account, device: d.fqdn, ip: d.ip, port: 49152 + r.n(15000),
			destName: dc.fqdn, destIP: dc.ip, destPort: 389, targetDevice: dc.fqdn, country: "NL"}
		if i.protocol == "Ldap" {
			i.kind, i.query, i.queryTarget = "LdapQuery", "(&(objectClass=user)(samaccountname="+other.name+"))", other.display
			sc.identity("LDAP query", i)
		} else {
			i.kind, i.query, i.queryTarget, i.targetUPN, i.targetDisplay = "QueryUser", "QueryUser", other.display, other.upn, other.display
			sc.identity("SAMR query", i)
		}
	}
}

func directoryChange(s *sim, sc *scene) {
	r := sc.r
	dc := pick(r, s.w.ofKind(kindDC))
	p := pick(r, s.w.people)
	admin := s.w.role("IT", 1)
	acc := new(account)
	*acc = admin.adminAccount()
	sc.d = dc
	i := identity{app: "Active Directory", protocol: "Ldap", acc: acc, device: admin.device.fqdn, ip: admin.device.ip, port: 49152 + r.n(15000), destName: dc.fqdn,
		destIP: dc.ip, destPort: 389,
		targetUPN: p.upn, targetDisplay: p.display, targetDevice: dc.fqdn, country: "NL", isp: s.w.net.sites[0].isp}
	action := pick(r, []string{"Account Password changed", "Group Membership changed", "Account Unlock changed", "User Mail changed", "Account Expiry Time changed",
		"Device Operating System changed"})
	sc.identity(action, i)
	if action == "Account Password changed" {
		sc.event("UserAccountModified", dc.base.lsass, "").acc = &p.account
		sc.event("PasswordChangeAttempt", dc.base.lsass, "").acc = &p.account
	}
	if p.device != nil && r.chance(30) {
		dcd := sc.event("SecurityGroupMembershipChanged", dc.base.lsass, `{"GroupName":"GG-`+p.department+`","GroupSid":"`+s.w.net.domainSID+`-2107"}`)
		dcd.acc = &p.account
	}
}

// webTraffic is what the servers in the DMZ see from outside.
func webTraffic(s *sim, sc *scene) {
	r := sc.r
	web := pick(r, s.w.ofKind(kindWeb))
	sc.d = web
	for range r.between(1, 5) {
		row := sc.row(tabDeviceNetworkEvents, "InboundConnectionAccepted", web.base.service)
		ip := fmt.Sprintf("198.51.100.%d", 1+r.n(250))
		row.conn = conn{remoteIP: ip, remotePort: 1024 + r.n(60000), localIP: web.ip, localPort: 443, protocol: "Tcp", remoteType: "Public", localType: "Private"}
		sc.pause(0, 20)
	}
	if r.chance(30) {
		sc.to(web.base.service, pick(r, s.w.ofKind(kindSQL)), 1433)
	}
	if r.chance(20) {
		sc.touch("FileCreated", web.base.service,
			document(fmt.Sprintf(`C:\Windows\Microsoft.NET\Framework64\v4.0.30319\Temporary ASP.NET Files\serviceportal\%08x\App_Web_%s.dll`, r.n(1<<31),
				lower(base64url(r.next(), 8))), r.next()))
	}
}

func sqlJob(s *sim, sc *scene) {
	r := sc.r
	sql := pick(r, s.w.ofKind(kindSQL))
	sc.d = sql
	app := pick(r, s.w.ofKind(kindApp))
	svc := &account{domain: s.w.net.netbios, name: "svc-forma", sid: s.w.net.domainSID + "-3107", upn: "svc-forma@" + s.w.cfg.Domain, display: "Service Forma"}
	sc.logonTo(sql, svc, "Network", "Kerberos", app, "")
	in := sc.row(tabDeviceNetworkEvents, "InboundConnectionAccepted", sql.base.service)
	in.conn = conn{remoteIP: app.ip, remotePort: 49152 + r.n(15000), localIP: sql.ip, localPort: 1433, protocol: "Tcp", remoteType: "Private", localType: "Private"}
	if r.chance(40) {
		p := sc.spawnAs(sql.base.services, "sqlagent.exe", `"C:\Program Files\Microsoft SQL Server\MSSQL16.MSSQLSERVER\MSSQL\Binn\SQLAGENT.EXE" -i MSSQLSERVER`, &accNetwork)
		q := sc.spawn(p, "sqlcmd.exe", `sqlcmd -S . -d Forma -Q "exec dbo.NightlyReindex"`)
		sc.load(q, "kernel32.dll")
		sc.touch("FileCreated", sql.base.service, document(fmt.Sprintf(`F:\Backup\Forma_%d.trn`, r.n(99999)), r.next()))
	}
}

func backup(s *sim, sc *scene) {
	r := sc.r
	d := s.w.devices[r.n(countServers(s.w.devices))]
	for !d.windows() {
		d = s.w.devices[r.n(countServers(s.w.devices))]
	}
	sc.d = d
	p := sc.spawn(d.base.services, "TresorAgent.exe", `"C:\Program Files\Tresor Backup\TresorAgent.exe" --job nightly --incremental`)
	sc.to(p, pick(r, s.w.ofKind(kindFile)), 8443)
	for range r.between(1, 3) {
		sc.touch("FileCreated", p, document(fmt.Sprintf(`D:\TresorCache\%s.blk`, hexString(r.next(), 16)), r.next()))
	}
	sc.event("ServiceInstalled", d.base.services, `{"ServiceName":"TresorVss","ServiceAccount":"LocalSystem","ServiceStartType":3,"ServiceType":16}`).file = img("TresorAgent.exe").on(d)
}

func linuxServer(s *sim, sc *scene) {
	r := sc.r
	sc.d = pick(r, s.w.ofKind(kindLinuxServer))
	if r.chance(60) {
		linuxHousekeeping(sc)
		return
	}
	from := s.w.role("IT", 1+r.n(3))
	acc := new(account)
	*acc = from.adminAccount()
	if from.device == nil {
		return
	}
	sc.logonTo(sc.d, acc, "Network", "", from.device, "")
	shell := sc.spawnAs(sc.d.base.sshd, "bash", "-bash", acc)
	sc.spawn(shell, pick(r, []string{"ps", "grep", "find", "curl"}), pick(r, []string{"ps aux", "grep -i error /var/log/syslog", "find /var/log -mtime -1",
		"curl -sS http://localhost:8080/health"}))
	if r.chance(30) {
		d := sc.spawn(sc.d.base.init, "dockerd", "/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock")
		sc.spawn(d, "runc", "runc --root /var/run/docker/runtime-runc/moby exec --process /tmp/runc-process")
	}
}

func entraConnect(s *sim, sc *scene) {
	sc.d = pick(sc.r, s.w.ofKind(kindConnect))
	p := sc.d.base.service
	sc.connect(p, outside("login.microsoftonline.com", 443))
	sc.to(p, pick(sc.r, s.w.ofKind(kindDC)), 389)
	sc.touch("FileModified", p, document(`C:\ProgramData\AADConnect\trace-sync.log`, sc.r.next()))
}

// portScan is noise of the internet at the DMZ's door, seen on the wire: no process belongs to it.
func portScan(s *sim, sc *scene) {
	r := sc.r
	sc.d = pick(r, s.w.ofKind(kindWeb))
	ip := fmt.Sprintf("192.0.2.%d", 1+r.n(250))
	for range r.between(1, 6) {
		row := sc.row(tabDeviceNetworkEvents, pick(r, []string{"ConnectionAttempt", "InboundConnectionAttempt", "ConnectionAcknowledged"}), nil)
		row.conn = conn{remoteIP: ip, remotePort: 1024 + r.n(60000), localIP: sc.d.ip, localPort: pick(r, []int{22, 23, 80, 443, 445, 3389, 8080}), protocol: "TcpV4",
			remoteType: "Public", localType: "Private"}
		row.extra = `{"direction":"In","Source Mac":"02:00:5e:00:53:01","Destination Mac":"02:00:5e:00:53:02","Tcp Flags":2,"Packet Size":60}`
	}
	if r.chance(40) {
		fw := sc.event("FirewallInboundConnectionBlocked", sc.d.base.system, `{"Profiles":"Public"}`)
		fw.conn = conn{remoteIP: ip, remotePort: 1024 + r.n(60000), localIP: sc.d.ip, localPort: 3389}
	}
}

func serviceLogon(s *sim, sc *scene) {
	r := sc.r
	d := s.windows()
	sc.d = d
	row := sc.row(tabDeviceLogonEvents, "LogonSuccess", d.base.services)
	row.acc, row.extra = &accSystem, `{"IsLocalLogon":true}`
	row.logon = logon{kind: pick(r, []string{"Service", "Batch"}), protocol: "Negotiate", id: 999, admin: true}
	if d.server() && r.chance(50) {
		sc.logonTo(d, &account{domain: s.w.net.netbios, name: "svc-tresor", sid: s.w.net.domainSID + "-3111"}, "Network", "NTLM", pick(r, s.w.ofKind(kindApp)), "")
	}
}

func drivers(s *sim, sc *scene) {
	r := sc.r
	sc.d = s.windows()
	name := pick(r, []string{"WdFilter.sys", "vmci.sys", "e1i68x64.sys", "iaStorAC.sys", "cldflt.sys"})
	sc.event("DriverLoad", sc.d.base.system, "").file = document(`C:\Windows\System32\drivers\`+name, uint64(sc.d.os.build))
	if r.chance(30) {
		ev := sc.event("TamperingAttempt", sc.d.base.update, `{"TamperingAction":"RegistryModification","Status":"Ignored","OriginalRegistryValue":"1","AttemptedRegistryValue":"0"}`)
		ev.reg = registry{key: `HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\Windows Defender`, name: "DisableRealtimeMonitoring", data: "0"}
	}
}
