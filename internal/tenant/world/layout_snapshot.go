package world

// Tables that are asked for, not streamed.
var (
	tabDeviceTvmSecureConfigurationAssessment = newTable("DeviceTvmSecureConfigurationAssessment", nil, `DeviceId DeviceName OSPlatform Timestamp ConfigurationId ConfigurationCategory ConfigurationSubcategory ConfigurationImpact IsCompliant IsApplicable
	Context IsExpectedUserImpact`)
	tabDeviceTvmSecureConfigurationAssessmentKB = newTable("DeviceTvmSecureConfigurationAssessmentKB", nil, `ConfigurationId ConfigurationImpact ConfigurationName ConfigurationDescription RiskDescription ConfigurationCategory ConfigurationSubcategory
	ConfigurationBenchmarks Tags RemediationOptions Timestamp RelatedMitreTechniques RelatedMitreTactics`)
	tabDeviceTvmSoftwareInventory = newTable("DeviceTvmSoftwareInventory", nil, `DeviceId DeviceName OSPlatform OSVersion OSArchitecture SoftwareVendor SoftwareName SoftwareVersion EndOfSupportStatus EndOfSupportDate ProductCodeCpe
	Timestamp`)
	tabDeviceTvmSoftwareVulnerabilities = newTable("DeviceTvmSoftwareVulnerabilities", nil, `DeviceId DeviceName OSPlatform OSVersion OSArchitecture SoftwareVendor SoftwareName SoftwareVersion CveId VulnerabilitySeverityLevel
	RecommendedSecurityUpdate RecommendedSecurityUpdateId CveTags Timestamp`)
	tabDeviceTvmSoftwareVulnerabilitiesKB = newTable("DeviceTvmSoftwareVulnerabilitiesKB", nil, `CveId CvssScore IsExploitAvailable VulnerabilitySeverityLevel LastModifiedTime PublishedDate VulnerabilityDescription AffectedSoftware Timestamp`)
	tabIdentityInfo                       = newTable("IdentityInfo", nil, `Timestamp ReportId AccountObjectId AccountUpn OnPremSid AccountDisplayName AccountName AccountDomain CriticalityLevel DistinguishedName CloudSid
	GivenName Surname Department JobTitle EmailAddress SipProxyAddress Address City Country IsAccountEnabled Manager Phone CreatedDateTime ChangeSource
	BlastRadius CompanyName DeletedDateTime EmployeeId OtherMailAddresses RiskLevel RiskLevelDetails State Tags AssignedRoles PrivilegedEntraPimRoles
	OnPremObjectId TenantMembershipType RiskStatus UserAccountControl IdentityEnvironment SourceProviders GroupMembership`)
	tabEntraIdSignInEvents = newTable("EntraIdSignInEvents", nil, `Timestamp Application ApplicationId LogonType ErrorCode CorrelationId SessionId AccountDisplayName AccountObjectId AccountUpn IsConfidentialClient
	IsExternalUser IsGuestUser AlternateSignInName LastPasswordChangeTimestamp ResourceDisplayName ResourceId ResourceTenantId DeviceName EntraIdDeviceId
	OSPlatform DeviceTrustType IsManaged IsCompliant AuthenticationProcessingDetails AuthenticationRequirement TokenIssuerType RiskLevelAggregated
	RiskDetails RiskState UserAgent ClientAppUsed Browser ConditionalAccessPolicies ConditionalAccessStatus IPAddress Country State City Latitude
	Longitude NetworkLocationDetails RequestId ReportId EndpointCall`)
	tabEntraIdSpnSignInEvents = newTable("EntraIdSpnSignInEvents", nil, `Timestamp Application ApplicationId IsManagedIdentity ErrorCode CorrelationId ServicePrincipalName ServicePrincipalId ResourceDisplayName ResourceId
	ResourceTenantId IPAddress Country State City Latitude Longitude RequestId ReportId`)
)
