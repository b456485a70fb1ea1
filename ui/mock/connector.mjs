// The connector page's data; what is switched stays switched until the process ends.
import { graphQuery } from './graph.mjs';

const seconds = (n) => new Date(Date.now() - n * 1000).toISOString();

const endpoint = 'Defender for Endpoint';
const office = 'Defender for Office 365';
const tables = [
  [endpoint, 'DeviceInfo', 'Machine information, including OS information', 4100],
  [endpoint, 'DeviceNetworkInfo', 'Network adapters, IP and MAC addresses, connected networks and domains', 4080],
  [endpoint, 'DeviceProcessEvents', 'Process creation and related events', 131_040],
  [endpoint, 'DeviceNetworkEvents', 'Network connections and related events', 158_221],
  [endpoint, 'DeviceFileEvents', 'File creation, modification and other file system events', 74_930],
  [endpoint, 'DeviceRegistryEvents', 'Creation and modification of registry entries', 31_877],
  [endpoint, 'DeviceLogonEvents', 'Sign-ins and other authentication events on devices', 25_020],
  [endpoint, 'DeviceImageLoadEvents', 'DLL loading events', 0],
  [endpoint, 'DeviceEvents', 'Events of security controls such as antivirus and exploit protection, and others', 42_311],
  [endpoint, 'DeviceFileCertificateInfo', 'Certificates of signed files, from verification on devices', 1904],
  [office, 'EmailEvents', 'Mail delivered or blocked', 15_340],
  [office, 'EmailUrlInfo', 'Links in mail', 9020],
  [office, 'EmailAttachmentInfo', 'Files attached to mail', 3310],
  [office, 'UrlClickEvents', 'Clicks on links, judged by Safe Links', 1220],
  ['Defender for Identity', 'IdentityLogonEvents', 'Sign-ins through Active Directory and Microsoft online services', 22_018],
  ['Defender for Identity', 'IdentityDirectoryEvents', 'Changes and tasks on a domain controller', 2230],
  ['Defender for Cloud Apps', 'CloudAppEvents', 'What accounts do in Office 365 and other cloud apps', 18_110],
  ['Defender alerts', 'AlertInfo', 'Alerts with their severity and category', 97],
  ['Defender alerts', 'AlertEvidence', 'Files, addresses, users and devices that belong to alerts', 640],
];

const enabled = new Set(tables.filter(([, name]) => name !== 'DeviceImageLoadEvents').map(([, name]) => name));
const incidents = { enabled: true, disableIncidentCreationRules: true };
const entities = { enabled: true, activeDirectory: true };

export function connector() {
  const list = tables.map(([group, name, description, rows], i) => ({
    name,
    group,
    description,
    enabled: enabled.has(name),
    rows,
    rows24h: Math.round(rows / 28),
    lastEvent: rows ? seconds(4 + i * 7) : null,
    lagSeconds: rows ? 2.5 + i * 0.7 : null,
    refused: name === 'DeviceRegistryEvents' ? 2 : 0,
  }));
  return {
    tenantId: '0b6f4c1e-5d0a-4f0e-9a5c-3c1d2e7f8a90',
    tenantName: 'Contoso Works',
    status: incidents.enabled || enabled.size ? 'connected' : 'disconnected',
    incidents: { ...incidents, state: incidents.enabled ? 'connected' : 'off', lastEvent: seconds(95), lagSeconds: 31, received: 64, lastError: null },
    entities: { ...entities, state: entities.enabled ? 'connected' : 'off', note: '120 accounts known from IdentityInfo.' },
    events: {
      enabled: enabled.size > 0,
      state: enabled.size ? 'connected' : 'off',
      source: { kind: 'eventhub', namespace: 'contoso-xdr.servicebus.windows.net', hub: 'insights-logs-advancedhunting', consumerGroup: '$Default' },
      received: 545_271,
      refused: 2,
      duplicates: 118,
      lagSeconds: 2.4,
      lastEvent: seconds(3),
      lastError: {
        message: 'The event hub closed the connection: the namespace asked to slow down.',
        hint: 'Vedette waits and goes on by itself. If this stays, give the namespace more throughput units.',
        at: seconds(5400),
      },
      tables: list,
    },
  };
}

export const connectors = () => {
  const c = connector();
  return [{ id: 'defender-xdr', title: 'Microsoft Defender XDR', publisher: 'Microsoft', status: c.status, lastEvent: c.events.lastEvent, tables: c.events.tables.filter((t) => t.enabled).length }];
};

export function setIncidents(body) {
  Object.assign(incidents, body);
  return connector();
}

export function setEntities(body) {
  Object.assign(entities, body);
  return connector();
}

export function setEvents({ tables: names }) {
  enabled.clear();
  for (const name of names) enabled.add(name);
  return connector();
}

export function graph() {
  return {
    series: [
      { name: 'Incidents', query: graphQuery('SecurityIncident\n    | where ProviderName == "Microsoft 365 Defender"'), default: true },
      { name: 'Alerts', query: graphQuery('SecurityAlert'), default: true },
      { name: 'Events', query: graphQuery(`union ${[...enabled].join(', ')}`), default: true },
      ...tables.map(([, name]) => ({ name, query: graphQuery(name), default: false })),
    ],
  };
}
