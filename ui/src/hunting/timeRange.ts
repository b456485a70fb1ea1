import type { Timespan } from '../api/types';

/** The time range of a query: the last so many hours or days, two fixed times, or whatever the query itself says. */
export type TimeRange = { kind: 'last'; span: string } | { kind: 'custom'; from: string; to: string } | { kind: 'query' };

export const presets: { span: string; text: string }[] = [
  { span: '1h', text: 'Last hour' },
  { span: '4h', text: 'Last 4 hours' },
  { span: '12h', text: 'Last 12 hours' },
  { span: '24h', text: 'Last 24 hours' },
  { span: '48h', text: 'Last 48 hours' },
  { span: '3d', text: 'Last 3 days' },
  { span: '7d', text: 'Last 7 days' },
  { span: '14d', text: 'Last 14 days' },
  { span: '30d', text: 'Last 30 days' },
];

/** "7d" in milliseconds. */
export function spanMs(span: string): number {
  const m = /^(\d+)([hd])$/.exec(span);
  return m ? Number(m[1]) * (m[2] === 'h' ? 3_600_000 : 86_400_000) : 0;
}

/** Takes comments and string literals out of a query, so that words in them are not mistaken for its own. */
function bare(query: string): string {
  return query.replaceAll(/\/\/[^\n]*|@?"(?:[^"\\\n]|\\.)*"|@?'(?:[^'\\\n]|\\.)*'/g, ' ');
}

/**
 * Whether a query limits its own time: it then decides alone, as in Log Analytics, where the time picker shows "Set in query".
 * Comparing a time column counts, and so does a series over one; projecting, sorting or binning by one does not, nor does a
 * range made beside the tables.
 */
export function setsOwnTime(query: string): boolean {
  const text = bare(query);
  return (
    /\b(?:TimeGenerated|Timestamp)\s*(?:[<>]=?|==|between\b|!between\b)/.test(text) ||
    /\bingestion_time\s*\(\s*\)\s*(?:[<>]=?|between\b)/.test(text) ||
    /\bon\s+(?:TimeGenerated|Timestamp)\s+(?:from|in)\b/.test(text)
  );
}

/** The last so many hours or days as two times. */
export function lastSpan(span: string, now: Date): Timespan {
  return { from: new Date(now.getTime() - spanMs(span)).toISOString(), to: now.toISOString() };
}

/** What goes to the server with a query; null leaves time to the query. */
export function timespanOf(range: TimeRange, query: string, now: Date): Timespan | null {
  if (range.kind === 'query' || setsOwnTime(query)) return null;
  if (range.kind === 'custom') return { from: range.from, to: range.to };
  return lastSpan(range.span, now);
}
