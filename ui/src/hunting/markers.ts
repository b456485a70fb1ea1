import type { Diagnostic, Severity } from '../api/types';
import type { Statement } from './statements';

/** An underline in the editor, counted from 1. */
export interface Marker {
  severity: Severity;
  message: string;
  /** What to write in its place, when the server has an idea. */
  suggestion?: string;
  startLineNumber: number;
  startColumn: number;
  endLineNumber: number;
  endColumn: number;
}

/** Where a place inside a statement lies in the whole text. */
export function placeIn(statement: Pick<Statement, 'line' | 'column'>, line: number, column: number): { line: number; column: number } {
  return { line: statement.line + line - 1, column: line === 1 ? statement.column + column - 1 : column };
}

/** What a remark suggests: how to say it, and the name to write in its place if there is just one. */
export function suggestionOf(d: Diagnostic): { text: string; fix?: string } | null {
  if (!d.suggestion) return null;
  const names = [...d.suggestion.matchAll(/`([^`]+)`/g)].map((m) => m[1]!);
  if (names.length > 0) return { text: d.suggestion, fix: names.length === 1 ? names[0] : undefined };
  if (/\s/.test(d.suggestion)) return { text: d.suggestion };
  return { text: `did you mean \`${d.suggestion}\`?`, fix: d.suggestion };
}

/** The server's remarks about one statement as underlines in the editor; a remark about a point is made one character wide. */
export function markersOf(diagnostics: Diagnostic[], statement: Statement): Marker[] {
  return diagnostics.map((d) => {
    const start = placeIn(statement, d.line, d.column);
    const end = placeIn(statement, d.endLine || d.line, d.endColumn || d.column);
    const suggestion = suggestionOf(d);
    const point = start.line === end.line && end.column <= start.column;
    return {
      severity: d.severity,
      message: suggestion && !d.message.includes(suggestion.text) ? `${d.message}; ${suggestion.text}` : d.message,
      suggestion: suggestion?.fix,
      startLineNumber: start.line,
      startColumn: start.column,
      endLineNumber: end.line,
      endColumn: point ? start.column + 1 : end.column,
    };
  });
}
