// A small schema: a few of the tables with a few of their columns.
const common = 'TimeGenerated datetime, Timestamp datetime, DeviceId string, DeviceName string, ActionType string';
const initiating =
  'InitiatingProcessFileName string, InitiatingProcessFolderPath string, InitiatingProcessCommandLine string, InitiatingProcessId long, InitiatingProcessAccountName string';
const tail = 'ReportId long, AdditionalFields dynamic, TenantId string';

const tables = {
  DeviceEvents: `${common}, FileName string, FolderPath string, SHA256 string, AccountName string, RemoteIP string, ${initiating}, ${tail}`,
  DeviceProcessEvents: `${common}, FileName string, FolderPath string, SHA256 string, ProcessId long, ProcessCommandLine string, AccountName string, ${initiating}, ${tail}`,
  DeviceNetworkEvents: `${common}, RemoteIP string, RemotePort int, RemoteUrl string, LocalIP string, LocalPort int, Protocol string, ${initiating}, ${tail}`,
  DeviceFileEvents: `${common}, FileName string, FolderPath string, SHA256 string, FileSize long, ${initiating}, ${tail}`,
  DeviceLogonEvents: `${common}, AccountName string, AccountDomain string, LogonType string, RemoteIP string, IsLocalAdmin bool, ${tail}`,
  DeviceRegistryEvents: `${common}, RegistryKey string, RegistryValueName string, RegistryValueData string, ${initiating}, ${tail}`,
  DeviceImageLoadEvents: `${common}, FileName string, FolderPath string, SHA256 string, ${initiating}, ${tail}`,
  DeviceInfo: 'TimeGenerated datetime, Timestamp datetime, DeviceId string, DeviceName string, OSPlatform string, OSVersion string, PublicIP string, LoggedOnUsers dynamic, TenantId string',
  DeviceNetworkInfo: 'TimeGenerated datetime, Timestamp datetime, DeviceId string, DeviceName string, IPAddresses dynamic, MacAddress string, ConnectedNetworks dynamic, TenantId string',
  DeviceFileCertificateInfo: 'TimeGenerated datetime, Timestamp datetime, DeviceId string, DeviceName string, SHA1 string, Signer string, Issuer string, IsTrusted bool, TenantId string',
  EmailEvents: 'TimeGenerated datetime, Timestamp datetime, NetworkMessageId string, SenderFromAddress string, RecipientEmailAddress string, Subject string, DeliveryAction string, ThreatTypes string, TenantId string',
  EmailUrlInfo: 'TimeGenerated datetime, Timestamp datetime, NetworkMessageId string, Url string, UrlDomain string, TenantId string',
  IdentityLogonEvents: 'TimeGenerated datetime, Timestamp datetime, ActionType string, AccountUpn string, Application string, IPAddress string, FailureReason string, AdditionalFields dynamic, TenantId string',
  CloudAppEvents: 'TimeGenerated datetime, Timestamp datetime, ActionType string, Application string, AccountDisplayName string, IPAddress string, RawEventData dynamic, TenantId string',
  AlertInfo: 'TimeGenerated datetime, Timestamp datetime, AlertId string, Title string, Category string, Severity string, ServiceSource string, TenantId string',
  AlertEvidence: 'TimeGenerated datetime, Timestamp datetime, AlertId string, EntityType string, EvidenceRole string, DeviceName string, AccountName string, FileName string, TenantId string',
  SecurityIncident: 'TimeGenerated datetime, IncidentNumber int, IncidentName string, Title string, Severity string, Status string, ProviderName string, AlertIds dynamic, TenantId string',
  SecurityAlert: 'TimeGenerated datetime, SystemAlertId string, AlertName string, AlertSeverity string, ProviderName string, Entities string, TenantId string',
};

export const schema = {
  database: 'Vedette',
  tables: Object.entries(tables).map(([name, text]) => ({
    name,
    description: `Rows of ${name}.`,
    columns: text.split(', ').map((c) => {
      const [column, type] = c.split(' ');
      return { name: column, type, description: '' };
    }),
  })),
  functions: ['ago', 'now', 'bin', 'bin_at', 'count', 'dcount', 'strcat', 'tostring', 'iff', 'isnull', 'parse_json'].map((name) => ({
    name,
    parameters: [{ name: 'value', type: 'string' }],
    description: `The function ${name}().`,
  })),
};
