import { describe, expect, it } from 'vitest';
import { pointsOf, squash, unsquash } from './series';

describe('pointsOf', () => {
  it('finds time and count by their types, and sorts by time', () => {
    const columns = [{ name: 'Value', type: 'long' }, { name: 'Time', type: 'datetime' }, { name: 'Legend', type: 'string' }];
    expect(pointsOf(columns, [[2, '2026-01-02T00:00:00Z', 'e'], [1, '2026-01-01T00:00:00Z', 'e'], [9, null, 'e']])).toEqual([
      [Date.parse('2026-01-01T00:00:00Z'), 1],
      [Date.parse('2026-01-02T00:00:00Z'), 2],
    ]);
  });
  it('is empty for an answer of another shape', () => {
    expect(pointsOf([{ name: 'a', type: 'string' }], [['x']])).toEqual([]);
  });
});

describe('squash', () => {
  it('puts 0, 1, 10, 100 one step apart and back', () => {
    expect([0, 1, 10, 100].map(squash)).toEqual([0, 1, 2, 3]);
    for (const n of [0, 1, 7, 12_345]) expect(unsquash(squash(n))).toBeCloseTo(n, 6);
  });
});
