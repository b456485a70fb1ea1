// Answers to queries. This is no query engine: it recognises the kinds of query that the console sends and makes up rows.
import { cellOf } from './rows.mjs';
import { random } from './random.mjs';
import { schema } from './schema.mjs';

const words = new Set(
  'let now range from to step extend union isfuzzy where summarize count by bin_at bin max sort project iff isnull render timechart ago true false in has and or desc asc take top on join kind leftouter dcount count tostring limit ascending'.split(' '),
);

/** The place of an offset, counted from 1. */
function place(text, offset) {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: before.at(-1).length + 1 };
}

/** Finds misspelt tables and columns, near enough for a stand-in: the first word, and words that are nearly a column's name. */
export function check(query) {
  const found = [];
  const report = (name, offset, message, suggestion) => {
    const a = place(query, offset);
    const b = place(query, offset + name.length);
    found.push({ severity: 'error', code: 'KS142', message, line: a.line, column: a.column, endLine: b.line, endColumn: b.column, start: offset, end: offset + name.length, suggestion });
  };
  const bare = query.replaceAll(/"[^"\n]*"|'[^'\n]*'|\/\/[^\n]*/g, (m) => ' '.repeat(m.length));
  const columns = new Set(schema.tables.flatMap((t) => t.columns.map((c) => c.name)));
  for (const m of bare.matchAll(/[A-Za-z_]\w*/g)) {
    if (words.has(m[0]) || columns.has(m[0]) || schema.tables.some((t) => t.name === m[0])) continue;
    const close = [...columns].find((c) => Math.abs(c.length - m[0].length) === 1 && distance(c, m[0]) === 1 && m[0].length > 4);
    if (close) report(m[0], m.index, `The name '${m[0]}' does not refer to any known column, table, variable or function.`, close);
  }
  const dangling = /\|\s*$/.exec(bare);
  if (dangling) report('|', dangling.index, "An operator is missing after '|'.", '');
  return found;
}

/** How many letters must be inserted or taken out to make one word of the other. */
function distance(a, b) {
  const [long, short] = a.length > b.length ? [a, b] : [b, a];
  let i = 0;
  while (i < short.length && long[i] === short[i]) i++;
  return long.slice(i + 1) === short.slice(i) ? 1 : 2;
}

const chartOf = (kind, x, y, series) => ({
  kind,
  title: '',
  xTitle: '',
  yTitle: '',
  x,
  y,
  series,
  stacked: 'default',
  legend: true,
  yMin: null,
  yMax: null,
  xAxis: 'linear',
  yAxis: 'linear',
  accumulate: false,
});

/** What to answer: columns, a function that makes row i, how many, and what to draw. */
function plan(query) {
  const next = random(query.length * 7919);
  const render = /\brender\s+(\w+)/.exec(query)?.[1];
  const day = 86_400_000;
  const now = Date.now();
  if (/bin_at\(TimeGenerated, 1d/.test(query)) {
    const base = /SecurityIncident/.test(query) ? 5 : /SecurityAlert/.test(query) ? 14 : /union (?!isfuzzy)/.test(query) ? 18_000 : 1500;
    return {
      columns: [{ name: 'Value', type: 'long' }, { name: 'Time', type: 'datetime' }, { name: 'Legend', type: 'string' }],
      count: 14,
      row: (i) => [Math.round(base * (0.5 + next())), new Date(now - (i + 1) * day).toISOString(), 'Events'],
      chart: chartOf('timechart', 'Time', ['Value'], ['Legend']),
    };
  }
  const range = /\brange\s+(\w+)\s+from\s+(\d+)\s+to\s+(\d+)/.exec(query);
  if (range) {
    const [, name, from, to] = range;
    return {
      columns: [{ name, type: 'long' }, { name: 'Text', type: 'string' }],
      count: Number(to) - Number(from) + 1,
      row: (i) => [Number(from) + i, `row ${Number(from) + i}`],
      chart: null,
    };
  }
  if (render && /bin\(/.test(query)) {
    const kinds = ['AntivirusScanCompleted', 'PowerShellCommand', 'DnsQueryResponse', 'UsbDriveMounted', 'ScheduledTaskCreated'];
    return {
      columns: [{ name: 'TimeGenerated', type: 'datetime' }, { name: 'ActionType', type: 'string' }, { name: 'Events', type: 'long' }],
      count: 72 * kinds.length,
      row: (i) => [new Date(now - Math.floor(i / kinds.length) * 3_600_000).toISOString(), kinds[i % kinds.length], Math.round(40 * (1 + (i % kinds.length)) * (0.4 + next()))],
      chart: chartOf(render, 'TimeGenerated', ['Events'], ['ActionType']),
    };
  }
  if (render) {
    const names = ['adele.v', 'svc-backup', 'megan.b', 'pradeep.g', 'lee.g', 'administrator', 'joni.s', 'irvin.s', 'svc-sql', 'patti.f'];
    return {
      columns: [{ name: 'Name', type: 'string' }, { name: 'Count', type: 'long' }],
      count: names.length,
      row: (i) => [names[i], Math.round(400 / (i + 1) + next() * 20)],
      chart: chartOf(render, 'Name', ['Count'], []),
    };
  }
  const table = schema.tables.find((t) => new RegExp(`\\b${t.name}\\b`).test(query));
  if (table) {
    const limit = Number(/\b(?:take|limit|top)\s+(\d+)/.exec(query)?.[1] ?? 500);
    return { columns: table.columns.map(({ name, type }) => ({ name, type })), count: limit, row: (i) => table.columns.map((c) => cellOf(c, i, next, now)), chart: null };
  }
  return { columns: [{ name: 'print_0', type: 'string' }], count: 1, row: () => ['an answer'], chart: null };
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Streams an answer line by line, with progress while a query that says "// slow" takes its time. */
export async function runQuery({ query, maxRows = 30_000 }, req, res) {
  const diagnostics = check(query);
  if (diagnostics.length > 0) {
    res.writeHead(400, { 'Content-Type': 'application/json' });
    res.end(JSON.stringify({ error: { kind: 'query', message: diagnostics[0].message, hint: 'Names are case-sensitive.', diagnostics } }));
    return undefined;
  }
  const began = Date.now();
  const send = (line) => res.write(JSON.stringify(line) + '\n');
  res.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
  const big = /print Big = long\((\d+)\), Nested = dynamic\((.*)\)/.exec(query);
  if (big) {
    send({ type: 'columns', table: 'PrimaryResult', columns: [{ name: 'Big', type: 'long' }, { name: 'Nested', type: 'dynamic' }] });
    // Written by hand: JavaScript's own JSON would round it.
    res.write(`{"type":"rows","rows":[[${big[1]},${big[2]}]]}\n`);
    send({ type: 'done', rows: 1, elapsedMs: 1, truncated: null, chart: null, warnings: [] });
    return res.end();
  }
  const { columns, count, row, chart } = plan(query);
  for (let i = 0; /\/\/ slow/.test(query) && i < 60 && !res.destroyed; i++) {
    send({ type: 'progress', elapsedMs: Date.now() - began, rows: i * 40_000 });
    await pause(250);
  }
  send({ type: 'columns', table: 'PrimaryResult', columns });
  const total = Math.min(count, maxRows);
  for (let i = 0; i < total && !res.destroyed; i += 1000) {
    const rows = [];
    for (let n = i; n < Math.min(total, i + 1000); n++) rows.push(row(n));
    send({ type: 'rows', rows });
    await pause(0);
  }
  const truncated = count > total ? { limit: total, reason: `The answer has more than ${total} rows.` } : null;
  send({ type: 'done', rows: total, elapsedMs: Date.now() - began, truncated, chart, warnings: [] });
  return res.end();
}
