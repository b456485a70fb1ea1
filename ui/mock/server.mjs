// Routes of the stand-in server.
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { connector, connectors, graph, setEntities, setEvents, setIncidents } from './connector.mjs';
import { incidentById, queryIncidents } from './incidents.mjs';
import { check, runQuery } from './query.mjs';
import { schema } from './schema.mjs';

const dist = join(import.meta.dirname, '../../internal/web/console/dist');

// The policy that the real server sends, so that a page which breaks it breaks here too.
const policy =
  "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data:; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const types = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.ttf': 'font/ttf' };

const status = () => ({
  version: '0.1.0-mock',
  startedAt: new Date(Date.now() - 3_600_000).toISOString(),
  demo: true,
  tenants: [{ id: '0b6f4c1e-5d0a-4f0e-9a5c-3c1d2e7f8a90', name: 'Contoso Works' }],
  listen: '127.0.0.1',
  dataDir: 'memory',
  store: { rows: 512_345, bytes: 41_943_040, files: 31 },
  problems: [],
});

function json(res, code, body) {
  res.writeHead(code, { 'Content-Type': 'application/json' });
  res.end(JSON.stringify(body));
}

async function bodyOf(req) {
  const parts = [];
  for await (const part of req) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString() || '{}');
}

function file(res, path) {
  const plain = normalize(join(dist, path));
  const known = plain.startsWith(dist) && extname(path) !== '' ? [plain, plain + '.gz'].find((p) => existsSync(p)) : undefined;
  const served = known ?? join(dist, 'index.html');
  res.writeHead(existsSync(served) ? 200 : 503, {
    'Content-Type': types[known ? extname(plain) : '.html'] ?? 'application/octet-stream',
    'Content-Security-Policy': policy,
    ...(served.endsWith('.gz') && { 'Content-Encoding': 'gzip' }),
  });
  if (existsSync(served)) createReadStream(served).pipe(res);
  else res.end('Run npm run build first.');
}

async function answer(req, res) {
  const url = new URL(req.url, 'http://mock');
  const route = `${req.method} ${url.pathname}`;
  if (route === 'GET /api/status') return json(res, 200, status());
  if (route === 'GET /api/connectors') return json(res, 200, connectors());
  if (route === 'GET /api/connectors/defender-xdr') return json(res, 200, connector());
  if (route === 'GET /api/connectors/defender-xdr/graph') return json(res, 200, graph());
  if (route === 'PUT /api/connectors/defender-xdr/incidents') return json(res, 200, setIncidents(await bodyOf(req)));
  if (route === 'PUT /api/connectors/defender-xdr/entities') return json(res, 200, setEntities(await bodyOf(req)));
  if (route === 'PUT /api/connectors/defender-xdr/events') return json(res, 200, setEvents(await bodyOf(req)));
  if (route === 'GET /api/schema') return json(res, 200, schema);
  if (route === 'GET /api/incidents') return json(res, 200, queryIncidents(url.searchParams));
  if (route === 'POST /api/query') return runQuery(await bodyOf(req), req, res);
  if (route === 'POST /api/query/check') return json(res, 200, { diagnostics: check((await bodyOf(req)).query ?? ''), columns: null });
  const id = /^\/api\/incidents\/([^/]+)$/.exec(url.pathname)?.[1];
  if (id) {
    const found = incidentById(decodeURIComponent(id));
    if (found) return json(res, 200, found);
    return json(res, 404, { error: { kind: 'not_found', message: `There is no incident ${id}.`, hint: '', diagnostics: [] } });
  }
  if (url.pathname.startsWith('/api/')) return json(res, 404, { error: { kind: 'not_found', message: `There is no ${route}.`, hint: '', diagnostics: [] } });
  return file(res, url.pathname);
}

/** Starts the server; port 0 takes a free one. */
export async function start({ port = 0, host = '127.0.0.1' } = {}) {
  const server = createServer((req, res) => {
    answer(req, res).catch((err) => {
      console.error(err);
      if (!res.headersSent) json(res, 500, { error: { kind: 'internal', message: String(err), hint: '', diagnostics: [] } });
      else res.destroy();
    });
  });
  await new Promise((resolve) => server.listen(port, host, resolve));
  return { url: `http://${host}:${server.address().port}`, close: () => server.close() };
}
