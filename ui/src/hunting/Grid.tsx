import { Menu, MenuDivider, MenuItem, MenuList, MenuPopover } from '@fluentui/react-components';
import { ArrowSortDownFilled, ArrowSortUpFilled } from '@fluentui/react-icons';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent, type PointerEvent } from 'react';
import type { Cell, Column } from '../api/types';
import { copyText } from '../parts/Basics';
import { useZone } from '../shell/preferences';
import { cellShown, cellText, filterRows, isNumeric, kqlCondition, rowObject, sortRows, toCsv, toJson } from './cells';
import { fitWidth, initialWidths } from './columnWidths';

export interface Sort {
  column: number;
  desc: boolean;
}

interface Props {
  columns: Column[];
  rows: Cell[][];
  /** Changes whenever rows were added. */
  version: number;
  showFilters: boolean;
  search: string;
  /** The rows that are shown, in their order; for export and for stepping through details. */
  onView: (view: Uint32Array) => void;
  /** The row whose details are open. */
  opened: number | null;
  onOpen: (position: number) => void;
  onNarrow: (condition: string) => void;
}

const rowHeight = 28;
const gutter = 46;

/** A grid of any number of rows and columns: only what can be seen is in the page. */
export function Grid({ columns, rows, version, showFilters, search, onView, opened, onOpen, onNarrow }: Props) {
  const zone = useZone();
  const scroller = useRef<HTMLDivElement>(null);
  const filled = rows.length > 0;
  // The columns arrive before the first rows: widths are fitted once there is something to fit them to.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const fitted = useMemo(() => initialWidths(columns, rows, zone), [columns, filled, zone]);
  const [resized, setResized] = useState<ReadonlyMap<number, number>>(new Map());
  const widths = useMemo(() => fitted.map((w, i) => resized.get(i) ?? w), [fitted, resized]);
  const [sort, setSort] = useState<Sort | null>(null);
  const [filters, setFilters] = useState<ReadonlyMap<number, string>>(new Map());
  const [active, setActive] = useState<{ row: number; column: number }>({ row: 0, column: 0 });
  const [menu, setMenu] = useState<{ x: number; y: number } | null>(null);

  const used = showFilters ? filters : none;
  const view = useMemo(() => {
    const kept = filterRows(rows, version >= 0 ? rows.length : 0, columns, used, search);
    return sort ? sortRows(rows, kept, sort.column, columns[sort.column]!.type, sort.desc) : kept;
  }, [rows, version, columns, used, search, sort]);
  useEffect(() => onView(view), [view, onView]);

  const top = showFilters ? 62 : 32;
  const vertical = useVirtualizer({ count: view.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 12, scrollPaddingStart: top });
  const horizontal = useVirtualizer({
    horizontal: true,
    count: columns.length,
    getScrollElement: () => scroller.current,
    estimateSize: (i) => widths[i] ?? 120,
    overscan: 3,
    paddingStart: gutter,
    scrollPaddingStart: gutter,
  });
  useEffect(() => horizontal.measure(), [widths, horizontal]);
  useEffect(() => setActive((a) => (a.row < view.length ? a : { ...a, row: 0 })), [view]);

  useEffect(() => {
    if (opened === null) return;
    setActive((a) => ({ ...a, row: opened }));
    vertical.scrollToIndex(opened);
  }, [opened, vertical]);

  const cells = horizontal.getVirtualItems();
  const width = horizontal.getTotalSize();

  const go = (row: number, column: number) => {
    const next = { row: Math.max(0, Math.min(view.length - 1, row)), column: Math.max(0, Math.min(columns.length - 1, column)) };
    setActive(next);
    vertical.scrollToIndex(next.row);
    horizontal.scrollToIndex(next.column);
  };
  const activeRow = rows[view[active.row] ?? -1];
  const copyCell = () => activeRow && void copyText(cellText(activeRow[active.column]));
  const copyRow = () => activeRow && void copyText(columns.map((c) => c.name).join('\t') + '\n' + columns.map((_, i) => cellText(activeRow[i])).join('\t'));
  const onKey = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 300) / rowHeight) - 2);
    const moves: Record<string, [number, number]> = {
      ArrowDown: [active.row + 1, active.column],
      ArrowUp: [active.row - 1, active.column],
      ArrowRight: [active.row, active.column + 1],
      ArrowLeft: [active.row, active.column - 1],
      PageDown: [active.row + page, active.column],
      PageUp: [active.row - page, active.column],
      Home: event.ctrlKey ? [0, 0] : [active.row, 0],
      End: event.ctrlKey ? [view.length - 1, columns.length - 1] : [active.row, columns.length - 1],
    };
    const move = moves[event.key];
    if (move) go(...move);
    else if (event.key === 'Enter') onOpen(active.row);
    else if (event.key.toLowerCase() === 'c' && (event.ctrlKey || event.metaKey) && !getSelection()?.toString()) (event.shiftKey ? copyRow : copyCell)();
    else return;
    event.preventDefault();
  };
  const onMenu = (event: MouseEvent, row: number, column: number) => {
    event.preventDefault();
    setActive({ row, column });
    setMenu({ x: event.clientX, y: event.clientY });
  };
  const resize = (column: number, to: number) => setResized(new Map(resized).set(column, Math.max(48, Math.min(1600, to))));
  const setFilter = (column: number, text: string) => {
    const next = new Map(filters);
    if (text) next.set(column, text);
    else next.delete(column);
    setFilters(next);
  };

  return (
    <div
      ref={scroller}
      className="grid"
      role="grid"
      aria-label="Results"
      aria-rowcount={view.length + 1}
      aria-colcount={columns.length}
      aria-activedescendant={view.length ? `cell-${active.row}-${active.column}` : undefined}
      tabIndex={0}
      onKeyDown={onKey}
    >
      <div className="grid-head" role="row" aria-rowindex={1} style={{ width, height: top }}>
        <div className="grid-corner" />
        {cells.map((item) => {
          const column = columns[item.index]!;
          const sorted = sort?.column === item.index;
          return (
            <div
              key={item.index}
              role="columnheader"
              aria-colindex={item.index + 1}
              aria-sort={sorted ? (sort.desc ? 'descending' : 'ascending') : undefined}
              className="grid-header"
              style={{ width: item.size, transform: `translateX(${item.start}px)` }}
            >
              <button
                type="button"
                tabIndex={-1}
                className="grid-sort"
                title={`${column.name} (${column.type})`}
                onClick={() => setSort(sorted ? (sort.desc ? null : { column: item.index, desc: true }) : { column: item.index, desc: false })}
              >
                <span className="clip">{column.name}</span>
                {sorted && (sort.desc ? <ArrowSortDownFilled /> : <ArrowSortUpFilled />)}
              </button>
              <Resizer
                width={item.size}
                onResize={(to) => resize(item.index, to)}
                onFit={() => resize(item.index, fitWidth(column, rows, item.index, zone, 2000))}
              />
              {showFilters && (
                <input
                  className="grid-filter"
                  aria-label={`Filter ${column.name}`}
                  placeholder="Filter"
                  title="text · =exact · !not · >5 · = empty"
                  value={filters.get(item.index) ?? ''}
                  onChange={(event) => setFilter(item.index, event.target.value)}
                />
              )}
            </div>
          );
        })}
      </div>
      <div style={{ height: vertical.getTotalSize(), width, position: 'relative' }}>
        {vertical.getVirtualItems().map((item) => {
          const row = rows[view[item.index]!]!;
          const current = item.index === active.row;
          return (
            // The grid has the focus and handles the keys for all of its rows.
            <div
              key={item.index}
              role="row"
              tabIndex={-1}
              aria-rowindex={item.index + 2}
              aria-selected={current}
              className={current ? 'grid-row grid-row-active' : 'grid-row'}
              style={{ transform: `translateY(${item.start}px)`, width }}
              onDoubleClick={() => onOpen(item.index)}
            >
              <button type="button" tabIndex={-1} className="grid-number" aria-label={`Open row ${item.index + 1}`} onClick={() => onOpen(item.index)}>
                {item.index + 1}
              </button>
              {cells.map((cell) => {
                const column = columns[cell.index]!;
                const shown = cellShown(row[cell.index], column.type, zone);
                const at = current && cell.index === active.column;
                return (
                  <div
                    key={cell.index}
                    id={`cell-${item.index}-${cell.index}`}
                    role="gridcell"
                    tabIndex={-1}
                    aria-colindex={cell.index + 1}
                    className={`grid-cell${at ? ' grid-cell-active' : ''}${isNumeric(column.type) ? ' grid-cell-number' : ''}`}
                    style={{ width: cell.size, transform: `translateX(${cell.start}px)` }}
                    title={shown.length * 7 > cell.size ? shown : undefined}
                    onClick={() => setActive({ row: item.index, column: cell.index })}
                    onContextMenu={(event) => onMenu(event, item.index, cell.index)}
                  >
                    {shown}
                  </div>
                );
              })}
            </div>
          );
        })}
      </div>
      {view.length === 0 && <p className="grid-none muted">{rows.length === 0 ? 'The query has no rows.' : 'No row passes the filters.'}</p>}
      <Menu open={menu !== null} onOpenChange={(_, d) => !d.open && setMenu(null)} positioning={{ target: menu ? pointAt(menu) : undefined, position: 'below', align: 'start' }}>
        <MenuPopover>
          {activeRow && (
            <MenuList>
              <MenuItem onClick={() => onOpen(active.row)}>Open the row</MenuItem>
              <MenuDivider />
              <MenuItem onClick={copyCell}>Copy the cell</MenuItem>
              <MenuItem onClick={copyRow}>Copy the row</MenuItem>
              <MenuItem onClick={() => void copyText(toJson(rowObject(columns, activeRow), 2))}>Copy the row as JSON</MenuItem>
              <MenuItem onClick={() => void copyText(toCsv(columns, [activeRow]).slice(1))}>Copy the row as CSV</MenuItem>
              <MenuDivider />
              <MenuItem onClick={() => onNarrow(kqlCondition(columns[active.column]!, activeRow[active.column], true))}>Only rows with this value</MenuItem>
              <MenuItem onClick={() => onNarrow(kqlCondition(columns[active.column]!, activeRow[active.column], false))}>Rows without this value</MenuItem>
            </MenuList>
          )}
        </MenuPopover>
      </Menu>
    </div>
  );
}

const none: ReadonlyMap<number, string> = new Map();

function pointAt({ x, y }: { x: number; y: number }) {
  return { getBoundingClientRect: () => new DOMRect(x, y, 0, 0) };
}

/** The edge of a column: dragged it sets the width, a double click fits it to what the column holds. */
function Resizer({ width, onResize, onFit }: { width: number; onResize: (to: number) => void; onFit: () => void }) {
  const from = useRef<{ x: number; width: number } | null>(null);
  const start = (event: PointerEvent<HTMLSpanElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    from.current = { x: event.clientX, width };
  };
  return (
    <span
      className="grid-resizer"
      aria-hidden
      onPointerDown={start}
      onPointerMove={(event) => from.current && onResize(from.current.width + event.clientX - from.current.x)}
      onPointerUp={() => (from.current = null)}
      onDoubleClick={onFit}
    />
  );
}
