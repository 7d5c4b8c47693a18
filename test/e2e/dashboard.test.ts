import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../core/config/load.ts';
import { silentEffects } from '../../core/effects.ts';
import { serve } from '../../api/serve.ts';
import { generateCompany } from '../../fixtures/generate.ts';
import type { Truth } from '../../fixtures/truth/truth.ts';
import { ingest } from '../../ingest/ingest.ts';
import { build } from '../../model/build.ts';
import { toNanos } from '../properties/world.ts';
import { axeViolations, chromiumPath, openBrowser, openPage, type Browser } from './browser.ts';

/** The dashboard over the sample company, in the machine's Chromium, as a squad lead and a controller use it. */
const chromium = chromiumPath();
const webRoot = resolve(import.meta.dirname, '../../dist/web');
const missing = !chromium
  ? 'no Chromium on this machine'
  : !existsSync(join(webRoot, 'index.html'))
    ? 'the dashboard is not built (npm test builds it)'
    : null;

describe.skipIf(missing !== null)(`the dashboard${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'worthwhile-e2e-'));
  let server: Awaited<ReturnType<typeof serve>>;
  let browser: Browser;

  beforeAll(async () => {
    await generateCompany({ folder, size: 'small' }, silentEffects);
    const config = loadConfig(join(folder, 'worthwhile.yaml'));
    await ingest(config, {}, silentEffects);
    await build(config, {}, silentEffects);
    server = await serve(config, { host: '127.0.0.1', port: 0 }, silentEffects);
    browser = await openBrowser(chromium!);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const visit = async (path: string, scheme: 'light' | 'dark' = 'light', width = 1440) => {
    const { page, complaints } = await openPage(browser);
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(new URL(path, server.url).href);
    await settled(page);
    return { page, complaints };
  };

  const PAGES = [
    '/',
    '/squads',
    '/components',
    '/chargeback',
    '/pools',
    '/unallocated',
    '/data',
    '/runs',
    '/no-such-page',
  ];

  test.each(PAGES)('%s shows its content without complaint, and axe finds nothing in light or dark', async (path) => {
    for (const scheme of ['light', 'dark'] as const) {
      const { page, complaints } = await visit(path, scheme);

      expect(await page.locator('h1').count()).toBe(1);
      expect(await page.title()).toContain('Worthwhile');
      expect(await axeViolations(page), scheme).toEqual([]);
      expect(complaints).toEqual([]);
      await page.close();
    }
  });

  test.each(PAGES)('%s fits a phone: nothing sticks out sideways', async (path) => {
    const { page } = await visit(path, 'light', 360);

    const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(wide).toBeLessThanOrEqual(window!);
    await page.close();
  });

  test('a squad lead gets from the company to a squad and to a component by links, and back by the browser', async () => {
    const { page, complaints } = await visit('/');

    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Squads' }).click();
    await page.waitForURL('**/squads*');
    await settled(page);
    const squad = page.locator('main table a[href^="/squads/"]').first();
    const squadName = (await squad.innerText()).trim();
    await squad.click();
    await page.waitForURL('**/squads/*');
    await settled(page);
    expect(await page.locator('h1').innerText()).toBe(squadName);

    await page.locator('main a[href^="/components/"]').first().click();
    await page.waitForURL('**/components/*');
    await settled(page);
    expect(await page.getByText('Who owns it, who pays').count()).toBe(1);
    expect(await axeViolations(page)).toEqual([]);

    await page.goBack();
    await settled(page);
    expect(await page.locator('h1').innerText()).toBe(squadName);
    expect(await axeViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('what is looked at stands in the URL, so that a colleague who opens it sees the same', async () => {
    const { page } = await visit('/');
    await page.getByText('Service', { exact: true }).first().click();
    await page.getByText('Day', { exact: true }).first().click();
    await settled(page);

    const { page: colleague } = await visit(new URL(page.url()).pathname + new URL(page.url()).search);

    expect(new URL(page.url()).search).toMatch(/service/i);
    expect(new URL(page.url()).search).toMatch(/day/i);
    expect(await colleague.locator('main table').first().innerText()).toBe(
      await page.locator('main table').first().innerText(),
    );
    await page.close();
    await colleague.close();
  });

  test('the keyboard alone opens search, finds a squad and goes there', async () => {
    const { page } = await visit('/');
    const answer = await fetch(new URL('/api/v1/squads?limit=1', server.url));
    const { squads } = (await answer.json()) as { squads: { SquadName: string }[] };

    await page.keyboard.press('Control+k');
    await page.keyboard.type(squads[0]!.SquadName);
    await page.getByRole('dialog', { name: 'Search' }).getByText(squads[0]!.SquadName).first().waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/squads/*');
    await settled(page);

    expect(await page.locator('h1').innerText()).toBe(squads[0]!.SquadName);
    await page.close();
  });

  test('the month a controller downloads sums to the invoice of that month, to the last unit', async () => {
    const truth = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as Truth;
    const { page } = await visit('/chargeback');

    const downloading = page.waitForEvent('download');
    await page
      .getByRole('link', { name: 'Download as csv' })
      .or(page.getByRole('button', { name: 'Download as csv' }))
      .click();
    const download = await downloading;
    const lines = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\n');

    const header = lines[0]!.split(',');
    const billed = header.indexOf('BilledCost');
    const month = lines[1]!.split(',')[header.indexOf('BillingPeriod')]!;
    const total = lines.slice(1).reduce((sum, line) => sum + toNanos(line.split(',').at(billed - header.length)!), 0n);
    expect(total).toBe(toNanos(plantedNet(truth, month)));
    await page.close();
  });

  test('a server that cannot answer is shown as such, with a way to try again', async () => {
    const { page } = await openPage(browser);
    await page.route('**/api/v1/**', (route) =>
      route.fulfill({
        status: 503,
        contentType: 'application/problem+json',
        body: JSON.stringify({
          type: 'about:blank',
          title: 'No generation yet',
          status: 503,
          detail: 'nothing is built',
        }),
      }),
    );
    await page.goto(server.url);
    await page.getByRole('alert').first().waitFor();

    await page.unroute('**/api/v1/**');
    await page
      .getByRole('button', { name: /again|retry/i })
      .first()
      .click();
    await settled(page);

    expect(await page.getByText('Spend over time').count()).toBe(1);
    await page.close();
  });
});

/** Waits until no skeleton is left. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => document.querySelector('[aria-label="Loading"]') === null);
}

/** Cost plus credits that the generator says it planted for an invoice month. */
function plantedNet(truth: Truth, month: string): string {
  const planted = truth.invoiceMonths[month];
  if (!planted) throw new Error(`the truth knows no ${month}`);
  return planted.net;
}
