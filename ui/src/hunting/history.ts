import { readStored, writeStored } from '../shell/preferences';

/** A query that was run in this browser. */
export interface Past {
  text: string;
  at: number;
  status: 'done' | 'failed' | 'cancelled';
  rows: number;
  elapsedMs: number;
}

const key = 'vedette.history';
const limit = 100;

export function readHistory(): Past[] {
  return readStored<Past[]>(key, []).filter((p) => typeof p?.text === 'string');
}

/** Adds a run in front; the same query run again moves there. */
export function addHistory(past: Past, history = readHistory()): Past[] {
  const next = [past, ...history.filter((p) => p.text !== past.text)].slice(0, limit);
  writeStored(key, next);
  return next;
}

export function clearHistory(): void {
  writeStored(key, []);
}
