import type { TimeRange } from './timeRange';

/** Queries to begin with. The first two draw the graphs that verify a connection. */
export interface Sample {
  title: string;
  text: string;
  /** The time range that goes with it, where the query does not say one itself. */
  range?: TimeRange;
}

const fortnight: TimeRange = { kind: 'last', span: '14d' };

const incidentsGraph = `let Now = now(); 
(range TimeGenerated from ago(14d) to Now-1d step 1d 
| extend Count = 0 
| union isfuzzy=true ( 
    SecurityIncident
    | where ProviderName == "Microsoft 365 Defender"
    | summarize Count = count() by bin_at(TimeGenerated, 1d, Now) 
) 
| summarize Count=max(Count) by bin_at(TimeGenerated, 1d, Now) 
| sort by TimeGenerated 
| project Value = iff(isnull(Count), 0, Count), Time = TimeGenerated, Legend = "Events") 
| render timechart 
`;

const eventsGraph = `let Now = now();
(range TimeGenerated from ago(14d) to Now-1d step 1d
| extend Count = 0
| union isfuzzy=true (
    DeviceEvents
    | summarize Count = count() by bin_at(TimeGenerated, 1d, Now)
)
| summarize Count=max(Count) by bin_at(TimeGenerated, 1d, Now)
| sort by TimeGenerated
| project Value = iff(isnull(Count), 0, Count), Time = TimeGenerated, Legend = "Events")
| render timechart
`;

export const samples: Sample[] = [
  { title: 'Incoming incidents, by day', text: incidentsGraph, range: fortnight },
  { title: 'Event volume of one table, by day', text: eventsGraph, range: fortnight },
  {
    title: 'Incidents from Microsoft Defender XDR',
    text: 'SecurityIncident\n|    where ProviderName == "Microsoft 365 Defender"\n',
  },
  {
    title: 'PowerShell with an encoded command',
    text: `DeviceProcessEvents
| where TimeGenerated > ago(7d)
| where FileName in~ ("powershell.exe", "pwsh.exe")
| where ProcessCommandLine has_any ("-enc", "-EncodedCommand", "FromBase64String")
| project TimeGenerated, DeviceName, AccountName, InitiatingProcessFileName, ProcessCommandLine
| sort by TimeGenerated desc
`,
  },
  {
    title: 'Failed sign-ins on devices, by account',
    text: `DeviceLogonEvents
| where TimeGenerated > ago(7d)
| where ActionType == "LogonFailed"
| summarize Failed = count(), Devices = dcount(DeviceId) by AccountName
| top 20 by Failed
| project AccountName, Failed
| render barchart
`,
  },
  {
    title: 'Network connections by port',
    text: `DeviceNetworkEvents
| where TimeGenerated > ago(7d)
| summarize Connections = count() by tostring(RemotePort)
| top 12 by Connections
| render piechart
`,
  },
  {
    title: 'Events by device and hour',
    text: `DeviceEvents
| where TimeGenerated > ago(3d)
| summarize Events = count() by bin(TimeGenerated, 1h), ActionType
| render timechart
`,
  },
  {
    title: 'Alerts and what they are about',
    text: `AlertInfo
| where Timestamp > ago(30d)
| join kind=leftouter (AlertEvidence | summarize Evidence = count() by AlertId) on AlertId
| project Timestamp, Severity, Title, Category, ServiceSource, Evidence
| sort by Timestamp desc
`,
  },
];
