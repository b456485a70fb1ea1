// Pictures of every page, light and dark: SCREENSHOTS names the folder, VEDETTE_URL the server.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { open, type } from './harness.mjs';

const folder = process.env.SCREENSHOTS ?? 'screenshots';
const filter = process.env.ONLY;

const timechart = async (page) => {
  await page.goto('/hunting');
  await page.getByRole('button', { name: 'Samples' }).click();
  await page.getByRole('menuitem', { name: 'Event volume of one table, by day' }).click();
  await page.getByTestId('editor').waitFor();
  await page.getByRole('treeitem', { name: 'DeviceEvents' }).first().waitFor();
  await page.getByRole('button', { name: 'Run query' }).click();
  await page.getByTestId('query-chart').waitFor({ timeout: 60_000 });
};

const rows = async (page) => {
  await page.goto(`/hunting?query=${encodeURIComponent('DeviceProcessEvents\n| where FileName =~ "powershell.exe"\n| take 500')}`);
  await page.getByTestId('run-facts').waitFor({ timeout: 60_000 });
  await page.getByRole('treeitem', { name: 'DeviceEvents' }).first().waitFor();
};

const pages = {
  connectors: async (page) => {
    await page.goto('/connectors');
    await page.getByRole('link', { name: 'Microsoft Defender XDR' }).waitFor();
  },
  'defender-xdr': async (page) => {
    await page.goto('/connectors/defender-xdr');
    await page.locator('[data-testid=data-graph][data-lines="3"]').waitFor({ timeout: 60_000 });
    await page.getByRole('heading', { name: 'Connect events' }).waitFor();
  },
  'hunting-chart': timechart,
  'hunting-rows': rows,
  'hunting-row': async (page) => {
    await rows(page);
    await page.getByRole('button', { name: 'Open row 3', exact: true }).click();
    await page.getByRole('complementary', { name: 'Row 3' }).waitFor();
  },
  'hunting-error': async (page) => {
    await page.goto('/hunting');
    await page.locator('.monaco-editor textarea').first().waitFor({ state: 'attached', timeout: 60_000 });
    await type(page, 'DeviceProcessEvents\n| where FilName == "powershell.exe"\n| take 10');
    await page.keyboard.press('Shift+Enter');
    await page.getByTestId('query-error').waitFor();
    await page.locator('.squiggly-error').first().waitFor();
  },
  incidents: async (page) => {
    await page.goto('/incidents');
    await page.locator('.queue-title').first().waitFor();
  },
  incident: async (page) => {
    await page.goto('/incidents?sort=alerts');
    await page.locator('.queue-title').first().click();
    await page.getByRole('tab', { name: /Alerts/ }).waitFor();
    await page.locator('.evidence').first().waitFor();
  },
  'incident-activity': async (page) => {
    await page.goto('/incidents?sort=alerts');
    await page.locator('.queue-title').first().click();
    await page.getByRole('tab', { name: /Activity/ }).click();
  },
  shortcuts: async (page) => {
    await page.goto('/incidents');
    await page.locator('.queue-title').first().waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
  },
};

await mkdir(folder, { recursive: true });
const console_ = await open();
try {
  for (const colorScheme of ['light', 'dark']) {
    for (const [name, show] of Object.entries(pages)) {
      if (filter && !name.includes(filter)) continue;
      const page = await console_.page({ colorScheme, viewport: { width: Number(process.env.WIDTH ?? 1440), height: 900 } });
      await show(page);
      await page.mouse.move(5, 500);
      await page.waitForTimeout(1500);
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
      for (const problem of page.problems) console.error(`${name}: ${problem}`);
      await page.context().close();
    }
  }
} finally {
  await console_.close();
}
console.log(`Pictures are in ${folder}.`);
