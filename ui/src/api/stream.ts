import { ApiError, asApiError, faultOf } from './client';
import type { QueryLine, Timespan } from './types';

/** Cuts a stream of bytes into lines; the last one needs no line feed. */
export async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const parts = rest.split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) if (part.trim()) yield part;
      if (done) {
        if (rest.trim()) yield rest;
        return;
      }
    }
  } finally {
    // Whoever stops reading early also stops the query on the server.
    await reader.cancel().catch(() => undefined);
  }
}

type Reviver = (key: string, value: unknown, context?: { source?: string }) => unknown;

/** Keeps an integer that a JavaScript number cannot hold as a BigInt. */
const exact: Reviver = (_, value, context) =>
  typeof value === 'number' && !Number.isSafeInteger(value) && context?.source && /^-?\d+$/.test(context.source) ? BigInt(context.source) : value;

/** Decodes one line of an answer; integers beyond 2^53 keep every digit where the browser lets one see them. */
export function parseLine(line: string): QueryLine {
  return (/[[,:]-?\d{16}/.test(line) ? JSON.parse(line, exact as (key: string, value: unknown) => unknown) : JSON.parse(line)) as QueryLine;
}

/**
 * Runs a query and hands over the answer's lines as they arrive. A refusal before the first line is thrown as an ApiError;
 * an "error" line after it is thrown likewise, so a caller that reaches the end has a whole answer.
 */
export async function* runQuery(
  body: { query: string; timespan: Timespan | null; maxRows?: number },
  signal?: AbortSignal,
): AsyncGenerator<Exclude<QueryLine, { type: 'error' }>> {
  let res: Response;
  try {
    res = await fetch('/api/query', {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', Accept: 'application/x-ndjson' },
      signal,
    });
  } catch (err) {
    if (err instanceof DOMException && err.name === 'AbortError') throw err;
    throw asApiError(err);
  }
  if (!res.ok || !res.body) throw await faultOf(res);
  let complete = false;
  for await (const line of lines(res.body)) {
    const parsed = parseLine(line);
    if (parsed.type === 'error') throw new ApiError(parsed.error);
    complete = parsed.type === 'done';
    yield parsed;
  }
  if (!complete) {
    throw new ApiError({
      kind: 'interrupted',
      message: 'The answer ended before it was complete.',
      hint: 'The connection to Vedette was lost, or it was stopped. Run the query again.',
    });
  }
}
