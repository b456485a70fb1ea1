import { Button, Combobox, Option, Spinner, Tooltip } from '@fluentui/react-components';
import { DismissRegular, OpenRegular } from '@fluentui/react-icons';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { api, asApiError, type ApiError } from '../api/client';
import type { GraphSeries } from '../api/types';
import { huntingLink } from '../hunting/deeplink';
import { axisLook, frame, escapeHtml, palette, timeLabels } from '../parts/chartOption';
import { ErrorBar } from '../parts/Basics';
import { formatCount, formatShort, formatTime } from '../parts/format';
import { readStored, useDark, useZone, writeStored } from '../shell/preferences';
import { Link } from '../shell/router';
import { useResource } from '../shell/useResource';
import { graphSpan, loadPoints, squash, unsquash, type Points } from './series';

const EChart = lazy(() => import('../parts/EChart'));

type Loaded = { points: Points } | { error: ApiError };

/** Runs the queries of the chosen lines, two at a time, and again every minute while the page is visible. */
function useLines(series: GraphSeries[] | undefined, chosen: string[]): Map<string, Loaded> {
  const [loaded, setLoaded] = useState<Map<string, Loaded>>(new Map());
  const key = chosen.join('\n');
  const known = useRef(loaded);
  known.current = loaded;
  useEffect(() => {
    if (!series) return;
    const controller = new AbortController();
    const run = async (again: boolean) => {
      const queue = series.filter((s) => key.split('\n').includes(s.name) && (again || !('points' in (known.current.get(s.name) ?? {}))));
      const worker = async () => {
        for (let next = queue.shift(); next; next = queue.shift()) {
          const name = next.name;
          let result: Loaded;
          try {
            result = { points: await loadPoints(next.query, controller.signal) };
          } catch (err) {
            result = { error: asApiError(err) };
          }
          if (controller.signal.aborted) return;
          setLoaded((old) => new Map(old).set(name, result));
        }
      };
      await Promise.all([worker(), worker()]);
    };
    void run(false);
    const timer = setInterval(() => !document.hidden && void run(true), 60_000);
    return () => {
      clearInterval(timer);
      controller.abort();
    };
  }, [series, key]);
  return loaded;
}

/** The connector's data graph: a line each for incidents, alerts and events, and for any table on request. */
export function DataGraph() {
  const dark = useDark();
  const zone = useZone();
  const graph = useResource(api.graph);
  const series = graph.data?.series;
  const [tables, setTables] = useState<string[]>(() => readStored('vedette.graph.tables', []));
  const [hidden, setHidden] = useState<string[]>([]);
  const [log, setLog] = useState(() => readStored('vedette.graph.log', true));
  const [search, setSearch] = useState('');

  const fixed = useMemo(() => (series ?? []).filter((s) => s.default).map((s) => s.name), [series]);
  const chosen = useMemo(() => [...fixed, ...tables.filter((t) => series?.some((s) => s.name === t && !s.default))], [fixed, tables, series]);
  const lines = useLines(series, chosen);
  const colors = dark ? palette.dark : palette.light;
  const color = useCallback((name: string) => colors[Math.max(0, chosen.indexOf(name)) % colors.length]!, [chosen, colors]);

  const choose = (next: string[]) => {
    setTables(next);
    writeStored('vedette.graph.tables', next);
  };

  const option = useMemo(() => {
    const look = { dark, zone };
    const axis = axisLook(look);
    const drawn = chosen.flatMap((name) => {
      const line = lines.get(name);
      return line && 'points' in line && !hidden.includes(name) ? [{ name, points: line.points }] : [];
    });
    return {
      ...frame(look),
      grid: { left: 4, right: 14, top: 12, bottom: 4, containLabel: true },
      xAxis: { ...axis, type: 'time', splitLine: { show: false }, axisLabel: { ...axis.axisLabel, formatter: timeLabels } },
      yAxis: {
        ...axis,
        type: 'value',
        min: 0,
        minInterval: 1,
        interval: log ? 1 : undefined,
        splitNumber: 4,
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { ...axis.axisLabel, formatter: (n: number) => formatShort(Math.round(log ? unsquash(n) : n)) },
      },
      tooltip: {
        ...(frame(look).tooltip as object),
        trigger: 'axis',
        formatter: (hover: { seriesName: string; marker: string; value: [number, number, number] }[]) =>
          `<div style="margin-bottom:4px">${formatTime(new Date(hover[0]?.value[0] ?? 0).toISOString(), zone, 0)}</div>` +
          hover
            .map((h) => `<div>${h.marker}${escapeHtml(h.seriesName)} <b style="float:right;margin-left:20px">${formatCount(h.value[2])}</b></div>`)
            .join(''),
      },
      series: drawn.map((line) => ({
        name: line.name,
        type: 'line',
        color: color(line.name),
        showSymbol: true,
        symbolSize: 4,
        lineStyle: { width: 2 },
        data: line.points.map(([at, n]) => [at, log ? squash(n) : n, n]),
      })),
    };
  }, [chosen, lines, hidden, dark, zone, log, color]);

  if (graph.error && !series) return <ErrorBar error={graph.error} retry={graph.reload} title="The data graph cannot be drawn." />;

  const done = chosen.filter((name) => lines.has(name)).length;
  const options = (series ?? []).filter((s) => !s.default && s.name.toLowerCase().includes(search.toLowerCase()));
  return (
    <section className="graph" aria-label="Data received in the last 14 days">
      <div className="graph-head">
        <h2>Data received</h2>
        <span className="muted">14 days, by day</span>
        <span className="grow" />
        {series && done < chosen.length && <Spinner size="extra-tiny" aria-label="Reading" />}
        <Tooltip content={log ? 'Logarithmic: few incidents stay visible beside many events' : 'Linear'} relationship="description">
          <Button
            size="small"
            appearance="subtle"
            aria-pressed={log}
            onClick={() => {
              setLog(!log);
              writeStored('vedette.graph.log', !log);
            }}
          >
            {log ? 'Log scale' : 'Linear scale'}
          </Button>
        </Tooltip>
      </div>
      <div className="graph-canvas" data-testid="data-graph" data-lines={option.series.length}>
        <Suspense fallback={null}>
          <EChart option={option} label={`Data received by day: ${chosen.join(', ')}`} />
        </Suspense>
      </div>
      <ul className="graph-legend" aria-label="Lines of the graph">
        {chosen.map((name) => {
          const line = lines.get(name);
          const query = series?.find((s) => s.name === name)?.query ?? '';
          const total = line && 'points' in line ? line.points.reduce((sum, p) => sum + p[1], 0) : undefined;
          const off = hidden.includes(name);
          return (
            <li key={name} className={off ? 'graph-line graph-line-off' : 'graph-line'}>
              <button
                type="button"
                className="graph-line-toggle"
                aria-pressed={!off}
                title={off ? 'Show this line' : 'Hide this line'}
                onClick={() => setHidden(off ? hidden.filter((h) => h !== name) : [...hidden, name])}
              >
                <span className="graph-swatch" style={{ background: color(name) }} />
                <span className="clip">{name}</span>
              </button>
              {line && 'error' in line ? (
                <span className="graph-error" title={`${line.error.message} ${line.error.hint}`}>
                  failed
                </span>
              ) : (
                <span className="tabular graph-total">{total === undefined ? '' : formatCount(total)}</span>
              )}
              <Tooltip content="Open this query in Hunting" relationship="label">
                <Link to={huntingLink(query, graphSpan)} className="graph-open">
                  <OpenRegular />
                </Link>
              </Tooltip>
              {!fixed.includes(name) && (
                <button type="button" className="graph-open" aria-label={`Remove ${name} from the graph`} onClick={() => choose(tables.filter((t) => t !== name))}>
                  <DismissRegular />
                </button>
              )}
            </li>
          );
        })}
      </ul>
      <Combobox
        className="graph-add"
        size="small"
        multiselect
        aria-label="Add a line for a table"
        placeholder="Add a line for a table…"
        selectedOptions={tables}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
        onOptionSelect={(_, data) => {
          choose(data.selectedOptions);
          setSearch('');
        }}
        onBlur={() => setSearch('')}
      >
        {options.map((s) => (
          <Option key={s.name}>{s.name}</Option>
        ))}
        {options.length === 0 && (
          <Option disabled value="">
            No such table
          </Option>
        )}
      </Combobox>
    </section>
  );
}
