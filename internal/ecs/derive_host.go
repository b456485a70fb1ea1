package ecs

import (
	"strings"
)

// lower writes a field's text in small letters.
func (r *record) lower(s slot) {
	switch v := r.f.values[s]; v.kind {
	case text:
		r.f.set(s, stringValue(strings.ToLower(v.text)))
	case list:
		out := r.list(len(v.in.values))
		for _, item := range v.in.values {
			out.values = append(out.values, stringValue(strings.ToLower(item.str())))
		}
		r.f.set(s, value{kind: list, in: out})
	}
}

func lowerHostName(r *record, _ *step)  { r.lower(fHostName) }
func lowerDirection(r *record, _ *step) { r.lower(fNetworkDirection) }
func lowerProtocol(r *record, _ *step)  { r.lower(fNetworkProtocol) }

func hostFromHostname(r *record, _ *step) {
	if name := r.f.str(fHostHostname); name != "" {
		r.f.set(fHostName, stringValue(strings.ToLower(name)))
	}
}

// system is the type of a platform whose name says it.
func (r *record) system() {
	platform := strings.ToLower(r.f.str(mOSPlatform))
	for _, os := range [...]string{"windows", "linux", "macos"} {
		if strings.Contains(platform, os) {
			r.f.set(fHostOSType, stringValue(os))
		}
	}
}

// hostSystem says which system a device runs. 243 of Elastic's rules ask for it.
func hostSystem(r *record, _ *step) {
	r.system()
	posix := r.f.values[mAdditional].kind == object
	if posix {
		for _, name := range [...]string{"EffectiveGroup", "EffectiveUser", "FilePermissions", "ProcessGroupId", "RealUser", "SessionId"} {
			if posix = posix && r.f.values[mAdditional].member("InitiatingProcessPosix"+name).kind > null; !posix {
				break
			}
		}
	}
	set := func(s slot) bool { return r.f.values[s].kind > null }
	switch {
	case r.has(isFile):
		if set(mInitiatingSID) || set(mRequestSID) {
			r.f.set(fHostOSType, stringValue("windows"))
		}
	case posix:
	case r.has(isAPI | isRegistry | isLibrary | isDriver):
		r.f.set(fHostOSType, stringValue("windows"))
	case r.has(isProcess|isNetwork) && set(mInitiatingSID), r.has(isLogon) && (set(mInitiatingSID) || set(mAccountSID)):
		r.f.set(fHostOSType, stringValue("windows"))
	}
	if posix && !set(fHostOSType) {
		r.f.set(fHostOSType, stringValue("unix"))
	}
}

func platformSystem(r *record, _ *step) {
	r.system()
	if v := r.f.values[mAdditional].member("SourceComputerOperatingSystemType"); v.kind > null {
		r.f.set(fHostOSType, v)
	}
}

// systemOfPlatform reads host.os.platform of machines and vulnerabilities.
func systemOfPlatform(r *record, _ *step) {
	platform, version := r.f.str(fHostOSPlatform), r.f.str(fHostOSVersion)
	low := strings.ToLower(platform)
	for _, os := range [...][2]string{{"linux", "linux"}, {"macos", "macos"}, {"unix", "unix"}, {"windows", "windows"}, {"ios", "ios"},
		{"android", "android"}, {"centos", "linux"}, {"ubuntu", "linux"}} {
		if strings.Contains(low, os[0]) {
			r.f.set(fHostOSType, stringValue(os[1]))
			break
		}
	}
	if platform != "" && version != "" {
		r.f.set(fHostOSName, stringValue(platform+" "+version))
	}
}

func hostMac(r *record, _ *step) {
	mac := r.f.str(mMac)
	if mac == "" {
		return
	}
	if !strings.Contains(mac, "-") {
		mac = dashed(mac)
	}
	r.append(fHostMac, stringValue(mac))
}

// hives are the names of registry hives, and what they are shortened to.
var hives = [...][2]string{{"HKEY_LOCAL_MACHINE", "HKLM"}, {"HKEY_CURRENT_USER", "HKCU"}, {"HKEY_USERS", "HKU"},
	{"HKEY_CLASSES_ROOT", "HKCR"}, {"HKEY_CURRENT_CONFIG", "HKCC"}}

// splitKey takes the hive off a registry key: "HKEY_USERS\S-1-5-18\x" is HKU and "S-1-5-18\x". Without a known hive the key stays whole.
func splitKey(key string) (hive, rest string) {
	first, rest, ok := strings.Cut(key, `\`)
	if ok {
		for _, h := range hives {
			if strings.EqualFold(first, h[0]) || strings.EqualFold(first, h[1]) {
				return h[1], rest
			}
		}
	}
	return "", key
}

// registryParts fills registry.*: what is, or for what was deleted or renamed, what was. The old data stands beside the new, and rules
// match both.
func registryParts(r *record, _ *step) {
	key := r.f.str(mRegistryKey)
	if key == "" {
		key = r.f.str(mPreviousKey)
	}
	hive, key := splitKey(key)
	name := r.f.values[mRegistryValue]
	if name.empty() {
		name = r.f.values[mPreviousValue]
	}
	if hive != "" {
		r.f.set(fRegistryHive, stringValue(hive))
	}
	if key != "" {
		r.f.set(fRegistryKey, stringValue(key))
	}
	if !name.empty() {
		r.f.set(fRegistryValue, name)
		if key != "" {
			r.f.set(fRegistryPath, stringValue(hive+`\`+key+`\`+name.text))
		}
	}
	r.append(fRegistryStrings, r.f.values[mRegistryData])
	r.append(fRegistryStrings, r.f.values[mPreviousData])
	if v := r.f.values[mRegistryType]; !v.empty() {
		r.f.set(fRegistryType, v)
	}
}

// inboundPort mends the port of incoming connections: Elastic writes the local port there, and its documents are the aim when strict.
func inboundPort(r *record, _ *step) {
	if remote := r.f.values[mRemotePort]; !r.m.opt.StrictElastic && r.has(isInward) && r.has(isNetwork) && !remote.empty() {
		r.f.set(fSourcePort, remote)
	}
}

// authentications are protocols that say how somebody logged on, not how packets travelled.
var authentications = map[string]bool{"ntlm": true, "kerberos": true, "cloudap": true, "pku2u": true, "wdigest": true, "credssp": true,
	"schannel": true, "livessp": true, "tspkg": true}

// networkWords sorts what Protocol holds into transport and protocol.
func networkWords(r *record, _ *step) {
	switch p := strings.ToLower(r.f.str(mProtocol)); {
	case p == "", p == "negotiate", p == "microsoft_authentication_package_v1_0":
	case authentications[p]:
		r.f.set(fNetworkProtocol, stringValue(p))
	case p == "tcpv4", p == "tcpv6":
		r.f.set(fNetworkTransport, stringValue("tcp"))
	default:
		r.f.set(fNetworkTransport, stringValue(p))
	}
	if p := strings.ToLower(r.f.str(mRequestProtocol)); p != "" {
		r.f.set(fNetworkProtocol, stringValue(p))
	}
	for _, p := range [...]string{"dns", "http", "ssl", "ftp"} {
		if strings.Contains(r.action, p) {
			r.f.set(fNetworkProtocol, stringValue(p))
		}
	}
	if p := r.f.str(fNetworkProtocol); p == "local" || p == "unknown" {
		r.f.drop(fNetworkProtocol)
	}
	if r.has(isNetwork) {
		switch {
		case r.has(isInward):
			r.f.set(fNetworkDirection, stringValue("inbound"))
		case r.has(isOutward):
			r.f.set(fNetworkDirection, stringValue("outbound"))
		case r.has(isUndirected):
			r.f.set(fNetworkDirection, stringValue("unknown"))
		}
	}
}
