package ecs

// The fields that functions read or set, by constant. Every other field gets its number when the mapping files are read.
const (
	fErrorMessage slot = iota
	fEventOriginal
	fTags
	fEventKind
	fEventCategory
	fEventType
	fEventAction
	fEventOutcome
	fEventSeverity
	fEventStart
	fEventEnd
	fEventDuration
	fEventURL
	fFilePath
	fFileName
	fFileDirectory
	fFileExtension
	fFileSize
	fFileSHA1
	fFileMD5
	fFileSHA256
	fProcessName
	fProcessExecutable
	fProcessCommandLine
	fProcessArgs
	fProcessArgsCount
	fProcessPID
	fProcessEntityID
	fProcessMD5
	fProcessSHA1
	fProcessSHA256
	fParentCommandLine
	fParentArgs
	fParentArgsCount
	fParentPID
	fParentEntityID
	fParentExecutable
	fParentMD5
	fParentSHA1
	fParentSHA256
	fParentSigStatus
	fParentSigExists
	fParentSigTrusted
	fAPIName
	fAPISize
	fAPIProtection
	fAPIAddress
	fAPIAccess
	fTargetExecutable
	fDLLPath
	fProcessUserID
	fProcessUserName
	fCloudProvider
	fHostName
	fHostHostname
	fHostID
	fHostMac
	fHostOSType
	fHostOSName
	fHostOSPlatform
	fHostOSVersion
	fRegistryHive
	fRegistryKey
	fRegistryValue
	fRegistryPath
	fRegistryStrings
	fRegistryType
	fSourceIP
	fSourcePort
	fSourceUserName
	fSourceUserDomain
	fSourceUserEmail
	fNetworkTransport
	fNetworkProtocol
	fNetworkDirection
	fDNSAnswers
	fRelatedUser
	fRelatedHosts
	fRelatedIP
	fRelatedHash
	fTechniqueIDs
	fTechniqueNames
	fTechnique
	fThreatFramework
	fRuleDescription
	fUserName
	fUserDomain
	fUserEmail
	fUserID
	fGroupName
	fOrchestratorType
	fUserAgent
	fURLOriginal
	fURLScheme
	fURLDomain
	fURLPort
	fURLPath
	fURLExtension
	fURLQuery
	fURLFragment
	fURLUserInfo
	fURLUsername
	fURLPassword
	fSourceGeo
	fSourceAS
	fDestinationIP
	fDestinationGeo
	fDestinationAS
	fHostIP
	fHostGeo
	fClientIP
	fClientGeo
	fPackageName
	fPackageVersion
	fPackageFixed
	fVulnerabilityID
	fVulnerabilityCVE
	fVulnerabilityReference
	fVulnerabilityEnumeration
	fVulnerabilityClassification
	fVulnerabilityScore
	fVulnerabilityTitle
	mActionType
	mAdditional
	mDirection
	mDNSQuery
	mDNSClass
	mDNSType
	mDNSCode
	mDNSAnswers
	mDNSTTLs
	mDNSFlags
	mFailureReason
	mFileName
	mFileType
	mFolderPath
	mProtocol
	mRequestProtocol
	mRequestSID
	mRemotePort
	mAccountSID
	mInitiatingSID
	mInitiatingPath
	mInitiatingName
	mInitiatingStatus
	mOSPlatform
	mMac
	mRegistryKey
	mRegistryValue
	mRegistryData
	mRegistryType
	mPreviousKey
	mPreviousValue
	mPreviousData
	mNamespace
	mPod
	mResource
	mAzureResource
	mAWSResource
	mGCPResource
	mEntityType
	mAlertCategory
	mTechniques
	mCity
	mAccountCity
	mCountry
	mAccountCountry
	mRawEvent
	mPrivateIP
	aDetermination
	iDetermination
	xActionType
	xStatus
	xHash
	xHashType
	vImpact
	vRemediation
	lEntityType
	lStatus
	lDescription
	lSeverity
)

// knownFields are the paths of the constants above.
var knownFields = [...]string{
	fErrorMessage: "error.message", fEventOriginal: "event.original", fTags: "tags",
	fEventKind: "event.kind", fEventCategory: "event.category", fEventType: "event.type", fEventAction: "event.action",
	fEventOutcome: "event.outcome", fEventSeverity: "event.severity", fEventStart: "event.start", fEventEnd: "event.end",
	fEventDuration: "event.duration", fEventURL: "event.url",
	fFilePath: "file.path", fFileName: "file.name", fFileDirectory: "file.directory", fFileExtension: "file.extension",
	fFileSize: "file.size", fFileSHA1: "file.hash.sha1", fFileMD5: "file.hash.md5", fFileSHA256: "file.hash.sha256",
	fProcessName: "process.name", fProcessExecutable: "process.executable", fProcessCommandLine: "process.command_line",
	fProcessArgs: "process.args", fProcessArgsCount: "process.args_count", fProcessPID: "process.pid",
	fProcessEntityID: "process.entity_id", fProcessMD5: "process.hash.md5", fProcessSHA1: "process.hash.sha1",
	fProcessSHA256: "process.hash.sha256", fParentCommandLine: "process.parent.command_line", fParentArgs: "process.parent.args",
	fParentArgsCount: "process.parent.args_count", fParentPID: "process.parent.pid", fParentEntityID: "process.parent.entity_id",
	fParentExecutable: "process.parent.executable", fParentMD5: "process.parent.hash.md5", fParentSHA1: "process.parent.hash.sha1",
	fParentSHA256: "process.parent.hash.sha256", fParentSigStatus: "process.parent.code_signature.status",
	fParentSigExists: "process.parent.code_signature.exists", fParentSigTrusted: "process.parent.code_signature.trusted",
	fAPIName: "process.Ext.api.name", fAPISize: "process.Ext.api.parameters.size",
	fAPIProtection: "process.Ext.api.parameters.protection", fAPIAddress: "process.Ext.api.parameters.address",
	fAPIAccess: "process.Ext.api.parameters.desired_access_numeric", fTargetExecutable: "Target.process.executable", fDLLPath: "dll.path", fProcessUserID: "process.user.id",
	fProcessUserName: "process.user.name", fCloudProvider: "cloud.provider", fHostName: "host.name",
	fHostHostname: "host.hostname", fHostID: "host.id", fHostMac: "host.mac", fHostOSType: "host.os.type",
	fHostOSName: "host.os.name", fHostOSPlatform: "host.os.platform", fHostOSVersion: "host.os.version",
	fRegistryHive: "registry.hive", fRegistryKey: "registry.key", fRegistryValue: "registry.value",
	fRegistryPath: "registry.path", fRegistryStrings: "registry.data.strings", fRegistryType: "registry.data.type",
	fSourceIP: "source.ip", fSourcePort: "source.port", fSourceUserName: "source.user.name",
	fSourceUserDomain: "source.user.domain", fSourceUserEmail: "source.user.email", fNetworkTransport: "network.transport",
	fNetworkProtocol: "network.protocol", fNetworkDirection: "network.direction", fDNSAnswers: "dns.answers",
	fRelatedUser: "related.user", fRelatedHosts: "related.hosts", fRelatedIP: "related.ip", fRelatedHash: "related.hash",
	fTechniqueIDs: "threat.technique.subtechnique.id", fTechniqueNames: "threat.technique.subtechnique.name",
	fTechnique: "threat.technique.name", fThreatFramework: "threat.framework", fRuleDescription: "rule.description",
	fUserName: "user.name", fUserDomain: "user.domain", fUserEmail: "user.email", fUserID: "user.id",
	fGroupName: "group.name", fOrchestratorType: "orchestrator.type", fUserAgent: "user_agent",
	fURLOriginal: "url.original", fURLScheme: "url.scheme", fURLDomain: "url.domain", fURLPort: "url.port", fURLPath: "url.path",
	fURLExtension: "url.extension", fURLQuery: "url.query", fURLFragment: "url.fragment", fURLUserInfo: "url.user_info",
	fURLUsername: "url.username", fURLPassword: "url.password", fSourceGeo: "source.geo", fSourceAS: "source.as",
	fDestinationIP: "destination.ip", fDestinationGeo: "destination.geo", fDestinationAS: "destination.as",
	fHostIP: "host.ip", fHostGeo: "host.geo", fClientIP: "client.ip", fClientGeo: "client.geo",
	fPackageName: "package.name", fPackageVersion: "package.version", fPackageFixed: "package.fixed_version", fVulnerabilityID: "vulnerability.id",
	fVulnerabilityCVE: "vulnerability.cve", fVulnerabilityReference: "vulnerability.reference",
	fVulnerabilityEnumeration: "vulnerability.enumeration", fVulnerabilityClassification: "vulnerability.classification",
	fVulnerabilityScore: "vulnerability.score.base", fVulnerabilityTitle: "vulnerability.title",

	mActionType: "m365_defender.event.action.type", mAdditional: "m365_defender.event.additional_fields",
	mDirection: "m365_defender.event.network_direction",
	mDNSQuery:  "m365_defender.event.dns.query", mDNSClass: "m365_defender.event.dns.qclass_name",
	mDNSType: "m365_defender.event.dns.qtype_name", mDNSCode: "m365_defender.event.dns.rcode_name",
	mDNSAnswers: "m365_defender.event.dns.answers", mDNSTTLs: "m365_defender.event.dns.ttls",
	mDNSFlags: "m365_defender.event.dns.header_flags", mFailureReason: "m365_defender.event.failure_reason",
	mFileName: "m365_defender.event.file.name", mFileType: "m365_defender.event.file.type",
	mFolderPath: "m365_defender.event.folder_path", mProtocol: "m365_defender.event.protocol",
	mRequestProtocol: "m365_defender.event.request.protocol", mRequestSID: "m365_defender.event.request.account_sid",
	mRemotePort: "m365_defender.event.remote.port", mAccountSID: "m365_defender.event.account.sid",
	mInitiatingSID:    "m365_defender.event.initiating_process.account_sid",
	mInitiatingPath:   "m365_defender.event.initiating_process.folder_path",
	mInitiatingName:   "m365_defender.event.initiating_process.file_name",
	mInitiatingStatus: "m365_defender.event.initiating_process.signature_status",
	mOSPlatform:       "m365_defender.event.os.platform", mMac: "m365_defender.event.mac_address",
	mRegistryKey: "m365_defender.event.registry.key", mRegistryValue: "m365_defender.event.registry.value_name",
	mRegistryData: "m365_defender.event.registry.value_data", mRegistryType: "m365_defender.event.registry.value_type",
	mPreviousKey: "m365_defender.event.previous.registry_key", mPreviousValue: "m365_defender.event.previous.registry_value_name",
	mPreviousData: "m365_defender.event.previous.registry_value_data", mNamespace: "m365_defender.event.kubernetes_namespace",
	mPod: "m365_defender.event.kubernetes_pod_name", mResource: "m365_defender.event.kubernetes_resource",
	mAzureResource: "m365_defender.event.azure_resource_id", mAWSResource: "m365_defender.event.aws_resource_name",
	mGCPResource: "m365_defender.event.gcp_full_resource_name", mEntityType: "m365_defender.event.entity_type",
	mAlertCategory: "m365_defender.event.alert.category", mTechniques: "m365_defender.event.attack_techniques",
	mCity: "m365_defender.event.city", mAccountCity: "m365_defender.event.account.city",
	mCountry: "m365_defender.event.country", mAccountCountry: "m365_defender.event.account.country",
	mRawEvent: "m365_defender.event.raw_event_data", mPrivateIP: "m365_defender.event.is_private_ip",
	aDetermination: "m365_defender.alert.determination", iDetermination: "m365_defender.incident.determination",
	xActionType: "microsoft_defender_endpoint.machine_action.type", xStatus: "microsoft_defender_endpoint.machine_action.status",
	xHash:        "microsoft_defender_endpoint.machine_action.related_file_info.file_identifier",
	xHashType:    "microsoft_defender_endpoint.machine_action.related_file_info.file_identifier_type",
	vImpact:      "microsoft_defender_endpoint.vulnerability.impact",
	vRemediation: "microsoft_defender_endpoint.vulnerability.remediation",
	lEntityType:  "microsoft.defender_endpoint.evidence.entityType",
	lStatus:      "microsoft.defender_endpoint.status",

	lDescription: "microsoft.defender_endpoint.description",
	lSeverity:    "microsoft.defender_endpoint.severity",
}

// The fields of a piece of evidence that functions read.
const (
	eKind slot = iota
	eDisplayName
	eMachine
	eDomain
	eUserID
	ePrincipal
	eAccount
	eProvider
	eFileSize
	ePID
	eParentPID
	eStart
	eParentStart
	eImageName
	eImagePath
	eParentImageName
	eParentImagePath
	eLoggedOn
)

var knownEvidence = [...]string{
	eKind: "odata_type", eDisplayName: "display_name", eMachine: "mde_device_id", eDomain: "user_account.domain_name",
	eUserID: "user_account.azure_ad_user_id", ePrincipal: "user_account.user_principal_name", eAccount: "user_account.account_name",
	eProvider: "vm_metadata.cloud_provider", eFileSize: "file_details.size", ePID: "process.id", eParentPID: "parent_process.id",
	eStart: "process.creation_datetime", eParentStart: "parent_process.creation_datetime", eImageName: "image_file.name",
	eImagePath: "image_file.path", eParentImageName: "parent_process.image_file.name",
	eParentImagePath: "parent_process.image_file.path", eLoggedOn: "logged_on_users",
}

// flags are the conditions that lines of the mapping files may ask for.
type flags uint64

const (
	isFile flags = 1 << iota
	isProcess
	isLibrary
	isRegistry
	isNetwork
	isAPI
	isDriver
	isHost
	isLogon
	isImage
	isCloudProcess
	isDNS
	isDLL
	isFilelike
	isTarget
	isParented
	isLeveled
	isCaller
	isCallerFile
	isCallerPath
	isCallerSigned
	isAPIDriver
	isRemoteAPI
	isActor
	isInward
	isOutward
	isUndirected
	isThreat
	isCategorised
	isClick
	isAttachment
	isIdentityLogon
	isIdentityInfo
	isCloudApp
	isCloudAudit
	isPublicIP
	isKnown
	isOpen
	isFixed
)

// conditions are the words for them.
var conditions = map[string]flags{
	"file": isFile, "process": isProcess, "library": isLibrary, "registry": isRegistry, "network": isNetwork, "api": isAPI,
	"driver": isDriver, "host": isHost, "logon": isLogon, "image": isImage, "cloudprocess": isCloudProcess, "dns": isDNS, "dll": isDLL,
	"filelike": isFilelike, "target": isTarget, "parented": isParented, "leveled": isLeveled, "caller": isCaller,
	"callerfile": isCallerFile, "callerpath": isCallerPath, "callersigned": isCallerSigned, "apidriver": isAPIDriver,
	"remoteapi": isRemoteAPI, "actor": isActor, "inward": isInward, "outward": isOutward, "undirected": isUndirected,
	"threat": isThreat, "categorised": isCategorised, "click": isClick, "attachment": isAttachment,
	"identitylogon": isIdentityLogon, "identityinfo": isIdentityInfo, "cloudapp": isCloudApp, "cloudaudit": isCloudAudit,
	"publicip": isPublicIP, "known": isKnown, "open": isOpen, "fixed": isFixed,
}
