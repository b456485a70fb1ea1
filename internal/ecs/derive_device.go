package ecs

import (
	"slices"
	"strings"
)

// ownActions are the actions of DeviceEvents that the initiating process itself did; all others name a second process in the row.
var ownActions = []string{"namedpipeevent", "dpapiaccessed", "ntallocatevirtualmemoryapicall", "getclipboarddata",
	"ntprotectvirtualmemoryapicall", "browserlaunchedtoopenurl", "processprimarytokenmodified", "powershellcommand",
	"clrunbackedmoduleloaded", "ldapsearch", "dnsqueryresponse", "ntallocatevirtualmemoryremoteapicall", "memoryremoteprotect",
	"screenshottaken", "antivirusscancompleted", "exploitguardwin32systemcallblocked", "getasynckeystateapicall",
	"appguardcreatecontainer", "exploitguardacgenforced", "writetolsassprocessmemory", "antivirusscancancelled",
	"controlflowguardviolation", "appcontrolpolicyapplied", "createremotethreadapicall", "auditpolicymodification",
	"ntmapviewofsectionremoteapicall", "appguardlaunchedwithurl", "appguardresumecontainer", "smartscreenurlwarning",
	"appguardbrowsetourl", "otheralertrelatedactivity", "antivirusscanfailed"}

var remoteCalls = []string{"createremotethreadapicall", "readprocessmemoryapicall", "ntallocatevirtualmemoryremoteapicall", "openprocessapicall"}

// deviceClass sets event.category and event.type, and the conditions that say which process and which file a row is about.
func deviceClass(r *record, _ *step) {
	r.action = strings.ToLower(r.f.str(mActionType))
	table := func(name string) bool { return strings.Contains(r.category, name) }
	action := func(parts ...string) bool {
		return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(r.action, p) })
	}
	events := table("deviceevents")
	category := func(word string, bit flags, ok bool) {
		if ok {
			r.word(fEventCategory, word)
			r.flags |= bit
		}
	}
	api := events && strings.HasSuffix(r.action, "apicall")
	driver := action("driverload")
	category("authentication", isLogon, table("devicelogonevents"))
	category("host", isHost, table("deviceinfo") || events && !api && !driver)
	category("api", isAPI, api)
	category("driver", isDriver, driver)
	category("file", isFile, table("devicefileevents") || table("devicefilecertificateinfo"))
	category("process", isProcess, table("deviceprocessevents") || table("cloudprocessevents"))
	category("library", isLibrary, table("deviceimageloadevents"))
	category("network", isNetwork, table("devicenetworkevents") || table("devicenetworkinfo"))
	category("registry", isRegistry, table("deviceregistryevents"))
	category("host", isHost, r.f.values[fEventCategory].kind == absent) // a device table that Elastic does not know
	r.deviceType(action)
	if action("imageloaded") {
		r.f.set(mActionType, stringValue("load"))
		r.action = "load"
	}
	r.roles(events, table)
	if r.has(isNetwork) && action("dnsconnectioninspected") {
		r.flags |= isDNS
	}
}

func (r *record) has(f flags) bool { return r.flags&f != 0 }

// word adds a word to a list, even if it is there already.
func (r *record) word(to slot, word string) {
	v := r.f.values[to]
	if v.kind != list {
		v = value{kind: list, in: r.list(4)}
	}
	v.in.values = append(v.in.values, stringValue(word))
	r.f.set(to, v)
}

func (r *record) deviceType(action func(...string) bool) {
	add := func(word string, ok bool) {
		if ok {
			r.word(fEventType, word)
		}
	}
	file := func(names ...string) bool { return r.has(isFile) && slices.Contains(names, r.action) }
	none := func() bool { return r.f.values[fEventType].kind == absent }
	add("info", r.has(isLogon|isHost) || action("connectionfound", "networksignatureinspected", "devicenetworkinfo"))
	add("deletion", file("filedeleted"))
	add("change", file("filemodified", "filerenamed"))
	add("creation", file("filecreated"))
	add("info", r.has(isFile) && none())
	add("start", action("connectionsuccess", "driverload"))
	add("denied", action("connectionfailed"))
	add("start", action("connectionrequest", "listeningconnectioncreated", "processcreated") || r.action != "" && r.has(isLibrary))
	add("start", action("inboundconnectionaccepted"))
	add("creation", action("registrykeycreated"))
	add("deletion", action("registrykeydeleted", "registryvaluedeleted"))
	add("change", action("registrykeyrenamed", "registryvalueset"))
	add("protocol", r.has(isNetwork) && action("dnsconnectioninspected"))
	add("access", r.has(isAPI) && none() && strings.HasPrefix(r.action, "open"))
	add("change", r.has(isAPI) && none() && strings.HasPrefix(r.action, "write"))
	add("info", none() && r.has(isNetwork|isAPI))
}

// roles says which columns are the process's that the row is about, and which its parent's.
func (r *record) roles(events bool, table func(string) bool) {
	on := func(bit flags, ok bool) {
		if ok {
			r.flags |= bit
		}
	}
	own := events && slices.Contains(ownActions, r.action)
	named := events && !own
	special := r.has(isAPI | isDriver)
	process, library := r.has(isProcess), r.has(isLibrary)
	plain := !process && !events
	on(isImage, library)
	on(isCloudProcess, table("cloudprocessevents"))
	on(isAPIDriver, special)
	on(isDLL, library || r.has(isDriver))
	on(isFilelike, plain)
	on(isTarget, !special && !library && (process || named))
	on(isParented, !special && (process || named))
	on(isLeveled, !special && (process || events || library))
	on(isCaller, special || plain || own)
	on(isCallerFile, special || plain && !library || own)
	on(isCallerPath, plain || own)
	on(isCallerSigned, r.has(isAPI) || plain || own)
	on(isRemoteAPI, r.has(isAPI) && slices.Contains(remoteCalls, r.action))
	on(isActor, r.has(isLibrary|isRegistry|isNetwork|isDriver|isAPI))
}

// dnsDetails takes out of AdditionalFields what has a field of its own.
func dnsDetails(r *record, _ *step) {
	rest := r.f.values[mAdditional]
	take := func(name string, to slot) {
		var v value
		if rest, v = rest.without(name); v.kind > null {
			r.f.set(to, v)
		}
	}
	take("direction", mDirection)
	if r.has(isDNS) && rest.kind == object {
		take("qclass_name", mDNSClass)
		take("query", mDNSQuery)
		take("qtype_name", mDNSType)
		take("rcode_name", mDNSCode)
		take("answers", mDNSAnswers)
		take("TTLs", mDNSTTLs)
		for _, s := range [...]slot{mDNSAnswers, mDNSTTLs} {
			if v := r.f.values[s]; v.kind == text && v.text != "" {
				r.f.set(s, r.json(&column{name: "AdditionalFields"}, v))
			}
		}
		for _, flag := range [...]string{"AA", "TC", "RD", "RA", "AD", "CD", "DO"} {
			if rest.member(flag).str() == "true" {
				r.word(mDNSFlags, flag)
			}
		}
	}
	if rest.kind == object {
		r.f.set(mAdditional, rest)
	}
	switch r.f.values[mDirection].str() {
	case "In":
		r.flags |= isInward
	case "Out":
		r.flags |= isOutward
	case "":
		r.flags |= isUndirected
	}
}

// dnsAnswers pairs answers with their times to live.
func dnsAnswers(r *record, _ *step) {
	answers, ttls := r.f.values[mDNSAnswers].items(), r.f.values[mDNSTTLs].items()
	if len(answers) == 0 || len(ttls) == 0 {
		return
	}
	if len(answers) != len(ttls) {
		r.fail("DNS answers and TTLs have a different length")
	}
	out := r.list(len(answers))
	for i := range min(len(answers), len(ttls)) {
		ttl, _, _ := strings.Cut(ttls[i].text, ".")
		pair := &node{names: []string{"data", "ttl"}, values: []value{answers[i], numberValue(ttl)}}
		if ttls[i].kind != number {
			pair.values[1] = value{}
		}
		out.values = append(out.values, value{kind: object, in: pair})
	}
	r.f.set(fDNSAnswers, value{kind: list, in: out})
}

// deviceAction sets event.action in the words that rules ask for, and a logon's outcome.
func deviceAction(r *record, _ *step) {
	var action string
	switch {
	case r.has(isDriver):
		action = "load"
	case r.has(isFile):
		action = map[string]string{"filedeleted": "deletion", "filemodified": "modification", "filerenamed": "rename", "filecreated": "creation"}[r.action]
	case r.has(isRegistry) && r.action == "registrykeycreated":
		action = "creation"
	case r.has(isRegistry) && r.action == "registryvalueset":
		action = "modification"
	case r.has(isProcess) && r.action == "processcreated":
		action = "start"
	default:
		action = strings.ReplaceAll(r.action, " ", "-")
	}
	if action != "" {
		r.f.set(fEventAction, stringValue(action))
	}
	if r.has(isLogon) {
		r.outcome(r.f.values[mFailureReason].empty())
	}
}

func (r *record) outcome(ok bool) {
	if ok {
		r.f.set(fEventOutcome, stringValue("success"))
	} else {
		r.f.set(fEventOutcome, stringValue("failure"))
	}
}

// fileParts takes file.path apart. Elastic takes what follows the last point of the whole path, even if that stands in a folder's name.
func fileParts(r *record, _ *step) {
	path := r.f.str(fFilePath)
	at := strings.LastIndexByte(path, '\\')
	if at < 0 {
		at = strings.LastIndexByte(path, '/')
	}
	if len(path) < 2 || at < 0 {
		return
	}
	r.f.set(fFileName, stringValue(path[at+1:]))
	r.f.set(fFileDirectory, stringValue(path[:at]))
	if dot := strings.LastIndexByte(path, '.'); dot >= 0 && (r.m.opt.StrictElastic || dot > at) {
		r.f.set(fFileExtension, stringValue(path[dot+1:]))
	}
}

func parentSignature(r *record, _ *step) {
	switch r.f.str(mInitiatingStatus) {
	case "Valid":
		r.f.set(fParentSigStatus, stringValue("trusted"))
		r.f.set(fParentSigExists, boolValue(true))
		r.f.set(fParentSigTrusted, boolValue(true))
	case "Unsigned":
		r.f.set(fParentSigExists, boolValue(false))
		r.f.set(fParentSigTrusted, boolValue(false))
	}
}

// apiCall names the call and moves its parameters.
func apiCall(r *record, _ *step) {
	name := r.f.str(mActionType)
	r.f.set(fAPIName, stringValue(name[:len(name)-len("ApiCall")]))
	rest := r.f.values[mAdditional]
	for _, p := range [...]struct {
		name string
		to   slot
	}{{"RegionSize", fAPISize}, {"ProtectionMask", fAPIProtection}, {"BaseAddress", fAPIAddress}, {"DesiredAccess", fAPIAccess}} {
		var v value
		if rest, v = rest.without(p.name); v.kind <= null {
			continue
		}
		if s, ok := v.scalar(); ok && p.to == fAPIProtection {
			v = stringValue(s)
		}
		r.f.set(p.to, v)
	}
	if rest.kind == object {
		r.f.set(mAdditional, rest)
	}
}

// callerExecutable joins folder and file name for API calls and drivers, whose rows mostly have the folder alone.
func callerExecutable(r *record, _ *step) {
	folder, name := r.f.str(mInitiatingPath), r.f.str(mInitiatingName)
	if path, whole := joinPath(folder, name); path != "" && (whole || r.f.values[fProcessExecutable].empty()) {
		r.f.set(fProcessExecutable, stringValue(path))
	}
}

// targetExecutable does the same for the process that a call was made on.
func targetExecutable(r *record, _ *step) {
	if path, _ := joinPath(r.f.str(mFolderPath), r.f.str(mFileName)); path != "" {
		r.f.set(fTargetExecutable, stringValue(path))
	}
}

// driverPath does the same for a driver; Elastic joins even when the folder ends in the name.
func driverPath(r *record, _ *step) {
	folder, name := r.f.str(mFolderPath), r.f.str(mFileName)
	path, whole := joinPath(folder, name)
	if whole && r.m.opt.StrictElastic {
		path = folder + `\` + name
	}
	if path != "" {
		r.f.set(fDLLPath, stringValue(path))
	}
}

// joinPath puts a file's name behind its folder, unless it stands there already.
func joinPath(folder, name string) (path string, whole bool) {
	switch {
	case folder == "" && name == "":
		return "", false
	case name != "" && strings.HasSuffix(folder, name):
		return folder, true
	}
	return folder + `\` + name, false
}

func parentHashes(r *record, _ *step) {
	for _, h := range [...][2]slot{{fProcessMD5, fParentMD5}, {fProcessSHA1, fParentSHA1}, {fProcessSHA256, fParentSHA256}} {
		if r.f.values[h[0]].kind > null {
			r.append(fRelatedHash, r.f.values[h[1]])
		}
	}
}

func cloudProvider(r *record, _ *step) {
	for _, p := range [...]struct {
		id   slot
		name string
	}{{mAzureResource, "azure"}, {mAWSResource, "aws"}, {mGCPResource, "gcp"}} {
		if r.f.values[p.id].kind > null {
			r.f.set(fCloudProvider, stringValue(p.name))
			break
		}
	}
	for _, s := range [...]slot{mNamespace, mPod, mResource} {
		if r.f.values[s].kind > null {
			r.f.set(fOrchestratorType, stringValue("kubernetes"))
		}
	}
}
