import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PoolsAnswer, SharedCostAnswer } from '../../api/contract/index.ts';
import { serve } from '../../api/serve.ts';
import { loadConfig } from '../../core/config/load.ts';
import { silentEffects } from '../../core/effects.ts';
import { generateCompany } from '../../fixtures/generate.ts';
import { ingest } from '../../ingest/ingest.ts';
import { build } from '../../model/build.ts';
import { formatMoney } from '../../web/format.ts';
import { axeViolations, chromiumPath, openBrowser, openPage, type Browser } from './browser.ts';

/** Shared cost in the dashboard, over the sample company: as a squad, as finance, and as somebody who has no pools yet. */
const chromium = chromiumPath();
const missing = !chromium
  ? 'no Chromium on this machine'
  : !existsSync(resolve(import.meta.dirname, '../../dist/web/index.html'))
    ? 'the dashboard is not built (npm test builds it)'
    : null;

type Server = Awaited<ReturnType<typeof serve>>;

describe.skipIf(missing !== null)(`shared cost${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const root = mkdtempSync(join(tmpdir(), 'worthwhile-e2e-pools-'));
  let server: Server;
  let browser: Browser;

  beforeAll(async () => {
    const path = join(root, 'company', 'worthwhile.yaml');
    const range = { size: 'small', seed: 7, endMonth: '2026-06', formats: [] } as const;
    await generateCompany({ folder: join(root, 'company'), ...range }, silentEffects);
    const config = loadConfig(path);
    await ingest(config, {}, silentEffects);
    await build(config, {}, silentEffects);
    server = await serve(config, { host: '127.0.0.1', port: 0 }, silentEffects);
    browser = await openBrowser(chromium!);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(root, { recursive: true, force: true });
  });

  const visit = async (path: string, { scheme = 'light', width = 1440, of = server }: Visit = {}) => {
    const { page, complaints } = await openPage(browser);
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(new URL(path, of.url).href);
    await settled(page);
    return { page, complaints };
  };
  const asked = async <Answer>(path: string): Promise<Answer> =>
    (await (await fetch(new URL(path, server.url))).json()) as Answer;

  // The first month has consumers that the catalog does not know yet, so that something stayed.
  test.each(['/pools', '/pools?month=2025-06', '/pools/event-bus', '/pools/kubernetes?by=component'])(
    '%s is clean in light and dark, and fits a phone',
    async (path) => {
      for (const [scheme, width] of [
        ['light', 1440],
        ['dark', 1440],
        ['light', 360],
        ['dark', 360],
      ] as const) {
        const { page, complaints } = await visit(path, { scheme, width });

        expect(await page.locator('h1').count()).toBe(1);
        expect(await axeViolations(page), `${scheme} ${width}`).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
        expect(complaints).toEqual([]);
        await page.close();
      }
    },
  );

  test('by keyboard from the menu to the largest pool, to a squad that pays, and back by its card', async () => {
    const { pools } = await asked<PoolsAnswer>('/api/v1/pools');
    const [largest] = pools;
    const { page, complaints } = await visit('/');

    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Shared cost' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/pools*');
    await settled(page);
    expect(await page.locator('main li.pool h3').allInnerTexts()).toEqual(pools.map((pool) => pool.x_PoolTitle));

    await page.locator('main li.pool h3 a').first().focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/pools/${largest!.x_PoolId}*`);
    await settled(page);
    const payer = largest!.payers[0]!;
    const row = page.getByRole('table', { name: 'Who pays' }).locator('tbody tr').first();
    expect(await row.innerText()).toContain(formatMoney(payer.BilledCost, 'USD'));

    await row.getByRole('link').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/squads/*');
    await settled(page);
    expect(await page.locator('h1').innerText()).toBe(payer.SquadName);
    const shared = page.locator('section.card', { has: page.getByRole('heading', { name: 'Shared cost' }) });
    expect(await shared.innerText()).toContain(largest!.x_PoolTitle);
    expect(await axeViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('the squad that runs a platform sees what it pays, what others pay, and sums that are the chargeback’s', async () => {
    const { total, month } = await asked<SharedCostAnswer>('/api/v1/shared-cost?squad=observability');
    const { page } = await visit(`/squads/observability?month=${month}`);
    const shared = page.locator('section.card', { has: page.getByRole('heading', { name: 'Shared cost' }) });

    expect(await shared.locator('.sum').allInnerTexts()).toEqual([
      expect.stringContaining(formatMoney(total.sharedIn.BilledCost, 'USD')),
      expect.stringContaining(formatMoney(total.sharedOut.BilledCost, 'USD')),
    ]);
    const { page: booked } = await visit(`/chargeback?month=${month}&squad=observability&kind=SharedOut`);
    expect(await booked.getByRole('table', { name: 'Chargeback rows' }).locator('tfoot').innerText()).toContain(
      formatMoney(total.sharedOut.BilledCost, 'USD'),
    );
    await page.close();
    await booked.close();
  });

  test('a question that fails is said on the spot, and asked again', async () => {
    const { page } = await openPage(browser);
    await page.route('**/api/v1/pools?*', (route) => route.fulfill({ status: 503, body: 'no' }));
    await page.goto(new URL('/pools?month=2026-06', server.url).href);
    await page.getByRole('alert').waitFor();

    await page.unroute('**/api/v1/pools?*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('main li.pool').first().waitFor();

    expect(await page.locator('main li.pool').count()).toBe(6);
    await page.close();
  });

  test('without pools the page explains them and gives a configuration to copy', async () => {
    const path = join(root, 'company', 'without.yaml');
    const text = readFileSync(join(root, 'company', 'worthwhile.yaml'), 'utf8');
    writeFileSync(
      path,
      text.replace(/\npools:[\s\S]*?\n\n/, '\n').replace('workspace: ./data', 'workspace: ./without'),
    );
    const config = loadConfig(path);
    await ingest(config, {}, silentEffects);
    await build(config, {}, silentEffects);
    const without = await serve(config, { host: '127.0.0.1', port: 0 }, silentEffects);
    const { page, complaints } = await visit('/pools', { of: without, width: 360 });

    expect(await page.getByRole('heading', { name: 'Nothing is shared yet' }).count()).toBe(1);
    expect(await page.getByRole('button', { name: 'Copy configuration of pools' }).count()).toBe(1);
    expect(await axeViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
    await without.close();
  }, 60_000);
});

interface Visit {
  scheme?: 'light' | 'dark';
  width?: number;
  of?: Server;
}

/** Waits until no skeleton is left. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => document.querySelector('[aria-label="Loading"]') === null);
}
