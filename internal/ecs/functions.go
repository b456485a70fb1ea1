package ecs

// function is one derived thing: its name as files call it, what it is for the manual, the fields it may set.
type function struct {
	name string
	sets string
	doc  string
	run  func(r *record, s *step)
}

// functions are all derivations, in the order of the manual.
var functions = []function{
	{"deviceClass", "event.category, event.type", "By table and ActionType; also decides which process and file the row is about.", deviceClass},
	{"deviceAction", "event.action, event.outcome", "creation, modification, rename, deletion, start or load where rules ask for these words; else ActionType in small letters with dashes. Logons fail when they have a FailureReason.", deviceAction},
	{"dnsDetails", "dns.*", "Takes the direction, and of inspected DNS connections question, answers and flags, out of AdditionalFields.", dnsDetails},
	{"dnsAnswers", "dns.answers", "Answers with their time to live, when there are as many of the one as of the other.", dnsAnswers},
	{"fileParts", "file.directory, file.extension", "The folder before the last \\ or / of file.path, and what follows its last point.", fileParts},
	{"parentSignature", "process.parent.code_signature.*", "Valid exists and is trusted, Unsigned neither, any other status is only written down.", parentSignature},
	{"apiCall", "process.Ext.api.*", "The name without \"ApiCall\"; size, protection, address and access from AdditionalFields.", apiCall},
	{"callerExecutable", "process.executable", "Folder and file name of the caller, unless the folder ends in the name already.", callerExecutable},
	{"commandLines", "process.args, process.args_count and the same of process.parent", "Command lines are taken apart as Windows does, on every system.", commandLines},
	{"executableFromArgs", "process.executable", "The first argument.", executableFromArgs},
	{"processNames", "process.name", "The file name, and the name that the command line begins with when it differs, even in case only; a list when there are two.", processNames},
	{"alertProcessNames", "process.name", "As processNames, always a list.", alertProcessNames},
	{"entityIds", "process.entity_id, process.parent.entity_id", "The process ids as text.", entityIDs},
	{"parentHashes", "related.hash", "The parent's hashes, when the process has the same kind of hash.", parentHashes},
	{"lowerHostName", "host.name", "Small letters; the custom field keeps the case.", lowerHostName},
	{"hostFromHostname", "host.name", "host.hostname in small letters.", hostFromHostname},
	{"hostSystem", "host.os.type", "windows, linux or macos from OSPlatform; windows for what only Windows has (registry, images, drivers, API calls, SIDs); unix when AdditionalFields speaks of POSIX.", hostSystem},
	{"platformSystem", "host.os.type", "From OSPlatform, or what AdditionalFields says of the source's system.", platformSystem},
	{"systemOfPlatform", "host.os.type, host.os.name", "The type from the platform's name; the name is platform and version.", systemOfPlatform},
	{"hostMac", "host.mac", "AA-BB-CC-DD-EE-FF.", hostMac},
	{"registryParts", "registry.*", "Hive shortened (HKLM, HKCU, HKU, HKCR, HKCC), key without it, path from hive, key and value; new and old data.", registryParts},
	{"inboundPort", "source.port", "Only without strict Elastic: the remote port of an incoming connection.", inboundPort},
	{"networkWords", "network.transport, network.protocol, network.direction", "Protocol as transport or, for authentication, as protocol; dns, http, ssl and ftp from ActionType.", networkWords},
	{"cloudProvider", "cloud.provider, orchestrator.type", "By which resource id there is.", cloudProvider},
	{"url", "url.*", "The parts of an address. A bare name is a path, as with Elastic, and no domain.", setURL},
	{"originalUrl", "event.url", "The address before it was taken apart.", originalURL},
	{"geo", "*.geo, *.as", "From the look-up function, when one is given.", geo},
	{"alertEventClass", "event.kind, event.category, event.type", "By the kind of entity and the alert's category.", alertEventClass},
	{"techniques", "threat.technique.subtechnique.*", "\"Name (T1078.004)\" taken apart and sorted; techniques without a point too, as with Elastic.", techniques},
	{"severity", "event.severity", "informational and low 21, medium 47, high 73, critical 99.", severity},
	{"lowerDirection", "network.direction", "Small letters.", lowerDirection},
	{"emailClass", "", "Sets conditions only.", emailClass},
	{"lowerAction", "event.action", "Small letters, dashes for spaces.", lowerAction},
	{"lowerProtocol", "network.protocol", "Small letters.", lowerProtocol},
	{"userFromAddress", "user.email, user.name, user.domain", "A mail address taken apart.", userFromAddress},
	{"userFromRequestor", "user.email, user.name, user.domain", "A mail address taken apart; anything else is the name.", userFromRequestor},
	{"identityClass", "event.kind, event.category, event.type", "By table.", identityClass},
	{"logonOutcome", "event.outcome", "Failure when there is a FailureReason.", logonOutcome},
	{"rawUser", "user.name", "RawEventData.UserId, when the row has no AccountName.", rawUser},
	{"userAgent", "user_agent.*", "Name and version of common browsers and tools, and the system.", userAgent},
	{"evidenceClass", "event.category, event.type", "By the kinds of evidence and the determination, sorted.", evidenceClass},
	{"incidentClass", "event.category, event.type", "By the determination.", incidentClass},
	{"duration", "event.duration", "Nanoseconds from event.start to event.end.", duration},
	{"durationNanos", "event.duration", "As duration.", duration},
	{"commentAuthors", "related.user", "createdByDisplayName of each comment.", commentAuthors},
	{"commentAccounts", "related.user", "createdBy of each comment.", commentAccounts},
	{"loggedOnUsers", "related.user, related.hosts; user.name of incidents", "Names and domains of the users on a device.", loggedOnUsers},
	{"evidenceFields", "host.id, user.*, process.user.*, group.name, cloud.provider, file.size, process.pid, process.parent.pid", "From the kind of evidence that says it, each list sorted.", evidenceFields},
	{"incidentProcesses", "process.executable, process.entity_id and the same of process.parent", "Path and name of the images; the SHA-1 of process id, start and device.", incidentProcesses},
	{"sourceUser", "source.user.*", "The person in charge: address, name and domain.", sourceUser},
	{"vulnerabilityWords", "vulnerability.cve, .enumeration, .reference, .classification, .title", "Words around the identifier and the package.", vulnerabilityWords},
	{"describedVulnerability", "vulnerability.title, .enumeration, .reference, .classification, package.fixed_version", "Microsoft's description taken apart: summary, impact, remediation and the version that mends it.", describedVulnerability},
	{"interfaceAddresses", "related.ip", "The addresses of a machine's interfaces.", interfaceAddresses},
	{"machineAction", "event.category, event.type, event.outcome, file.hash.*", "By the kind of action and its status.", machineAction},
	{"logClass", "event.category, event.type, event.severity, threat.*", "By category, entity and status; severity from 0 to 4.", logClass},
	{"longDescription", "rule.description", "Descriptions of 1020 characters and more stay in the custom field.", longDescription},
}
