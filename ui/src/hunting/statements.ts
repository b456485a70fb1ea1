/** A query inside the editor's text: from `start` up to `end` (UTF-16 offsets), without the blank lines around it. */
export interface Statement {
  text: string;
  start: number;
  end: number;
  /** Where it begins, counted from 1 as the editor counts. */
  line: number;
  column: number;
}

/** How many brackets a line leaves open, strings and comments aside; and whether it holds more than a comment. */
function scanLine(line: string): { depth: number; code: string } {
  const code = line.replaceAll(/@?"(?:[^"\\]|\\.)*"|@?'(?:[^'\\]|\\.)*'|\/\/.*$/g, (m) => (m.startsWith('//') ? '' : '""'));
  let depth = 0;
  for (const c of code) {
    if (c === '(' || c === '[' || c === '{') depth++;
    else if (c === ')' || c === ']' || c === '}') depth--;
  }
  return { depth, code: code.trim() };
}

/**
 * Splits the editor's text into its queries. A blank line ends a query, as in Log Analytics and Kusto Explorer, except where
 * the query is plainly not over: inside brackets, after a `;` or a `|`, after a comment that heads it, and before a `|`.
 */
export function splitStatements(text: string): Statement[] {
  const found: Statement[] = [];
  let current: { start: number; end: number; line: number; depth: number; last: string } | null = null;
  let offset = 0;
  let fence = false;
  text.split('\n').forEach((raw, index) => {
    const start = offset;
    offset += raw.length + 1;
    const line = raw.replace(/\r$/, '');
    if (line.trim() === '' && !fence) return;
    const { depth, code } = scanLine(line);
    if ((line.match(/```/g)?.length ?? 0) % 2 === 1) fence = !fence;
    const blankBefore = current !== null && text.slice(current.end, start).split('\n').length > 2;
    if (current && blankBefore) {
      const open = current.depth > 0 || current.last === '' || /[;|,(]$/.test(current.last) || code.startsWith('|');
      if (!open) {
        found.push(statement(text, current.start, current.end, current.line));
        current = null;
      }
    }
    current ??= { start, end: start, line: index + 1, depth: 0, last: '' };
    current.end = start + line.length;
    current.depth = Math.max(0, current.depth + depth);
    if (code !== '') current.last = code;
  });
  if (current) {
    const rest: { start: number; end: number; line: number } = current;
    found.push(statement(text, rest.start, rest.end, rest.line));
  }
  return found;
}

function statement(text: string, start: number, end: number, line: number): Statement {
  return { text: text.slice(start, end), start, end, line, column: 1 };
}

/** The query at an offset: the one it stands in, else the one before it, else the first. */
export function statementAt(text: string, offset: number): Statement | null {
  const all = splitStatements(text);
  return all.findLast((s) => s.start <= offset) ?? all[0] ?? null;
}
