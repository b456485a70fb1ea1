import type { Cell, Column } from '../api/types';
import type { Zone } from '../shell/preferences';
import { cellShown, isNumeric } from './cells';

/** About how wide a character is in a cell, digits being the wider ones; measuring each would cost more than it gives. */
const charWidth = 7;
const digitWidth = 8;

/** A width that shows a column's name and the longest of its first `sample` values. */
export function fitWidth(column: Column, rows: Cell[][], index: number, zone: Zone, sample: number, most = 1200): number {
  let longest = column.name.length + 2;
  for (let i = 0; i < Math.min(sample, rows.length); i++) longest = Math.max(longest, cellShown(rows[i]![index], column.type, zone).length);
  return Math.max(64, Math.min(most, longest * (column.type === 'datetime' || isNumeric(column.type) ? digitWidth : charWidth) + 22));
}

/** Widths to begin with; values longer than a cell may be are cut off, and the last column takes no more either. */
export function initialWidths(columns: Column[], rows: Cell[][], zone: Zone): number[] {
  return columns.map((c, i) => fitWidth(c, rows, i, zone, 60, columns.length <= 4 ? 520 : 300));
}
