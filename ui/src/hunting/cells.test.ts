import { describe, expect, it } from 'vitest';
import { cellShown, cellText, compileFilter, filterRows, kqlCondition, rowObject, sortRows, toCsv, toJson } from './cells';

const order = (n: number) => Uint32Array.from({ length: n }, (_, i) => i);
const sorted = (cells: unknown[], type: string, desc = false) => [...sortRows(cells.map((c) => [c]), order(cells.length), 0, type, desc)].map((i) => cells[i]);

describe('sortRows', () => {
  it('sorts numbers as numbers, null last both ways', () => {
    expect(sorted([10, null, 9, -1], 'long')).toEqual([-1, 9, 10, null]);
    expect(sorted([10, null, 9, -1], 'long', true)).toEqual([10, 9, -1, null]);
  });
  it('sorts times to 100 ns, with and without fractions', () => {
    const a = '2026-01-01T00:00:00Z';
    const b = '2026-01-01T00:00:00.0000001Z';
    const c = '2026-01-01T00:00:00.1Z';
    expect(sorted([c, b, a], 'datetime')).toEqual([a, b, c]);
  });
  it('sorts spans of time by their length', () => {
    expect(sorted(['1.00:00:00', '-00:00:01', '23:59:59'], 'timespan')).toEqual(['-00:00:01', '23:59:59', '1.00:00:00']);
  });
  it('keeps the order of equals', () => {
    const rows = [['b', 1], ['a', 2], ['b', 3]];
    expect([...sortRows(rows, order(3), 0, 'string', true)]).toEqual([0, 2, 1]);
  });
});

describe('compileFilter', () => {
  const passes = (filter: string, cell: unknown, type = 'string') => compileFilter(filter, type)?.(cell);
  it('contains, equals, excludes', () => {
    expect(passes('shell', 'PowerShell.exe')).toBe(true);
    expect(passes('=powershell.exe', 'PowerShell.exe')).toBe(true);
    expect(passes('=shell', 'PowerShell.exe')).toBe(false);
    expect(passes('!shell', 'cmd.exe')).toBe(true);
    expect(passes('!=cmd.exe', 'cmd.exe')).toBe(false);
  });
  it('finds empty cells and the others', () => {
    expect(passes('=', '')).toBe(true);
    expect(passes('=', null, 'long')).toBe(true);
    expect(passes('!', null)).toBe(false);
    expect(passes('!', 'x')).toBe(true);
  });
  it('compares numbers, times and spans', () => {
    expect(passes('>9', 10, 'long')).toBe(true);
    expect(passes('<= 9', 10, 'long')).toBe(false);
    expect(passes('>0', null, 'long')).toBe(false);
    expect(passes('>2026-01-02', '2026-01-02T08:00:00Z', 'datetime')).toBe(true);
    expect(passes('<00:01:00', '00:00:59', 'timespan')).toBe(true);
  });
  it('is no filter while it is half typed', () => {
    expect(compileFilter('  ', 'string')).toBeNull();
    expect(compileFilter('>', 'long')).toBeNull();
  });
});

describe('filterRows', () => {
  const columns = [{ name: 'a', type: 'string' }, { name: 'n', type: 'long' }];
  const rows = [['x', 1], ['y', 2], ['xy', 3]];
  it('takes all filters and the search together', () => {
    expect([...filterRows(rows, 3, columns, new Map([[0, 'x']]), '')]).toEqual([0, 2]);
    expect([...filterRows(rows, 3, columns, new Map([[0, 'x'], [1, '>1']]), '')]).toEqual([2]);
    expect([...filterRows(rows, 3, columns, new Map(), '2')]).toEqual([1]);
  });
});

describe('text of cells', () => {
  it('shows times in the zone with all digits', () => {
    expect(cellShown('2026-03-01T09:08:07.1234567Z', 'datetime', 'utc')).toBe('2026-03-01 09:08:07.1234567');
    expect(cellShown('2026-03-01T09:08:07Z', 'datetime', 'utc')).toBe('2026-03-01 09:08:07');
  });
  it('keeps integers beyond 2^53', () => {
    expect(cellText(9007199254740993n)).toBe('9007199254740993');
    expect(toJson({ id: 9007199254740993n })).toMatch(/^\{"id":"?9007199254740993"?\}$/);
  });
  it('writes CSV that reads back', () => {
    const csv = toCsv([{ name: 'a', type: 'string' }, { name: 'd', type: 'dynamic' }], [['x, "y"\nz', { k: 1 }], [null, null]]);
    expect(csv).toBe('\uFEFFa,d\r\n"x, ""y""\nz","{""k"":1}"\r\n,\r\n');
  });
  it('makes objects of rows without losing columns of one name', () => {
    expect(rowObject([{ name: 'a', type: 'long' }, { name: 'a', type: 'long' }], [1, 2])).toEqual({ a: 1, a_1: 2 });
  });
});

describe('kqlCondition', () => {
  it('writes literals of the type, escaped', () => {
    expect(kqlCondition({ name: 'Path', type: 'string' }, 'C:\\a "b"', true)).toBe('| where Path == "C:\\\\a \\"b\\""');
    expect(kqlCondition({ name: 'T', type: 'datetime' }, '2026-01-01T00:00:00Z', false)).toBe('| where T != datetime(2026-01-01T00:00:00Z)');
    expect(kqlCondition({ name: 'n', type: 'long' }, null, true)).toBe('| where isnull(n)');
    expect(kqlCondition({ name: "it's", type: 'bool' }, true, true)).toBe("| where ['it\\'s'] == true");
  });
});
