import { describe, expect, it } from 'vitest';
import { huntingLink, packQuery, readLink, unpackQuery } from './deeplink';
import { samples } from './samples';

describe('links', () => {
  it('carry a query there and back', async () => {
    for (const query of ['', 'T', 'T | where a == "äöü 漢字 🛡" // +/=', ...samples.map((s) => s.text), 'x'.repeat(200_000)]) {
      const packed = await packQuery(query);
      expect(packed).toMatch(/^[\w-]*$/);
      expect(await unpackQuery(packed)).toBe(query);
    }
  });
  it('are refused when cut short', async () => {
    const packed = await packQuery(samples[0]!.text);
    await expect(unpackQuery(packed.slice(0, -8))).rejects.toThrow();
    await expect(readLink(new URLSearchParams({ q: '%%%' }))).rejects.toThrow();
  });
  it('carry the time range', async () => {
    const q = await packQuery('T');
    expect(await readLink(new URLSearchParams({ q, from: '-7d' }))).toEqual({ query: 'T', range: { kind: 'last', span: '7d' } });
    const custom = { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' };
    expect(await readLink(new URLSearchParams({ q, ...custom }))).toEqual({ query: 'T', range: { kind: 'custom', ...custom } });
    expect(await readLink(new URLSearchParams({ q, from: 'then' }))).toEqual({ query: 'T', range: { kind: 'query' } });
  });
  it('of pages carry plain text', async () => {
    const url = new URL(huntingLink('T | where a == "b&c"'), 'http://host');
    expect((await readLink(url.searchParams))?.query).toBe('T | where a == "b&c"');
    expect(await readLink(new URLSearchParams())).toBeNull();
  });
});
