package world

// Tables of which there are few rows: their rows carry each column's value, see row.values.
var (
	tabMessageEvents = newTable("MessageEvents", nil, `Timestamp LastEditedTime TeamsMessageId SenderEmailAddress SenderDisplayName SenderObjectId SenderType RecipientDetails IsOwnedThread MessageId
	ParentMessageId GroupId GroupName ThreadId ThreadSubtype IsExternalThread MessageFormatType MessageFormatSubtype MessageVersion MessageSubject
	ThreatTypes DetectionMethods ConfidenceLevel DeliveryAction DeliveryLocation ReportId SafetyTip`)
	tabMessagePostDeliveryEvents = newTable("MessagePostDeliveryEvents", nil, `Timestamp TeamsMessageId Action ActionType ActionTrigger ActionResult SenderEmailAddress RecipientDetails ThreatTypes ConfidenceLevel DetectionMethods
	LatestDeliveryLocation ReportId IsExternalThread SafetyTip`)
	tabMessageUrlInfo           = newTable("MessageUrlInfo", nil, `Timestamp TeamsMessageId Url UrlDomain ThreatTypes ReportId`)
	tabCampaignInfo             = newTable("CampaignInfo", nil, `Timestamp CampaignName CampaignId CampaignType CampaignSubtype NetworkMessageId RecipientEmailAddress ReportId`)
	tabFileMaliciousContentInfo = newTable("FileMaliciousContentInfo", nil, `Timestamp Workload FileName FolderPath FileSize SHA256 FileOwnerDisplayName FileOwnerUpn DocumentId ThreatTypes ThreatNames DetectionMethods
	LastModifyingAccountUpn LastModifiedTime FileCreationTime ReportId`)
	tabIdentityEvents = newTable("IdentityEvents", nil, `Timestamp ReportId AccountId AccountType AccountDisplayName AccountUpn ActionType ActionResult ActionFailureReason IPAddress UserAgent TargetObjects
	Application ApplicationInstanceId ApplicationEventId ApplicationSessionId RawEventData AdditionalFields`)
	tabIdentityAccountInfo = newTable("IdentityAccountInfo", nil, `Timestamp ReportId SourceProviderAccountId AccountId IdentityId IsPrimary IdentityLinkType IdentityLinkReason IdentityLinkTime IdentityLinkBy
	DisplayName AccountUpn EmailAddress CriticalityLevel DefenderRiskLevel DefenderRiskUpdateTime Type GivenName Surname EmployeeId Department JobTitle
	Address City Country Phone Manager Sid AccountStatus SourceProvider SourceProviderInstanceId SourceProviderInstanceDisplayName AuthenticationMethod
	AuthenticationSourceAcccountId EnrolledMfas LastPasswordChangeTime GroupMembership AssignedRoles EligibleRoles TenantMembershipType CreatedDateTime
	DeletedDateTime Tags SourceProvderRiskLevel AdditionalFields TenantId`)
	tabCloudAuditEvents = newTable("CloudAuditEvents", nil, `Timestamp ReportId DataSource ActionType OperationName ResourceId IPAddress IsAnonymousProxy CountryCode City Isp UserAgent RawEventData
	AdditionalFields`)
	tabCloudDnsEvents = newTable("CloudDnsEvents", nil, `Timestamp ReportId ActionType AzureResourceId AwsResourceName GcpFullResourceName KubernetesResource KubernetesNamespace KubernetesPodName
	ContainerName ContainerId ImageName ProcessName ProcessId DnsEventType DnsEventSubType DnsQuery DnsQueryTypeName DnsResponseCodeName
	DnsNetworkDuration TransactionIdHex AdditionalFields`)
	tabCloudProcessEvents = newTable("CloudProcessEvents", nil, `Timestamp AzureResourceId AwsResourceName GcpFullResourceName ContainerImageName KubernetesNamespace KubernetesPodName KubernetesResource
	ContainerName ContainerId ActionType FileName FolderPath ProcessId ProcessName ParentProcessName ParentProcessId ProcessCommandLine
	ProcessCreationTime ProcessCurrentWorkingDirectory AccountName LogonId InitiatingProcessId ImageDigest AgentId Region HostName AdditionalFields`)
	tabCloudStorageAggregatedEvents = newTable("CloudStorageAggregatedEvents", nil, `DataAggregationStartTime DataAggregationEndTime DataSource SubscriptionId ResourceGroup StorageAccount StorageContainer StorageFileShare ServiceType
	IpAddress UserAgentHeader OperationNamesList AuthenticationType AccountObjectId AccountTenantId AccountApplicationId AccountUpn AccountType
	OperationsCount SuccessfulOperationsCount FailedOperationsCount FirstEventTimestamp LastEventTimestamp TotalResponseLength SuccessfulReadOperations
	DistinctGetOperations AnonymousSuccessfulOperations HasAnonymousResourceNotFoundFailures CountryName CityName ProvinceName ClientSystemServiceName
	ClientCloudPlatformName IsTorExitNode IsKnownSuspiciousIp IsPrivateIp SuspiciousUserAgentName HashReputationMd5List AzureResourceId Location Timestamp
	ReportId ActionType AdditionalFields`)
	tabOAuthAppInfo = newTable("OAuthAppInfo", nil, `ReportId Timestamp OAuthAppId ServicePrincipalId AppName AddedOnTime LastModifiedTime AppStatus VerifiedPublisher PrivilegeLevel Permissions
	ConsentedUsersCount IsAdminConsented AppOrigin LastUsedTime AppOwnerTenantId`)
	tabAgentsInfo = newTable("AgentsInfo", nil, `Timestamp AgentId AgentName Platform AgentDescription Version SourceAgentId EntraAgentId EntraBlueprintId ToolsAuthenticationType Permissions
	PublishedStatus LifecycleStatus Availability CreatedDateTime LastPublishedDateTime LastUpdatedDateTime Owners SharedWith InstanceCount Instructions
	Model Channels Capabilities DeclaredDataSources DeclaredTools McpServers Skills ConnectedAgents Memory Triggers Guardrails Endpoints ObservabilityId
	RawAgentInfo`)
	tabDisruptionAndResponseEvents = newTable("DisruptionAndResponseEvents", nil, `Timestamp ActionType DeviceId SourceDeviceId TargetDeviceId TargetDeviceName TargetDomainName DeviceName DomainName InitiatingProcessId
	InitiatingProcessFileName SourceUserSid SourceUserName SourceUserDomainName SourceIpAddress SourcePort IpAddress Port SourceDeviceName
	SourceDomainName AuthenticationProtocol Service InterfaceUuid InterfaceFriendlyName FileName ShareName LogonType LogonId SessionId
	CompromisedAccountCount PolicyId PolicyName PolicyVersion PolicyHash DataSources IsPolicyOn ReportType`)
	tabBehaviorInfo = newTable("BehaviorInfo", nil, `Timestamp BehaviorId Title Description Categories AttackTechniques ServiceSource DetectionSource DataSources DeviceId AccountUpn AccountObjectId
	StartTime EndTime AdditionalFields ActionType`)
	tabBehaviorEntities = newTable("BehaviorEntities", nil, `Timestamp BehaviorId Categories ServiceSource DetectionSource DataSources EntityType EntityRole DetailedEntityRole FileName FolderPath SHA1 SHA256
	FileSize ThreatFamily RemoteIP RemoteUrl AccountName AccountDomain AccountSid AccountObjectId CloudPlatform CloudResourceType CloudResourceId
	CloudSubscriptionId AccountUpn DeviceId DeviceName LocalIP NetworkMessageId EmailSubject EmailClusterId Application ApplicationId OAuthApplicationId
	ProcessCommandLine RegistryKey RegistryValueName RegistryValueData AdditionalFields ActionType`)
)
