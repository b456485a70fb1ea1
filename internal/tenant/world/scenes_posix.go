package world

import "fmt"

func posixBrowse(s *sim, sc *scene, ses *session) {
	for range sc.r.between(2, 5) {
		sc.connect(ses.browser, outside(pick(sc.r, webSites), 443))
		sc.pause(0, 5)
	}
	if sc.r.chance(40) {
		sc.touch("FileCreated", ses.browser, document(posixHome(ses)+"/Downloads/"+sc.r.title()+".pdf", sc.r.next()%4))
	}
}

func posixHome(ses *session) string {
	if ses.d.kind == kindMac {
		return "/Users/" + ses.who.name
	}
	return "/home/" + ses.who.name
}

func posixShell(s *sim, sc *scene, ses *session) {
	r := sc.r
	if ses.who.department == "Marketing" {
		p := sc.spawn(ses.shell, "Figma", "/Applications/Figma.app/Contents/MacOS/Figma")
		sc.connect(p, outside("api.atelier.example", 443))
		sc.touch("FileModified", p, document(posixHome(ses)+"/Documents/"+r.title()+".fig", r.next()%9))
		return
	}
	for range r.between(1, 4) {
		switch r.n(4) {
		case 0:
			p := sc.spawn(ses.terminal, "git", pick(r, []string{"git fetch origin", "git status", "git commit -a", "git push"}))
			sc.connect(p, outside("git.firmware.example", 443))
		case 1:
			sc.spawn(ses.terminal, "grep", "grep -rn TODO src/")
		case 2:
			p := sc.spawn(ses.terminal, "python3.12", "python3 tools/flash.py --port /dev/ttyUSB0 --image build/firmware.bin")
			sc.touch("FileCreated", p, document(posixHome(ses)+fmt.Sprintf("/src/firmware/build/log-%d.txt", r.n(9999)), r.next()))
		default:
			sc.spawn(ses.terminal, "find", "find . -name *.c -newer Makefile")
		}
		sc.pause(2, 30)
	}
}

func posixNoise(s *sim, sc *scene, ses *session) {
	if sc.d.kind == kindMac {
		p := sc.spawn(sc.d.base.init, "mdworker_shared",
			"/System/Library/Frameworks/CoreServices.framework/Frameworks/Metadata.framework/Versions/A/Support/mdworker_shared -s mdworker -c MDSImporterWorker -m com.apple.mdworker.shared")
		sc.touch("FileModified", p, document("/private/var/db/Spotlight/store.db", sc.r.next()))
		return
	}
	linuxHousekeeping(sc)
}

// linuxHousekeeping is what cron and the packages do by themselves.
func linuxHousekeeping(sc *scene) {
	r := sc.r
	sh := sc.spawn(sc.d.base.cron, "sh", pick(r,
		[]string{"/bin/sh -c [ -x /etc/init.d/anacron ] && if [ ! -d /run/systemd/system ]; then /usr/sbin/invoke-rc.d anacron start >/dev/null; fi",
			"/bin/sh -c /usr/local/bin/backup-config"}))
	switch r.n(4) {
	case 0:
		p := sc.spawn(sh, "apt-get", "apt-get -qq -y update")
		sc.connect(p, outside("packages.firmware.example", 443))
		sc.touch("FileCreated", p, document("/var/lib/apt/lists/packages.firmware.example_dists_stable_InRelease", r.next()))
	case 1:
		p := sc.spawn(sh, "logrotate", "/usr/sbin/logrotate /etc/logrotate.conf")
		row := sc.touch("FileRenamed", p, document("/var/log/syslog.1", r.next()))
		row.prev = document("/var/log/syslog", r.next())
	case 2:
		p := sc.spawn(sh, "rsync", "rsync -a --delete /etc/ /var/backups/etc/")
		sc.touch("FileModified", p, document("/var/backups/etc/hosts", r.next()%5))
	default:
		sc.spawn(sc.d.base.mdatp, "ps", "/bin/ps -A -o comm,pid,pcpu,pmem,rss,etimes --no-headers")
		sc.event("ScriptContent", sc.d.base.mdatp,
			`{"ScriptContent":"# open_files.py\nimport os\nfor pid in filter(str.isdigit, os.listdir('/proc')):\n    print(pid)\n"}`).file = document("/opt/microsoft/mdatp/scripts/open_files.py",
			3)
	}
}
