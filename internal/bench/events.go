package bench

import (
	"fmt"
	"strconv"
	"strings"
)

// command invents a command line of about 200 bytes.
func (g *generator) command(im *image, u *user) string {
	switch im.kind {
	case "browser":
		return fmt.Sprintf(`"%s" --type=%s --field-trial-handle=%d,i,%d,%d,262144 --disable-features=Translate --lang=en-US --device-scale-factor=1 --num-raster-threads=4 --renderer-client-id=%d --launch-time-ticks=%d --mojo-platform-channel-handle=%d /prefetch:%d`,
			im.path, pick(g, []string{"renderer", "utility", "gpu-process"}), 1000+g.IntN(9000), g.Uint64(), g.Uint64(), g.IntN(20_000), g.Int64N(1e12), 1000+g.IntN(9000), 1+g.IntN(8))
	case "svchost":
		return fmt.Sprintf(`C:\Windows\System32\svchost.exe -k %s -p -s %s`, pick(g, []string{"netsvcs", "LocalService", "NetworkService", "wsappx"}), pick(g, words))
	case "conhost":
		return `\??\C:\Windows\System32\conhost.exe 0xffffffff -ForceV1`
	case "powershell":
		switch g.IntN(6) {
		case 0:
			return fmt.Sprintf(`powershell.exe -nop -w hidden -EncodedCommand %s==`, g.hex(120+g.IntN(200)))
		case 1:
			return fmt.Sprintf(`powershell.exe -Command Invoke-WebRequest -Uri https://%s.%s/%s -OutFile C:\Users\%s\Downloads\%s_%d.zip -UseBasicParsing`, pick(g, words), pick(g, words), g.hex(16), u.name, pick(g, words), g.IntN(99_999))
		case 2:
			return fmt.Sprintf(`powershell -Command "Get-ChildItem -Path C:\Users\%s\AppData\Local\Temp\%s -Recurse | Where-Object { $_.LastWriteTime -gt (Get-Date).AddDays(-%d) } | Export-Csv C:\Temp\%s.csv"`, u.name, g.hex(12), g.IntN(90), g.hex(8))
		}
		return fmt.Sprintf(`powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "C:\ProgramData\%s\%s\Scripts\%s_%s.ps1" -Id {%s} -Mode %s`, pick(g, vendors), pick(g, words), pick(g, words), g.hex(8), g.guid(), pick(g, words))
	case "cmd":
		switch g.IntN(3) {
		case 0:
			return fmt.Sprintf(`cmd.exe /d /s /c "node "C:\Users\%s\AppData\Roaming\npm\node_modules\%s-%s\bin\%s.js" --port %d --token %s"`, u.name, pick(g, words), pick(g, words), pick(g, words), g.IntN(65_000), g.hex(40))
		case 1:
			return fmt.Sprintf(`"cmd.exe" /C wmic process where "ProcessId=%d" get CommandLine,ExecutablePath,ParentProcessId /format:csv`, g.IntN(65_000))
		}
		return fmt.Sprintf(`C:\Windows\system32\cmd.exe /c ""C:\Program Files\%s\%s\%s.bat" "%s" %d > "C:\Windows\Temp\%s.log" 2>&1"`, pick(g, vendors), pick(g, words), pick(g, words), g.guid(), g.IntN(1e7), g.hex(16))
	case "git":
		return fmt.Sprintf(`git.exe -c core.quotepath=false -c color.ui=false -C "C:\Users\%s\source\repos\%s-%s" %s --porcelain --untracked-files=all %s`, u.name, pick(g, words), pick(g, words), pick(g, []string{"status", "log", "show"}), g.hex(40))
	case "tool":
		return fmt.Sprintf(`"%s" /%s:%s /id {%s} /q %d "C:\Users\%s\AppData\Local\Temp\%s.dat"`, im.path, pick(g, words), pick(g, words), g.guid(), g.IntN(1e6), u.name, g.hex(16))
	}
	switch g.IntN(3) {
	case 0:
		return fmt.Sprintf(`"%s" --config "C:\ProgramData\%s\%s\%s.json" --session %d --token %s --log-level %s`, im.path, im.company, im.product, g.guid(), g.IntN(1e9), g.hex(32), pick(g, []string{"info", "warn", "debug"}))
	case 1:
		return fmt.Sprintf(`"%s" "C:\Users\%s\OneDrive - Contoso\Documents\%s %s %d\%s-%d.%s" /%s`, im.path, u.name, pick(g, words), pick(g, words), 2015+g.IntN(12), pick(g, words), g.IntN(1e6), pick(g, []string{"docx", "xlsx", "pdf", "csv"}), pick(g, words))
	}
	return fmt.Sprintf(`"%s" -Embedding {%s} -ServerName:%s.AppX%s.mca /%s /pid:%d`, im.path, strings.ToUpper(g.guid()), pick(g, words), g.hex(26), pick(g, words), g.IntN(65_000))
}

// common writes what all three kinds of events begin with.
func (d *device) common(r *rows, t int64, action string) {
	d.report++
	r.number("Timestamp", t)
	r.number("TimeGenerated", t)
	r.text("DeviceId", d.id)
	r.text("DeviceName", d.name)
	r.text("MachineGroup", d.group)
	r.text("ActionType", action)
	r.number("ReportId", d.report)
	r.text("TenantId", "5f1c1e9a-3d7b-4c55-8a41-0d9f6b2e7c10")
	r.text("SourceSystem", "Vedette")
	r.text("Type", r.table.Name)
}

// initiating writes the columns of the process behind an event.
func (p *process) initiating(r *rows) {
	r.text("InitiatingProcessAccountDomain", p.user.domain)
	r.text("InitiatingProcessAccountName", p.user.name)
	r.text("InitiatingProcessAccountSid", p.user.sid)
	r.text("InitiatingProcessAccountUpn", p.user.upn)
	r.text("InitiatingProcessAccountObjectId", p.user.id)
	r.text("InitiatingProcessIntegrityLevel", p.image.integrity)
	r.text("InitiatingProcessTokenElevation", p.image.elevation)
	for _, c := range p.image.initiating {
		r.text(c.column, c.value)
	}
	r.number("InitiatingProcessFileSize", p.image.size)
	r.number("InitiatingProcessId", p.id)
	r.text("InitiatingProcessCommandLine", p.command)
	r.number("InitiatingProcessCreationTime", p.created)
	r.number("InitiatingProcessParentId", p.parent)
	r.text("InitiatingProcessParentFileName", p.parentFile)
	r.number("InitiatingProcessParentCreationTime", p.parentTime)
	r.number("InitiatingProcessSessionId", p.session)
	r.flag("IsInitiatingProcessRemoteSession", false)
	r.text("InitiatingProcessUniqueId", p.unique)
}

func (g *generator) parent(d *device) *process {
	if g.IntN(10) < 4 {
		return d.live[g.IntN(longLived)]
	}
	return d.live[len(d.live)-1-g.IntN(min(len(d.live), 30))]
}

func (g *generator) processEvent(t int64, rare string) {
	d, im, r := g.scenery.devices[g.draw(g.scenery.device)], g.scenery.images[g.draw(g.scenery.image)], g.process
	parent := g.parent(d)
	u := parent.user
	if im.service {
		u = g.scenery.system
	} else if u == g.scenery.system && g.IntN(2) == 0 {
		u = pick(g, d.users)
	}
	d.next += 4 * (1 + g.Int64N(30))
	if d.next > 65_000 {
		d.next = 1000 + g.Int64N(4000)
	}
	command := g.command(im, u)
	if rare != "" {
		command += fmt.Sprintf(` & C:\Users\Public\%s.exe privilege::debug %s::logonpasswords exit`, rare, rare)
	}
	p := &process{image: im, id: d.next, parent: parent.id, command: command, created: t, user: u, logon: d.logon + g.Int64N(3),
		unique: strconv.FormatInt(t, 10), parentFile: parent.image.file, parentTime: parent.created}
	if u != g.scenery.system {
		p.session = 1 + g.Int64N(3)
	}
	d.live = append(d.live, p)
	if len(d.live) > 80 {
		d.live = append(d.live[:longLived], d.live[40:]...)
	}
	d.common(r, t, "ProcessCreated")
	for _, c := range im.own {
		r.text(c.column, c.value)
	}
	r.number("FileSize", im.size)
	r.number("ProcessId", p.id)
	r.text("ProcessCommandLine", command)
	r.text("ProcessIntegrityLevel", im.integrity)
	r.text("ProcessTokenElevation", im.elevation)
	r.number("ProcessCreationTime", t-g.Int64N(50_000))
	r.text("AccountDomain", u.domain)
	r.text("AccountName", u.name)
	r.text("AccountSid", u.sid)
	r.text("AccountUpn", u.upn)
	r.text("AccountObjectId", u.id)
	r.number("LogonId", p.logon)
	parent.initiating(r)
	r.number("InitiatingProcessLogonId", parent.logon)
	r.text("InitiatingProcessSignerType", parent.image.signer)
	r.text("InitiatingProcessSignatureStatus", parent.image.signature)
	switch x := g.IntN(100); {
	case x < 25:
		r.text("AdditionalFields", fmt.Sprintf(`{"DesktopName":"WinSta0\\Default","ThreadId":%d,"TokenModificationProperties":null}`, g.IntN(40_000)))
	case x < 35:
		r.text("AdditionalFields", fmt.Sprintf(`{"AttackTechniques":["%s","%s"],"SignerInfo":{"IssuerName":"%s CA","IsTrusted":%t},"Score":%d}`,
			pick(g, techniques), pick(g, techniques), pick(g, vendors), g.IntN(5) > 0, g.IntN(100)))
	case x < 40:
		r.text("AdditionalFields", fmt.Sprintf(`{"ScriptContentHash":"%s","AmsiProcessId":%d,"Description":"%s %s"}`, g.hex(64), g.IntN(65_000), pick(g, words), pick(g, words)))
	}
	r.number("CreatedProcessSessionId", p.session)
	r.flag("IsProcessRemoteSession", false)
	r.text("ProcessUniqueId", p.unique)
	r.end()
}

var (
	connections = []string{"ConnectionSuccess", "ConnectionSuccess", "ConnectionSuccess", "ConnectionFailed", "ConnectionRequest", "InboundConnectionAccepted"}
	ports       = []int64{443, 443, 443, 443, 80, 53, 445, 389, 135, 3389, 8080}
)

func (g *generator) networkEvent(t int64) {
	d, r := g.scenery.devices[g.draw(g.scenery.device)], g.network
	p := d.live[len(d.live)-1-g.IntN(min(len(d.live), 40))]
	ip, kind, url := g.scenery.ips[g.draw(g.scenery.ip)], "Public", ""
	switch {
	case g.IntN(3) == 0:
		ip, kind = g.address(), "Private"
	case g.IntN(3) > 0:
		url = g.scenery.domains[g.draw(g.scenery.domain)]
		if g.IntN(4) == 0 {
			url = "https://" + url + "/" + pick(g, words) + "/" + g.hex(10)
		}
	}
	d.common(r, t, pick(g, connections))
	r.text("RemoteIP", ip)
	r.number("RemotePort", pick(g, ports))
	r.text("RemoteUrl", url)
	r.text("LocalIP", d.ip)
	r.number("LocalPort", 49_152+g.Int64N(16_000))
	r.text("Protocol", pick(g, []string{"Tcp", "Tcp", "Tcp", "Udp"}))
	r.text("LocalIPType", "Private")
	r.text("RemoteIPType", kind)
	p.initiating(r)
	if g.IntN(4) == 0 {
		r.text("AdditionalFields", fmt.Sprintf(`{"direction":"%s","conn_state":"%s","orig_bytes":%d,"resp_bytes":%d}`,
			pick(g, []string{"Out", "In"}), pick(g, []string{"SF", "S0", "REJ"}), g.IntN(1e5), g.IntN(1e6)))
	}
	r.end()
}

func (g *generator) logonEvent(t int64) {
	d, r := g.scenery.devices[g.draw(g.scenery.device)], g.logon
	u, ip, action, reason := pick(g, d.users), g.address(), "LogonSuccess", ""
	switch x := g.IntN(100); {
	case x < 6: // guessing of passwords: few sources, many users
		hour := t / 36_000_000_000
		action, reason = "LogonFailed", pick(g, []string{"InvalidUserNameOrPassword", "UnknownUser", "AccountLocked"})
		u, ip = g.scenery.users[g.IntN(40)], fmt.Sprintf("185.220.%d.%d", hour%4, 1+hour%50)
	case x < 12:
		action, reason = "LogonFailed", "InvalidUserNameOrPassword"
	case x < 20:
		action = "LogonAttempted"
	}
	d.common(r, t, action)
	r.text("LogonType", pick(g, []string{"Network", "Network", "Interactive", "RemoteInteractive", "Batch", "Service"}))
	r.text("AccountDomain", u.domain)
	r.text("AccountName", u.name)
	r.text("AccountSid", u.sid)
	r.text("Protocol", pick(g, []string{"Kerberos", "NTLM", "Negotiate"}))
	r.text("FailureReason", reason)
	r.flag("IsLocalAdmin", g.IntN(10) == 0)
	r.number("LogonId", g.Int64N(1<<40))
	r.text("RemoteDeviceName", strings.TrimSuffix(pick(g, g.scenery.devices).name, ".corp.contoso.com"))
	r.text("RemoteIP", ip)
	r.text("RemoteIPType", "Private")
	r.number("RemotePort", 49_152+g.Int64N(16_000))
	d.live[g.IntN(longLived)].initiating(r)
	r.text("AdditionalFields", fmt.Sprintf(`{"IsLocalLogon":%t,"IsInteractive":%t}`, g.IntN(3) == 0, g.IntN(2) == 0))
	r.end()
}
