import type { EChartsCoreOption } from 'echarts/core';
import type { Chart } from '../api/types';
import type { Zone } from '../shell/preferences';
import { formatCount, formatShort, formatTime } from './format';
import type { Plot } from './plot';

/** Colours that stay apart from each other on white and on black, also for most colour-blind eyes. */
export const palette = {
  light: ['#0f6cbd', '#c4501b', '#0e7a5f', '#8764b8', '#b5920a', '#c239b3', '#0b8a9e', '#a4262c', '#498205', '#5c5f66'],
  dark: ['#479ef5', '#f58b55', '#3fc49b', '#b294e0', '#e6c440', '#e173d6', '#4dc7dc', '#f1707b', '#8fce45', '#a5a9b2'],
};

export interface Look {
  dark: boolean;
  zone: Zone;
}

interface Colors {
  text: string;
  line: string;
  axis: string;
  surface: string;
}

function colorsOf(dark: boolean): Colors {
  return dark
    ? { text: '#adadad', line: '#333333', axis: '#666666', surface: '#292929' }
    : { text: '#5c5c5c', line: '#e8e8e8', axis: '#b3b3b3', surface: '#ffffff' };
}

/** What every chart has in common: fonts, tooltip, colours. */
export function frame(look: Look): EChartsCoreOption {
  const c = colorsOf(look.dark);
  return {
    useUTC: look.zone === 'utc',
    color: look.dark ? palette.dark : palette.light,
    animationDuration: 200,
    animationDurationUpdate: 0,
    textStyle: { fontFamily: "'Segoe UI', 'Inter Variable', system-ui, sans-serif", fontSize: 11, color: c.text },
    tooltip: {
      confine: true,
      backgroundColor: c.surface,
      borderColor: c.axis,
      borderWidth: 1,
      padding: [6, 10],
      textStyle: { color: look.dark ? '#ffffff' : '#242424', fontSize: 12 },
    },
  };
}

export function axisLook(look: Look) {
  const c = colorsOf(look.dark);
  return {
    axisLine: { lineStyle: { color: c.axis } },
    axisTick: { lineStyle: { color: c.axis } },
    axisLabel: { color: c.text, fontSize: 11, hideOverlap: true },
    splitLine: { lineStyle: { color: c.line } },
    nameTextStyle: { color: c.text },
  };
}

/** Labels of a time axis: days carry their month, for "9, 11, 13" says little. */
export const timeLabels = {
  year: '{yyyy}',
  month: '{MMM} {yyyy}',
  day: '{MMM} {d}',
  hour: '{HH}:{mm}',
  minute: '{HH}:{mm}',
  second: '{HH}:{mm}:{ss}',
  millisecond: '{mm}:{ss}.{SSS}',
  none: '{yyyy}-{MM}-{dd} {HH}:{mm}',
};

function legend(look: Look) {
  const c = colorsOf(look.dark);
  return {
    type: 'scroll',
    bottom: 0,
    icon: 'roundRect',
    itemWidth: 12,
    itemHeight: 4,
    textStyle: { color: c.text, fontSize: 12 },
    inactiveColor: look.dark ? '#4d4d4d' : '#c7c7c7',
    pageIconColor: c.text,
    pageTextStyle: { color: c.text },
  };
}

function value(n: unknown): string {
  return typeof n === 'number' ? formatCount(n) : '–';
}

/** The drawing instructions for a query's result. */
export function chartOption(plot: Plot, chart: Chart, look: Look): EChartsCoreOption {
  if (plot.kind === 'pie') return pieOption(plot, chart, look);
  const base = frame(look);
  const axis = axisLook(look);
  const flat = plot.kind === 'bar';
  const named = chart.legend !== false;
  const stacked = chart.stacked === 'stacked' || chart.stacked === 'stacked100' || chart.kind === 'stackedareachart';
  const share = chart.stacked === 'stacked100' ? totals(plot) : null;
  const xAxis = {
    ...axis,
    type: plot.xType === 'time' ? 'time' : plot.xType === 'number' ? (chart.xAxis === 'log' ? 'log' : 'value') : 'category',
    data: plot.xType === 'category' ? plot.categories : undefined,
    name: chart.xTitle ?? '',
    nameLocation: 'middle',
    nameGap: flat ? 60 : 28,
    scale: plot.xType === 'number',
    inverse: flat,
    boundaryGap: plot.xType === 'category' && (plot.kind === 'bar' || plot.kind === 'column') ? true : undefined,
    splitLine: { ...axis.splitLine, show: false },
    axisLabel: { ...axis.axisLabel, ...(plot.xType === 'time' && { formatter: timeLabels }), ...(flat && { width: 220, overflow: 'truncate' }) },
  };
  const yAxis = {
    ...axis,
    type: chart.yAxis === 'log' ? 'log' : 'value',
    name: chart.yTitle ?? '',
    nameLocation: 'middle',
    nameGap: 46,
    min: chart.yMin ?? undefined,
    max: chart.yMax ?? (share ? 100 : undefined),
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { ...axis.axisLabel, formatter: (n: number) => formatShort(n) + (share ? ' %' : '') },
  };
  return {
    ...base,
    title: titleOf(chart, look),
    legend: named ? legend(look) : { show: false },
    grid: { left: 12, right: 20, top: chart.title ? 40 : 16, bottom: named ? 34 : 10, containLabel: true },
    tooltip: {
      ...(base.tooltip as object),
      trigger: plot.kind === 'scatter' ? 'item' : 'axis',
      axisPointer: { type: plot.kind === 'bar' || plot.kind === 'column' ? 'shadow' : 'line', label: { show: false } },
      formatter: tooltipOf(plot, look),
    },
    xAxis: flat ? yAxis : xAxis,
    yAxis: flat ? xAxis : yAxis,
    series: plot.series.map((s) => ({
      name: s.name,
      type: plot.kind === 'scatter' ? 'scatter' : plot.kind === 'bar' || plot.kind === 'column' ? 'bar' : 'line',
      data: s.points.map(([x, y]) => {
        const shown = share ? (100 * (y ?? 0)) / (share.get(x) || 1) : y;
        return flat ? [shown, x] : [x, shown];
      }),
      stack: stacked || ((flat || plot.kind === 'column') && chart.stacked !== 'unstacked' && plot.series.length > 1) ? 'all' : undefined,
      areaStyle: plot.kind === 'area' ? { opacity: stacked ? 0.7 : 0.28 } : undefined,
      showSymbol: s.points.length < 40,
      symbolSize: plot.kind === 'scatter' ? 7 : 5,
      lineStyle: { width: 2 },
      barMaxWidth: 48,
      emphasis: { focus: plot.series.length > 1 ? 'series' : 'none' },
      sampling: plot.kind === 'line' || plot.kind === 'area' ? 'lttb' : undefined,
      large: plot.kind === 'scatter' && s.points.length > 5000,
    })),
  };
}

function totals(plot: Plot): Map<number, number> {
  const sums = new Map<number, number>();
  for (const s of plot.series) for (const [x, y] of s.points) sums.set(x, (sums.get(x) ?? 0) + (y ?? 0));
  return sums;
}

function titleOf(chart: Chart, look: Look) {
  if (!chart.title) return undefined;
  return { text: chart.title, left: 12, top: 8, textStyle: { fontSize: 14, fontWeight: 600, color: look.dark ? '#ffffff' : '#242424' } };
}

interface Hover {
  seriesName: string;
  name: string;
  marker: string;
  percent?: number;
  value: [number, number | null] | number;
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Names in a chart are data from the tenant: an attacker may have chosen them. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (c) => escapes[c]!);
}

function tooltipOf(plot: Plot, look: Look) {
  return (hover: Hover | Hover[]): string => {
    const list = Array.isArray(hover) ? hover : [hover];
    const flat = plot.kind === 'bar';
    const xOf = (h: Hover) => (Array.isArray(h.value) ? (flat ? h.value[1] : h.value[0]) : null);
    const yOf = (h: Hover) => (Array.isArray(h.value) ? (flat ? h.value[0] : h.value[1]) : h.value);
    const x = list[0] ? xOf(list[0]) : null;
    const head =
      plot.xType === 'time' && typeof x === 'number'
        ? formatTime(new Date(x).toISOString(), look.zone, 0)
        : plot.xType === 'category' && typeof x === 'number'
          ? (plot.categories[x] ?? '')
          : value(x);
    const shown = list.length > 15 ? list.toSorted((a, b) => (yOf(b) ?? 0) - (yOf(a) ?? 0)).slice(0, 15) : list;
    const rows = shown.map((h) => `<div>${h.marker}${escapeHtml(h.seriesName)} <b style="float:right;margin-left:20px">${value(yOf(h))}</b></div>`);
    if (list.length > shown.length) rows.push(`<div>and ${list.length - shown.length} more</div>`);
    return `<div style="margin-bottom:4px">${escapeHtml(head)}</div>${rows.join('')}`;
  };
}

function pieOption(plot: Plot, chart: Chart, look: Look): EChartsCoreOption {
  const base = frame(look);
  const c = colorsOf(look.dark);
  const points = (plot.series[0]?.points ?? [])
    .filter(([, y]) => y !== null && y > 0)
    .map(([x, y]) => ({ name: plot.categories[x] ?? '', value: y! }))
    .sort((a, b) => b.value - a.value);
  const shown = points.slice(0, 24);
  const rest = points.slice(24).reduce((sum, p) => sum + p.value, 0);
  if (rest > 0) shown.push({ name: `${points.length - 24} others`, value: rest });
  return {
    ...base,
    title: titleOf(chart, look),
    legend: chart.legend === false ? { show: false } : { ...legend(look), orient: 'vertical', bottom: undefined, right: 12, top: 'middle', itemHeight: 12 },
    tooltip: {
      ...(base.tooltip as object),
      trigger: 'item',
      formatter: (h: Hover) => `${h.marker}${escapeHtml(h.name)}<br><b>${value(h.value)}</b> (${h.percent ?? 0} %)`,
    },
    series: [
      {
        type: 'pie',
        radius: ['42%', '72%'],
        center: ['42%', '52%'],
        data: shown,
        label: { color: c.text, formatter: '{b}: {d} %', overflow: 'truncate', width: 140 },
        labelLine: { lineStyle: { color: c.axis } },
        itemStyle: { borderColor: look.dark ? '#1f1f1f' : '#ffffff', borderWidth: 2 },
      },
    ],
  };
}
