import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
let house: string;
beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), 'worthwhile-walls-'));
  cpSync(join(root, 'oxlint.config.mjs'), join(house, 'oxlint.config.mjs'));
});
afterAll(() => rmSync(house, { recursive: true }));

/** What the linter says of files that stand at these paths of the house. */
function lint(files: Record<string, string>): string[] {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(house, path)), { recursive: true });
    writeFileSync(join(house, path), text);
  }
  const oxlint = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint');
  const args = [oxlint, '-c', 'oxlint.config.mjs', '-f', 'json', ...Object.keys(files)];
  const { stdout } = spawnSync(process.execPath, args, { cwd: house, encoding: 'utf8' });
  const found = JSON.parse(stdout) as { diagnostics: { message: string; help?: string; filename: string }[] };
  return found.diagnostics.map(({ filename, message, help }) => `${filename}: ${message} ${help ?? ''}`);
}

const THROUGH_A_WALL: [string, string, RegExp][] = [
  ['core/x.ts', '../model/build.ts', /core\/ is the ground floor/],
  ['core/config/x.ts', '../../ingest/ingest.ts', /core\/ is the ground floor/],
  ['ingest/x.ts', '../model/build.ts', /ingest\/ hands over files/],
  ['model/x.ts', '../ingest/ingest.ts', /model\/ reads the lake through/],
  ['model/inputs/x.ts', '../../api/app.ts', /model\/ reads the lake through/],
  ['api/queries/x.ts', '../../model/build.ts', /api\/ knows the names of the marts/],
  ['web/pages/x.tsx', '../../api/queries/spend.ts', /web\/ imports api\/contract alone/],
  ['web/x.tsx', '../api/app.ts', /web\/ imports api\/contract alone/],
  ['web/x.tsx', '../core/errors.ts', /web\/ imports api\/contract alone/],
  ['web/x.tsx', 'node:fs', /web\/ runs in a browser/],
  ['fixtures/x.ts', '../model/build.ts', /fixtures\/ writes files as a provider would/],
  ['cli/x.ts', '../web/format.ts', /cli\/ composes front doors/],
  ['api/x.ts', '../test/given.ts', /api\/ knows/],
  ['ingest/measures/x.ts', '@google-cloud/bigquery', /Reach BigQuery through ingest\/bigquery/],
  ['cli/x.ts', '@google-cloud/bigquery-storage', /Reach BigQuery through ingest\/bigquery/],
  ['ingest/cloud-billing/x.ts', '@google-cloud/billing', /Reach Cloud Billing through ingest\/cloud-billing/],
  ['cli/x.ts', '@google-cloud/billing', /which only reads/],
  ['ingest/cloud-billing/client.ts', '@google-cloud/bigquery', /Reach BigQuery through ingest\/bigquery/],
  ['ingest/bigquery/x.ts', '../../model/build.ts', /ingest\/ hands over files/],
];

describe('the walls between the rooms', () => {
  it.each(THROUGH_A_WALL)('%s may not import %s, and is told the right door', (path, target, door) => {
    const said = lint({ [path]: `import { x } from '${target}';\nexport const y = x;\n` });
    expect(said.join('\n')).toMatch(door);
  });

  it('hold for types as well as for values', () => {
    const said = lint({ 'web/y.ts': "import type { X } from '../api/app.ts';\nexport type Y = X;\n" });
    expect(said.join('\n')).toMatch(/web\/ imports api\/contract alone/);
  });

  it.each([
    ['web/x.ts', '../api/contract/index.ts'],
    ['web/pages/x.ts', '../../api/contract/spend.ts'],
    ['ingest/lake/x.ts', '../../core/lake.ts'],
    ['ingest/bigquery/x.ts', '@google-cloud/bigquery'],
    ['ingest/cloud-billing/client.ts', '@google-cloud/billing'],
    ['cli/x.ts', '../ingest/ingest.ts'],
    ['test/x.ts', '../model/build.ts'],
  ])('leave the door open from %s to %s', (path, target) => {
    expect(lint({ [path]: `import { x } from '${target}';\nexport const y = x;\n` })).toEqual([]);
  });

  it('leave one place that opens a database', () => {
    const text =
      "import { DuckDBInstance } from '@duckdb/node-api';\nexport const open = () => DuckDBInstance.create();\n";
    expect(lint({ 'model/open.ts': text }).join('\n')).toMatch(/openDatabase of core\/duckdb.ts/);
    expect(lint({ 'core/duckdb.ts': text })).toEqual([]);
  });

  it('allow no import cycle', () => {
    const said = lint({
      'core/a.ts': "import { b } from './b.ts';\nexport const a = (): unknown => b;\n",
      'core/b.ts': "import { a } from './a.ts';\nexport const b = (): unknown => a;\n",
    });
    expect(said.join('\n')).toMatch(/cycle/i);
  });

  it('keep mocks out of the tests', () => {
    const said = lint({ 'test/x.test.ts': "import { vi } from 'vitest';\nexport const spy = vi.fn();\n" });
    expect(said.join('\n')).toMatch(/pass effects/);
  });
});
