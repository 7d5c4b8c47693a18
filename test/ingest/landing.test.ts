import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { silentEffects } from '../../core/effects.ts';
import { readHeads } from '../../core/lake.ts';
import { workspaceAt } from '../../core/workspace.ts';
import { ingest } from '../../ingest/ingest.ts';
import { detailedRows, failureOf, query, workbench, type Workbench } from './workbench.ts';

const dayCost = (cost: number): string => detailedRows({ cost: `${cost}::DOUBLE` });
const totals = (bench: Workbench): Record<string, string> =>
  Object.fromEntries(bench.batches().map(({ partition, sums }) => [partition, sums['USD']!['cost']!]));
const heads = (bench: Workbench) => readHeads(workspaceAt(bench.config.workspace), 'bill');

describe('landing a source', () => {
  it('lands each Parquet file byte for byte, with a manifest of exact sums, periods and digests', async () => {
    const bench = workbench();
    const path = await bench.writeParquet('export/2026-10-02.parquet', detailedRows());

    await bench.ingest();

    const [batch] = bench.batches();
    expect(batch).toMatchObject({
      source: 'bill',
      kind: 'gcp-billing-detailed',
      partition: '2026-10-02.parquet',
      rows: 3,
      sums: { USD: { cost: '3.300000000', credits: '-0.150000000', BilledCost: '3.150000000' } },
      exportTimeMax: '2026-10-02T01:02:03.000000Z',
      chargePeriodMin: '2026-10-01',
      chargePeriodMax: '2026-10-01',
      pulledAt: '2026-10-05T09:00:00.000Z',
    });
    const [file] = batch!.files;
    expect(file).toMatchObject({ name: 'data-000.parquet', rows: 3, source: path, bytes: statSync(path).size });
    expect(file!.sha256).toBe(file!.sourceSha256);
    const landed = join(bench.path('data/lake/bill'), batch!.batchId, 'data-000.parquet');
    expect(readFileSync(landed).equals(readFileSync(path))).toBe(true);
  });

  it('tells the day of a charge on the billing clock', async () => {
    const bench = workbench();
    const pacificEvening = "TIMESTAMPTZ '2026-10-01 05:00:00+00'";
    await bench.writeParquet('export/a.parquet', detailedRows({ usage_start_time: pacificEvening }));

    await bench.ingest();

    expect(bench.batches()[0]).toMatchObject({ chargePeriodMin: '2026-09-30', chargePeriodMax: '2026-09-30' });
  });

  it('makes one batch of all files below a hive folder, also where their columns differ', async () => {
    const bench = workbench();
    await bench.writeParquet('export/export_day=2026-10-01/a.parquet', detailedRows());
    await bench.writeParquet('export/export_day=2026-10-01/b.parquet', detailedRows({ labels: null, tags: '[]' }));
    await bench.writeParquet('export/export_day=2026-10-02/a.parquet', detailedRows({ cost: '1.0' }));

    await bench.ingest();

    expect(bench.batches().map(({ partition, rows, files }) => [partition, rows, files.length])).toEqual([
      ['export_day=2026-10-01', 6, 2],
      ['export_day=2026-10-02', 3, 1],
    ]);
    const [mixed, plain] = bench.batches();
    const namesIn = async (file: string): Promise<unknown[]> =>
      (await query(`DESCRIBE SELECT * FROM '${bench.path('data/lake/bill')}/${mixed!.batchId}/${file}'`)).map(
        (row) => row['column_name'],
      );
    const names = mixed!.columns.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['labels', 'tags']));
    expect(await namesIn('data-000.parquet')).toEqual(names);
    expect(await namesIn('data-001.parquet')).toEqual(names);
    expect(mixed!.sums['USD']!['cost']).toBe('6.600000000');
    expect(plain!.columns.map(({ name }) => name)).not.toContain('export_day');
  });

  it('keeps identical rows, and sums currencies apart', async () => {
    const bench = workbench();
    const twins = detailedRows({ cost: '0.1', currency: "CASE WHEN i < 2 THEN 'EUR' ELSE 'USD' END", credits: null });
    await bench.writeParquet('export/a.parquet', twins.replace('to_hours(CAST(i AS INTEGER))', 'to_hours(1)'));

    await bench.ingest();

    expect(bench.batches()[0]!.sums).toEqual({
      EUR: { cost: '0.200000000', credits: '0.000000000', BilledCost: '0.200000000' },
      USD: { cost: '0.100000000', credits: '0.000000000', BilledCost: '0.100000000' },
    });
  });

  it('casts each row before it sums, so that float noise cannot add up', async () => {
    const bench = workbench();
    await bench.writeParquet(
      'export/a.parquet',
      detailedRows({ cost: '0.1::DOUBLE + 0.2::DOUBLE' }, 'range(1000) t(i)'),
    );

    await bench.ingest();

    expect(totals(bench)).toEqual({ 'a.parquet': '300.000000000' });
  });
});

describe('running again', () => {
  it('changes nothing on the same input, and touches no file', async () => {
    const bench = workbench();
    await bench.writeParquet('export/a.parquet', dayCost(1));
    await bench.ingest();
    const before = { batches: bench.batches(), heads: statSync(bench.path('data/lake/bill/heads.json')).mtimeMs };

    const report = await bench.ingest({ now: '2026-10-06T09:00:00Z' });

    expect(report.sources[0]).toMatchObject({ landed: [], unchanged: 1, replaced: [], rows: 3 });
    expect(bench.batches()).toEqual(before.batches);
    expect(statSync(bench.path('data/lake/bill/heads.json')).mtimeMs).toBe(before.heads);
  });

  it('replaces the batch of a partition that changed, and only that one', async () => {
    const bench = workbench();
    await bench.writeParquet('export/a.parquet', dayCost(1));
    await bench.writeParquet('export/b.parquet', dayCost(2));
    await bench.ingest();
    await bench.writeParquet('export/b.parquet', dayCost(5));

    const report = await bench.ingest();

    expect(report.sources[0]).toMatchObject({ unchanged: 1, replaced: ['b.parquet'], rows: 6 });
    expect(totals(bench)).toEqual({ 'a.parquet': '3.000000000', 'b.parquet': '15.000000000' });
    const kept = readdirSync(bench.path('data/lake/bill')).filter((name) => name !== 'heads.json');
    expect(kept.sort(), 'the replaced batch is gone from the disk').toEqual(
      bench
        .batches()
        .map(({ batchId }) => batchId)
        .sort(),
    );
  });

  it('takes an export that ran dry, and says what stood there before', async () => {
    const bench = workbench();
    await bench.writeParquet('export/a.parquet', dayCost(1));
    await bench.ingest();
    await bench.writeParquet('export/a.parquet', `SELECT * FROM (${dayCost(1)}) LIMIT 0`);

    const report = await bench.ingest();

    expect(report.warnings).toEqual([expect.stringMatching(/a\.parquet has no rows; it had 3 before/)]);
  });

  it('replaces a hive partition that lost a file', async () => {
    const bench = workbench();
    await bench.writeParquet('export/day=1/a.parquet', dayCost(1));
    await bench.writeParquet('export/day=1/b.parquet', dayCost(2));
    await bench.ingest();
    rmSync(bench.path('export/day=1/b.parquet'));

    await bench.ingest();

    expect(totals(bench)).toEqual({ 'day=1': '3.000000000' });
  });

  it('sees through a file that was only touched', async () => {
    const bench = workbench();
    const path = await bench.writeParquet('export/a.parquet', dayCost(1));
    await bench.ingest();
    utimesSync(path, 1, 2);

    const report = await bench.ingest();

    expect(report.sources[0]).toMatchObject({ landed: [], unchanged: 1 });
    expect(heads(bench)!.partitions['a.parquet']!.files[0]!.mtimeMs).toBe(2000);
  });

  it('keeps the rows of a partition that is gone from the source, and says so once', async () => {
    const bench = workbench();
    await bench.writeParquet('export/a.parquet', dayCost(1));
    await bench.writeParquet('export/b.parquet', dayCost(2));
    await bench.ingest();
    rmSync(bench.path('export/a.parquet'));

    const first = await bench.ingest({ now: '2026-10-06T00:00:00Z' });
    const second = await bench.ingest({ now: '2026-10-07T00:00:00Z' });

    expect(first.sources[0]).toMatchObject({ missing: ['a.parquet'], rows: 6 });
    expect(first.warnings).toEqual([expect.stringContaining('a.parquet')]);
    expect(second.warnings).toEqual([]);
    expect(heads(bench)!.partitions['a.parquet']!.missingSince).toBe('2026-10-06T00:00:00.000Z');
    expect(totals(bench)['a.parquet']).toBe('3.000000000');
  });

  it('takes a partition that is back at the source as found', async () => {
    const bench = workbench();
    const path = await bench.writeParquet('export/a.parquet', dayCost(1));
    await bench.writeParquet('export/b.parquet', dayCost(2));
    await bench.ingest();
    renameSync(path, bench.path('aside.parquet'));
    await bench.ingest();
    renameSync(bench.path('aside.parquet'), path);

    await bench.ingest();

    expect(heads(bench)!.partitions['a.parquet']!.missingSince).toBeUndefined();
  });

  it('follows a renamed file instead of counting it twice', async () => {
    const bench = workbench();
    const path = await bench.writeParquet('export/a.parquet', dayCost(1));
    await bench.ingest();
    renameSync(path, bench.path('export/renamed.parquet'));

    const report = await bench.ingest();

    expect(totals(bench)).toEqual({ 'renamed.parquet': '3.000000000' });
    expect(report.sources[0]!.missing).toEqual([]);
  });

  it('leaves out a second file with the same bytes, and lists it every time', async () => {
    const bench = workbench();
    const path = await bench.writeParquet('export/b.parquet', dayCost(1));
    await bench.ingest();
    const copy = bench.write('export/a.parquet', readFileSync(path));

    for (let run = 0; run < 2; run += 1) {
      const report = await bench.ingest();
      expect(report.skipped).toEqual([{ what: copy, why: expect.stringContaining(path) }]);
      expect(totals(bench)).toEqual({ 'b.parquet': '3.000000000' });
    }
  });

  it('reads every file again with --full, and lands again what the lake has lost', async () => {
    const bench = workbench();
    await bench.writeParquet('export/a.parquet', dayCost(1));
    await bench.ingest();
    const [batch] = bench.batches();
    const data = join(bench.path('data/lake/bill'), batch!.batchId, 'data-000.parquet');
    writeFileSync(data, 'torn');

    await bench.ingest({ full: true });

    expect(bench.batches()).toEqual([batch]);
    expect(statSync(data).size).toBe(batch!.files[0]!.bytes);
  });

  it('leaves partitions of days before --since as they are', async () => {
    const bench = workbench();
    await bench.writeParquet('export/2026-10-01.parquet', dayCost(1));
    await bench.writeParquet('export/2026-10-02.parquet', dayCost(2));
    await bench.writeParquet('export/2026-09-30.parquet', dayCost(3));
    await bench.ingest();
    await bench.writeParquet('export/2026-10-01.parquet', dayCost(10));
    await bench.writeParquet('export/2026-10-02.parquet', dayCost(20));
    rmSync(bench.path('export/2026-09-30.parquet'));

    const report = await bench.ingest({ since: '2026-10-02' });

    expect(report.sources[0]!.missing).toEqual([]);
    expect(totals(bench)).toEqual({
      '2026-09-30.parquet': '9.000000000',
      '2026-10-01.parquet': '3.000000000',
      '2026-10-02.parquet': '60.000000000',
    });
  });
});

describe('surviving a crash', () => {
  it('clears what a killed run left behind, and finds the batches it had landed', async () => {
    const bench = workbench();
    await bench.writeParquet('export/a.parquet', dayCost(1));
    await bench.ingest();
    const before = bench.batches();
    rmSync(bench.path('data/lake/bill/heads.json'));
    mkdirSync(bench.path('data/lake/.tmp-1-bill'));
    writeFileSync(bench.path('data/lake/.tmp-1-bill/0-0.parquet'), 'half');

    const report = await bench.ingest({ now: '2027-01-01T00:00:00Z' });

    expect(report.sources[0]!.landed).toHaveLength(1);
    expect(bench.batches()).toEqual(before);
    expect(readdirSync(bench.path('data/lake'))).toEqual(['bill']);
  });

  it('leaves the heads as they are where the workspace has been taken over meanwhile', async () => {
    const bench = workbench();
    await bench.writeParquet('export/a.parquet', dayCost(1));
    await bench.ingest();
    const before = heads(bench);
    await bench.writeParquet('export/b.parquet', dayCost(2));
    const assertHeld = (): never => {
      throw new Error('taken over');
    };

    await expect(ingest(bench.config, {}, { ...silentEffects, assertHeld })).rejects.toThrow('taken over');

    expect(heads(bench)).toEqual(before);
  });

  it('does not trust a landed folder whose manifest is torn', async () => {
    const bench = workbench();
    await bench.writeParquet('export/a.parquet', dayCost(1));
    await bench.ingest();
    const [batch] = bench.batches();
    writeFileSync(join(bench.path('data/lake/bill'), batch!.batchId, 'manifest.json'), '{"version": 1,');

    await bench.ingest();

    expect(bench.batches()).toEqual([batch]);
  });
});

describe('naming sources', () => {
  it('refuses a source that has no files, naming its patterns', async () => {
    const bench = workbench();

    expect(await failureOf(bench.ingest())).toMatchObject({
      code: 'SOURCE_EMPTY',
      on: expect.stringContaining('export'),
    });
    expect(existsSync(bench.path('data/lake/bill'))).toBe(false);
  });

  it('refuses a source name that the configuration does not have', async () => {
    const bench = workbench();

    expect(await failureOf(bench.ingest({ sources: ['bil'] }))).toMatchObject({ code: 'USAGE' });
  });

  it('ingests the good sources when another one fails, and still fails', async () => {
    const bench = workbench();
    bench.config.sources.push({ name: 'other', kind: 'focus', files: [bench.path('other/*.csv')] });
    bench.write('other/a.csv', 'BilledCost\n1\n');
    await bench.writeParquet('export/a.parquet', dayCost(1));

    expect(await failureOf(bench.ingest())).toMatchObject({
      code: 'SCHEMA_MISSING_COLUMN',
      on: bench.path('other/a.csv'),
    });

    expect(totals(bench)).toEqual({ 'a.parquet': '3.000000000' });
  });

  it('tells files of two roots apart that bear the same name', async () => {
    const bench = workbench();
    bench.config.sources[0]!.files = [bench.path('export/emea/*.parquet'), bench.path('export/apac/*.parquet')];
    await bench.writeParquet('export/emea/01.parquet', dayCost(1));
    await bench.writeParquet('export/apac/01.parquet', dayCost(2));

    await bench.ingest();

    expect(totals(bench)).toEqual({ 'apac/01.parquet': '6.000000000', 'emea/01.parquet': '3.000000000' });
  });

  it('reads a folder whose own name looks like a pattern', async () => {
    const bench = workbench();
    const odd = workbench();
    await bench.writeParquet('a [b] (c)/export/a.parquet', dayCost(1));
    const config = { ...odd.config, path: bench.path('a [b] (c)/worthwhile.yaml') };
    config.sources[0]!.files = [bench.path('a [b] (c)/export/**/*')];

    const report = await ingest(config);

    expect(report.sources[0]!.landed[0]!.rows).toBe(3);
  });
});
