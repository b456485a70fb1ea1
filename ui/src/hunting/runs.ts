import { useSyncExternalStore } from 'react';
import { asApiError, type ApiError } from '../api/client';
import { runQuery } from '../api/stream';
import type { Cell, Chart, Column, Diagnostic, Timespan } from '../api/types';
import type { Statement } from './statements';

export interface ResultTable {
  name: string;
  columns: Column[];
  /** Grows while the answer arrives; `Run.version` changes with it. */
  rows: Cell[][];
}

/** A query that was started, and what came of it so far. */
export interface Run {
  statement: Statement;
  timespan: Timespan | null;
  status: 'running' | 'done' | 'failed' | 'cancelled';
  startedAt: number;
  elapsedMs: number;
  tables: ResultTable[];
  /** Rows the server has looked at or made so far, while it says so. */
  progressRows: number;
  chart: Chart | null;
  truncated: { limit: number; reason: string } | null;
  warnings: Diagnostic[];
  error: ApiError | null;
  version: number;
}

const runs = new Map<string, Run>();
const controllers = new Map<string, AbortController>();
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function put(id: string, run: Run): void {
  runs.set(id, { ...run, version: run.version + 1 });
  for (const listener of listeners) listener();
}

/** The run of a tab. Runs live outside of the page: a query goes on while one looks at incidents. */
export function useRun(id: string): Run | undefined {
  return useSyncExternalStore(subscribe, () => runs.get(id));
}

export function cancelRun(id: string): void {
  controllers.get(id)?.abort();
}

export function forgetRun(id: string): void {
  cancelRun(id);
  runs.delete(id);
}

/** Runs a query in a tab, in place of what ran there before. */
export async function startRun(id: string, statement: Statement, timespan: Timespan | null, onEnd: (run: Run) => void): Promise<void> {
  cancelRun(id);
  const controller = new AbortController();
  controllers.set(id, controller);
  const run: Run = {
    statement,
    timespan,
    status: 'running',
    startedAt: Date.now(),
    elapsedMs: 0,
    tables: [],
    progressRows: 0,
    chart: null,
    truncated: null,
    warnings: [],
    error: null,
    version: runs.get(id)?.version ?? 0,
  };
  const mine = () => controllers.get(id) === controller;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const publish = (now: boolean) => {
    if (!mine()) return;
    if (now) {
      clearTimeout(timer);
      timer = undefined;
      run.version = runs.get(id)?.version ?? run.version;
      put(id, run);
    } else {
      timer ??= setTimeout(() => publish(true), 120);
    }
  };
  publish(true);
  try {
    for await (const line of runQuery({ query: statement.text, timespan }, controller.signal)) {
      if (line.type === 'columns') run.tables = [...run.tables, { name: line.table, columns: line.columns, rows: [] }];
      if (line.type === 'rows') {
        const rows = run.tables.at(-1)?.rows;
        for (const row of line.rows) rows?.push(row);
      }
      if (line.type === 'progress') {
        run.progressRows = line.rows;
      }
      if (line.type === 'done') {
        run.status = 'done';
        run.elapsedMs = line.elapsedMs;
        run.chart = line.chart;
        run.truncated = line.truncated;
        run.warnings = line.warnings ?? [];
      }
      publish(false);
    }
  } catch (err) {
    run.elapsedMs = Date.now() - run.startedAt;
    if (controller.signal.aborted) {
      run.status = 'cancelled';
    } else {
      run.status = 'failed';
      run.error = asApiError(err);
    }
  }
  publish(true);
  if (mine()) onEnd(run);
}
