import type { Cell, Column } from '../api/types';
import { formatTime } from '../parts/format';
import { timespanSeconds, toNumber } from '../parts/plot';
import type { Zone } from '../shell/preferences';

const numbers = new Set(['int', 'long', 'real', 'decimal']);

export const isNumeric = (type: string) => numbers.has(type);

type RawJson = { rawJSON?: (text: string) => unknown };

/** JSON text of a value that may hold integers too large for a JavaScript number (they are read as BigInt). */
export function toJson(value: unknown, indent?: number): string {
  const raw = (JSON as RawJson).rawJSON;
  return JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? (raw?.(String(v)) ?? String(v)) : v), indent) ?? '';
}

/** A cell as text, exactly as it was answered; nothing for null. */
export function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  return typeof cell === 'object' ? toJson(cell) : String(cell as string | number | boolean | bigint);
}

/** A cell as the grid shows it: times in the chosen zone, all else as it is. Long text is cut: nobody can read it in a cell. */
export function cellShown(cell: Cell, type: string, zone: Zone): string {
  if (type === 'datetime' && typeof cell === 'string') return formatTime(cell, zone);
  const text = cellText(cell);
  return text.length > 300 ? text.slice(0, 300) + '…' : text;
}

/** A datetime as text that sorts by time down to 100 ns. */
function timeKey(iso: string): string {
  return iso.slice(0, 19) + (/\.(\d+)/.exec(iso)?.[1] ?? '').padEnd(7, '0');
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** The order of rows by one column; null stands last in either direction. */
export function sortRows(rows: Cell[][], order: Uint32Array, column: number, type: string, desc: boolean): Uint32Array {
  const sign = desc ? -1 : 1;
  const key = (cell: Cell): string | number | null => {
    if (cell === null || cell === undefined) return null;
    if (isNumeric(type) || type === 'bool') return toNumber(cell) ?? (cell === 'Infinity' ? Infinity : cell === '-Infinity' ? -Infinity : null);
    if (type === 'timespan') return timespanSeconds(String(cell));
    if (type === 'datetime') return timeKey(String(cell));
    return cellText(cell);
  };
  const keys = new Map<number, string | number | null>();
  for (const row of order) keys.set(row, key(rows[row]![column]));
  const compare = (a: string | number, b: string | number) => {
    if (typeof a === 'number' && typeof b === 'number') return a - b;
    if (type === 'datetime') return a < b ? -1 : a > b ? 1 : 0;
    return collator.compare(String(a), String(b));
  };
  return order.slice().sort((a, b) => {
    const x = keys.get(a)!;
    const y = keys.get(b)!;
    if (x === null || y === null) return x === y ? a - b : x === null ? 1 : -1;
    return sign * compare(x, y) || a - b;
  });
}

/**
 * A column's filter as a predicate: `text` contains it, `=text` is it, `!text` does not contain it, `>5` and the like compare,
 * `=` alone finds empty cells and `!` alone the others. Letters' case does not matter.
 */
export function compileFilter(text: string, type: string): ((cell: Cell) => boolean) | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const [, op = '', rest = ''] = /^(>=|<=|>|<|!=|=|!)?\s*(.*)$/s.exec(trimmed) ?? [];
  const wanted = rest.toLowerCase();
  if (op.startsWith('>') || op.startsWith('<')) {
    const key = (s: string): string | number | null => (type === 'datetime' ? s.replace(' ', 'T') : type === 'timespan' ? timespanSeconds(s) : toNumber(s));
    const limit = key(rest);
    if (limit === null || rest === '') return null;
    return (cell) => {
      const value = cell === null || cell === undefined ? null : key(cellText(cell));
      if (value === null) return false;
      if (op === '>') return value > limit;
      if (op === '<') return value < limit;
      return op === '>=' ? value >= limit : value <= limit;
    };
  }
  if (op === '=') return (cell) => cellText(cell).toLowerCase() === wanted;
  if (op === '!=') return (cell) => cellText(cell).toLowerCase() !== wanted;
  if (op === '!') return (cell) => (wanted === '' ? cellText(cell) !== '' : !cellText(cell).toLowerCase().includes(wanted));
  return (cell) => cellText(cell).toLowerCase().includes(wanted);
}

/** The rows that pass every column's filter and hold the search text in some cell. */
export function filterRows(rows: Cell[][], count: number, columns: Column[], filters: ReadonlyMap<number, string>, search: string): Uint32Array {
  const tests: [number, (cell: Cell) => boolean][] = [];
  for (const [column, text] of filters) {
    const test = compileFilter(text, columns[column]?.type ?? 'string');
    if (test) tests.push([column, test]);
  }
  const wanted = search.trim().toLowerCase();
  const kept = new Uint32Array(count);
  let n = 0;
  for (let i = 0; i < count; i++) {
    const row = rows[i]!;
    if (!tests.every(([column, test]) => test(row[column]))) continue;
    if (wanted && !row.some((cell) => cellText(cell).toLowerCase().includes(wanted))) continue;
    kept[n++] = i;
  }
  return kept.subarray(0, n);
}

/** A row as an object, for its JSON view; columns of one name keep the last value under it and the others beside it. */
export function rowObject(columns: Column[], row: Cell[]): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  columns.forEach((c, i) => {
    let name = c.name;
    for (let n = 1; name in object; n++) name = `${c.name}_${n}`;
    object[name] = row[i] ?? null;
  });
  return object;
}

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Rows as CSV (RFC 4180) with a header line, values exactly as answered. The mark at the front has spreadsheets read UTF-8. */
export function toCsv(columns: Column[], rows: Iterable<Cell[]>): string {
  const out = ['\uFEFF' + columns.map((c) => quoted(c.name)).join(',')];
  for (const row of rows) out.push(columns.map((_, i) => quoted(cellText(row[i]))).join(','));
  return out.join('\r\n') + '\r\n';
}

/** A cell as it is written in KQL, to be put into a query. */
export function kqlLiteral(cell: Cell, type: string): string {
  const text = cellText(cell);
  if (cell === null || cell === undefined) return type === 'string' ? '""' : `${type}(null)`;
  if (type === 'string') return '"' + text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t') + '"';
  if (type === 'dynamic') return `dynamic(${text})`;
  if (type === 'int' || type === 'long' || type === 'bool') return text;
  return `${type}(${text})`;
}

const plainName = /^[A-Za-z_]\w*$/;

/** A condition on one cell's value, to narrow a query to it or to leave it out. */
export function kqlCondition(column: Column, cell: Cell, include: boolean): string {
  const name = plainName.test(column.name) ? column.name : `['${column.name.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}']`;
  if (column.type === 'dynamic') return `| where tostring(${name}) ${include ? '==' : '!='} ${kqlLiteral(cellText(cell), 'string')}`;
  if (cell === null || cell === undefined) return `| where ${include ? 'isnull' : 'isnotnull'}(${name})`;
  return `| where ${name} ${include ? '==' : '!='} ${kqlLiteral(cell, column.type)}`;
}
