import type { Cell, Chart, Column } from '../api/types';

/** What a chart draws: for every series its points; x is milliseconds for times, a number, or an index into categories. */
export interface Plot {
  kind: 'line' | 'area' | 'bar' | 'column' | 'pie' | 'scatter' | 'card';
  xType: 'time' | 'number' | 'category';
  xName: string;
  categories: string[];
  series: { name: string; points: [number, number | null][] }[];
  /** Series that were left out because nobody could tell so many lines apart. */
  omitted: number;
}

const numeric = new Set(['int', 'long', 'real', 'decimal', 'double', 'float']);
const seriesLimit = 60;
const categoryLimit = 2000;

/** A cell as a number, null when there is none. "NaN" and the infinities have no place on an axis. */
export function toNumber(cell: Cell): number | null {
  if (cell === null || cell === undefined || cell === '') return null;
  const n = typeof cell === 'number' ? cell : typeof cell === 'boolean' ? Number(cell) : Number(String(cell));
  return Number.isFinite(n) ? n : null;
}

/** A timespan "[-][d.]hh:mm:ss[.fffffff]" in seconds; null when the text is none. */
export function timespanSeconds(text: string): number | null {
  const m = /^(-)?(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2}(?:\.\d+)?)$/.exec(text);
  if (!m) return null;
  const seconds = Number(m[2] ?? 0) * 86400 + Number(m[3]) * 3600 + Number(m[4]) * 60 + Number(m[5]);
  return m[1] ? -seconds : seconds;
}

function label(cell: Cell): string {
  if (cell === null || cell === undefined) return '(null)';
  if (cell === '') return '(empty)';
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

const kinds: Record<string, Plot['kind']> = {
  timechart: 'line',
  linechart: 'line',
  anomalychart: 'line',
  areachart: 'area',
  stackedareachart: 'area',
  barchart: 'bar',
  columnchart: 'column',
  piechart: 'pie',
  scatterchart: 'scatter',
  card: 'card',
};

/** Whether the console draws this kind of `render`; the others are shown as a table. */
export function isDrawn(chart: Chart | null): chart is Chart {
  return chart !== null && chart.kind in kinds;
}

/**
 * Chooses the columns to draw: those the query names, else as Kusto does: x is the first time column of a time chart and the
 * first column of others, series are split by the remaining text columns, and every remaining number is a y.
 */
export function chooseColumns(chart: Chart, columns: Column[]): { x: number; y: number[]; series: number[] } {
  const index = (name: string) => columns.findIndex((c) => c.name === name);
  let x = chart.x ? index(chart.x) : -1;
  if (x < 0 && chart.kind !== 'card') {
    const time = columns.findIndex((c) => c.type === 'datetime');
    x = chart.kind === 'timechart' || chart.kind === 'anomalychart' ? time : 0;
    if (x < 0) x = 0;
  }
  const series = chart.series.map(index).filter((i) => i >= 0);
  let y = chart.y.map(index).filter((i) => i >= 0);
  if (y.length === 0) {
    y = columns.flatMap((c, i) => (i !== x && !series.includes(i) && numeric.has(c.type) ? [i] : []));
  }
  if (chart.series.length === 0 && chart.y.length === 0 && chart.kind !== 'piechart') {
    columns.forEach((c, i) => {
      if (i !== x && !y.includes(i) && c.type === 'string') series.push(i);
    });
  }
  return { x, y, series };
}

/** Turns a result into points by the query's `render`; null when the result has nothing that could be drawn. */
export function buildPlot(chart: Chart, columns: Column[], rows: Cell[][]): Plot | null {
  const kind = kinds[chart.kind] ?? 'line';
  const { x, y, series } = chooseColumns(chart, columns);
  if (y.length === 0 || rows.length === 0) return null;
  const xColumn = columns[x];
  const discrete = kind === 'bar' || kind === 'column' || kind === 'pie';
  let xType: Plot['xType'] = 'category';
  if (xColumn?.type === 'datetime' && kind !== 'pie' && kind !== 'bar') xType = 'time';
  else if (xColumn && (numeric.has(xColumn.type) || xColumn.type === 'timespan') && !discrete) xType = 'number';

  const categories: string[] = [];
  const categoryIndex = new Map<string, number>();
  const place = (cell: Cell): number | null => {
    if (xType === 'time') return typeof cell === 'string' ? numberOr(Date.parse(cell)) : null;
    if (xType === 'number') return xColumn?.type === 'timespan' ? timespanSeconds(String(cell)) : toNumber(cell);
    const text = label(cell);
    const known = categoryIndex.get(text);
    if (known !== undefined) return known;
    if (categories.length >= categoryLimit) return null;
    categoryIndex.set(text, categories.length);
    return categories.push(text) - 1;
  };

  const lines = new Map<string, [number, number | null][]>();
  for (const row of rows) {
    const at = x < 0 ? 0 : place(row[x]);
    if (at === null) continue;
    const split = series.map((i) => label(row[i])).join(', ');
    for (const column of y) {
      const own = columns[column]!.name;
      const name = split ? (y.length > 1 ? `${split}: ${own}` : split) : own;
      let points = lines.get(name);
      if (!points) lines.set(name, (points = []));
      points.push([at, toNumber(row[column])]);
    }
  }
  const all = [...lines].map(([name, points]) => ({ name, points }));
  for (const line of all) {
    if (xType !== 'category' && kind !== 'scatter') line.points.sort((a, b) => a[0] - b[0]);
    if (chart.accumulate) accumulate(line.points);
  }
  return { kind, xType, xName: xColumn?.name ?? '', categories, series: all.slice(0, seriesLimit), omitted: Math.max(0, all.length - seriesLimit) };
}

function numberOr(n: number): number | null {
  return Number.isNaN(n) ? null : n;
}

function accumulate(points: [number, number | null][]): void {
  let sum = 0;
  for (const point of points) {
    sum += point[1] ?? 0;
    point[1] = sum;
  }
}
