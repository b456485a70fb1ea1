import { useCallback } from 'react';
import { api } from '../api/client';
import { useResource, type Resource } from '../shell/useResource';

export const severities = ['High', 'Medium', 'Low', 'Informational'] as const;
export const statuses = ['New', 'Active', 'Closed'] as const;

export interface Counts {
  severity: Record<string, number>;
  status: Record<string, number>;
}

/** How many open incidents there are of each severity, and how many of each status. */
export function useCounts(): Resource<Counts> {
  const load = useCallback(async (signal: AbortSignal): Promise<Counts> => {
    const count = async (params: Record<string, string>) => (await api.incidents(new URLSearchParams({ ...params, limit: '1' }), signal)).total;
    const [bySeverity, byStatus] = await Promise.all([
      Promise.all(severities.map((severity) => count({ severity, status: 'New,Active' }))),
      Promise.all(statuses.map((status) => count({ status }))),
    ]);
    return {
      severity: Object.fromEntries(severities.map((s, i) => [s, bySeverity[i]!])),
      status: Object.fromEntries(statuses.map((s, i) => [s, byStatus[i]!])),
    };
  }, []);
  return useResource(load, 30_000);
}
