package world

// deviceColumns writes what the event tables of Defender for Endpoint have in common.
var deviceColumns = with(initiatingColumns, map[string]put{
	"DeviceId":            putDeviceID,
	"DeviceName":          putDeviceName,
	"MachineGroup":        putMachineGroup,
	"ReportId":            putReport,
	"ActionType":          func(b []byte, r *row) []byte { return appendString(b, r.action) },
	"AppGuardContainerId": func(b []byte, r *row) []byte { return append(b, `""`...) },
	"AdditionalFields":    putExtra,

	"FileName":              func(b []byte, r *row) []byte { return appendText(b, r.subject().name) },
	"FolderPath":            func(b []byte, r *row) []byte { return appendText(b, r.subject().path) },
	"SHA1":                  func(b []byte, r *row) []byte { return appendHash(b, r.subject().id, 40) },
	"SHA256":                func(b []byte, r *row) []byte { return appendSHA256(b, r.subject().id) },
	"MD5":                   func(b []byte, r *row) []byte { return appendMD5(b, r.subject().id) },
	"FileSize":              func(b []byte, r *row) []byte { return appendSize(b, r.subject()) },
	"PreviousFileName":      func(b []byte, r *row) []byte { return appendText(b, r.prev.name) },
	"PreviousFolderPath":    func(b []byte, r *row) []byte { return appendText(b, r.prev.path) },
	"FileOriginUrl":         func(b []byte, r *row) []byte { return appendText(b, r.origin.url) },
	"FileOriginReferrerUrl": func(b []byte, r *row) []byte { return appendText(b, r.origin.referrer) },
	"FileOriginIP":          func(b []byte, r *row) []byte { return appendText(b, r.origin.ip) },
	"RequestProtocol":       func(b []byte, r *row) []byte { return appendText(b, r.origin.request) },
	"RequestSourceIP":       func(b []byte, r *row) []byte { return appendText(b, r.origin.sourceIP) },
	"RequestSourcePort":     func(b []byte, r *row) []byte { return appendPort(b, r.origin.sourcePort) },
	"RequestAccountName":    func(b []byte, r *row) []byte { return appendText(b, r.origin.asker().name) },
	"RequestAccountDomain":  func(b []byte, r *row) []byte { return appendText(b, r.origin.asker().domain) },
	"RequestAccountSid":     func(b []byte, r *row) []byte { return appendText(b, r.origin.asker().sid) },
	"ShareName":             func(b []byte, r *row) []byte { return appendText(b, r.origin.share) },
	"SensitivityLabel":      func(b []byte, r *row) []byte { return appendText(b, r.origin.label) },
	"SensitivitySubLabel":   func(b []byte, r *row) []byte { return appendText(b, r.origin.sublabel) },
	"IsAzureInfoProtectionApplied": func(b []byte, r *row) []byte {
		if r.origin.label == "" {
			return append(b, "null"...)
		}
		return append(b, "true"...)
	},

	"ProcessVersionInfoCompanyName":      func(b []byte, r *row) []byte { return r.child.info(b, 0) },
	"ProcessVersionInfoProductName":      func(b []byte, r *row) []byte { return r.child.info(b, 1) },
	"ProcessVersionInfoProductVersion":   func(b []byte, r *row) []byte { return r.child.info(b, 2) },
	"ProcessVersionInfoInternalFileName": func(b []byte, r *row) []byte { return r.child.info(b, 3) },
	"ProcessVersionInfoOriginalFileName": func(b []byte, r *row) []byte { return r.child.info(b, 4) },
	"ProcessVersionInfoFileDescription":  func(b []byte, r *row) []byte { return r.child.info(b, 5) },
	"ProcessId": func(b []byte, r *row) []byte {
		if r.child == nil {
			return append(b, "null"...)
		}
		return appendInt(b, r.child.pid)
	},
	"ProcessCommandLine":    func(b []byte, r *row) []byte { return appendText(b, r.target().cmd) },
	"ProcessIntegrityLevel": func(b []byte, r *row) []byte { return appendText(b, r.target().integrity) },
	"ProcessTokenElevation": func(b []byte, r *row) []byte { return appendText(b, r.target().elevation) },
	"ProcessCreationTime":   func(b []byte, r *row) []byte { return appendTime(b, r.target().created) },
	"ProcessUniqueId":       func(b []byte, r *row) []byte { return appendUnique(b, r.child) },
	"CreatedProcessSessionId": func(b []byte, r *row) []byte {
		if r.child == nil {
			return append(b, "null"...)
		}
		return appendInt(b, r.child.session)
	},
	"IsProcessRemoteSession":         func(b []byte, r *row) []byte { return appendBool(b, r.target().remoteIP != "") },
	"ProcessRemoteSessionDeviceName": func(b []byte, r *row) []byte { return appendText(b, r.target().remoteDev) },
	"ProcessRemoteSessionIP":         func(b []byte, r *row) []byte { return appendText(b, r.target().remoteIP) },
	"AccountDomain":                  func(b []byte, r *row) []byte { return appendText(b, r.account().domain) },
	"AccountName":                    func(b []byte, r *row) []byte { return appendText(b, r.account().name) },
	"AccountSid":                     func(b []byte, r *row) []byte { return appendText(b, r.account().sid) },
	"AccountUpn":                     func(b []byte, r *row) []byte { return appendText(b, r.account().upn) },
	"AccountObjectId":                func(b []byte, r *row) []byte { return appendText(b, r.account().objectID) },
	"LogonId": func(b []byte, r *row) []byte {
		switch {
		case r.logon.id != 0:
			return appendInt(b, r.logon.id)
		case r.child != nil:
			return appendInt(b, r.child.logonID)
		}
		return append(b, "null"...)
	},
	"LogonID": func(b []byte, r *row) []byte {
		if r.init == nil {
			return append(b, "null"...)
		}
		return appendInt(b, r.init.logonID)
	},

	"RemoteIP":         func(b []byte, r *row) []byte { return appendText(b, r.conn.remoteIP) },
	"RemotePort":       func(b []byte, r *row) []byte { return appendPort(b, r.conn.remotePort) },
	"RemoteUrl":        func(b []byte, r *row) []byte { return appendText(b, r.conn.remoteURL) },
	"RemoteDeviceName": func(b []byte, r *row) []byte { return appendText(b, r.conn.remoteName) },
	"RemoteIPType":     func(b []byte, r *row) []byte { return appendText(b, r.conn.remoteType) },
	"LocalIP":          func(b []byte, r *row) []byte { return appendText(b, r.conn.localIP) },
	"LocalPort":        func(b []byte, r *row) []byte { return appendPort(b, r.conn.localPort) },
	"LocalIPType":      func(b []byte, r *row) []byte { return appendText(b, r.conn.localType) },
	"Protocol": func(b []byte, r *row) []byte {
		if r.logon.kind != "" {
			return appendText(b, r.logon.protocol)
		}
		return appendText(b, r.conn.protocol)
	},

	"RegistryKey":               func(b []byte, r *row) []byte { return appendText(b, r.reg.key) },
	"RegistryValueName":         func(b []byte, r *row) []byte { return appendText(b, r.reg.name) },
	"RegistryValueType":         func(b []byte, r *row) []byte { return appendText(b, r.reg.kind) },
	"RegistryValueData":         func(b []byte, r *row) []byte { return appendText(b, r.reg.data) },
	"PreviousRegistryKey":       func(b []byte, r *row) []byte { return appendText(b, r.reg.prevKey) },
	"PreviousRegistryValueName": func(b []byte, r *row) []byte { return appendText(b, r.reg.prevName) },
	"PreviousRegistryValueData": func(b []byte, r *row) []byte { return appendText(b, r.reg.prevData) },

	"LogonType":     func(b []byte, r *row) []byte { return appendText(b, r.logon.kind) },
	"FailureReason": func(b []byte, r *row) []byte { return appendText(b, r.logon.failure) },
	"IsLocalAdmin": func(b []byte, r *row) []byte {
		if r.action != "LogonSuccess" {
			return append(b, "null"...)
		}
		return appendBool(b, r.logon.admin)
	},
})

// initiatingColumns writes the process that did what the row tells; a network event seen on the wire alone has none.
var initiatingColumns = map[string]put{
	"InitiatingProcessAccountDomain":               func(b []byte, r *row) []byte { return appendText(b, r.by().acc.domain) },
	"InitiatingProcessAccountName":                 func(b []byte, r *row) []byte { return appendText(b, r.by().acc.name) },
	"InitiatingProcessAccountSid":                  func(b []byte, r *row) []byte { return appendText(b, r.by().acc.sid) },
	"InitiatingProcessAccountUpn":                  func(b []byte, r *row) []byte { return appendText(b, r.by().acc.upn) },
	"InitiatingProcessAccountObjectId":             func(b []byte, r *row) []byte { return appendText(b, r.by().acc.objectID) },
	"InitiatingProcessLogonId":                     func(b []byte, r *row) []byte { return appendInt(b, r.by().logonID) },
	"InitiatingProcessIntegrityLevel":              func(b []byte, r *row) []byte { return appendText(b, r.by().integrity) },
	"InitiatingProcessTokenElevation":              func(b []byte, r *row) []byte { return appendText(b, r.by().elevation) },
	"InitiatingProcessSHA1":                        func(b []byte, r *row) []byte { return appendHash(b, r.by().id, 40) },
	"InitiatingProcessSHA256":                      func(b []byte, r *row) []byte { return appendSHA256(b, r.by().id) },
	"InitiatingProcessMD5":                         func(b []byte, r *row) []byte { return appendMD5(b, r.by().id) },
	"InitiatingProcessFileName":                    func(b []byte, r *row) []byte { return appendText(b, r.by().name) },
	"InitiatingProcessFileSize":                    func(b []byte, r *row) []byte { return appendSize(b, &r.by().file) },
	"InitiatingProcessFolderPath":                  func(b []byte, r *row) []byte { return appendLower(b, r.by()) },
	"InitiatingProcessId":                          func(b []byte, r *row) []byte { return appendInt(b, r.by().pid) },
	"InitiatingProcessCommandLine":                 func(b []byte, r *row) []byte { return appendText(b, r.by().cmd) },
	"InitiatingProcessCreationTime":                func(b []byte, r *row) []byte { return appendTime(b, r.by().created) },
	"InitiatingProcessVersionInfoCompanyName":      func(b []byte, r *row) []byte { return r.init.info(b, 0) },
	"InitiatingProcessVersionInfoProductName":      func(b []byte, r *row) []byte { return r.init.info(b, 1) },
	"InitiatingProcessVersionInfoProductVersion":   func(b []byte, r *row) []byte { return r.init.info(b, 2) },
	"InitiatingProcessVersionInfoInternalFileName": func(b []byte, r *row) []byte { return r.init.info(b, 3) },
	"InitiatingProcessVersionInfoOriginalFileName": func(b []byte, r *row) []byte { return r.init.info(b, 4) },
	"InitiatingProcessVersionInfoFileDescription":  func(b []byte, r *row) []byte { return r.init.info(b, 5) },
	"InitiatingProcessParentId":                    func(b []byte, r *row) []byte { return appendInt(b, r.by().up().pid) },
	"InitiatingProcessParentFileName":              func(b []byte, r *row) []byte { return appendText(b, r.by().up().name) },
	"InitiatingProcessParentCreationTime":          func(b []byte, r *row) []byte { return appendTime(b, r.by().up().created) },
	"InitiatingProcessSignerType":                  func(b []byte, r *row) []byte { return appendString(b, r.by().signerType()) },
	"InitiatingProcessSignatureStatus":             func(b []byte, r *row) []byte { return appendString(b, r.by().signatureStatus()) },
	"InitiatingProcessSessionId":                   func(b []byte, r *row) []byte { return appendInt(b, r.by().session) },
	"IsInitiatingProcessRemoteSession":             func(b []byte, r *row) []byte { return appendBool(b, r.by().remoteIP != "") },
	"InitiatingProcessRemoteSessionDeviceName":     func(b []byte, r *row) []byte { return appendText(b, r.by().remoteDev) },
	"InitiatingProcessRemoteSessionIP":             func(b []byte, r *row) []byte { return appendText(b, r.by().remoteIP) },
	"InitiatingProcessUniqueId":                    func(b []byte, r *row) []byte { return appendUnique(b, r.init) },
}

func putDeviceID(b []byte, r *row) []byte     { return appendString(b, r.dev.id) }
func putDeviceName(b []byte, r *row) []byte   { return appendString(b, r.dev.fqdn) }
func putMachineGroup(b []byte, r *row) []byte { return appendString(b, r.dev.group) }
func putReport(b []byte, r *row) []byte       { return appendInt(b, r.report) }

// putExtra writes AdditionalFields as the endpoint tables do: JSON inside a string.
func putExtra(b []byte, r *row) []byte { return appendText(b, r.extra) }

var (
	noAccount account
	noProcess = proc{acc: &noAccount, dev: &Device{kind: kindLinuxServer}}
)

// by is the initiating process, or one without properties.
func (r *row) by() *proc {
	if r.init == nil {
		return &noProcess
	}
	return r.init
}

// target is the created or opened process, or one without properties.
func (r *row) target() *proc {
	if r.child == nil {
		return &noProcess
	}
	return r.child
}

func (p *proc) up() *proc {
	if p.parent == nil {
		return &noProcess
	}
	return p.parent
}

// subject is the file that the row is about.
func (r *row) subject() *file {
	if r.file.name == "" && r.child != nil {
		return &r.child.file
	}
	return &r.file
}

func (r *row) account() *account {
	switch {
	case r.acc != nil:
		return r.acc
	case r.child != nil:
		return r.child.acc
	}
	return &noAccount
}

func (o *origin) asker() *account {
	if o.account == nil {
		return &noAccount
	}
	return o.account
}

// info writes one field of the program's version resource.
func (p *proc) info(b []byte, field int) []byte {
	if p == nil || p.img == nil || p.img.company == "" {
		return append(b, "null"...)
	}
	m := p.img
	switch field {
	case 0:
		return appendText(b, m.company)
	case 1:
		return appendText(b, m.product)
	case 2:
		if m.os {
			return appendText(b, p.dev.version)
		}
		return appendText(b, m.version)
	case 3:
		return appendText(b, m.internal)
	case 4:
		return appendText(b, m.org)
	}
	return appendText(b, m.description)
}

// The three hashes are different walks from the same identity.
func appendSHA256(b []byte, id uint64) []byte {
	if id == 0 {
		return append(b, "null"...)
	}
	return appendHash(b, id^0x5ba1, 64)
}

func appendMD5(b []byte, id uint64) []byte {
	if id == 0 {
		return append(b, "null"...)
	}
	return appendHash(b, id^0x3d5, 32)
}

func (f *file) sha1() string   { return hexString(f.id, 40) }
func (f *file) sha256() string { return hexString(f.id^0x5ba1, 64) }
func (f *file) md5() string    { return hexString(f.id^0x3d5, 32) }

func appendSize(b []byte, f *file) []byte {
	if f.size == 0 {
		return append(b, "null"...)
	}
	return appendInt(b, f.size)
}

func appendPort(b []byte, n int) []byte {
	if n == 0 {
		return append(b, "null"...)
	}
	return appendInt(b, int64(n))
}

func appendUnique(b []byte, p *proc) []byte {
	if p == nil {
		return append(b, "null"...)
	}
	b = append(b, '"')
	b = appendInt(b, int64(p.unique()))
	return append(b, '"')
}

// appendLower writes the initiating process's path, which Defender gives in lower case on Windows.
func appendLower(b []byte, p *proc) []byte {
	at := len(b)
	b = appendText(b, p.path)
	if p.dev.posix() {
		return b
	}
	for i := at; i < len(b); i++ {
		if c := b[i]; 'A' <= c && c <= 'Z' {
			b[i] = c + 32
		}
	}
	return b
}
