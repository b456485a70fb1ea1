import { runQuery } from '../api/stream';
import type { Cell, Column } from '../api/types';
import { lastSpan } from '../hunting/timeRange';
import { toNumber } from '../parts/plot';

/** One line of the data graph: [milliseconds, count], in order of time. */
export type Points = [number, number][];

/** Reads a graph query's answer: its first time column and its first number, whatever they are called. */
export function pointsOf(columns: Column[], rows: Cell[][]): Points {
  const time = columns.findIndex((c) => c.type === 'datetime');
  const count = columns.findIndex((c) => c.type === 'long' || c.type === 'int' || c.type === 'real');
  if (time < 0 || count < 0) return [];
  return rows
    .flatMap((row): Points => {
      const at = Date.parse(String(row[time]));
      return Number.isNaN(at) ? [] : [[at, toNumber(row[count]) ?? 0]];
    })
    .sort((a, b) => a[0] - b[0]);
}

/** The time over which the graph is drawn. Its queries make their own days but leave it open how far back a table is read. */
export const graphSpan = '14d';

/** Runs a graph query. */
export async function loadPoints(query: string, signal: AbortSignal): Promise<Points> {
  let columns: Column[] = [];
  const rows: Cell[][] = [];
  for await (const line of runQuery({ query, timespan: lastSpan(graphSpan, new Date()) }, signal)) {
    if (line.type === 'columns') columns = line.columns;
    if (line.type === 'rows') rows.push(...line.rows);
  }
  return pointsOf(columns, rows);
}

/** Counts span six orders of magnitude: 0, 1, 10, 100 … stand one step apart, so that nought stays on the axis. */
export const squash = (n: number) => (n <= 1 ? Math.max(0, n) : Math.log10(n) + 1);
export const unsquash = (n: number) => (n <= 1 ? Math.max(0, n) : 10 ** (n - 1));
