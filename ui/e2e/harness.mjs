// A browser on the console: against VEDETTE_URL, else against the stand-in server.
import { chromium } from 'playwright-core';
import { start } from '../mock/server.mjs';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** Whether the tests run against the real program. */
export const real = Boolean(process.env.VEDETTE_URL);

/** Starts a browser, and a stand-in server if no real one was named. CHROMIUM names another browser than Debian's. */
export async function open() {
  const server = real ? null : await start();
  const url = (process.env.VEDETTE_URL ?? server.url).replace(/\/$/, '');
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: flags });
  return {
    url,
    /** A page of its own, with empty storage. Its errors and every request that leaves the server's origin are collected. */
    page: async (options = {}) => {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'light', baseURL: url, ...options });
      const page = await context.newPage();
      const problems = [];
      page.on('pageerror', (err) => problems.push(`error: ${err.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) problems.push(`console: ${message.text()}`);
      });
      page.on('request', (request) => {
        if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) problems.push(`request to another origin: ${request.url()}`);
      });
      return Object.assign(page, { problems });
    },
    close: async () => {
      await browser.close();
      server?.close();
    },
  };
}

/** Puts text into the query editor in place of what is there. */
export async function type(page, text) {
  await page.locator('.monaco-editor textarea').first().focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(text);
}
