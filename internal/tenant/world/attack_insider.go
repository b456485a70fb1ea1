package world

import "fmt"

// insider is the third attack: somebody who is about to leave copies drawings to a USB drive and to a private cloud.
func (st *story) insider() {
	st.attack = "insider"
	w := st.w
	ses := w.actor("Engineering", 1, st.t)
	p := ses.who
	fs := w.ofKind(kindFile)[0]
	first := st.t

	// Many downloads from SharePoint.
	sc := st.scene(ses.d)
	for range 42 {
		a := w.activity(&st.r, p, ses.d, ses.d.public)
		sc.sharePoint("FileDownloaded", a, p, drawing(&st.r))
		sc.pause(1, 8)
	}
	st.done(sc)
	st.behave("Mass download", "A user downloaded many more files in an hour than usual.", "MassDownload", "Exfiltration", []string{"T1213.002"}, p, nil,
		evIP(ses.d.public).as("noThreatsFound", ""), evApp("Microsoft OneDrive for Business", appOneDrive))
	st.alarm(alarmText{title: "Mass download by a single user", description: "A user downloaded far more files within an hour than in a usual week.",
		category: "Collection", severity: "medium", service: "microsoftDefenderForCloudApps", detection: "cloudAppSecurity", techniques: []string{"T1213.002"}},
		first, evUser(&p.account), evIP(ses.d.public).as("noThreatsFound", ""), evApp("Microsoft OneDrive for Business", appOneDrive))
	st.wait(10, 20)

	// The engineering share, read through the file server.
	begun := st.t
	sc = st.scene(ses.d)
	copyAll := sc.spawn(ses.shell, "robocopy.exe", `robocopy  \\`+fs.host+`\engineering\Optics C:\Users\`+p.name+`\Documents\hobby /E /MT:8 /R:0`)
	sc.to(copyAll, fs, 445)
	sc.logonTo(fs, &p.account, "Network", "Kerberos", ses.d, "")
	var files []file
	for range 60 {
		f := document(`C:\Users\`+p.name+`\Documents\hobby\`+drawing(&st.r), st.r.next())
		sc.touch("FileCreated", copyAll, f)
		files = append(files, f)
	}
	zip := sc.spawn(ses.shell, "7zG.exe", `"C:\Program Files\7-Zip\7zG.exe" a -tzip -pHoliday2026 -mem=AES256 C:\Users\`+p.name+`\Documents\photos.zip C:\Users\`+p.name+`\Documents\hobby\`)
	archive := document(`C:\Users\`+p.name+`\Documents\photos.zip`, st.r.next())
	archive.size = 2_874_113_024
	sc.touch("FileCreated", zip, archive)
	st.done(sc)
	st.wait(3, 8)

	// The USB drive.
	plugged := st.t
	sc = st.scene(ses.d)
	serial := upper(hexString(st.r.next(), 16))
	sc.event("PnpDeviceConnected", nil,
		`{"ClassName":"DiskDrive","ClassId":"4d36e967-e325-11ce-bfc1-08002be10318","DeviceId":"USBSTOR\\Disk&Ven_Silverdisk&Prod_Ultra&Rev_1.00\\`+serial+`&0","DeviceDescription":"Disk drive","VendorIds":["USBSTOR\\DiskSilverdisk"]}`)
	sc.event("UsbDriveMounted", nil,
		`{"BusType":7,"DriveLetter":"F:","ProductName":"Ultra","ProductRevision":"1.00","SerialNumber":"`+serial+`","Manufacturer":"Silverdisk","Volume":"\\\\?\\Volume{`+guidOf(st.r.next())+`}","LoggedOnUsers":["`+p.upn+`"]}`)
	var last file
	for _, f := range append(files[:25:25], archive) {
		last = f
		last.path = `F:\` + f.name
		sc.touch("FileCreated", ses.shell, last)
		sc.event("RemovableStorageFileEvent", ses.shell, "").file = last
	}
	st.done(sc)
	st.alarm(alarmText{title: "Bulk copy of sensitive files to removable media",
		description: "Many files from an engineering share were copied to a removable drive within minutes.", category: "Exfiltration", severity: "high",
		service: "microsoftDefenderForEndpoint", detection: "customDetection",
		techniques: []string{"T1052.001",
			"T1560.001"}}, plugged, evDevice(ses.d), evUser(&p.account), evFile(ses.d, last).as("suspicious", ""), evFile(ses.d, archive).as("suspicious", ""), evProcess(copyAll), evProcess(zip), evProcess(ses.shell).as("noThreatsFound", ""))
	st.wait(15, 30)

	// The private cloud.
	uploaded := st.t
	drop := endpoint{"upload.dropnest.example", "203.0.113.212", 443}
	sc = st.scene(ses.d)
	sc.event("BrowserLaunchedToOpenUrl", ses.shell, "").conn.remoteURL = "https://www.dropnest.example/login"
	for range 14 {
		sc.connect(ses.browser, drop)
		sc.pause(10, 60)
	}
	sc.event("SensitiveFileRead", ses.browser, "").file = archive
	gone := sc.touch("FileDeleted", ses.shell, archive)
	gone.origin.label = "Highly Confidential"
	st.done(sc)
	st.alarm(alarmText{title: "Upload of an archive to an unsanctioned cloud storage service",
		description: "An encrypted archive was uploaded to a storage service that the house does not allow.", category: "Exfiltration", severity: "medium",
		service: "dataLossPrevention", detection: "microsoftDataLossPrevention",
		techniques: []string{"T1567.002"}}, min(begun, uploaded), evDevice(ses.d), evUser(&p.account), evFile(ses.d, archive).as("suspicious", ""), evURL("https://www.dropnest.example/login").as("suspicious", ""), evIP(drop.ip).as("suspicious", ""))
	st.name = "Possible data theft by an insider involving one user and one endpoint"
}

// drawing names an engineering file.
func drawing(r *rng) string {
	return fmt.Sprintf("LX-%04d_%s_rev%c.%s", r.n(10_000), pick(r, []string{"housing", "lens", "mirror", "board", "mount", "sensor"}), 'A'+rune(r.n(8)), pick(r,
		[]string{"step", "pdf", "dwg", "xlsx"}))
}
