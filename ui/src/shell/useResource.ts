import { useCallback, useEffect, useRef, useState } from 'react';
import { asApiError, type ApiError } from '../api/client';

/** Something read from the server: the last good answer stays while a newer one is fetched or fails. */
export interface Resource<T> {
  data: T | undefined;
  error: ApiError | undefined;
  loading: boolean;
  /** When the answer came, in milliseconds since 1970. */
  at: number;
  reload: () => void;
  set: (data: T) => void;
}

/**
 * Reads with `load` at once, whenever `load` changes (give it a stable identity with useCallback) and then every
 * `every` milliseconds while the page is visible.
 */
export function useResource<T>(load: (signal: AbortSignal) => Promise<T>, every = 0): Resource<T> {
  const [state, setState] = useState<{ data?: T; error?: ApiError; loading: boolean; at: number }>({ loading: true, at: 0 });
  const controller = useRef<AbortController>(undefined);

  const reload = useCallback(() => {
    controller.current?.abort();
    const mine = new AbortController();
    controller.current = mine;
    setState((old) => ({ ...old, loading: true }));
    load(mine.signal).then(
      (data) => {
        if (!mine.signal.aborted) setState({ data, error: undefined, loading: false, at: Date.now() });
      },
      (err: unknown) => {
        if (!mine.signal.aborted) setState((old) => ({ ...old, error: asApiError(err), loading: false }));
      },
    );
  }, [load]);

  const set = useCallback((data: T) => {
    // An answer that is already under way would bring back what was true before.
    controller.current?.abort();
    setState({ data, error: undefined, loading: false, at: Date.now() });
  }, []);

  useEffect(() => {
    reload();
    const timer = every > 0 ? setInterval(() => !document.hidden && reload(), every) : undefined;
    return () => {
      clearInterval(timer);
      controller.current?.abort();
    };
  }, [reload, every]);

  return { data: state.data, error: state.error, loading: state.loading, at: state.at, reload, set };
}
