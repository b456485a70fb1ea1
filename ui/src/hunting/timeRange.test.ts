import { describe, expect, it } from 'vitest';
import { samples } from './samples';
import { setsOwnTime, timespanOf } from './timeRange';

describe('setsOwnTime', () => {
  it('sees limits of time', () => {
    for (const query of [
      'T | where TimeGenerated > ago(1d)',
      'T | where Timestamp between (datetime(2026-01-01) .. 1d)',
      'T | where TimeGenerated>=datetime(2026-01-01)',
      'T | where ingestion_time() > datetime(2026-01-01)',
      'T | make-series count() on TimeGenerated from ago(7d) to now() step 1d',
    ]) expect(setsOwnTime(query), query).toBe(true);
  });
  it('leaves the range of the connection graphs to the picker: a range made beside a table does not limit the table', () => {
    expect(setsOwnTime(samples[0]!.text)).toBe(false);
    expect(samples[0]!.range).toEqual({ kind: 'last', span: '14d' });
  });
  it('is not taken in by columns, comments and strings', () => {
    for (const query of ['T | project TimeGenerated', 'T | sort by Timestamp desc', 'T // Timestamp > ago(1d)', 'T | where a == "Timestamp > ago(1d)"', 'T | where u == "http://x" and b']) {
      expect(setsOwnTime(query), query).toBe(false);
    }
  });
});

describe('timespanOf', () => {
  const now = new Date('2026-01-08T00:00:00Z');
  it('counts back from now', () => {
    expect(timespanOf({ kind: 'last', span: '7d' }, 'T', now)).toEqual({ from: '2026-01-01T00:00:00.000Z', to: '2026-01-08T00:00:00.000Z' });
  });
  it('leaves time to the query that sets its own', () => {
    expect(timespanOf({ kind: 'last', span: '1h' }, 'T | where Timestamp > ago(3d)', now)).toBeNull();
    expect(timespanOf({ kind: 'query' }, 'T', now)).toBeNull();
  });
});
