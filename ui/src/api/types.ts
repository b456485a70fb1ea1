/** What the server's HTTP interface answers with. Times are ISO 8601 in UTC. */

export type Severity = 'error' | 'warning' | 'info';

/** A remark about a query's text. Lines and columns count from 1, in UTF-16 units, as the editor counts them. */
export interface Diagnostic {
  severity: Severity;
  code: string;
  message: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  start: number;
  end: number;
  suggestion?: string;
}

export interface Fault {
  kind: string;
  message: string;
  hint?: string;
  diagnostics?: Diagnostic[];
}

export interface Problem {
  severity: Severity;
  message: string;
  hint?: string;
}

export interface Status {
  version: string;
  startedAt: string;
  demo: boolean;
  tenants: { id: string; name: string }[];
  listen: string;
  dataDir: string;
  store: { rows: number; bytes: number; files: number };
  problems: Problem[];
}

export type ConnectorStatus = 'connected' | 'disconnected' | 'connecting' | 'error';
export type PartState = 'connected' | 'connecting' | 'error' | 'off';

export interface ConnectorSummary {
  id: string;
  title: string;
  publisher: string;
  status: ConnectorStatus;
  lastEvent: string | null;
  tables: number;
}

export interface LastError {
  message: string;
  hint?: string;
  at: string;
}

export interface EventTable {
  name: string;
  group: string;
  description: string;
  enabled: boolean;
  rows: number;
  rows24h: number;
  lastEvent: string | null;
  lagSeconds: number | null;
  refused: number;
}

export interface Connector {
  tenantId: string;
  tenantName: string;
  status: ConnectorStatus;
  incidents: {
    enabled: boolean;
    disableIncidentCreationRules: boolean;
    state: PartState;
    lastEvent: string | null;
    lagSeconds: number | null;
    received: number;
    lastError: LastError | null;
  };
  entities: { enabled: boolean; activeDirectory: boolean; state: PartState; note?: string };
  events: {
    enabled: boolean;
    state: PartState;
    source: { kind: string; namespace: string; hub: string; consumerGroup: string; account?: string };
    received: number;
    refused: number;
    duplicates: number;
    lagSeconds: number | null;
    lastEvent: string | null;
    lastError: LastError | null;
    tables: EventTable[];
  };
}

/** One line of the data graph: a query that answers with a time and a count. */
export interface GraphSeries {
  name: string;
  query: string;
  default: boolean;
}

export interface Column {
  name: string;
  type: string;
}

/** A cell as the Kusto REST interface encodes it: text, number, boolean, null, or JSON for dynamic. */
export type Cell = unknown;

export interface Chart {
  kind: string;
  title?: string;
  xTitle?: string;
  yTitle?: string;
  x: string | null;
  y: string[];
  series: string[];
  stacked?: 'default' | 'stacked' | 'stacked100' | 'unstacked';
  legend?: boolean;
  yMin?: number | null;
  yMax?: number | null;
  xAxis?: 'linear' | 'log';
  yAxis?: 'linear' | 'log';
  accumulate?: boolean;
}

export interface Timespan {
  from: string;
  to: string;
}

export type QueryLine =
  | { type: 'columns'; table: string; columns: Column[] }
  | { type: 'rows'; rows: Cell[][] }
  | { type: 'progress'; elapsedMs: number; rows: number }
  | {
      type: 'done';
      rows: number;
      elapsedMs: number;
      truncated: null | { limit: number; reason: string };
      chart: Chart | null;
      warnings: Diagnostic[] | null;
    }
  | { type: 'error'; error: Fault };

export interface Schema {
  database: string;
  tables: { name: string; description: string; columns: (Column & { description?: string })[] }[];
  functions: { name: string; parameters: Column[] | null; body?: string; description: string }[];
}

export type IncidentSeverity = 'High' | 'Medium' | 'Low' | 'Informational';
export type IncidentStatus = 'New' | 'Active' | 'Closed';

export interface IncidentSummary {
  id: string;
  number: number;
  title: string;
  severity: IncidentSeverity;
  status: IncidentStatus;
  defenderStatus: string;
  classification: string;
  determination: string;
  owner: string;
  tags: string[] | null;
  alerts: number;
  products: string[] | null;
  tactics: string[] | null;
  entities: { devices: number; users: number; mailboxes: number };
  created: string;
  lastUpdate: string;
  firstActivity: string;
  lastActivity: string;
  url: string;
}

export interface Evidence {
  type: string;
  title: string;
  verdict: string;
  remediationStatus: string;
  roles: string[] | null;
  created: string;
  fields: { name: string; value: string }[] | null;
  query: string;
}

export interface Alert {
  id: string;
  title: string;
  severity: string;
  status: string;
  product: string;
  detectionSource: string;
  category: string;
  tactics: string[] | null;
  techniques: string[] | null;
  description: string;
  recommendedActions: string;
  created: string;
  firstActivity: string;
  lastActivity: string;
  url: string;
  actor: string;
  threat: string;
  evidence: Evidence[] | null;
}

export interface Incident extends IncidentSummary {
  description: string;
  summary: string;
  comments: { text: string; author: string; at: string }[] | null;
  redirectedTo: string | null;
  alertList: Alert[] | null;
  history: { at: string; by: string; changes: { field: string; from: string; to: string }[] | null }[] | null;
}
