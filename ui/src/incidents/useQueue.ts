import { useCallback, useEffect, useRef, useState } from 'react';
import { api, asApiError, type ApiError } from '../api/client';
import type { IncidentSummary } from '../api/types';

const pageSize = 100;
const every = 20_000;

export interface Queue {
  total: number | undefined;
  error: ApiError | undefined;
  at: number;
  loading: boolean;
  row: (index: number) => IncidentSummary | undefined;
  /** Says which rows can be seen, so that their pages are fetched. */
  see: (first: number, last: number) => void;
  reload: () => void;
}

/**
 * The incident queue for one filter: any number of rows, of which the pages that can be seen are fetched.
 * `filter` holds the parameters of the request except offset and limit.
 */
export function useQueue(filter: string): Queue {
  const [version, setVersion] = useState(0);
  const [state, setState] = useState<{ total?: number; error?: ApiError; at: number; loading: boolean }>({ at: 0, loading: true });
  const pages = useRef(new Map<number, IncidentSummary[]>());
  const asked = useRef(new Set<number>());
  const seen = useRef<[number, number]>([0, 0]);
  const controller = useRef(new AbortController());

  const fetchPage = useCallback(
    async (page: number) => {
      if (asked.current.has(page)) return;
      asked.current.add(page);
      const mine = controller.current;
      const params = new URLSearchParams(filter);
      params.set('offset', String(page * pageSize));
      params.set('limit', String(pageSize));
      try {
        const answer = await api.incidents(params, mine.signal);
        if (mine.signal.aborted) return;
        pages.current.set(page, answer.items ?? []);
        setState({ total: answer.total, at: Date.now(), loading: false });
        setVersion((v) => v + 1);
      } catch (err) {
        asked.current.delete(page);
        if (!mine.signal.aborted) setState((old) => ({ ...old, error: asApiError(err), loading: false }));
      }
    },
    [filter],
  );

  const fetchSeen = useCallback(() => {
    for (let page = Math.floor(seen.current[0] / pageSize); page <= Math.floor(seen.current[1] / pageSize); page++) void fetchPage(page);
  }, [fetchPage]);

  const see = useCallback(
    (first: number, last: number) => {
      seen.current = [first, Math.max(first, last)];
      fetchSeen();
    },
    [fetchSeen],
  );

  // Rows on screen stay while newer ones are fetched; a page that is out of sight is fetched when it comes into sight.
  const reload = useCallback(() => {
    controller.current.abort();
    controller.current = new AbortController();
    asked.current.clear();
    fetchSeen();
  }, [fetchSeen]);

  useEffect(() => {
    controller.current = new AbortController();
    pages.current.clear();
    asked.current.clear();
    seen.current = [0, 0];
    setState({ at: 0, loading: true });
    fetchSeen();
    const timer = setInterval(() => !document.hidden && reload(), every);
    return () => {
      clearInterval(timer);
      controller.current.abort();
    };
  }, [fetchSeen, reload]);

  const row = useCallback(
    (index: number) => (version >= 0 ? pages.current.get(Math.floor(index / pageSize))?.[index % pageSize] : undefined),
    [version],
  );
  return { ...state, total: state.total, error: state.error, row, see, reload };
}
