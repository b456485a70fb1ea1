// Incidents: enough of them to scroll, each with alerts and evidence.
import { guid, hex, pick, random } from './random.mjs';

const hour = 3_600_000;
const severities = ['High', 'Medium', 'Low', 'Informational'];
const stories = [
  ['Multi-stage incident involving initial access and lateral movement on multiple endpoints', 'microsoftDefenderForEndpoint', ['InitialAccess', 'Execution', 'CredentialAccess', 'LateralMovement']],
  ['Sign-in through an adversary-in-the-middle site, then a suspicious inbox rule', 'microsoftDefenderForCloudApps', ['CredentialAccess', 'Persistence', 'Collection']],
  ['Data copied to a removable drive by a leaving employee', 'microsoftDefenderForEndpoint', ['Collection', 'Exfiltration']],
  ['Web shell on an internet-facing server', 'microsoftDefenderForEndpoint', ['InitialAccess', 'Persistence', 'Discovery']],
  ['Phishing mail delivered to several mailboxes', 'microsoftDefenderForOffice365', ['InitialAccess']],
  ['Password spray against Active Directory accounts', 'microsoftDefenderForIdentity', ['CredentialAccess']],
  ['Unwanted software blocked on one endpoint', 'microsoftDefenderForEndpoint', ['Execution']],
];

const kinds = (next, device, user) => [
  { type: 'device', title: device, fields: { deviceDnsName: device, osPlatform: 'Windows11', healthStatus: 'active', riskScore: 'high' } },
  { type: 'user', title: user, fields: { userPrincipalName: `${user}@contoso.example`, domainName: 'contoso', userSid: 'S-1-5-21-1004' } },
  { type: 'process', title: 'powershell.exe (4120)', fields: { processId: '4120', processCommandLine: 'powershell.exe -w hidden -enc SQBFAFgA', sha256: hex(next, 64) } },
  { type: 'file', title: 'invoice-8841.docm', fields: { fileName: 'invoice-8841.docm', filePath: `C:\\Users\\${user}\\Downloads`, sha256: hex(next, 64) } },
  { type: 'ip', title: '203.0.113.77', fields: { ipAddress: '203.0.113.77', countryLetterCode: 'NL' } },
  { type: 'url', title: 'https://login.contoso-support.example/session', fields: { url: 'https://login.contoso-support.example/session' } },
];

function evidenceOf(next, device, user, at) {
  return kinds(next, device, user)
    .filter((_, i) => i < 2 || next() > 0.35)
    .map((e) => ({
      ...e,
      fields: Object.entries(e.fields).map(([name, value]) => ({ name, value })),
      verdict: e.type === 'device' || e.type === 'user' ? 'unknown' : pick(next, ['malicious', 'suspicious']),
      remediationStatus: pick(next, ['none', 'prevented', 'remediated', 'notFound']),
      roles: e.type === 'device' ? ['compromised'] : [],
      created: at,
      query: e.type === 'process' || e.type === 'file' ? `DeviceProcessEvents\n| where DeviceName == "${device}"\n| where FileName has "powershell"\n| take 100` : '',
    }));
}

function alertOf(next, n, story, device, user, at, closed) {
  const titles = ['Suspicious PowerShell command line', 'Credential dumping from LSASS memory', 'Office application started a script host', 'Remote service created on another device', 'Suspicious inbox rule', 'Impossible travel'];
  const time = new Date(at + n * 11 * 60_000).toISOString();
  return {
    id: `da${hex(next, 30)}_1`,
    title: titles[(n + Math.floor(next() * 2)) % titles.length],
    severity: pick(next, ['high', 'medium', 'low']),
    status: closed ? 'resolved' : pick(next, ['new', 'inProgress']),
    product: story[1],
    detectionSource: pick(next, ['antivirus', 'microsoftDefenderForEndpoint', 'customDetection']),
    category: story[2][n % story[2].length],
    tactics: [story[2][n % story[2].length]],
    techniques: pick(next, [['T1059.001'], ['T1003.001', 'T1003'], ['T1566.001'], ['T1021.002']]),
    description: 'A process did what attackers do at this stage: it was started in an unusual way, hid what it ran, and reached for things that users of this device do not touch.\n\nThe behaviour was seen on one device; look at the evidence for the process tree.',
    recommendedActions: '1. Validate the alert.\n2. Isolate the device if the activity is not expected.\n3. Reset the password of the accounts involved.',
    created: time,
    firstActivity: time,
    lastActivity: new Date(at + n * 11 * 60_000 + 5 * 60_000).toISOString(),
    url: 'https://security.microsoft.com/alerts',
    actor: '',
    threat: n === 0 ? 'Trojan:Win32/Example' : '',
    evidence: evidenceOf(next, device, user, time),
  };
}

function incidentOf(n) {
  const next = random(1000 + n);
  const story = stories[Math.floor(next() * next() * stories.length)];
  const severity = severities[Math.floor(next() * next() * 4)];
  const at = Date.now() - n * 11 * hour - next() * 8 * hour;
  const status = n < 9 ? pick(next, ['New', 'Active']) : pick(next, ['Closed', 'Closed', 'Closed', 'Active']);
  const device = pick(next, ['fin-lt-014', 'hr-ws-003', 'web-02', 'eng-lt-027']) + '.contoso.example';
  const user = pick(next, ['adele.v', 'megan.b', 'lee.g', 'joni.s']);
  const count = 1 + Math.floor(next() * 7);
  const iso = (t) => new Date(t).toISOString();
  const owner = status === 'New' ? '' : pick(next, ['nora.k@contoso.example', 'sam.o@contoso.example']);
  return {
    id: String(4200 - n),
    number: 420 - n,
    title: story[0],
    severity,
    status,
    defenderStatus: status === 'Closed' ? 'resolved' : status === 'Active' ? 'inProgress' : 'active',
    classification: status === 'Closed' ? 'truePositive' : '',
    determination: status === 'Closed' ? 'malware' : '',
    owner,
    tags: n % 5 === 0 ? ['Crown jewel'] : [],
    alerts: count,
    products: [story[1]],
    tactics: story[2],
    entities: { devices: 1 + Math.floor(next() * 3), users: 1 + Math.floor(next() * 3), mailboxes: Math.floor(next() * 2) },
    created: iso(at),
    lastUpdate: iso(at + 3 * hour * next()),
    firstActivity: iso(at - hour),
    lastActivity: iso(at + hour),
    url: 'https://security.microsoft.com/incidents',
    description: 'Several alerts that belong to one attack were brought together. They share devices, accounts and files.',
    summary: '',
    comments: owner ? [{ text: 'Called the user: the attachment was opened this morning. Device isolated.', author: owner, at: iso(at + 2 * hour) }] : [],
    redirectedTo: null,
    alertList: Array.from({ length: count }, (_, i) => alertOf(next, i, story, device, user, at, status === 'Closed')),
    history: [
      { at: iso(at + hour), by: owner, changes: [{ field: 'status', from: 'New', to: status }, { field: 'owner', from: '', to: owner }] },
      { at: iso(at), by: 'Microsoft Defender XDR', changes: [{ field: 'created', from: '', to: guid(next) }] },
    ],
  };
}

const incidents = Array.from({ length: 340 }, (_, n) => incidentOf(n));
const details = new Set(['alertList', 'history', 'comments', 'description', 'summary', 'redirectedTo']);
const keys = {
  id: (i) => Number(i.id),
  severity: (i) => -severities.indexOf(i.severity),
  status: (i) => i.status,
  title: (i) => i.title,
  alerts: (i) => i.alerts,
  created: (i) => i.created,
  lastUpdate: (i) => i.lastUpdate,
};

export const incidentById = (id) => incidents.find((i) => i.id === id);

export function queryIncidents(params) {
  const list = (name) => (params.get(name) ?? '').split(',').filter(Boolean);
  const [status, severity] = [list('status'), list('severity')];
  const search = (params.get('search') ?? '').toLowerCase();
  const key = keys[params.get('sort')] ?? keys.lastUpdate;
  const sign = params.get('desc') === 'true' ? -1 : 1;
  const found = incidents
    .filter((i) => (!status.length || status.includes(i.status)) && (!severity.length || severity.includes(i.severity)))
    .filter((i) => !search || `${i.id} ${i.title} ${i.tags.join(' ')} ${i.owner}`.toLowerCase().includes(search))
    .sort((a, b) => sign * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  const offset = Number(params.get('offset') ?? 0);
  const items = found.slice(offset, offset + Number(params.get('limit') ?? 100));
  return { total: found.length, items: items.map((i) => Object.fromEntries(Object.entries(i).filter(([name]) => !details.has(name)))) };
}
