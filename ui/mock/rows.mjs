// Cells of event tables, made up by column name and type.
import { guid, hex, pick } from './random.mjs';

const processes = [
  ['powershell.exe', 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0', 'powershell.exe -NoProfile -ExecutionPolicy Bypass -File C:\\ProgramData\\it\\inventory.ps1'],
  ['svchost.exe', 'C:\\Windows\\System32', 'svchost.exe -k netsvcs -p -s Schedule'],
  ['outlook.exe', 'C:\\Program Files\\Microsoft Office\\root\\Office16', '"OUTLOOK.EXE"'],
  ['chrome.exe', 'C:\\Program Files\\Google\\Chrome\\Application', '"chrome.exe" --type=renderer --lang=en-GB'],
  ['cmd.exe', 'C:\\Windows\\System32', 'cmd.exe /c whoami /all'],
  ['rundll32.exe', 'C:\\Windows\\System32', 'rundll32.exe C:\\Windows\\System32\\comsvcs.dll, MiniDump 712 C:\\Temp\\l.dmp full'],
];
const devices = ['fin-lt-014', 'hr-ws-003', 'dc-01', 'web-02', 'eng-lt-027', 'sql-01', 'it-ws-001'].map((n) => `${n}.contoso.example`);
const users = ['adele.v', 'megan.b', 'lee.g', 'joni.s', 'svc-backup', 'administrator'];
const actions = ['ProcessCreated', 'ConnectionSuccess', 'FileCreated', 'LogonSuccess', 'LogonFailed', 'RegistryValueSet', 'AntivirusScanCompleted', 'PowerShellCommand'];

/** A cell for row i. */
export function cellOf({ name, type }, i, next, now) {
  const process = processes[i % processes.length];
  if (type === 'datetime') return new Date(now - i * 37_000 - 12_345).toISOString().replace('Z', `${String(i % 10_000).padStart(4, '0')}Z`);
  if (type === 'bool') return next() > 0.5;
  if (name === 'ReportId') return 100_000 + i * 3;
  if (name === 'RemotePort') return pick(next, [443, 80, 53, 445, 3389, 8080]);
  if (type === 'int' || type === 'long') return Math.floor(next() * 65_535);
  if (name === 'AdditionalFields') return i % 3 ? { ScriptName: 'inventory.ps1', Signed: true, Module: { Name: 'AMSI', Version: '4.18.2' }, Ports: [443, 8443] } : null;
  if (type === 'dynamic') return [{ Name: pick(next, users), Domain: 'contoso' }];
  if (name === 'DeviceName') return pick(next, devices);
  if (name === 'DeviceId') return hex(next, 40);
  if (name === 'ActionType') return pick(next, actions);
  if (name.endsWith('FileName')) return process[0];
  if (name.endsWith('FolderPath')) return `${process[1]}\\${process[0]}`;
  if (name.endsWith('CommandLine')) return process[2];
  if (name.endsWith('AccountName')) return pick(next, users);
  if (name.startsWith('SHA')) return hex(next, name === 'SHA1' ? 40 : 64);
  if (/IP/.test(name)) return `10.20.${Math.floor(next() * 8)}.${Math.floor(next() * 250)}`;
  if (name === 'TenantId' || name.endsWith('Id')) return guid(next);
  if (name === 'Severity' || name === 'AlertSeverity') return pick(next, ['High', 'Medium', 'Low', 'Informational']);
  if (name === 'ProviderName') return 'Microsoft XDR';
  return `${name.toLowerCase()} ${i % 17}`;
}
