package world

import "fmt"

// develop is what engineers do on Windows; others just open a text file.
func develop(s *sim, sc *scene, ses *session) {
	r := sc.r
	if ses.who.department != "Engineering" && ses.who.department != "IT" {
		f := document(home(ses.who)+`\Documents\notes.txt`, r.next()%50)
		p := sc.spawn(ses.shell, "notepad.exe", `"C:\Windows\system32\NOTEPAD.EXE" `+f.path)
		sc.touch("FileModified", p, f)
		return
	}
	code := sc.spawn(ses.shell, "Code.exe", `"C:\Program Files\Microsoft VS Code\Code.exe" C:\src\firmware`)
	shell := sc.spawn(code, "powershell.exe",
		`"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe" -noexit -command "try { . \"c:\Program Files\Microsoft VS Code\resources\app\out\vs\workbench\contrib\terminal\common\scripts\shellIntegration.ps1\" } catch {}"`)
	sc.load(shell, "System.Management.Automation.ni.dll")
	for range r.between(1, 3) {
		cmd := pick(r, []string{"git.exe status --porcelain=v2 --branch", "git.exe fetch --prune origin", "git.exe commit -F -", "git.exe log -n 20 --oneline"})
		sc.spawn(shell, "git.exe", cmd)
		sc.pause(1, 20)
	}
	sc.connect(shell, outside("git.firmware.example", 443))
	if r.chance(40) {
		p := sc.spawn(shell, pick(r, []string{"node.exe", "python.exe"}), pick(r, []string{`"node.exe" build.mjs --target=mcu`, `"python.exe" -m pytest -q tests`}))
		for i := range r.between(1, 4) {
			sc.touch("FileCreated", p, document(fmt.Sprintf(`C:\src\firmware\build\obj\module%02d_%d.o`, r.n(60), i), r.next()))
		}
	}
}

// administer is the work of the IT department: servers over RDP and PowerShell, with the administrator's own account.
func administer(s *sim, sc *scene, ses *session) {
	if ses.who.department != "IT" {
		shellNoise(s, sc, ses)
		return
	}
	r := sc.r
	srv := s.w.devices[r.n(countServers(s.w.devices))]
	acc := new(account)
	*acc = ses.who.adminAccount()
	if r.chance(25) {
		as := sc.row(tabDeviceLogonEvents, "LogonSuccess", ses.shell)
		as.acc, as.extra = acc, `{"IsLocalLogon":true}`
		as.logon = logon{kind: "NewCredentials", protocol: "Negotiate", id: int64(r.between(1_000_000, 90_000_000)), admin: true}
	}
	if srv.posix() {
		p := sc.spawn(ses.shell, "cmd.exe", `"C:\Windows\System32\cmd.exe" /c ssh `+acc.name+"@"+srv.fqdn)
		sc.to(p, srv, 22)
		sc.logonTo(srv, acc, "Network", "", sc.d, "")
		return
	}
	if r.chance(50) {
		p := sc.spawn(ses.shell, "mstsc.exe", `"C:\Windows\system32\mstsc.exe" /v:`+srv.fqdn)
		sc.to(p, srv, 3389)
		row := sc.logonTo(srv, acc, "RemoteInteractive", "Negotiate", sc.d, "")
		remote := *sc
		remote.d, remote.rows = srv, nil
		shell := newProc(srv, srv.base.winlogon, img("explorer.exe"), `C:\Windows\Explorer.EXE`, acc)
		shell.logonID, shell.session, shell.integrity, shell.elevation = row.logon.id, 2+int64(r.n(5)), "High", "TokenElevationTypeFull"
		shell.remoteIP, shell.remoteDev = sc.d.ip, sc.d.host
		remote.start(shell)
		remote.adminShell(shell)
		sc.rows, sc.t = append(sc.rows, remote.rows...), remote.t
		return
	}
	ps := sc.spawn(ses.shell, "powershell.exe", `"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe" `)
	sc.load(ps, "System.Management.Automation.ni.dll")
	sc.event("PowerShellCommand", ps, `{"Command":"Invoke-Command -ComputerName `+srv.host+` -Credential $c -ScriptBlock { Get-Service | Where-Object Status -eq Stopped }"}`)
	sc.to(ps, srv, 5985)
	sc.logonTo(srv, acc, "Network", "Kerberos", sc.d, "")
	remote := *sc
	remote.d, remote.rows = srv, nil
	host := newProc(srv, srv.base.dcom, img("wsmprovhost.exe"), `C:\Windows\system32\wsmprovhost.exe -Embedding`, acc)
	host.integrity, host.elevation, host.logonID = "High", "TokenElevationTypeFull", int64(r.between(1_000_000, 900_000_000))
	remote.start(host)
	remote.event("PowerShellCommand", host, `{"Command":"Get-Service"}`)
	sc.rows, sc.t = append(sc.rows, remote.rows...), remote.t
	wmi := sc.event("RemoteWmiOperation", ps, `{"Namespace":"//`+srv.host+`/root/cimv2","Operation":"Provider::ExecQuery","IsRemoteMachine":true}`)
	wmi.conn.remoteName, wmi.conn.remoteIP = srv.host, srv.ip
}

// adminShell is an administrator looking around on a server.
func (s *scene) adminShell(shell *proc) {
	r := s.r
	s.pause(5, 60)
	s.event("OpenProcessApiCall", s.d.base.defender, `{"DesiredAccess":5136}`).child = shell
	switch r.n(4) {
	case 0:
		s.spawn(shell, "mmc.exe", `"C:\Windows\system32\mmc.exe" "C:\Windows\system32\services.msc" `)
	case 1:
		p := s.spawn(shell, "cmd.exe", `"C:\Windows\system32\cmd.exe" `)
		s.spawn(p, "conhost.exe", `\??\C:\Windows\system32\conhost.exe 0xffffffff -ForceV1`)
		s.spawn(p, pick(r, []string{"ipconfig.exe", "gpupdate.exe", "systeminfo.exe", "tasklist.exe"}), pick(r, []string{"ipconfig  /all", "gpupdate  /force", "systeminfo",
			"tasklist  /svc"}))
	case 2:
		p := s.spawn(shell, "powershell.exe", `"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe" -File C:\Scripts\Check-Backups.ps1`)
		s.load(p, "System.Management.Automation.ni.dll")
		s.event("PowerShellCommand", p, `{"Command":"Get-WinEvent"}`)
		s.event("ScriptContent", p,
			`{"ScriptContent":"Get-WinEvent -LogName Application -MaxEvents 200 | Where-Object ProviderName -like 'Tresor*'"}`).file = document(`C:\Scripts\Check-Backups.ps1`,
			3)
	default:
		p := s.spawn(shell, "schtasks.exe", `schtasks  /query /fo LIST /v`)
		s.load(p, "kernel32.dll")
		task := s.event("ScheduledTaskUpdated", s.d.base.schedule, `{"TaskName":"\\House\\Backup check","SubjectUserName":"`+shell.acc.name+`"}`)
		task.acc = shell.acc
		task.logon.id = shell.logonID
	}
}
