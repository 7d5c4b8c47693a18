import { existsSync, readFileSync, readdirSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { catalogLoads, type CatalogLoad } from '../../../core/catalog.ts';
import { loadConfig, parseConfig } from '../../../core/config/load.ts';
import { silentEffects } from '../../../core/effects.ts';
import { workspaceAt } from '../../../core/workspace.ts';
import { generateCompany } from '../../../fixtures/generate.ts';
import { countEntities } from '../../../ingest/catalog/backstage-api.ts';
import type { BackstageOptions } from '../../../ingest/catalog/backstage.ts';
import { loadCatalog } from '../../../ingest/catalog/load-catalog.ts';
import { failureOf, workbench } from '../workbench.ts';
import { cut, fine, html, silence, standIn, status, type Entity, type StandIn } from './backstage-stand-in.ts';

const TOKEN = 'very-secret-token';
const NO_PATIENCE = { delaysMs: [0, 0, 0], timeoutMs: 5_000 };

const entity = (kind: string, name: string, spec: Record<string, unknown>): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind,
  metadata: { name, namespace: 'default', uid: `uid-${name}`, etag: 'e', annotations: {} },
  spec,
  relations: [],
});
const group = (name: string): Entity => entity('Group', name, { type: 'squad', children: [] });
const component = (name: string, owner: string): Entity =>
  entity('Component', name, { type: 'service', lifecycle: 'production', owner });

const squads = (count: number): Entity[] => Array.from({ length: count }, (_, index) => group(`squad-${index}`));
const FEW = [group('a'), group('b'), component('x', 'a'), entity('API', 'passed-over', {}), component('y', 'b')];

interface Bench {
  load: (options?: BackstageOptions & { now?: string }) => ReturnType<typeof loadCatalog>;
  loads: () => CatalogLoad[];
  warnings: string[];
  folder: string;
}

function bench({ url }: StandIn, more = 'maxAgeMinutes: 0'): Bench {
  const { config, folder } = workbench('focus', `catalog: { backstage: { url: '${url}', ${more} } }`);
  const workspace = workspaceAt(config.workspace);
  const warnings: string[] = [];
  return {
    warnings,
    folder,
    loads: () => catalogLoads(workspace),
    load: ({ now = '2026-10-05T12:00:00Z', ...options } = {}) => {
      const warn = (text: string): void => void warnings.push(text);
      const effects = { ...silentEffects, now: () => new Date(now), warn };
      return loadCatalog(config, workspace, effects, { patience: NO_PATIENCE, ...options });
    },
  };
}

function givenToken(value: string | undefined): void {
  const before = process.env['BACKSTAGE_TOKEN_OF_TEST'];
  if (value === undefined) delete process.env['BACKSTAGE_TOKEN_OF_TEST'];
  else process.env['BACKSTAGE_TOKEN_OF_TEST'] = value;
  onTestFinished(() => {
    if (before === undefined) delete process.env['BACKSTAGE_TOKEN_OF_TEST'];
    else process.env['BACKSTAGE_TOKEN_OF_TEST'] = before;
  });
}

const WITH_TOKEN = 'maxAgeMinutes: 0, tokenEnv: BACKSTAGE_TOKEN_OF_TEST';

describe('a catalog from Backstage', () => {
  it('is every entity of all cursor pages, asked for with the token, kinds and fields', async () => {
    givenToken(TOKEN);
    const api = await standIn(FEW, 2);
    const { load, loads, warnings } = bench(api, WITH_TOKEN);

    expect(await load()).toEqual({ status: 'loaded', components: 2, squads: 2, skipped: [] });

    expect(loads()[0]).toMatchObject({ origin: api.url, validFrom: '2026-10-05' });
    expect(loads()[0]!.components.map(({ id, owners }) => [id, owners[0]!.squadId])).toEqual([
      ['x', 'a'],
      ['y', 'b'],
    ]);
    expect(warnings).toEqual([]);
    expect(api.requests.map(({ authorization }) => authorization)).toEqual([`Bearer ${TOKEN}`, `Bearer ${TOKEN}`]);
    expect(decodeURIComponent(api.requests[0]!.url)).toMatch(
      /filter=kind=Component,kind=Resource,.*fields=apiVersion|fields=apiVersion.*kind=Component/,
    );
  });

  it('is the same as the sample company read from YAML', async () => {
    const root = mkdtempSync(join(tmpdir(), 'worthwhile-backstage-'));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    const folder = join(root, 'company');
    await generateCompany({ folder, size: 'small', seed: 3, endMonth: '2026-02', formats: [] }, silentEffects);
    const config = loadConfig(join(folder, 'worthwhile.yaml'));
    const fromFiles = { ...config, catalog: { ...config.catalog, history: [] } };
    const effects = { ...silentEffects, now: () => new Date('2026-10-05T12:00:00Z') };
    const workspace = workspaceAt(config.workspace);
    await loadCatalog(fromFiles, workspace, effects);
    const entities = yamlBelow(join(folder, 'catalog'));
    const api = await standIn(entities, 50);
    const text = `sources: [{ name: bill, kind: focus, files: [x] }]\ncatalog: { backstage: { url: '${api.url}' } }`;
    const viaApi = parseConfig(text, join(root, 'api', 'worthwhile.yaml'));

    const outcome = await loadCatalog(viaApi, workspaceAt(viaApi.workspace), effects);

    const [expected] = catalogLoads(workspace);
    const [load] = catalogLoads(workspaceAt(viaApi.workspace));
    expect(entities.length).toBeGreaterThan(50);
    expect(outcome.components).toBeGreaterThan(10);
    expect(load).toEqual({ ...expected, origin: api.url });
  });

  it('is not asked for again while it is young, and still lists what was left out of it', async () => {
    const broken = entity('Component', 'no-owner', { type: 'service', lifecycle: 'x' });
    const api = await standIn([...FEW, broken], 100);
    const { load } = bench(api, 'maxAgeMinutes: 30');
    const first = await load();
    const asked = api.requests.length;

    const second = await load({ now: '2026-10-05T12:29:00Z' });

    expect(first.skipped).toEqual([
      { what: `${api.url}: Component no-owner`, why: expect.stringContaining("required property 'owner'") },
    ]);
    expect(second).toEqual({ ...first, status: 'unchanged' });
    expect(api.requests).toHaveLength(asked);
    await load({ now: '2026-10-05T12:31:00Z' });
    expect(api.requests).toHaveLength(asked + 1);
    await load({ now: '2026-10-05T12:32:00Z', full: true });
    expect(api.requests).toHaveLength(asked + 2);
  });

  it('is asked for by ETag where the server gives one: no page comes twice', async () => {
    const api = await standIn(FEW, 2);
    api.etags = true;
    const { load, loads } = bench(api);
    await load();
    api.requests.length = 0;

    expect(await load()).toMatchObject({ status: 'unchanged', components: 2, squads: 2 });

    expect(api.requests.map(({ status }) => status)).toEqual([304, 304]);
    api.entities[4] = component('y', 'a');
    expect(await load({ now: '2026-10-06T12:00:00Z' })).toMatchObject({ status: 'loaded' });
    expect(loads().map(({ components }) => components.map(({ owners }) => owners[0]!.squadId))).toEqual([
      ['a', 'b'],
      ['a', 'a'],
    ]);
  });
});

function yamlBelow(folder: string): Entity[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml') && !name.includes('history'))
    .sort()
    .flatMap((name) => parseAllDocuments(readFileSync(join(folder, name), 'utf8')))
    .map((document) => document.toJS() as Entity)
    .filter((value) => value !== null)
    .map((value) => ({ ...value, metadata: { namespace: 'default', ...value.metadata } }));
}

describe('a Backstage API that fails', () => {
  it('is asked again after 503, 429 and a page cut in the middle', async () => {
    const api = await standIn(FEW, 2);
    api.faults = [status(503), status(429, { 'retry-after': '0' }), cut, fine, cut];
    const { load, warnings } = bench(api);

    expect(await load()).toMatchObject({ status: 'loaded', components: 2, squads: 2, skipped: [] });
    expect(warnings).toEqual([]);
  });

  it.each([
    ['503 without end', () => Array(9).fill(status(503)), 'HTTP 503'],
    ['401', () => [status(401, {}, `{"error":{"message":"bad ${TOKEN}"}}`)], 'valid token (HTTP 401)'],
    ['403', () => [status(403)], 'does not let this token read entities'],
    ['404', () => [status(404)], 'no catalog API at this address'],
    ['a login page', () => [html], 'is not the Backstage catalog API'],
    ['JSON of another kind', () => [status(200, {}, '[1,2]')], 'is not the Backstage catalog API'],
    ['pages cut without end', () => Array(9).fill(cut), 'cannot be reached'],
  ])('leaves the last good catalog in force and says so: %s', async (_name, faults, words) => {
    givenToken(TOKEN);
    const api = await standIn(FEW, 2);
    const { load, loads, warnings, folder } = bench(api, WITH_TOKEN);
    await load({ now: '2026-10-01T12:00:00Z' });
    api.faults = faults();

    const outcome = await load();

    expect(outcome).toEqual({
      status: 'kept',
      components: 2,
      squads: 2,
      skipped: [
        {
          what: `catalog of ${api.url}`,
          why: expect.stringMatching(/; ownership stays as loaded on 2026-10-01$/),
        },
      ],
    });
    expect(outcome.skipped[0]!.why).toContain(words);
    expect(loads()).toHaveLength(1);
    expect(
      JSON.stringify([outcome, warnings, readFileSync(join(folder, 'data/catalog/backstage.json'), 'utf8')]),
    ).not.toContain(TOKEN);
  });

  it('is not waited for for ever', async () => {
    const api = await standIn(FEW);
    const { load } = bench(api);
    api.faults = [silence, silence];

    const { status, skipped } = await load({ patience: { delaysMs: [0], timeoutMs: 100 } });

    expect([status, skipped[0]!.why]).toEqual(['none', expect.stringContaining('no answer in time')]);
  });

  it('leaves costs unallocated at the first run, and says that there is no earlier catalog', async () => {
    const api = await standIn(FEW);
    api.faults = Array(9).fill(status(503));
    const { load, loads, warnings } = bench(api);

    expect(await load()).toMatchObject({
      status: 'none',
      skipped: [{ why: expect.stringContaining('no earlier catalog') }],
    });

    expect(loads()).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining('nothing can be attributed to a squad until it answers')]);
  });

  it('wants its token named: a variable that is not set is an error that says which', async () => {
    givenToken(undefined);
    const api = await standIn(FEW);
    const { load } = bench(api, WITH_TOKEN);

    expect(await failureOf(load())).toMatchObject({
      code: 'SECRET_MISSING',
      message: expect.stringContaining('BACKSTAGE_TOKEN_OF_TEST'),
    });
    expect(api.requests).toEqual([]);
  });
});

describe('a Backstage API that gives only part of its catalog', () => {
  it('counts for nothing where pages stop before all were there', async () => {
    const api = await standIn(FEW, 2);
    const { load, loads } = bench(api);
    await load({ now: '2026-10-01T12:00:00Z' });
    api.entities.pop();
    api.phantom = 1;

    const { status, skipped } = await load();

    expect(status).toBe('kept');
    expect(skipped[0]!.why).toContain('spoke of 4 entities and gave 3');
    expect(loads()).toHaveLength(1);
  });

  it('counts once it comes whole at the second reading', async () => {
    const api = await standIn(FEW, 100);
    api.phantom = 1;
    api.faults = [fine, () => ((api.phantom = 0), false)];

    expect(await bench(api).load()).toMatchObject({ status: 'loaded', components: 2 });
  });

  it('never wipes ownership: neither empty nor with less than half, unless told so with --full', async () => {
    const api = await standIn(squads(40), 100);
    const { load, loads } = bench(api);
    await load({ now: '2026-10-01T12:00:00Z' });
    api.entities = [];
    const empty = await load({ full: true });
    api.entities = squads(19);
    const few = await load();

    expect([empty.status, few.status]).toEqual(['kept', 'kept']);
    expect(empty.skipped[0]!.why).toContain('gives no usable component or squad');
    expect(few.skipped[0]!.why).toContain('gives 19 components and squads, where 40 are known');
    expect(loads()).toHaveLength(1);
    expect(await load({ full: true })).toMatchObject({ status: 'loaded', squads: 19 });
  });
});

describe('the configuration of Backstage', () => {
  it('takes files or the API, not both', () => {
    const text =
      "sources: [{ name: b, kind: focus, files: [x] }]\ncatalog: { files: [y], backstage: { url: 'http://x.test' } }";

    expect(() => parseConfig(text, '/w.yaml')).toThrow('name either `files` or `backstage`');
  });

  it('takes no address with a password in it, and does not repeat it', () => {
    const text =
      "sources: [{ name: b, kind: focus, files: [x] }]\ncatalog: { backstage: { url: 'http://u:hunter22@x.test' } }";

    expect(() => parseConfig(text, '/w.yaml')).toThrow('tokenEnv');
    expect(() => parseConfig(text, '/w.yaml')).not.toThrow('hunter22');
  });

  it('takes the address with or without the path of the API, and counts what is there', async () => {
    const api = await standIn(FEW);
    const answers = ['', '/', '/api', '/api/catalog/'].map((path) =>
      countEntities({ url: `${api.url}${path}`, maxAgeMinutes: 0 }, NO_PATIENCE),
    );

    expect(await Promise.all(answers)).toEqual([4, 4, 4, 4]);
  });

  it('asks anew where a stored state is of other settings, or damaged', async () => {
    const api = await standIn(FEW, 100);
    const { load, folder } = bench(api, 'maxAgeMinutes: 60');
    await load();
    const state = join(folder, 'data/catalog/backstage.json');
    expect(existsSync(state)).toBe(true);
    writeFileSync(state, '{"version":1');

    expect(await load()).toMatchObject({ status: 'unchanged' });
    expect(api.requests).toHaveLength(2);
  });
});
