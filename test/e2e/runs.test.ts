import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { serve, type RunningServer } from '../../api/serve.ts';
import { parseConfig } from '../../core/config/load.ts';
import { silentEffects } from '../../core/effects.ts';
import { withWorkspaceLock } from '../../core/lock.ts';
import { newRun, writeRun, type RunRecord } from '../../core/run-record.ts';
import type { Workspace } from '../../core/workspace.ts';
import { publishGeneration, temporaryWorkspace } from '../api/warehouse.ts';
import { axeViolations, chromiumPath, openBrowser, openPage, type Browser } from './browser.ts';

/** The page of runs, in the machine's Chromium, over a workspace whose history the test writes. */
const chromium = chromiumPath();
const webRoot = resolve(import.meta.dirname, '../../dist/web');
const missing = !chromium
  ? 'no Chromium on this machine'
  : !existsSync(join(webRoot, 'index.html'))
    ? 'the dashboard is not built (npm test builds it)'
    : null;

describe.skipIf(missing !== null)(`the page of runs${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let browser: Browser;
  let workspace: Workspace;
  let remove: () => void;
  let server: RunningServer;

  beforeAll(async () => {
    browser = await openBrowser(chromium!);
  });
  afterAll(() => browser?.close());
  beforeEach(() => {
    ({ workspace, remove } = temporaryWorkspace());
  });
  afterEach(async () => {
    await server.close();
    remove();
  });

  const begin = async ({ published }: { published: boolean }): Promise<void> => {
    if (published) await publishGeneration(workspace, 1);
    const text = `workspace: ${workspace.root}\nsources: [{ name: gcp, kind: focus, files: [x.csv] }]`;
    const config = parseConfig(text, join(workspace.root, 'worthwhile.yaml'));
    server = await serve(config, { host: '127.0.0.1', port: 0 }, silentEffects);
  };
  const visit = async (scheme: 'light' | 'dark' = 'light', width = 1440) => {
    const { page, complaints } = await openPage(browser);
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(new URL('/runs', server.url).href);
    await page.getByRole('heading', { name: 'Run history' }).waitFor();
    await page.waitForFunction(() => document.querySelector('[aria-label="Loading"]') === null);
    return { page, complaints };
  };
  const unfold = (page: Page) =>
    page.evaluate(() => {
      for (const one of document.querySelectorAll('details')) one.open = true;
    });

  test('before anything has run says how to begin, and how to have it every day', async () => {
    await begin({ published: false });
    const { page } = await visit();

    expect(await page.getByText('Nothing has run yet').count()).toBeGreaterThan(0);
    expect(await page.getByText('npx worthwhile run').count()).toBe(1);
    expect(await page.getByText("npx worthwhile serve --schedule '0 6 * * *'").count()).toBe(1);
    expect(await axeViolations(page)).toEqual([]);
    await page.close();
  });

  test('shows a first run that failed, though there is no generation to show anything else of', async () => {
    await begin({ published: false });
    leaveHistory(workspace, ['failed']);
    const { page } = await visit();

    expect(await page.getByText('Next: grant').isVisible()).toBe(true);
    expect(await page.getByText('none has ended well').count()).toBe(1);
    await page.close();
  });

  test('follows a run to its end without being loaded again', async () => {
    await begin({ published: true });
    const record = newRun('run', 'schedule', new Date());
    const { page, complaints } = await withWorkspaceLock(workspace, 'run', async () => {
      writeRun(workspace, { ...record, step: { name: 'compaction', fraction: 0.4 } });
      const opened = await visit();
      expect(await opened.page.getByRole('progressbar').getAttribute('aria-label')).toBe('Progress of compaction');
      expect(await opened.page.locator('summary').getByText('running', { exact: true }).count()).toBe(1);
      return opened;
    });
    writeRun(workspace, { ...record, outcome: 'done', exitCode: 0, endedAt: new Date().toISOString() });
    await page.locator('summary').getByText('done', { exact: true }).waitFor();

    expect(await page.getByRole('progressbar').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('tells each run in words, and unfolds by the keyboard to its sources and what they cost', async () => {
    await begin({ published: true });
    leaveHistory(workspace, ['done', 'skipped', 'interrupted', 'done']);
    const { page } = await visit();
    const lines = await page.locator('.run > summary').allInnerTexts();

    expect(lines.map((line) => line.split('\n')[0])).toEqual(['done', 'interrupted', 'done, some skipped', 'done']);
    expect(lines[0]).toContain('1,234 rows in 2 partitions (4.3 MiB); $0.07 for 11.5 GiB billed');
    await page.locator('.run > summary').first().focus();
    await page.keyboard.press('Enter');
    const table = page.getByRole('table', { name: 'What this run took in, by source' }).first();
    expect(await table.isVisible()).toBe(true);
    expect(await table.innerText()).toMatch(/gcp[\s\S]*11\.5 GiB[\s\S]*\$0\.07/);
    await page.close();
  });

  test('is clean for axe in light and dark with everything unfolded, and fits a phone', async () => {
    await begin({ published: true });
    leaveHistory(workspace, ['done', 'skipped', 'interrupted', 'failed']);
    for (const scheme of ['light', 'dark'] as const) {
      for (const width of [1440, 360]) {
        const { page, complaints } = await visit(scheme, width);
        await unfold(page);
        const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);

        expect(await axeViolations(page), `${scheme} ${width}`).toEqual([]);
        expect(wide, `${scheme} ${width}`).toBeLessThanOrEqual(window!);
        expect(complaints).toEqual([]);
        await page.close();
      }
    }
  });

  test('says that the history could not be had, and asks again on demand', async () => {
    await begin({ published: true });
    const { page } = await openPage(browser);
    await page.route('**/api/v1/runs*', (route) => route.fulfill({ status: 500, body: '' }));
    await page.goto(new URL('/runs', server.url).href);
    await page.getByRole('alert').waitFor();
    await page.unroute('**/api/v1/runs*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Nothing has run yet').first().waitFor();

    expect(await page.getByRole('alert').count()).toBe(0);
    await page.close();
  });
});

/** One run an hour, the last of them an hour ago. */
function leaveHistory(workspace: Workspace, outcomes: ('done' | 'skipped' | 'interrupted' | 'failed')[]): void {
  const pulled = { queries: 3, bytesProcessed: '12345678901', bytesBilled: '12346000000', priceUsd: '0.070179' };
  const source = {
    name: 'gcp',
    kind: 'gcp-focus',
    rows: 1234,
    bytes: 4_500_000,
    landed: 2,
    replaced: 1,
    unchanged: 29,
  };
  outcomes.forEach((outcome, index) => {
    const began = new Date(Date.now() - (outcomes.length - index) * 3_600_000);
    const base: RunRecord = {
      ...newRun('run', 'schedule', began),
      outcome,
      sources: [{ ...source, missing: 0, pulled: { ...pulled, transfer: 'storage-read' } }],
    };
    const ended = { endedAt: new Date(began.getTime() + 12_000).toISOString() };
    const stages = ['compaction', 'checks'].map((name) => ({ name, ms: 500, rows: null }));
    const build = { generation: 1, published: true, durationMs: 1_000, checksPassed: 9, stages };
    if (outcome === 'done') writeRun(workspace, { ...base, ...ended, exitCode: 0, build });
    if (outcome === 'skipped') {
      const skipped = [{ what: 'catalog', why: 'Backstage did not answer; the last one is used' }];
      writeRun(workspace, { ...base, ...ended, exitCode: 3, build, skipped, warnings: ['one partition is gone'] });
    }
    if (outcome === 'interrupted') writeRun(workspace, { ...base, step: { name: 'ingest gcp', fraction: null } });
    if (outcome === 'failed') {
      const next = 'grant `roles/bigquery.dataViewer` on the dataset';
      const error = { code: 'SOURCE_FORBIDDEN', reason: 'BigQuery refuses to read the table', on: 'p.d.t', next };
      writeRun(workspace, { ...base, ...ended, exitCode: 1, error });
    }
  });
}
