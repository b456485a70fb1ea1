package world

// The tables of Defender for Identity and Defender for Cloud Apps, columns in the catalogue's order.
var (
	tabIdentityLogonEvents = newTable("IdentityLogonEvents", identityColumns, `Timestamp ActionType Application LogonType Protocol FailureReason AccountName AccountDomain AccountUpn AccountSid AccountObjectId AccountDisplayName
	DeviceName DeviceType OSPlatform IPAddress Port DestinationDeviceName DestinationIPAddress DestinationPort TargetDeviceName TargetAccountDisplayName
	Location ISP ReportId AdditionalFields LastSeenForUser UncommonForUser`)
	tabIdentityQueryEvents = newTable("IdentityQueryEvents", identityColumns, `Timestamp ActionType Application QueryType QueryTarget Query Protocol AccountName AccountDomain AccountUpn AccountSid AccountObjectId
	AccountDisplayName DeviceName IPAddress Port DestinationDeviceName DestinationIPAddress DestinationPort TargetDeviceName TargetAccountUpn
	TargetAccountDisplayName Location ReportId AdditionalFields`)
	tabIdentityDirectoryEvents = newTable("IdentityDirectoryEvents", identityColumns, `Timestamp ActionType Application TargetAccountUpn TargetAccountDisplayName TargetDeviceName DestinationDeviceName DestinationIPAddress DestinationPort
	Protocol AccountName AccountDomain AccountUpn AccountSid AccountObjectId AccountDisplayName DeviceName IPAddress Port Location ISP ReportId
	AdditionalFields`)
	tabCloudAppEvents = newTable("CloudAppEvents", cloudAppColumns, `Timestamp ActionType Application ApplicationId AppInstanceId AccountObjectId AccountId AccountDisplayName IsAdminOperation DeviceType OSPlatform
	IPAddress IsAnonymousProxy CountryCode City ISP UserAgent ActivityType ActivityObjects ObjectName ObjectType ObjectId ReportId AccountType
	IsExternalUser IsImpersonated IPTags IPCategory UserAgentTags RawEventData AdditionalFields LastSeenForUser UncommonForUser AuditSource SessionData
	OAuthAppId`)
)
