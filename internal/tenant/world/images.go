package world

import "strings"

// image is a program or library: what its version resource and its certificate say.
type image struct {
	name, dir                                string
	company, product, version, internal, org string // org is OriginalFileName
	description                              string
	size                                     int64
	signer                                   string // "" is not signed
	os                                       bool   // part of Windows: content and version go with the build
	id                                       uint64
	full                                     string // dir and name
}

// on is the program as it lies on a device.
func (m *image) on(d *Device) file {
	f := file{name: m.name, path: m.full, id: m.id, size: m.size, img: m}
	if m.os {
		f.id = mix(m.id + uint64(d.os.build)*1000 + uint64(d.os.rev))
		f.size += int64(d.os.build % 97 * 64)
	}
	return f
}

// img finds a program of the lists below by its file name.
func img(name string) *image {
	m := images[name]
	if m == nil {
		panic("world: no program named " + name)
	}
	return m
}

// windowsImages come with Windows: name|folder|description|internal name|size.
const windowsImages = `
ntoskrnl.exe|C:\Windows\System32|NT Kernel & System|ntkrnlmp.exe|11921408
smss.exe|C:\Windows\System32|Windows Session Manager|smss.exe|188416
wininit.exe|C:\Windows\System32|Windows Start-Up Application|WinInit|421888
winlogon.exe|C:\Windows\System32|Windows Logon Application|winlogon|946176
services.exe|C:\Windows\System32|Services and Controller app|services.exe|757248
lsass.exe|C:\Windows\System32|Local Security Authority Process|lsass.exe|85504
svchost.exe|C:\Windows\System32|Host Process for Windows Services|svchost.exe|88232
spoolsv.exe|C:\Windows\System32|Spooler SubSystem App|spoolsv.exe|929792
splwow64.exe|C:\Windows|Print driver host for applications|splwow64.exe|192512
WmiPrvSE.exe|C:\Windows\System32\wbem|WMI Provider Host|Wmiprvse.exe|528384
userinit.exe|C:\Windows\System32|Userinit Logon Application|userinit|57344
explorer.exe|C:\Windows|Windows Explorer|explorer|5233152
sihost.exe|C:\Windows\System32|Shell Infrastructure Host|sihost.exe|126976
taskhostw.exe|C:\Windows\System32|Host Process for Windows Tasks|taskhostw.exe|98304
backgroundTaskHost.exe|C:\Windows\System32|Background Task Host|Background Task Host|19776
RuntimeBroker.exe|C:\Windows\System32|Runtime Broker|RuntimeBroker.exe|103784
conhost.exe|C:\Windows\System32|Console Window Host|ConHost|867840
cmd.exe|C:\Windows\System32|Windows Command Processor|cmd|289792
powershell.exe|C:\Windows\System32\WindowsPowerShell\v1.0|Windows PowerShell|POWERSHELL|455680
rundll32.exe|C:\Windows\System32|Windows host process (Rundll32)|rundll|71680
regsvr32.exe|C:\Windows\System32|Microsoft(C) Register Server|REGSVR32|25088
wscript.exe|C:\Windows\System32|Microsoft ® Windows Based Script Host|wscript.exe|166912
mshta.exe|C:\Windows\System32|Microsoft (R) HTML Application host|MSHTA.EXE|14848
schtasks.exe|C:\Windows\System32|Task Scheduler Configuration Tool|schtasks.exe|235008
certutil.exe|C:\Windows\System32|CertUtil.exe|CertUtil.exe|1651712
net.exe|C:\Windows\System32|Net Command|net.exe|59904
net1.exe|C:\Windows\System32|Net Command|net1.exe|182272
nltest.exe|C:\Windows\System32|Microsoft® Logon Server Test Utility|nltestrk.exe|541184
whoami.exe|C:\Windows\System32|whoami - displays logged on user information|whoami.exe|73728
ipconfig.exe|C:\Windows\System32|IP Configuration Utility|ipconfig.exe|35840
systeminfo.exe|C:\Windows\System32|Displays system information|sysinfo.exe|112640
tasklist.exe|C:\Windows\System32|Lists the current running tasks|tasklist.exe|106496
hostname.exe|C:\Windows\System32|Hostname APP|hostname.exe|16384
nslookup.exe|C:\Windows\System32|nslookup|nslookup.exe|92160
ping.exe|C:\Windows\System32|TCP/IP Ping Command|ping.exe|23040
gpupdate.exe|C:\Windows\System32|Microsoft® Group Policy Update Utility|GPUpdate.exe|30720
vssadmin.exe|C:\Windows\System32|Command Line Interface for Microsoft® Volume Shadow Copy Service|VSSADMIN.EXE|145920
wbadmin.exe|C:\Windows\System32|Command Line Interface for Microsoft® BLB Backup|WBADMIN.EXE|403456
bcdedit.exe|C:\Windows\System32|Boot Configuration Data Editor|bcdedit.exe|491520
wevtutil.exe|C:\Windows\System32|Eventing Command Line Utility|wevtutil.exe|278528
robocopy.exe|C:\Windows\System32|Microsoft Robocopy|robocopy|208896
notepad.exe|C:\Windows\System32|Notepad|Notepad|360448
mstsc.exe|C:\Windows\System32|Remote Desktop Connection|mstsc.exe|1474560
mmc.exe|C:\Windows\System32|Microsoft Management Console|mmc.exe|1916928
dns.exe|C:\Windows\System32|Domain Name System (DNS) Server|dns.exe|1978368
w3wp.exe|C:\Windows\System32\inetsrv|IIS Worker Process|w3wp.exe|37376
wsmprovhost.exe|C:\Windows\System32|Host process for WinRM plug-ins|wsmprovhost.exe|67584
SearchIndexer.exe|C:\Windows\System32|Microsoft Windows Search Indexer|SearchIndexer.exe|1060864
TrustedInstaller.exe|C:\Windows\servicing|Windows Modules Installer|TrustedInstaller.exe|211456
TiWorker.exe|C:\Windows\WinSxS\amd64_microsoft-windows-servicingstack_31bf3856ad364e35_10.0.1|Windows Modules Installer Worker|TiWorker.exe|242176
wuauclt.exe|C:\Windows\System32|Windows Update|wuauclt.exe|75264
msiexec.exe|C:\Windows\System32|Windows® installer|msiexec|176128
defrag.exe|C:\Windows\System32|Disk Defragmenter Module|Defrag.EXE|131072
dwm.exe|C:\Windows\System32|Desktop Window Manager|dwm.exe|143360
kernel32.dll|C:\Windows\System32|Windows NT BASE API Client DLL|kernel32|798720
amsi.dll|C:\Windows\System32|Anti-Malware Scan Interface|amsi.dll|114688
samlib.dll|C:\Windows\System32|SAM Library DLL|samlib.dll|143360
dbghelp.dll|C:\Windows\System32|Windows Image Helper|DBGHELP.DLL|2084864
comsvcs.dll|C:\Windows\System32|COM+ Services|COMSVCS.DLL|1863680
vaultcli.dll|C:\Windows\System32|Credential Vault Client Library|vaultcli.dll|323584
wininet.dll|C:\Windows\System32|Internet Extensions for Win32|wininet.dll|3244032
mscoree.dll|C:\Windows\System32|Microsoft .NET Runtime Execution Engine|mscoree.dll|413696
ntdsai.dll|C:\Windows\System32|Active Directory core|ntdsai.dll|4030464
`

// otherImages: name|folder|company|product|version|description|internal name|original name|size|signer.
const otherImages = `
MsMpEng.exe|C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.25070.5-0|Microsoft Corporation|Microsoft® Windows® Operating System|4.18.25070.5|Antimalware Service Executable|MsMpEng.exe|MsMpEng.exe|133576|Microsoft Windows Publisher
MpCmdRun.exe|C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.25070.5-0|Microsoft Corporation|Microsoft® Windows® Operating System|4.18.25070.5|Microsoft Malware Protection Command Line Utility|MpCmdRun|MpCmdRun.exe|1592184|Microsoft Windows Publisher
MpSigStub.exe|C:\Windows\System32|Microsoft Corporation|Microsoft Malware Protection|1.1.25070.2|Microsoft Malware Protection Signature Update Stub|MpSigStub.exe|MpSigStub.exe|803176|Microsoft Windows
MsSense.exe|C:\Program Files\Windows Defender Advanced Threat Protection|Microsoft Corporation|Microsoft® Windows® Operating System|10.8805.26100.4946|Windows Defender Advanced Threat Protection Service Executable|MsSense.exe|MsSense.exe|6136392|Microsoft Windows Publisher
SenseCncProxy.exe|C:\Program Files\Windows Defender Advanced Threat Protection|Microsoft Corporation|Microsoft® Windows® Operating System|10.8805.26100.4946|Windows Defender Advanced Threat Protection Communications module|SenseCncProxy.exe|SenseCncProxy.exe|4188160|Microsoft Windows Publisher
msedge.exe|C:\Program Files (x86)\Microsoft\Edge\Application|Microsoft Corporation|Microsoft Edge|139.0.3405.102|Microsoft Edge|msedge_exe|msedge.exe|4288544|Microsoft Corporation
MicrosoftEdgeUpdate.exe|C:\Program Files (x86)\Microsoft\EdgeUpdate|Microsoft Corporation|Microsoft Edge Update|1.3.195.65|Microsoft Edge Update|Microsoft Edge Update|msedgeupdate.dll|214432|Microsoft Corporation
chrome.exe|C:\Program Files\Google\Chrome\Application|Google LLC|Google Chrome|139.0.7258.128|Google Chrome|chrome_exe|chrome.exe|3151200|Google LLC
OUTLOOK.EXE|C:\Program Files\Microsoft Office\root\Office16|Microsoft Corporation|Microsoft Outlook|16.0.19029.20136|Microsoft Outlook|Outlook|Outlook.exe|43452216|Microsoft Corporation
WINWORD.EXE|C:\Program Files\Microsoft Office\root\Office16|Microsoft Corporation|Microsoft Office|16.0.19029.20136|Microsoft Word|WinWord|WinWord.exe|1627968|Microsoft Corporation
EXCEL.EXE|C:\Program Files\Microsoft Office\root\Office16|Microsoft Corporation|Microsoft Office|16.0.19029.20136|Microsoft Excel|Excel|Excel.exe|64824256|Microsoft Corporation
POWERPNT.EXE|C:\Program Files\Microsoft Office\root\Office16|Microsoft Corporation|Microsoft Office|16.0.19029.20136|Microsoft PowerPoint|POWERPNT|POWERPNT.EXE|1915704|Microsoft Corporation
OfficeClickToRun.exe|C:\Program Files\Common Files\Microsoft Shared\ClickToRun|Microsoft Corporation|Microsoft Office|16.0.19029.20136|Microsoft Office Click-to-Run (SxS)|OfficeClickToRun.exe|OfficeClickToRun.exe|14029912|Microsoft Corporation
ms-teams.exe|C:\Program Files\WindowsApps\MSTeams_25198.1109.3837.4725_x64__8wekyb3d8bbwe|Microsoft Corporation|Microsoft Teams|25198.1109.3837.4725|Microsoft Teams|ms-teams|ms-teams.exe|2437120|Microsoft Corporation
OneDrive.exe|C:\Program Files\Microsoft OneDrive|Microsoft Corporation|Microsoft OneDrive|25.142.0721.0002|Microsoft OneDrive|OneDrive.exe|OneDrive.exe|5033304|Microsoft Corporation
7zFM.exe|C:\Program Files\7-Zip|Igor Pavlov|7-Zip|25.00|7-Zip File Manager|7zFM|7zFM.exe|977920|
7zG.exe|C:\Program Files\7-Zip|Igor Pavlov|7-Zip|25.00|7-Zip GUI|7zG|7zG.exe|722432|
notepad++.exe|C:\Program Files\Notepad++|Don HO don.h@free.fr|Notepad++|8.84|Notepad++|npp.exe|Notepad++.exe|8024064|NOTEPAD++
AcroRd32.exe|C:\Program Files\Adobe\Acrobat DC\Acrobat|Adobe Systems Incorporated|Adobe Acrobat|25.1.20577.0|Adobe Acrobat|Acrobat.exe|Acrobat.exe|5716400|Adobe Inc.
Code.exe|C:\Program Files\Microsoft VS Code|Microsoft Corporation|Visual Studio Code|1.103.1|Visual Studio Code|electron.exe|electron.exe|193921576|Microsoft Corporation
git.exe|C:\Program Files\Git\cmd|The Git Development Community|Git|2.50.1.1|Git for Windows|git|git.exe|46904|Johannes Schindelin
node.exe|C:\Program Files\nodejs|Node.js|Node.js|22.18.0|Node.js JavaScript Runtime|node|node.exe|86914464|OpenJS Foundation
python.exe|C:\Program Files\Python313|Python Software Foundation|Python|3.13.6|Python|Python Console|python.exe|105816|Python Software Foundation
FormaClient.exe|C:\Program Files\Forma Suite|Forma Software B.V.|Forma ERP Client|11.4.2.0|Forma ERP Client|FormaClient|FormaClient.exe|18420736|Forma Software B.V.
OpticCad.exe|C:\Program Files\OpticCad 2026|Prisma Engineering GmbH|OpticCad|26.1.0.77|OpticCad workstation|OpticCad|OpticCad.exe|152043520|Prisma Engineering GmbH
sqlservr.exe|C:\Program Files\Microsoft SQL Server\MSSQL16.MSSQLSERVER\MSSQL\Binn|Microsoft Corporation|Microsoft SQL Server|16.0.4205.1|SQL Server Windows NT - 64 Bit|SQLSERVR|SQLSERVR.EXE|727080|Microsoft Corporation
sqlagent.exe|C:\Program Files\Microsoft SQL Server\MSSQL16.MSSQLSERVER\MSSQL\Binn|Microsoft Corporation|Microsoft SQL Server|16.0.4205.1|SQLAGENT - SQL Server Agent|SQLAGENT|SQLAGENT.EXE|789544|Microsoft Corporation
sqlcmd.exe|C:\Program Files\Microsoft SQL Server\Client SDK\ODBC\170\Tools\Binn|Microsoft Corporation|Microsoft SQL Server|16.0.4205.1|SQL Command Line Tool|SQLCMD|SQLCMD.EXE|193456|Microsoft Corporation
miiserver.exe|C:\Program Files\Microsoft Azure AD Sync\Bin|Microsoft Corporation|Microsoft Entra Connect Sync|2.5.76.0|Microsoft Entra Connect Sync|miiserver|miiserver.exe|3402120|Microsoft Corporation
java.exe|D:\Apps\Forma\jre\bin|Eclipse Adoptium|OpenJDK Platform|21.0.8.0|OpenJDK Platform binary|java|java.exe|49152|Eclipse.org Foundation, Inc.
vmtoolsd.exe|C:\Program Files\VMware\VMware Tools|VMware, Inc.|VMware Tools|12.5.3.63838|VMware Tools Core Service|vmtoolsd|vmtoolsd.exe|131688|VMware, Inc.
TresorAgent.exe|C:\Program Files\Tresor Backup|Tresor Data AG|Tresor Backup|8.2.1.104|Tresor Backup transport agent|TresorAgent|TresorAgent.exe|2480128|Tresor Data AG
IntuneManagementExtension.exe|C:\Program Files (x86)\Microsoft Intune Management Extension|Microsoft Corporation|Microsoft Intune Management Extension|1.93.102.0|Microsoft.Management.Services.IntuneWindowsAgent|IntuneManagementExtension|Microsoft.Management.Services.IntuneWindowsAgent.exe|243208|Microsoft Corporation
procdump64.exe|C:\Tools\Sysinternals|Sysinternals - www.sysinternals.com|ProcDump|11.0|Sysinternals process dump utility|ProcDump|procdump|415696|Microsoft Corporation
PsExec64.exe|C:\Tools\Sysinternals|Sysinternals - www.sysinternals.com|Sysinternals PsExec|2.43|Execute processes remotely|PsExec|psexec.c|833472|Microsoft Corporation
PSEXESVC.exe|C:\Windows|Sysinternals - www.sysinternals.com|Sysinternals PsExec|2.43|PsExec Service|PsExec Service Host|psexesvc.exe|383872|Microsoft Corporation
System.Management.Automation.ni.dll|C:\Windows\assembly\NativeImages_v4.0.30319_64\System.Manaa57fc8cc#|Microsoft Corporation|Microsoft (R) Windows (R) Operating System|10.0.26100.4946|System.Management.Automation|System.Management.Automation|System.Management.Automation.dll|27549696|
`

// posixImages: name|folder|size.
const posixImages = `
launchd|/sbin|1372176
xpcproxy|/usr/libexec|206928
wdavdaemon|/opt/microsoft/mdatp/sbin|7244560
systemd|/usr/lib/systemd|100816
cron|/usr/sbin|55944
sshd|/usr/sbin|921288
nginx|/usr/sbin|1240136
bash|/usr/bin|1446024
zsh|/bin|1377872
sh|/usr/bin|129816
python3.12|/usr/bin|8019136
apt-get|/usr/bin|51768
dpkg|/usr/bin|323000
logrotate|/usr/sbin|101392
rsync|/usr/bin|530752
curl|/usr/bin|301160
git|/usr/bin|4071576
ps|/usr/bin|144632
grep|/usr/bin|186824
find|/usr/bin|224848
ssh|/usr/bin|846888
dockerd|/usr/bin|98234520
runc|/usr/sbin|10437128
postgres|/usr/lib/postgresql/16/bin|9720424
gnome-shell|/usr/bin|27080
Finder|/System/Library/CoreServices/Finder.app/Contents/MacOS|5411328
mdworker_shared|/System/Library/Frameworks/CoreServices.framework/Frameworks/Metadata.framework/Versions/A/Support|842640
softwareupdated|/System/Library/CoreServices/Software Update.app/Contents/Resources|1390592
Safari|/Applications/Safari.app/Contents/MacOS|184416
Microsoft Outlook|/Applications/Microsoft Outlook.app/Contents/MacOS|1839200
MSTeams|/Applications/Microsoft Teams.app/Contents/MacOS|240128
Figma|/Applications/Figma.app/Contents/MacOS|87216
firefox|/usr/lib/firefox|751832
`

var images = readImages()

func readImages() map[string]*image {
	all := map[string]*image{}
	add := func(m *image, slash string) {
		m.full = m.dir + slash + m.name
		m.id = derive(11, m.full, uint64(len(m.version)))
		m.id = derive(m.id, m.version, 0)
		all[m.name] = m
	}
	for _, f := range rows(windowsImages) {
		add(&image{name: f[0], dir: f[1], company: "Microsoft Corporation", product: "Microsoft® Windows® Operating System", internal: f[3], org: f[0],
			description: f[2], size: number(f[4]), signer: "Microsoft Windows", os: true}, `\`)
	}
	for _, f := range rows(otherImages) {
		add(&image{name: f[0], dir: f[1], company: f[2], product: f[3], version: f[4], description: f[5], internal: f[6], org: f[7], size: number(f[8]), signer: f[9]}, `\`)
	}
	for _, f := range rows(posixImages) {
		add(&image{name: f[0], dir: f[1], size: number(f[2])}, "/")
	}
	return all
}

// rows splits a list of lines with fields between bars.
func rows(text string) [][]string {
	var list [][]string
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		list = append(list, strings.Split(line, "|"))
	}
	return list
}

func number(s string) int64 {
	var n int64
	for _, c := range []byte(s) {
		n = n*10 + int64(c-'0')
	}
	return n
}

func upperFirst(s string) string { return upper(s[:1]) + s[1:] }
