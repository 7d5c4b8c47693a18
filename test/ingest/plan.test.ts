import { describe, expect, it } from 'vitest';
import type { SourceHeads } from '../../core/lake.ts';
import { planSource, settledFiles, type KnownFile } from '../../ingest/plan.ts';

const file = (path: string, sha256: string, more: Partial<KnownFile> = {}): KnownFile => ({
  path: `/x/${path}`,
  partition: path,
  format: 'parquet',
  gzipped: false,
  size: 1,
  mtimeMs: 1,
  ctimeMs: 1,
  sha256,
  rows: 1,
  ...more,
});

function headsOf(...files: KnownFile[]): SourceHeads {
  const landed = plan(null, files).changed;
  const partitions = Object.fromEntries(
    landed.map(({ partition, batchId, files: members }) => [partition, { batchId, files: members }]),
  );
  return { version: 1, source: 's', kind: 'focus', partitions };
}

const plan = (heads: SourceHeads | null, files: KnownFile[]) =>
  planSource({ kind: 'focus', heads, files, expected: () => true, elsewhere: () => null });

describe('planning a source', () => {
  it('names a batch by kind, partition and content, whatever the order of its files', () => {
    const hive = { partition: 'day=1' };
    const one = plan(null, [file('a', '1', hive), file('b', '2', hive)]).changed[0]!.batchId;

    expect(one).toMatch(/^[0-9a-f]{20}$/);
    expect(plan(null, [file('b', '2', hive), file('a', '1', hive)]).changed[0]!.batchId).toBe(one);
    expect(plan(null, [file('b', '2', hive), file('a', '3', hive)]).changed[0]!.batchId).not.toBe(one);
    expect(plan(null, [file('a', '1'), file('b', '2')]).changed.map(({ batchId }) => batchId)).not.toContain(one);
  });

  it('settles a file by size and times only where its whole partition is the same', () => {
    const hive = { partition: 'day=1' };
    const [a, b] = [file('a', '1', hive), file('b', '2', hive)];
    const heads = headsOf(a, b);

    expect(settledFiles([a, b], heads).map(({ sha256 }) => sha256)).toEqual(['1', '2']);
    expect(settledFiles([a], heads)).toEqual([]);
    expect(settledFiles([a, { ...b, ctimeMs: 2 }], heads)).toEqual([]);
  });

  it('keeps the landed file of two with the same bytes, else the first by path', () => {
    const heads = headsOf(file('b', '1'));

    expect(plan(heads, [file('a', '1'), file('b', '1', { rows: null })]).skipped.map(({ what }) => what)).toEqual([
      '/x/a',
    ]);
    expect(plan(null, [file('b', '1'), file('a', '1')]).skipped.map(({ what }) => what)).toEqual(['/x/b']);
    expect(plan(null, [file('a', '1', { rows: 0 }), file('b', '1', { rows: 0 })]).skipped).toEqual([]);
  });

  it('does not count a file again whose bytes a kept, missing batch already holds', () => {
    const hive = { partition: 'day=1' };
    const heads = headsOf(file('a', '1', hive), file('b', '2', hive));

    const { missing, skipped, changed } = plan(heads, [file('moved', '1'), file('new', '3')]);

    expect(missing).toEqual(['day=1']);
    expect(skipped.map(({ what }) => what)).toEqual(['/x/moved']);
    expect(changed.map(({ partition }) => partition)).toEqual(['new']);
  });

  it('takes a partition for renamed when all its bytes live on elsewhere', () => {
    const heads = headsOf(file('a', '1', { partition: 'day=1' }), file('b', '2', { partition: 'day=1' }));

    expect(plan(heads, [file('c', '1'), file('d', '2')])).toMatchObject({ renamed: ['day=1'], missing: [] });
  });
});
