import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const outDir = '../internal/web/console/dist';
const server = process.env.VEDETTE_URL ?? 'http://127.0.0.1:5199';

/**
 * The Kusto language service was translated from C# and is written for a page's global scope. Two things in it keep it from
 * running as a module under the console's content security policy: it finds the global object with Function("return this"),
 * and it believes a bundler to be Node. globalThis is the same object in both.
 */
function kustoLanguageService(): Plugin {
  return {
    name: 'kusto-language-service',
    transform(code, id) {
      if (!id.includes('@kusto/language-service')) return null;
      const fixed = code
        .replaceAll('Function("return this")()', 'globalThis')
        .replaceAll('typeof module!="undefined"', 'false')
        .replace(/\(this\);?\s*$/, '(globalThis);');
      return { code: fixed, map: null };
    },
  };
}

/** Leaves only the .gz of every text asset: the binary that embeds them is a quarter of the size and serves them as they are. */
function precompressed(): Plugin {
  return {
    name: 'precompressed',
    apply: 'build',
    async closeBundle() {
      const dir = join(import.meta.dirname, outDir, 'assets');
      for (const name of await readdir(dir)) {
        if (!/\.(js|css|svg|ttf|json)$/.test(name)) continue;
        const path = join(dir, name);
        if ((await stat(path)).size < 1024) continue;
        await pipeline(createReadStream(path), createGzip({ level: 9 }), createWriteStream(path + '.gz'));
        await rm(path);
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), kustoLanguageService(), precompressed()],
  worker: { format: 'es', plugins: () => [kustoLanguageService()] },
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 12000,
    reportCompressedSize: false,
  },
  server: {
    port: 5173,
    proxy: { '/api': server, '/v1': server, '/healthz': server },
  },
  test: { include: ['src/**/*.test.ts'] },
} as Parameters<typeof defineConfig>[0]);
