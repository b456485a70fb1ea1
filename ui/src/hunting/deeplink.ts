import type { TimeRange } from './timeRange';

/** A query and its time range, as a link carries them. */
export interface Hunt {
  query: string;
  range: TimeRange;
}

function toBase64Url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCodePoint(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (c) => c.codePointAt(0)!);
}

async function through(bytes: Uint8Array<ArrayBuffer>, transform: TransformStream): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(transform)).arrayBuffer());
}

/** Compresses a query for a link: deflate without header, then base64url. */
export async function packQuery(query: string): Promise<string> {
  return toBase64Url(await through(new TextEncoder().encode(query), new CompressionStream('deflate-raw')));
}

/** The query of a link; throws when the text is no compressed query (a link cut short by a mail program). */
export async function unpackQuery(packed: string): Promise<string> {
  const bytes = await through(fromBase64Url(packed), new DecompressionStream('deflate-raw'));
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

/**
 * The path that opens Hunting with this query, over the last `span` where the query does not limit its time. The text goes
 * uncompressed, so that a page need not wait to draw its links.
 */
export function huntingLink(query: string, span?: string): string {
  return `/hunting?query=${encodeURIComponent(query)}${span ? `&from=-${span}` : ''}`;
}

/** The full address of a hunt, to be sent to a colleague. */
export async function shareLink(hunt: Hunt): Promise<string> {
  const params = new URLSearchParams({ q: await packQuery(hunt.query) });
  if (hunt.range.kind === 'last') params.set('from', `-${hunt.range.span}`);
  if (hunt.range.kind === 'custom') {
    params.set('from', hunt.range.from);
    params.set('to', hunt.range.to);
  }
  return `${location.origin}/hunting?${params}`;
}

/** Reads a hunt from an address; null when it carries none. Without a range the query's own times hold. */
export async function readLink(params: URLSearchParams): Promise<Hunt | null> {
  const packed = params.get('q');
  const query = packed === null ? params.get('query') : await unpackQuery(packed);
  if (query === null) return null;
  const from = params.get('from');
  const to = params.get('to');
  const span = /^-(\d+[hd])$/.exec(from ?? '')?.[1];
  if (span) return { query, range: { kind: 'last', span } };
  if (from && to && !Number.isNaN(Date.parse(from)) && !Number.isNaN(Date.parse(to))) return { query, range: { kind: 'custom', from, to } };
  return { query, range: { kind: 'query' } };
}
