import { Button, MessageBar, MessageBarBody, ProgressBar, SearchBox, Tab, TabList, ToggleButton, Tooltip } from '@fluentui/react-components';
import { ArrowDownloadRegular, DataBarVerticalRegular, DismissCircleRegular, FilterRegular, HistoryRegular, PlayCircleRegular, TableRegular } from '@fluentui/react-icons';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import type { ApiError } from '../api/client';
import type { Chart, Diagnostic } from '../api/types';
import { Empty, ErrorBar } from '../parts/Basics';
import { chartOption } from '../parts/chartOption';
import { formatCount, formatElapsed } from '../parts/format';
import { buildPlot, isDrawn } from '../parts/plot';
import { useDark, useZone } from '../shell/preferences';
import { toCsv } from './cells';
import { Grid } from './Grid';
import { HistoryList } from './HistoryList';
import { placeIn, suggestionOf } from './markers';
import { RowDetail } from './RowDetail';
import type { ResultTable, Run } from './runs';

const EChart = lazy(() => import('../parts/EChart'));

interface Props {
  run: Run | undefined;
  onCancel: () => void;
  onReveal: (line: number, column: number) => void;
  onNarrow: (condition: string) => void;
  onOpenQuery: (text: string) => void;
}

type View = 'table' | 'chart' | 'history';

/** What a query came to: progress, the error at its place, the table, the chart; and the queries before it. */
export function Results({ run, onCancel, onReveal, onNarrow, onOpenQuery }: Props) {
  const [picked, setPicked] = useState<View | null>(null);
  const [tableIndex, setTableIndex] = useState(0);
  const [filters, setFilters] = useState(false);
  const [search, setSearch] = useState('');
  const [view, setView] = useState<Uint32Array>(new Uint32Array());
  const [detail, setDetail] = useState<number | null>(null);

  const started = run?.startedAt;
  useEffect(() => {
    setPicked(null);
    setTableIndex(0);
    setSearch('');
    setDetail(null);
  }, [started]);

  const table: ResultTable | undefined = run?.tables[Math.min(tableIndex, run.tables.length - 1)];
  const chart = run?.status === 'done' && isDrawn(run.chart) && tableIndex === 0 ? run.chart : null;
  const shown: View = picked ?? (chart ? 'chart' : 'table');
  const row = table && detail !== null ? table.rows[view[detail] ?? -1] : undefined;

  const exportCsv = () => {
    if (!table) return;
    const kept = shown === 'table' ? Array.from(view, (i) => table.rows[i]!) : table.rows;
    const url = URL.createObjectURL(new Blob([toCsv(table.columns, kept)], { type: 'text/csv;charset=utf-8' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `vedette-${new Date().toISOString().slice(0, 19).replaceAll(/[:T]/g, '-')}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  };

  return (
    <section className="results" aria-label="Results">
      <div className="results-bar">
        <TabList size="small" selectedValue={shown} onTabSelect={(_, d) => setPicked(d.value as View)}>
          <Tab value="table" icon={<TableRegular />}>
            Results
          </Tab>
          <Tab value="chart" icon={<DataBarVerticalRegular />} disabled={!chart}>
            Chart
          </Tab>
          <Tab value="history" icon={<HistoryRegular />}>
            Query history
          </Tab>
        </TabList>
        {run && run.tables.length > 1 && (
          <TabList size="small" aria-label="Result tables" selectedValue={String(tableIndex)} onTabSelect={(_, d) => setTableIndex(Number(d.value))}>
            {run.tables.map((t, i) => (
              <Tab key={i} value={String(i)}>
                {t.name}
              </Tab>
            ))}
          </TabList>
        )}
        <span className="grow" />
        {shown === 'table' && table && (
          <>
            <SearchBox size="small" className="results-search" placeholder="Search results" aria-label="Search results" value={search} onChange={(_, d) => setSearch(d.value)} />
            <Tooltip content="A filter for every column" relationship="description">
              <ToggleButton size="small" appearance="subtle" icon={<FilterRegular />} checked={filters} onClick={() => setFilters(!filters)}>
                Filters
              </ToggleButton>
            </Tooltip>
          </>
        )}
        {table && shown !== 'history' && (
          <Button size="small" appearance="subtle" icon={<ArrowDownloadRegular />} onClick={exportCsv}>
            Export CSV
          </Button>
        )}
        <Facts run={run} table={table} visible={shown === 'table' ? view.length : (table?.rows.length ?? 0)} onCancel={onCancel} />
      </div>
      <div className="results-progress">{run?.status === 'running' && <ProgressBar thickness="medium" aria-label="The query is running" />}</div>
      {shown === 'history' ? (
        <HistoryList started={started} onOpen={onOpenQuery} />
      ) : (
        <>
          {run?.error && <Failure error={run.error} run={run} onReveal={onReveal} />}
          {run?.status === 'cancelled' && (
            <MessageBar intent="info">
              <MessageBarBody>Cancelled after {formatElapsed(run.elapsedMs)}. What had arrived is kept below.</MessageBarBody>
            </MessageBar>
          )}
          {run?.truncated && (
            <MessageBar intent="warning" layout="multiline" data-testid="truncated">
              <MessageBarBody>
                Only the first {formatCount(run.truncated.limit)} rows are shown: {run.truncated.reason} Narrow the query, or summarize.
              </MessageBarBody>
            </MessageBar>
          )}
          {run?.warnings.map((w, i) => (
            <MessageBar key={i} intent={w.severity === 'error' ? 'error' : w.severity === 'warning' ? 'warning' : 'info'} layout="multiline">
              <MessageBarBody>{w.message}</MessageBarBody>
            </MessageBar>
          ))}
          <div className="results-body">
            {!run && (
              <Empty icon={<PlayCircleRegular />} title="No query was run yet">
                <p>
                  Write one above, or begin with a sample, and press <kbd>Shift</kbd>
                  <kbd>Enter</kbd>.
                </p>
              </Empty>
            )}
            {run && table && shown === 'table' && (
              <Grid
                key={`${started} ${tableIndex}`}
                columns={table.columns}
                rows={table.rows}
                version={run.version}
                showFilters={filters}
                search={search}
                onView={setView}
                opened={detail}
                onOpen={setDetail}
                onNarrow={onNarrow}
              />
            )}
            {run && table && chart && shown === 'chart' && <ChartView table={table} chart={chart} />}
            {row && table && shown === 'table' && (
              <RowDetail columns={table.columns} row={row} position={detail!} count={view.length} onMove={setDetail} onClose={() => setDetail(null)} />
            )}
          </div>
        </>
      )}
    </section>
  );
}

/** How many rows, how long it took; while it runs, the time so far and a way out. */
function Facts({ run, table, visible, onCancel }: { run: Run | undefined; table: ResultTable | undefined; visible: number; onCancel: () => void }) {
  const running = run?.status === 'running';
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(Date.now()), 100);
    return () => clearInterval(timer);
  }, [running]);
  if (!run) return null;
  const rows = table?.rows.length ?? 0;
  if (running) {
    const seen = Math.max(rows, run.progressRows);
    return (
      <span className="facts-run" role="timer">
        <span className="tabular muted">
          {formatElapsed(Math.max(0, now - run.startedAt))}
          {seen > 0 && ` · ${formatCount(seen)} rows`}
        </span>
        <Button size="small" icon={<DismissCircleRegular />} onClick={onCancel}>
          Cancel
        </Button>
      </span>
    );
  }
  return (
    <span className="facts-run tabular muted" role="status" data-testid="run-facts">
      {table && (visible === rows ? `${formatCount(rows)} ${rows === 1 ? 'row' : 'rows'}` : `${formatCount(visible)} of ${formatCount(rows)} rows`)}
      {table && ' · '}
      {formatElapsed(run.elapsedMs)}
    </span>
  );
}

/** Why a query failed: each remark with its place, which leads back into the editor. */
function Failure({ error, run, onReveal }: { error: ApiError; run: Run; onReveal: (line: number, column: number) => void }) {
  const lines = run.statement.text.split('\n');
  if (error.diagnostics.length === 0) return <ErrorBar error={error} title="The query failed." />;
  return (
    <div className="failure" role="alert" data-testid="query-error">
      <h3>{error.diagnostics.length === 1 ? 'The query has an error' : `The query has ${error.diagnostics.length} errors`}</h3>
      <ol>
        {error.diagnostics.map((d, i) => (
          <Remark key={i} diagnostic={d} source={lines[d.line - 1] ?? ''} at={placeIn(run.statement, d.line, d.column)} onReveal={onReveal} />
        ))}
      </ol>
      {error.hint && !error.diagnostics.some((d) => d.suggestion === error.hint) && <p className="hint">{error.hint}</p>}
    </div>
  );
}

interface RemarkProps {
  diagnostic: Diagnostic;
  source: string;
  at: { line: number; column: number };
  onReveal: (line: number, column: number) => void;
}

function Remark({ diagnostic: d, source, at, onReveal }: RemarkProps) {
  const suggestion = suggestionOf(d);
  const from = d.column - 1;
  const to = d.endLine === d.line ? Math.max(from + 1, d.endColumn - 1) : source.length;
  return (
    <li>
      <button type="button" className="failure-place" onClick={() => onReveal(at.line, at.column)}>
        Line {at.line}, column {at.column}
      </button>
      <span className="failure-text">
        {d.message}
        {suggestion && !d.message.includes(suggestion.text) && `; ${suggestion.text}`}
      </span>
      {source.trim() !== '' && (
        <pre className="mono">
          {source.slice(0, from)}
          <mark>{source.slice(from, to) || ' '}</mark>
          {source.slice(to)}
        </pre>
      )}
    </li>
  );
}

function ChartView({ table, chart }: { table: ResultTable; chart: Chart }) {
  const dark = useDark();
  const zone = useZone();
  const plot = useMemo(() => buildPlot(chart, table.columns, table.rows), [chart, table]);
  const option = useMemo(() => plot && chartOption(plot, chart, { dark, zone }), [plot, chart, dark, zone]);
  if (!plot || !option) {
    return (
      <Empty icon={<DataBarVerticalRegular />} title={table.rows.length === 0 ? 'Nothing to draw: no rows' : 'Nothing to draw'}>
        {table.rows.length > 0 && <p>A {chart.kind} needs a column of numbers. The rows are under Results.</p>}
      </Empty>
    );
  }
  if (plot.kind === 'card') {
    return (
      <div className="card-view">
        {table.columns.map((c, i) => (
          <div key={i}>
            <b>{formatCount(Number(table.rows[0]![i]))}</b>
            <span className="muted">{chart.title || c.name}</span>
          </div>
        ))}
      </div>
    );
  }
  const points = plot.series.reduce((sum, s) => sum + s.points.length, 0);
  return (
    <div className="chart-view" data-testid="query-chart" data-kind={chart.kind} data-series={plot.series.length} data-points={points}>
      {plot.omitted > 0 && <p className="muted chart-note">{plot.omitted} more series are not drawn. Limit the query to the ones that matter, for instance with top.</p>}
      <Suspense fallback={null}>
        <EChart option={option} label={`${chart.kind} of ${plot.series.map((s) => s.name).slice(0, 10).join(', ')}`} />
      </Suspense>
    </div>
  );
}
