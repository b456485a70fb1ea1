package world

// The tables of Defender for Office 365, columns in the catalogue's order.
var (
	tabEmailAttachmentInfo = newTable("EmailAttachmentInfo", attachmentColumns, `Timestamp NetworkMessageId SenderFromAddress SenderDisplayName SenderObjectId RecipientEmailAddress RecipientObjectId FileName FileType SHA256
	FileSize ThreatTypes ThreatNames DetectionMethods ReportId FileExtension`)
	tabEmailEvents = newTable("EmailEvents", mailColumns, `Timestamp NetworkMessageId InternetMessageId SenderMailFromAddress SenderFromAddress SenderDisplayName SenderObjectId SenderMailFromDomain
	SenderFromDomain SenderIPv4 SenderIPv6 RecipientEmailAddress RecipientObjectId Subject EmailClusterId EmailDirection DeliveryAction DeliveryLocation
	ThreatTypes ThreatNames DetectionMethods ConfidenceLevel BulkComplaintLevel EmailAction EmailActionPolicy EmailActionPolicyGuid AuthenticationDetails
	AttachmentCount UrlCount EmailLanguage Connectors OrgLevelAction OrgLevelPolicy UserLevelAction UserLevelPolicy ReportId AdditionalFields
	LatestDeliveryLocation LatestDeliveryAction DistributionList LastEventExecutionTime ExchangeTransportRule ForwardingInformation Context To Cc
	ThreatClassification RecipientDomain EmailSize IsFirstContact`)
	tabEmailPostDeliveryEvents = newTable("EmailPostDeliveryEvents", postColumns, `Timestamp NetworkMessageId InternetMessageId Action ActionType ActionTrigger ActionResult RecipientEmailAddress DeliveryLocation SourceLocation
	ThreatTypes DetectionMethods ReportId SenderFromAddress EmailDirection`)
	tabEmailUrlInfo   = newTable("EmailUrlInfo", mailURLColumns, `Timestamp NetworkMessageId Url UrlDomain UrlLocation ReportId`)
	tabUrlClickEvents = newTable("UrlClickEvents", clickColumns, `Timestamp Url ActionType AccountUpn Workload NetworkMessageId ThreatTypes DetectionMethods IPAddress IsClickedThrough UrlChain ReportId AppName
	AppVersion SourceId`)
)

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

// The tables of alerts, columns in the catalogue's order. On the wire both carry MachineGroup as well.
var (
	tabAlertInfo     = newTable("AlertInfo", alertInfoColumns, `Timestamp AlertId Title Category Severity ServiceSource DetectionSource AttackTechniques MachineGroup`)
	tabAlertEvidence = newTable("AlertEvidence", evidenceColumns, `Timestamp AlertId Title Categories AttackTechniques ServiceSource DetectionSource EntityType EvidenceRole EvidenceDirection FileName FolderPath SHA1
	SHA256 FileSize ThreatFamily RemoteIP RemoteUrl AccountName AccountDomain AccountSid AccountObjectId AccountUpn DeviceId DeviceName LocalIP
	NetworkMessageId EmailSubject Application ApplicationId OAuthApplicationId ProcessCommandLine RegistryKey RegistryValueName RegistryValueData
	AdditionalFields Severity CloudResource CloudPlatform ResourceType ResourceID SubscriptionId MachineGroup`)
)
