import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogLoads, type CatalogLoad } from '../../../core/catalog.ts';
import { workspaceAt } from '../../../core/workspace.ts';
import { loadCatalog } from '../../../ingest/catalog/load-catalog.ts';
import { failureOf, workbench, type Workbench } from '../workbench.ts';

interface Written {
  kind: string;
  name: string;
  spec?: Record<string, unknown>;
  annotations?: Record<string, string>;
  metadata?: Record<string, unknown>;
}

/** JSON is YAML, so entities are written as one JSON document each. */
const yaml = (...entities: Written[]): string =>
  entities
    .map(({ kind, name, spec, annotations, metadata }) =>
      JSON.stringify({
        apiVersion: 'backstage.io/v1alpha1',
        kind,
        metadata: { name, annotations: annotations ?? {}, ...metadata },
        spec,
      }),
    )
    .map((document) => `---\n${document}\n`)
    .join('');

const group = (name: string, type = 'squad', more: Record<string, unknown> = {}): Written => ({
  kind: 'Group',
  name,
  spec: { type, children: [], ...more },
});
const component = (name: string, owner: string, annotations: Record<string, string> = {}, more = {}): Written => ({
  kind: 'Component',
  name,
  annotations,
  spec: { type: 'service', lifecycle: 'production', owner, ...more },
});

function catalogBench(extra = ''): Workbench & {
  load: (now?: string) => ReturnType<typeof loadCatalog>;
  warnings: string[];
  loads: () => CatalogLoad[];
} {
  const bench = workbench('focus', `catalog: { files: ['./catalog/**/*.yaml'] ${extra} }`);
  const warnings: string[] = [];
  const workspace = workspaceAt(bench.config.workspace);
  return {
    ...bench,
    warnings,
    load: (now = '2026-10-05T12:00:00Z') =>
      loadCatalog(bench.config, workspace, {
        now: () => new Date(now),
        progress: () => {},
        warn: (text) => void warnings.push(text),
      }),
    loads: () => catalogLoads(workspace),
  };
}

describe('the catalog', () => {
  it('knows squads with tribes, members and inherited cost centres, and components with their place', async () => {
    const bench = catalogBench();
    bench.write(
      'catalog/all.yaml',
      yaml(
        {
          ...group('music', 'tribe'),
          annotations: { 'worthwhile.dev/cost-centre': 'CC-1' },
          metadata: { title: 'Music' },
        },
        group('chapter', 'squad', { parent: 'music' }),
        group('playlists', 'squad', { parent: 'chapter', profile: { displayName: 'Playlists' }, members: ['ada'] }),
        {
          ...group('radio', 'team', { parent: 'group:default/music' }),
          annotations: { 'worthwhile.dev/cost-centre': 'CC-2', 'worthwhile.dev/folders': 'folders/1, folders/2' },
        },
        { kind: 'User', name: 'ada', spec: { memberOf: ['playlists'] } },
        { kind: 'User', name: 'bob', spec: { memberOf: ['Group:default/Playlists', 'radio'] } },
        { kind: 'Domain', name: 'listening', spec: { owner: 'music' } },
        { kind: 'System', name: 'lists', spec: { owner: 'music', domain: 'listening' } },
        component(
          'playlist-api',
          'playlists',
          { 'worthwhile.dev/label-values': 'playlst-api', 'google.com/project-id': 'p1,p2' },
          { system: 'lists' },
        ),
        {
          kind: 'Resource',
          name: 'lists-db',
          spec: { type: 'database', owner: 'group:default/radio', system: 'lists' },
        },
        { kind: 'API', name: 'passed-over', spec: {} },
      ),
    );

    expect(await bench.load()).toMatchObject({ status: 'loaded', components: 2, squads: 3, skipped: [] });

    const [load] = bench.loads();
    expect(bench.warnings).toEqual([]);
    expect(load).toMatchObject({ validFrom: '2026-10-05', loadedAt: '2026-10-05T12:00:00.000Z' });
    expect(load!.squads).toEqual([
      expect.objectContaining({ id: 'chapter', tribeId: 'music' }),
      expect.objectContaining({
        id: 'playlists',
        name: 'Playlists',
        tribeId: 'music',
        tribeName: 'Music',
        costCentre: 'CC-1',
        memberCount: 2,
      }),
      expect.objectContaining({
        id: 'radio',
        tribeId: 'music',
        costCentre: 'CC-2',
        memberCount: 1,
        folders: ['folders/1', 'folders/2'],
      }),
    ]);
    expect(load!.components).toEqual([
      expect.objectContaining({ id: 'lists-db', kind: 'Resource', owners: [{ squadId: 'radio', share: '1' }] }),
      {
        ref: 'component:default/playlist-api',
        id: 'playlist-api',
        kind: 'Component',
        title: 'playlist-api',
        type: 'service',
        lifecycle: 'production',
        systemId: 'lists',
        domainId: 'listening',
        owners: [{ squadId: 'playlists', share: '1' }],
        labelValues: ['playlst-api'],
        projects: ['p1', 'p2'],
      },
    ]);
  });

  it('finds parents by `children` too, and stops at a circle of parents', async () => {
    const bench = catalogBench();
    bench.write(
      'catalog/all.yaml',
      yaml(
        group('music', 'tribe', { children: ['playlists'] }),
        group('playlists'),
        group('a', 'squad', { parent: 'b' }),
        group('b', 'squad', { parent: 'a' }),
      ),
    );

    await bench.load();

    expect(bench.loads()[0]!.squads.map(({ id, tribeId }) => [id, tribeId])).toEqual([
      ['a', null],
      ['b', null],
      ['playlists', 'music'],
    ]);
  });

  it('names entities of other namespaces with theirs, and keeps a resource apart from a component of its name', async () => {
    const bench = catalogBench();
    bench.write(
      'catalog/all.yaml',
      yaml(
        { ...group('ads'), metadata: { namespace: 'acquired' } },
        { ...component('shop', 'ads'), metadata: { namespace: 'acquired' } },
        component('shop', 'group:acquired/ads'),
        { kind: 'Resource', name: 'shop', spec: { type: 'bucket', owner: 'acquired/ads' } },
      ),
    );

    await bench.load();

    expect(bench.loads()[0]!.components.map(({ id, owners }) => [id, owners[0]?.squadId])).toEqual([
      ['acquired/shop', 'acquired/ads'],
      ['resource:shop', 'acquired/ads'],
      ['shop', 'acquired/ads'],
    ]);
  });

  it('shares a component among joint owners', async () => {
    const bench = catalogBench();
    const owned = (name: string, owners: string): Written => component(name, 'a', { 'worthwhile.dev/owners': owners });
    bench.write(
      'catalog/all.yaml',
      yaml(
        group('a'),
        group('b'),
        group('c'),
        owned('x', 'a=60, b=40'),
        owned('y', 'group:default/a, b, c'),
        owned('z', 'a=0.6,b=0.4'),
      ),
    );

    await bench.load();

    expect(bench.loads()[0]!.components.map(({ owners }) => owners.map(({ share }) => share))).toEqual([
      ['0.6', '0.4'],
      ['0.333333334', '0.333333333', '0.333333333'],
      ['0.6', '0.4'],
    ]);
  });

  it('warns of owners that are no squad and leaves the component without one', async () => {
    const bench = catalogBench();
    bench.write(
      'catalog/all.yaml',
      yaml(
        group('music', 'tribe'),
        group('a'),
        component('x', 'user:default/ada'),
        component('y', 'nobody'),
        component('z', 'music'),
      ),
    );

    expect((await bench.load()).skipped).toEqual([]);

    expect(bench.loads()[0]!.components.every(({ owners }) => owners.length === 0)).toBe(true);
    expect(bench.warnings).toEqual([
      expect.stringContaining('"user:default/ada" is a user'),
      expect.stringContaining('"nobody" is not in the catalog'),
      expect.stringContaining('"music" is a group of type tribe'),
    ]);
  });
});

describe('mistakes in the catalog', () => {
  it('leaves out an invalid entity and lists file, document, entity and reason', async () => {
    const bench = catalogBench();
    const path = bench.write(
      'catalog/all.yaml',
      yaml(
        group('a'),
        { kind: 'Component', name: 'no-owner', spec: { type: 'service', lifecycle: 'x' } },
        component('bad name', 'a'),
        component('unclear', 'a', { 'worthwhile.dev/owners': 'a=60, b' }),
        group('a'),
        component('good', 'a'),
      ),
    );

    const { skipped, components } = await bench.load();

    expect(components).toBe(1);
    expect(skipped.map(({ what, why }) => `${what}: ${why}`)).toEqual([
      expect.stringContaining(`${path} (document 2): Component no-owner: /spec must have required property 'owner'`),
      expect.stringContaining(`${path} (document 3): Component bad name: "metadata.name" is not valid`),
      expect.stringContaining(
        `${path} (document 5): Group a: group:default/a is already written in ${path} (document 1)`,
      ),
      expect.stringContaining(`${path} (document 4): Component unclear: its joint owners cannot be read`),
    ]);
  });

  it('refuses a file that is not YAML, naming file and document', async () => {
    const bench = catalogBench();
    const path = bench.write('catalog/all.yaml', `${yaml(group('a'))}---\nkind: [unclosed\n`);

    expect(await failureOf(bench.load())).toMatchObject({ code: 'CATALOG_INVALID', on: `${path} (document 2)` });
    expect(bench.loads()).toEqual([]);
  });

  it('refuses files that hold nothing usable', async () => {
    const bench = catalogBench();
    bench.write('catalog/all.yaml', 'hello: world\n');

    expect(await failureOf(bench.load())).toMatchObject({ code: 'CATALOG_INVALID' });
  });

  it('takes an empty catalog for none, with a warning, and forgets nothing', async () => {
    const bench = catalogBench();
    expect(await bench.load()).toMatchObject({ status: 'none' });
    bench.write('catalog/all.yaml', yaml(group('a')));
    await bench.load();
    bench.write('catalog/all.yaml', '# moved\n');

    expect(await bench.load()).toMatchObject({ status: 'none' });

    expect(bench.loads()).toHaveLength(1);
    expect(bench.warnings).toHaveLength(2);
  });
});

describe('dated ownership', () => {
  it('writes nothing while the content stays, and a new load where it changed', async () => {
    const bench = catalogBench();
    bench.write('catalog/all.yaml', yaml(group('a'), group('b'), component('x', 'a')));
    await bench.load('2026-09-01T12:00:00Z');
    expect(await bench.load('2026-09-20T12:00:00Z')).toMatchObject({ status: 'unchanged', components: 1 });
    bench.write('catalog/all.yaml', yaml(component('x', 'b'), group('b'), group('a')));

    expect(await bench.load('2026-10-01T03:00:00Z')).toMatchObject({ status: 'loaded' });

    expect(bench.loads().map(({ validFrom, components }) => [validFrom, components[0]!.owners[0]!.squadId])).toEqual([
      ['2026-09-01', 'a'],
      ['2026-09-30', 'b'], // still September on the billing clock
    ]);
  });

  it('lets the last load of a day stand, also when it returns to an earlier one', async () => {
    const bench = catalogBench();
    for (const [hour, owner] of [
      ['10', 'a'],
      ['11', 'b'],
      ['12', 'a'],
    ]) {
      bench.write('catalog/all.yaml', yaml(group('a'), group('b'), component('x', owner!)));
      await bench.load(`2026-09-01T${hour}:00:00Z`);
    }

    expect(bench.loads().map(({ components }) => components[0]!.owners[0]!.squadId)).toEqual(['a']);
  });

  it('loads earlier states from history, each from its own day', async () => {
    const bench = catalogBench(
      ", history: [{ asOf: 2026-03-01, files: ['./march.yaml'] }, { asOf: 2026-01-01, files: ['./january.yaml'] }]",
    );
    bench.write('january.yaml', yaml(group('a'), component('x', 'a')));
    bench.write('march.yaml', yaml(group('b'), component('x', 'b')));
    bench.write('catalog/all.yaml', yaml(group('b'), component('x', 'b')));

    for (const _ of [1, 2]) await bench.load();

    expect(bench.loads().map(({ validFrom }) => validFrom)).toEqual(['2026-01-01', '2026-03-01']);
    const folder = workspaceAt(bench.config.workspace).catalogLoads;
    const [name] = readdirSync(folder);
    expect(name).toMatch(/^2026-01-01-[0-9a-f]{12}\.json$/);
    expect(JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'))).toMatchObject({
      origin: expect.stringContaining('january.yaml'),
    });
  });
});

describe('catalog files that are as they were', () => {
  const invalid: Written = { kind: 'Component', name: 'no-owner', spec: { type: 'service', lifecycle: 'production' } };
  const bench = (): ReturnType<typeof catalogBench> => {
    const written = catalogBench();
    written.write('catalog/all.yaml', yaml(group('a'), group('tribe', 'tribe'), component('web', 'a'), invalid));
    return written;
  };

  it('are not parsed again, and what was left out of them is told again', async () => {
    const { load, loads, warnings, config } = bench();
    const first = await load();
    const told = warnings.splice(0);
    // Whatever the files hold: were they parsed, this load would be made again.
    const path = join(workspaceAt(config.workspace).root, 'catalog', 'files.json');
    const readings = JSON.parse(readFileSync(path, 'utf8'));
    const [reading] = Object.values<{ skipped: object[] }>(readings.readings);
    reading!.skipped.push({ what: 'remembered', why: 'and not parsed' });
    writeFileSync(path, JSON.stringify(readings));

    const second = await load('2026-10-06T12:00:00Z');

    expect(first).toMatchObject({ status: 'loaded', components: 1, squads: 1, skipped: [{}] });
    expect(second).toEqual({
      ...first,
      status: 'unchanged',
      skipped: [...first.skipped, { what: 'remembered', why: 'and not parsed' }],
    });
    expect(warnings).toEqual(told);
    expect(loads()).toHaveLength(1);
  });

  it('are parsed again where a file, a setting or the load they made is another, and where what is remembered is damaged', async () => {
    const { load, loads, write, config } = bench();
    await load();
    const workspace = workspaceAt(config.workspace);

    write('catalog/more.yaml', yaml(component('api', 'a')));
    expect(await load()).toMatchObject({ status: 'loaded', components: 2 });

    config.catalog.squadTypes = ['squad', 'tribe'];
    expect(await load('2026-10-07T12:00:00Z')).toMatchObject({ status: 'loaded', squads: 2 });

    writeFileSync(join(workspace.root, 'catalog', 'files.json'), '{ half');
    expect(await load('2026-10-08T12:00:00Z')).toMatchObject({ status: 'unchanged', components: 2, squads: 2 });

    for (const name of readdirSync(workspace.catalogLoads)) rmSync(join(workspace.catalogLoads, name));
    expect(await load('2026-10-09T12:00:00Z')).toMatchObject({ status: 'loaded', components: 2 });
    expect(loads()).toHaveLength(1);
  });
});
