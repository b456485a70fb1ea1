// The console in a real browser, against VEDETTE_URL or the stand-in server. What is asserted holds for any tenant's data.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { open, real, type } from './harness.mjs';

const slow = { timeout: 60_000 };
let app;
let page;

before(async () => {
  app = await open();
});
after(() => app?.close());

/** A test on a fresh page; whatever the page complains about fails it. */
function on(name, body, options) {
  test(name, { timeout: 120_000 }, async () => {
    page = await app.page(options);
    try {
      await body();
      assert.deepEqual(page.problems, []);
    } finally {
      await page.context().close();
    }
  });
}

const editorReady = () => page.locator('.monaco-editor textarea').first().waitFor({ state: 'attached', ...slow });
const finished = () => page.getByTestId('run-facts').waitFor(slow);

async function run(query) {
  await type(page, query);
  await page.keyboard.press('Shift+Enter');
}

async function hunt() {
  await page.goto('/hunting');
  await editorReady();
}

/** Whether a canvas inside the element shows more than one colour: something was drawn. */
const drawn = (selector) =>
  page.waitForFunction((s) => {
    const canvas = document.querySelector(`${s} canvas`);
    if (!canvas || canvas.width === 0) return false;
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set();
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 200) colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
    return colours.size > 3;
  }, selector, slow);

describe('connectors', () => {
  on('the list leads to the connector page', async () => {
    await page.goto('/connectors');
    await page.getByRole('button', { name: 'Open connector page' }).first().click();
    await page.getByRole('heading', { name: 'Connect incidents and alerts' }).waitFor(slow);
    assert.match(page.url(), /\/connectors\/defender-xdr$/);
  });

  on('the data graph draws incidents, alerts and events', async () => {
    await page.goto('/connectors/defender-xdr');
    await page.locator('[data-testid=data-graph][data-lines="3"]').waitFor(slow);
    await drawn('[data-testid=data-graph]');
    const legend = page.getByRole('list', { name: 'Lines of the graph' });
    for (const name of ['Incidents', 'Alerts', 'Events']) await legend.getByRole('button', { name, exact: true }).waitFor();
    await legend.getByRole('button', { name: 'Alerts', exact: true }).click();
    await page.locator('[data-testid=data-graph][data-lines="2"]').waitFor();
  });

  on('a table can be added to the graph', async () => {
    await page.goto('/connectors/defender-xdr');
    await page.locator('[data-testid=data-graph][data-lines="3"]').waitFor(slow);
    await page.getByRole('combobox', { name: 'Add a line for a table' }).click();
    await page.keyboard.type('DeviceProcess');
    await page.getByRole('menuitemcheckbox', { name: 'DeviceProcessEvents' }).or(page.getByRole('option', { name: 'DeviceProcessEvents' })).first().click();
    await page.locator('[data-testid=data-graph][data-lines="4"]').waitFor(slow);
  });

  on('a table is switched off and on with Apply changes', async () => {
    await page.goto('/connectors/defender-xdr');
    const box = page.getByRole('checkbox', { name: 'DeviceFileEvents', exact: true });
    const apply = page.getByRole('button', { name: 'Apply changes' });
    await box.waitFor(slow);
    assert.equal(await apply.isDisabled(), true);
    const was = await box.isChecked();
    for (const now of [!was, was]) {
      await box.setChecked(now);
      await apply.click();
      await page.getByText('Changes applied.').waitFor(slow);
      await page.reload();
      await box.waitFor(slow);
      assert.equal(await box.isChecked(), now);
    }
  });
});

describe('hunting', () => {
  for (const [title, has] of [
    ['Incoming incidents, by day', 'ProviderName == "Microsoft 365 Defender"'],
    ['Event volume of one table, by day', 'DeviceEvents'],
  ]) {
    on(`${title}: the connection's query draws 14 days`, async () => {
      await hunt();
      await page.getByRole('button', { name: 'Samples' }).click();
      await page.getByRole('menuitem', { name: title }).click();
      await page.locator('.view-lines', { hasText: has.split(' ')[0] }).waitFor(slow);
      await page.getByRole('button', { name: 'Run query' }).click();
      const chart = page.getByTestId('query-chart');
      await chart.waitFor(slow);
      await drawn('[data-testid=query-chart]');
      assert.equal(await chart.getAttribute('data-kind'), 'timechart');
      const points = Number(await chart.getAttribute('data-points'));
      assert.ok(points >= 14 && points <= 16, `${points} points for 14 days`);
      await page.getByRole('tab', { name: 'Results' }).click();
      await page.getByRole('columnheader', { name: /Value/ }).waitFor();
    });
  }

  on('a mistake is underlined where it is, and named', async () => {
    await hunt();
    await type(page, 'DeviceProcessEvents\n| where FilName == "powershell.exe"\n| take 10');
    const squiggle = page.locator('.squiggly-error');
    await squiggle.first().waitFor(slow);
    assert.equal(await squiggle.count(), 1);
    const mark = await squiggle.first().boundingBox();
    const line = await page.locator('.view-line', { hasText: 'FilName' }).boundingBox();
    assert.ok(Math.abs(mark.y - line.y) < 6, 'the underline is on the line of FilName');
    assert.ok(mark.width > 30 && mark.width < 90, `the underline is as long as the word, not ${mark.width} px`);
    await page.keyboard.press('Shift+Enter');
    const error = page.getByTestId('query-error');
    await error.waitFor(slow);
    assert.equal(await error.locator('mark').first().textContent(), 'FilName');
    await error.getByRole('button', { name: 'Line 2, column 9' }).waitFor();
  });

  on('places are right for a query further down in the editor', async () => {
    await hunt();
    await run('DeviceInfo\n| take 1\n\nDeviceProcessEvents\n| where FilName == "x"');
    await page.getByTestId('query-error').getByRole('button', { name: 'Line 5, column 9' }).waitFor(slow);
  });

  on('10,000 rows scroll, sort and filter', async () => {
    await hunt();
    await run('range n from 1 to 10000 step 1\n| extend Text = strcat("row ", tostring(n))');
    await page.getByTestId('run-facts').filter({ hasText: '10,000 rows' }).waitFor(slow);
    const grid = page.getByRole('grid', { name: 'Results' });
    await grid.getByText('row 1', { exact: true }).waitFor();
    assert.ok((await grid.getByRole('row').count()) < 120, 'only visible rows are in the page');
    await grid.focus();
    await page.keyboard.press('Control+End');
    await grid.getByText('row 10000', { exact: true }).waitFor();
    const most = await page.evaluate(async () => {
      const element = document.querySelector('.grid');
      let rows = 0;
      for (let i = 0; i < 40; i++) {
        element.scrollTop = (element.scrollHeight / 40) * i;
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        rows = Math.max(rows, element.querySelectorAll('[role=row]').length);
      }
      return rows;
    });
    assert.ok(most < 120, `${most} rows are in the page while scrolling`);
    await page.getByRole('columnheader', { name: /^n/ }).getByRole('button').click();
    await page.getByRole('columnheader', { name: /^n/ }).getByRole('button').click();
    await grid.focus();
    await page.keyboard.press('Control+Home');
    await grid.getByText('row 10000', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByRole('textbox', { name: 'Filter n' }).fill('<=5');
    await page.getByTestId('run-facts').filter({ hasText: '5 of 10,000 rows' }).waitFor();
  });

  on('a row opens with its fields and as JSON', async () => {
    await hunt();
    await run('DeviceProcessEvents\n| take 20');
    await finished();
    await page.getByRole('grid', { name: 'Results' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const detail = page.getByRole('complementary', { name: 'Row 2' });
    await detail.getByText('DeviceName', { exact: true }).waitFor();
    await detail.getByRole('tab', { name: 'JSON' }).click();
    const row = JSON.parse(await detail.locator('pre').textContent());
    assert.ok('DeviceName' in row && 'TimeGenerated' in row);
    await page.keyboard.press('Escape');
    await detail.waitFor({ state: 'detached' });
  });

  on('results are exported as CSV', async () => {
    await hunt();
    await run('range n from 1 to 3 step 1\n| extend Text = strcat("row ", tostring(n))');
    await finished();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export CSV' }).click()]);
    const parts = [];
    for await (const part of await download.createReadStream()) parts.push(part);
    assert.equal(Buffer.concat(parts).toString(), '\uFEFFn,Text\r\n1,row 1\r\n2,row 2\r\n3,row 3\r\n');
  });

  on('whole numbers keep every digit', async () => {
    await hunt();
    await run('print Big = long(9007199254740993), Nested = dynamic({"id": 9007199254740995})');
    const grid = page.getByRole('grid', { name: 'Results' });
    await grid.getByText('9007199254740993', { exact: true }).waitFor(slow);
    await grid.getByText('{"id":9007199254740995}', { exact: true }).waitFor();
  });

  on('a link brings the query to another browser and runs it', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: app.url });
    await hunt();
    await type(page, 'range Number from 1 to 7 step 1');
    await page.getByRole('button', { name: 'Copy a link to this query' }).click();
    await page.waitForFunction(async () => (await navigator.clipboard.readText()).includes('/hunting?q='));
    const link = await page.evaluate(() => navigator.clipboard.readText());
    const other = await app.page();
    try {
      await other.goto(link);
      await other.getByTestId('run-facts').filter({ hasText: '7 rows' }).waitFor(slow);
      await other.locator('.view-lines', { hasText: 'Number' }).waitFor(slow);
    } finally {
      await other.context().close();
    }
  });

  on('a link that was cut short says so', async () => {
    await page.goto('/hunting?q=abc');
    await page.getByText('cannot be read').waitFor(slow);
  });

  on('completion knows the tables of the server', async () => {
    await hunt();
    await page.getByRole('treeitem', { name: 'DeviceEvents' }).first().waitFor(slow);
    await type(page, '');
    await page.keyboard.type('DeviceNetworkEv', { delay: 20 });
    await page.locator('.suggest-widget .monaco-list-row', { hasText: 'DeviceNetworkEvents' }).first().waitFor(slow);
  });

  on('a double click in the schema writes the name', async () => {
    await hunt();
    await type(page, '');
    await page.getByRole('searchbox', { name: 'Search the schema' }).fill('DeviceLogonEvents');
    await page.getByRole('treeitem', { name: 'DeviceLogonEvents' }).first().dblclick();
    await page.locator('.view-lines', { hasText: 'DeviceLogonEvents' }).waitFor();
  });

  on('queries that were run are in the history', async () => {
    await hunt();
    await run('range n from 1 to 2 step 1');
    await finished();
    await page.getByRole('tab', { name: 'Query history' }).click();
    await page.locator('.past', { hasText: 'range n from 1 to 2' }).waitFor();
  });

  if (!real) {
    on('a long query shows progress and can be cancelled', async () => {
      await hunt();
      await run('DeviceEvents // slow');
      await page.getByRole('progressbar').waitFor();
      await page.getByRole('timer').filter({ hasText: 'rows' }).waitFor();
      await page.getByRole('button', { name: 'Cancel', exact: true }).click();
      await page.getByText('Cancelled after').waitFor();
    });

    on('an answer that was cut off says so', async () => {
      await hunt();
      await run('range n from 1 to 40000 step 1');
      await page.getByTestId('truncated').filter({ hasText: 'first 30,000 rows' }).waitFor(slow);
    });
  }
});

describe('incidents', () => {
  on('the queue filters and leads to an incident with evidence', async () => {
    await page.goto('/incidents');
    await page.locator('.queue-title').first().waitFor(slow);
    const total = page.getByRole('status').filter({ hasText: /incidents?$/ });
    const all = await total.textContent();
    await page.getByRole('group', { name: 'Status' }).getByRole('button', { name: /Closed/ }).click();
    await page.waitForURL(/status=Closed/);
    await page.waitForFunction((before) => [...document.querySelectorAll('[role=status]')].some((e) => /incidents?$/.test(e.textContent) && e.textContent !== before), all);
    await page.getByRole('button', { name: 'Clear filters' }).first().click();
    await page.waitForURL(/\/incidents$/);
    const link = page.locator('.queue-title').first();
    await link.waitFor(slow);
    const title = await link.textContent();
    await link.click();
    await page.getByRole('heading', { level: 1, name: title }).waitFor(slow);
    await page.locator('.evidence').first().waitFor(slow);
    await page.getByRole('tab', { name: /Entities/ }).click();
    await page.getByRole('table', { name: 'Entities' }).waitFor();
    await page.getByRole('tab', { name: /Activity/ }).click();
    await page.goBack();
    await page.locator('.queue-title').first().waitFor(slow);
  });

  on('an incident opens by its address, and evidence leads to its raw events', async () => {
    await page.goto('/incidents?sort=alerts');
    await page.locator('.queue-title').first().waitFor(slow);
    await page.goto(await page.locator('.queue-title').first().getAttribute('href'));
    await page.locator('.evidence').first().waitFor(slow);
    const closed = page.locator('.alert-head .alert-toggle[aria-expanded=false]');
    while ((await closed.count()) > 0) await closed.first().click();
    await page.getByRole('link', { name: 'Hunt', exact: true }).first().click();
    await page.waitForURL(/\/hunting/);
    await finished();
    assert.equal(await page.getByTestId('query-error').count(), 0);
  });

  on('an incident that is not there is said not to be', async () => {
    await page.goto('/incidents/no-such-incident');
    await page.getByText('There is no such incident').waitFor(slow);
  });
});

describe('shell', () => {
  on('the keyboard goes everywhere', async () => {
    await page.goto('/connectors');
    await page.getByRole('heading', { level: 1, name: 'Data connectors' }).waitFor(slow);
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await page.waitForURL(/\/incidents/);
    await page.locator('.queue-title').first().waitFor(slow);
    await page.keyboard.press('/');
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Search incidents');
    await page.keyboard.press('Escape');
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await page.waitForURL(/\/hunting/);
  });

  on('dark is dark, stays, and needs no reload', async () => {
    await page.goto('/incidents');
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    const brightness = () => page.evaluate(() => Math.max(...getComputedStyle(document.querySelector('.queue')).backgroundColor.match(/\d+/g).slice(0, 3).map(Number)));
    assert.ok((await brightness()) < 60);
    await page.reload();
    await page.locator('.queue').waitFor(slow);
    assert.ok((await brightness()) < 60);
  });

  on('the system decides between dark and light', async () => {
    await page.goto('/incidents');
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await page.waitForFunction(() => document.documentElement.dataset.theme === 'light');
  }, { colorScheme: 'dark' });

  on('every page fits 1280 pixels', async () => {
    for (const path of ['/connectors', '/connectors/defender-xdr', '/hunting', '/incidents']) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached', ...slow });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `${path} is ${over} px too wide`);
    }
  }, { viewport: { width: 1280, height: 800 } });

  on('an unknown address says so', async () => {
    await page.goto('/no/such/page');
    await page.getByText('There is no such page').waitFor(slow);
  });
});
