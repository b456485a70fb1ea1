import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from './client';
import { lines, parseLine, runQuery } from './stream';

/** A body that arrives in the given pieces. */
function body(...pieces: (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const p of pieces) controller.enqueue(typeof p === 'string' ? new TextEncoder().encode(p) : p);
      controller.close();
    },
  });
}

async function all<T>(from: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = [];
  for await (const item of from) out.push(item);
  return out;
}

function answer(response: Response): void {
  vi.stubGlobal('fetch', () => Promise.resolve(response));
}

afterEach(() => vi.unstubAllGlobals());

const done = '{"type":"done","rows":1,"elapsedMs":1,"truncated":null,"chart":null,"warnings":[]}';

describe('lines', () => {
  it('joins what arrives in pieces, also inside a letter', async () => {
    const text = new TextEncoder().encode('ä\nb');
    expect(await all(lines(body(text.slice(0, 1), text.slice(1, 3), text.slice(3))))).toEqual(['ä', 'b']);
  });
  it('leaves out blank lines and needs no end of line at the end', async () => {
    expect(await all(lines(body('a\n\nb\r\n', 'c')))).toEqual(['a', 'b\r', 'c']);
  });
});

describe('parseLine', () => {
  it('changes nothing but whole numbers that a double cannot hold', () => {
    expect(parseLine('{"type":"rows","rows":[[1.5,"9007199254740993",{"id":1234567890123456}]]}')).toEqual({
      type: 'rows',
      rows: [[1.5, '9007199254740993', { id: 1234567890123456 }]],
    });
  });
});

describe('runQuery', () => {
  const query = { query: 'T', timespan: null };
  it('hands over the lines', async () => {
    answer(new Response(`{"type":"columns","table":"PrimaryResult","columns":[]}\n{"type":"rows","rows":[[1]]}\n${done}\n`));
    expect((await all(runQuery(query))).map((l) => l.type)).toEqual(['columns', 'rows', 'done']);
  });
  it('throws a refusal with its diagnostics', async () => {
    const error = { kind: 'query', message: 'no such table', hint: 'look', diagnostics: [{ line: 1 }] };
    answer(new Response(JSON.stringify({ error }), { status: 400 }));
    await expect(all(runQuery(query))).rejects.toMatchObject({ status: 400, message: 'no such table', hint: 'look', diagnostics: [{ line: 1 }] });
  });
  it('throws an error that comes after rows', async () => {
    answer(new Response('{"type":"rows","rows":[]}\n{"type":"error","error":{"kind":"internal","message":"disk"}}\n'));
    await expect(all(runQuery(query))).rejects.toThrow('disk');
  });
  it('does not take an answer that was cut off for a whole one', async () => {
    answer(new Response('{"type":"rows","rows":[[1]]}\n'));
    await expect(all(runQuery(query))).rejects.toMatchObject({ kind: 'interrupted' });
  });
  it('explains a proxy that answers with a page', async () => {
    answer(new Response('<html>', { status: 502, statusText: 'Bad Gateway' }));
    await expect(all(runQuery(query))).rejects.toBeInstanceOf(ApiError);
  });
});
