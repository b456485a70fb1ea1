package world

// The tables of alerts, columns in the catalogue's order. On the wire both carry MachineGroup as well.
var (
	tabAlertInfo     = newTable("AlertInfo", alertInfoColumns, `Timestamp AlertId Title Category Severity ServiceSource DetectionSource AttackTechniques MachineGroup`)
	tabAlertEvidence = newTable("AlertEvidence", evidenceColumns, `Timestamp AlertId Title Categories AttackTechniques ServiceSource DetectionSource EntityType EvidenceRole EvidenceDirection FileName FolderPath SHA1
	SHA256 FileSize ThreatFamily RemoteIP RemoteUrl AccountName AccountDomain AccountSid AccountObjectId AccountUpn DeviceId DeviceName LocalIP
	NetworkMessageId EmailSubject Application ApplicationId OAuthApplicationId ProcessCommandLine RegistryKey RegistryValueName RegistryValueData
	AdditionalFields Severity CloudResource CloudPlatform ResourceType ResourceID SubscriptionId MachineGroup`)
)
