import { cpSync, readFileSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { detailedRows, workbench, type Workbench } from './workbench.ts';

/** A workbench with a second source, `other` over `other/**`. */
function twoSources(): Workbench {
  const bench = workbench();
  bench.config.sources.push({ ...bench.config.sources[0]!, name: 'other', files: [bench.path('other/**/*')] });
  return bench;
}

const dayCost = (cost: number): string => detailedRows({ cost: `${cost}::DOUBLE` });
const counted = (bench: Workbench): string[] =>
  bench.batches().map(({ source, partition, sums }) => `${source}/${partition} ${sums['USD']?.['cost'] ?? 0}`);
const copy = (bench: Workbench, from: string, to: string): void => cpSync(bench.path(from), bench.path(to));

describe('the same file in two sources', () => {
  it('counts once, in the source that is named first, and is listed', async () => {
    const bench = twoSources();
    await bench.writeParquet('export/a.parquet', dayCost(1));
    await bench.writeParquet('other/b.parquet', dayCost(2));
    copy(bench, 'export/a.parquet', 'other/a.parquet');

    for (const run of [1, 2]) {
      const report = await bench.ingest();

      expect(counted(bench), `run ${run}`).toEqual(['bill/a.parquet 3.000000000', 'other/b.parquet 6.000000000']);
      expect(report.skipped).toEqual([
        {
          what: bench.path('other/a.parquet'),
          why: `it holds the same bytes as ${bench.path('export/a.parquet')} of source "bill"; counting both would double their cost`,
        },
      ]);
    }
  });

  it('stays where it landed first, whatever the order of the sources and which of them a run looks at', async () => {
    const bench = twoSources();
    await bench.writeParquet('other/a.parquet', dayCost(1));
    await bench.ingest({ sources: ['other'] });
    copy(bench, 'other/a.parquet', 'export/a.parquet');

    expect((await bench.ingest({ sources: ['bill'] })).skipped).toHaveLength(1);
    await bench.ingest({ full: true });
    expect(counted(bench)).toEqual(['other/a.parquet 3.000000000']);

    rmSync(bench.path('other/a.parquet'));
    await bench.writeParquet('other/b.parquet', dayCost(2));
    await bench.ingest();
    expect(counted(bench)).toEqual(['other/a.parquet 3.000000000', 'other/b.parquet 6.000000000']);
  });

  it('is taken out of the later source where an older lake counts it in both, and nothing else is', async () => {
    const bench = twoSources();
    const [bill, other] = bench.config.sources;
    await bench.writeParquet('export/a.parquet', dayCost(1));
    await bench.writeParquet('other/day=1/b.parquet', dayCost(2));
    copy(bench, 'export/a.parquet', 'other/a.parquet');
    await bench.writeParquet('export/c.parquet', dayCost(3));
    copy(bench, 'export/c.parquet', 'other/day=1/c.parquet');
    for (const source of [bill!, other!]) {
      bench.config.sources = [source];
      await bench.ingest();
    }
    bench.config.sources = [bill!, other!];

    const report = await bench.ingest();

    expect(counted(bench)).toEqual([
      'bill/a.parquet 3.000000000',
      'bill/c.parquet 9.000000000',
      'other/day=1 6.000000000',
    ]);
    expect(report.skipped.map(({ what }) => what)).toEqual([
      bench.path('other/a.parquet'),
      bench.path('other/day=1/c.parquet'),
    ]);
  });

  it('is no harm where it has no rows', async () => {
    const bench = twoSources();
    await bench.writeParquet('export/none.parquet', detailedRows({}, 'range(0) AS t(i)'));
    bench.write('other/none.parquet', readFileSync(bench.path('export/none.parquet')));

    expect((await bench.ingest()).skipped).toEqual([]);
    expect((await bench.ingest()).skipped).toEqual([]);
  });
});
