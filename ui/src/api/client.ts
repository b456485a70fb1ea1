import type { Connector, ConnectorSummary, Column, Diagnostic, Fault, GraphSeries, Incident, IncidentSummary, Schema, Status } from './types';

/** A request that the server refused, or that never reached it. */
export class ApiError extends Error {
  readonly kind: string;
  readonly hint: string;
  readonly diagnostics: Diagnostic[];
  readonly status: number;

  constructor(fault: Fault, status = 0) {
    super(fault.message);
    this.name = 'ApiError';
    this.kind = fault.kind;
    this.hint = fault.hint ?? '';
    this.diagnostics = fault.diagnostics ?? [];
    this.status = status;
  }
}

/** Makes of anything thrown an ApiError that can be shown. */
export function asApiError(err: unknown): ApiError {
  if (err instanceof ApiError) return err;
  if (err instanceof TypeError) {
    return new ApiError({
      kind: 'unreachable',
      message: 'Vedette does not answer.',
      hint: 'Check that it is still running and that this address is reachable. The page tries again by itself.',
    });
  }
  return new ApiError({ kind: 'internal', message: err instanceof Error ? err.message : String(err) });
}

/** Reads the error object of a response that is not OK, whatever a proxy in between made of it. */
export async function faultOf(res: Response): Promise<ApiError> {
  try {
    const body = (await res.json()) as { error?: Fault };
    if (body.error?.message) return new ApiError(body.error, res.status);
  } catch {
    // Not our JSON: the status is all there is to say.
  }
  return new ApiError({ kind: 'http', message: `The server answered ${res.status} ${res.statusText}`.trim() + '.' }, res.status);
}

/** Sends a request and decodes the JSON answer; failures are ApiErrors, except a cancelled request's AbortError. */
export async function request<T>(path: string, init?: RequestInit): Promise<T> {
  let res: Response;
  try {
    res = await fetch(path, { ...init, headers: { Accept: 'application/json', ...init?.headers } });
  } catch (err) {
    if (err instanceof DOMException && err.name === 'AbortError') throw err;
    throw asApiError(err);
  }
  if (!res.ok) throw await faultOf(res);
  return (await res.json()) as T;
}

function send<T>(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return request<T>(path, { method, body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' }, signal });
}

const xdr = '/api/connectors/defender-xdr';

export const api = {
  status: (signal?: AbortSignal) => request<Status>('/api/status', { signal }),
  schema: (signal?: AbortSignal) => request<Schema>('/api/schema', { signal }),
  connectors: (signal?: AbortSignal) => request<ConnectorSummary[]>('/api/connectors', { signal }),
  connector: (signal?: AbortSignal) => request<Connector>(xdr, { signal }),
  graph: (signal?: AbortSignal) => request<{ series: GraphSeries[] }>(`${xdr}/graph`, { signal }),
  putIncidents: (body: { enabled: boolean; disableIncidentCreationRules: boolean }) => send<Connector>('PUT', `${xdr}/incidents`, body),
  putEntities: (body: { enabled: boolean; activeDirectory: boolean }) => send<Connector>('PUT', `${xdr}/entities`, body),
  putEvents: (tables: string[]) => send<Connector>('PUT', `${xdr}/events`, { tables }),
  check: (query: string, signal?: AbortSignal) =>
    send<{ diagnostics: Diagnostic[] | null; columns: Column[] | null }>('POST', '/api/query/check', { query }, signal),
  incidents: (params: URLSearchParams, signal?: AbortSignal) =>
    request<{ total: number; items: IncidentSummary[] | null }>(`/api/incidents?${params}`, { signal }),
  incident: (id: string, signal?: AbortSignal) => request<Incident>(`/api/incidents/${encodeURIComponent(id)}`, { signal }),
};
