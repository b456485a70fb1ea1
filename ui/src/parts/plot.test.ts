import { describe, expect, it } from 'vitest';
import type { Chart, Column } from '../api/types';
import { chartOption, escapeHtml } from './chartOption';
import { buildPlot, chooseColumns, isDrawn, timespanSeconds, toNumber } from './plot';

const chart = (kind: string, more: Partial<Chart> = {}): Chart => ({ kind, x: null, y: [], series: [], ...more });
const time: Column = { name: 'Time', type: 'datetime' };
const name: Column = { name: 'Name', type: 'string' };
const count: Column = { name: 'Count', type: 'long' };
const day = (n: number) => `2026-01-0${n}T00:00:00Z`;

describe('chooseColumns', () => {
  it('takes what the query names', () => {
    expect(chooseColumns(chart('columnchart', { x: 'Name', y: ['Count'] }), [time, name, count])).toEqual({ x: 1, y: [2], series: [] });
  });
  it('finds the time of a time chart wherever it stands, and splits by text', () => {
    expect(chooseColumns(chart('timechart'), [count, time, name])).toEqual({ x: 1, y: [0], series: [2] });
  });
  it('takes the first column of other charts', () => {
    expect(chooseColumns(chart('piechart'), [name, count])).toEqual({ x: 0, y: [1], series: [] });
  });
});

describe('buildPlot', () => {
  it('makes a series of every name, in order of time', () => {
    const plot = buildPlot(chart('timechart'), [time, name, count], [[day(2), 'a', 2], [day(1), 'a', 1], [day(1), 'b', 9]]);
    expect(plot?.xType).toBe('time');
    expect(plot?.series).toEqual([
      { name: 'a', points: [[Date.parse(day(1)), 1], [Date.parse(day(2)), 2]] },
      { name: 'b', points: [[Date.parse(day(1)), 9]] },
    ]);
  });
  it('names series by column too when there are several numbers', () => {
    const plot = buildPlot(chart('linechart', { x: 'Time', y: ['Count', 'Other'], series: ['Name'] }), [time, name, count, { name: 'Other', type: 'real' }], [[day(1), 'a', 1, 2]]);
    expect(plot?.series.map((s) => s.name)).toEqual(['a: Count', 'a: Other']);
  });
  it('keeps categories in their order, and tells empty from null', () => {
    const plot = buildPlot(chart('barchart'), [name, count], [['b', 2], ['', 1], [null, 0]]);
    expect(plot?.categories).toEqual(['b', '(empty)', '(null)']);
  });
  it('adds up what is to be accumulated', () => {
    const plot = buildPlot(chart('timechart', { accumulate: true }), [time, count], [[day(1), 1], [day(2), null], [day(3), 2]]);
    expect(plot?.series[0]?.points.map((p) => p[1])).toEqual([1, 1, 3]);
  });
  it('draws no more series than can be told apart, and says how many are left out', () => {
    const rows = Array.from({ length: 75 }, (_, i) => [day(1), `s${i}`, i]);
    const plot = buildPlot(chart('timechart'), [time, name, count], rows);
    expect(plot?.series).toHaveLength(60);
    expect(plot?.omitted).toBe(15);
  });
  it('is nothing without numbers or rows', () => {
    expect(buildPlot(chart('timechart'), [time, name], [[day(1), 'a']])).toBeNull();
    expect(buildPlot(chart('timechart'), [time, count], [])).toBeNull();
  });
});

describe('numbers', () => {
  it('reads what Kusto writes', () => {
    expect([toNumber('NaN'), toNumber('Infinity'), toNumber(''), toNumber(null), toNumber('1.5'), toNumber(3n)]).toEqual([null, null, null, null, 1.5, 3]);
  });
  it('reads spans of time', () => {
    expect([timespanSeconds('1.02:03:04.5'), timespanSeconds('-00:00:01'), timespanSeconds('1d')]).toEqual([93784.5, -1, null]);
  });
});

describe('chartOption', () => {
  const look = { dark: false, zone: 'utc' as const };
  it('draws every kind that it says it draws', () => {
    for (const kind of ['timechart', 'linechart', 'areachart', 'stackedareachart', 'barchart', 'columnchart', 'piechart', 'scatterchart']) {
      const c = chart(kind);
      expect(isDrawn(c)).toBe(true);
      const plot = buildPlot(c, [time, count], [[day(1), 1], [day(2), 2]]);
      const option = chartOption(plot!, c, look) as { series: { type: string; data: unknown[] }[] };
      expect(option.series[0]?.data).toHaveLength(2);
    }
    expect(isDrawn(chart('ladderchart'))).toBe(false);
  });
  it('makes shares of a hundred for stacked100', () => {
    const c = chart('columnchart', { stacked: 'stacked100', series: ['Name'], y: ['Count'], x: 'Time' });
    const option = chartOption(buildPlot(c, [time, name, count], [[day(1), 'a', 1], [day(1), 'b', 3]])!, c, look) as { series: { data: number[][] }[] };
    expect(option.series.map((s) => s.data[0]![1])).toEqual([25, 75]);
  });
  it('does not let data become markup', () => {
    expect(escapeHtml('<img src=x onerror="a&b">')).toBe('&lt;img src=x onerror=&quot;a&amp;b&quot;&gt;');
  });
});
