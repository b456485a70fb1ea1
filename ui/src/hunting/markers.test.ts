import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../api/types';
import { markersOf, placeIn, suggestionOf } from './markers';

const diagnostic: Diagnostic = { severity: 'error', code: 'KS142', message: 'unknown', line: 1, column: 3, endLine: 1, endColumn: 6, start: 2, end: 5 };

describe('places', () => {
  it('of a statement further down move by its lines', () => {
    expect(placeIn({ line: 5, column: 1 }, 2, 9)).toEqual({ line: 6, column: 9 });
  });
  it('on the first line of a selection move by its column too', () => {
    expect(placeIn({ line: 5, column: 4 }, 1, 3)).toEqual({ line: 5, column: 6 });
    expect(placeIn({ line: 5, column: 4 }, 2, 3)).toEqual({ line: 6, column: 3 });
  });
});

describe('markersOf', () => {
  const at = { text: 'x', start: 0, end: 1, line: 1, column: 1 };
  it('underlines at least one character', () => {
    expect(markersOf([{ ...diagnostic, endColumn: 3 }], at)[0]).toMatchObject({ startColumn: 3, endColumn: 4 });
  });
  it('says a suggestion once, and offers the name in it', () => {
    const text = 'did you mean `FileName`?';
    expect(markersOf([{ ...diagnostic, suggestion: 'FileName' }], at)[0]).toMatchObject({ message: `unknown; ${text}`, suggestion: 'FileName' });
    expect(markersOf([{ ...diagnostic, suggestion: text }], at)[0]).toMatchObject({ message: `unknown; ${text}`, suggestion: 'FileName' });
    expect(markersOf([{ ...diagnostic, message: `unknown; ${text}`, suggestion: text }], at)[0]?.message).toBe(`unknown; ${text}`);
  });
  it('offers nothing to write where several names or a sentence are suggested', () => {
    expect(suggestionOf({ ...diagnostic, suggestion: 'use `a` or `b`' })).toEqual({ text: 'use `a` or `b`', fix: undefined });
    expect(suggestionOf({ ...diagnostic, suggestion: 'close the bracket' })).toEqual({ text: 'close the bracket' });
  });
});
