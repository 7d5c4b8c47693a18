import { describe, expect, test } from 'vitest';
import { planCompaction, type WantedBatch } from '../../../model/compaction/plan.ts';
import type { Segment } from '../../../model/compaction/segments.ts';

const wanted = (batchId: string, more: Partial<WantedBatch> = {}): WantedBatch => ({
  batchId,
  source: 'gcp',
  projection: 'p',
  signature: 's',
  rows: 10,
  ...more,
});
const segment = (folder: string, batches: Record<string, number>): Segment => ({
  folder,
  charges: Object.values(batches).reduce((sum, charges) => sum + charges, 0),
  batches: Object.entries(batches).map(([batchId, charges]) => ({
    batchId,
    source: 'gcp',
    projection: 'p',
    charges,
    billingPeriods: ['2026-01-01'],
  })),
});
const ids = (batches: { batchId: string }[]): string[] => batches.map(({ batchId }) => batchId);

describe('the plan of a compaction', () => {
  test('reads what is there and compacts what is new', () => {
    const plan = planCompaction([wanted('a'), wanted('b'), wanted('c')], [segment('one', { a: 300_000, b: 300_000 })]);

    expect(ids(plan.reused.map(({ batch }) => batch))).toEqual(['a', 'b']);
    expect(plan.toCompact.map(ids)).toEqual([['c']]);
    expect(plan.toMerge).toEqual([]);
  });

  test('compacts a batch again where its rows would be read in another way', () => {
    const plan = planCompaction([wanted('a', { projection: 'other' })], [segment('one', { a: 1 })]);

    expect(plan.toCompact.map(ids)).toEqual([['a']]);
  });

  test('keeps a query to a bounded number of rows and to files of the same columns', () => {
    const batches = [
      wanted('a', { rows: 4_000_000 }),
      wanted('b', { rows: 1_000_000, signature: 'other' }),
      wanted('c', { rows: 2_000_000 }),
      wanted('d', { rows: 1 }),
      wanted('huge', { rows: 90_000_000 }),
    ];

    expect(planCompaction(batches, []).toCompact.map(ids)).toEqual([['a', 'c'], ['b'], ['d'], ['huge']]);
  });

  test('rewrites a segment that is mostly superseded, and leaves one that is mostly not', () => {
    const segments = [
      segment('mostly-dead', { a: 100_000, x: 900_000 }),
      segment('mostly-alive', { b: 900_000, y: 100_000 }),
    ];

    const plan = planCompaction([wanted('a'), wanted('b')], segments);

    expect(plan.toMerge.map((places) => ids(places.map(({ batch }) => batch)))).toEqual([['a']]);
  });

  test('merges small segments once there are many', () => {
    const days = Array.from({ length: 16 }, (_, index) => `day-${index}`);
    const segments = days.map((day) => segment(day, { [day]: 2_000 }));
    const all = days.map((day) => wanted(day));

    expect(planCompaction(all.slice(1), segments.slice(1)).toMerge).toEqual([]);
    expect(planCompaction(all, segments).toMerge.map((places) => places.length)).toEqual([16]);
  });

  test('takes a batch from one segment alone, where a dead build left it in two', () => {
    const plan = planCompaction([wanted('a')], [segment('one', { a: 1 }), segment('two', { a: 1 })]);

    expect(plan.reused).toHaveLength(1);
    expect(plan.toCompact).toEqual([]);
  });

  test('tells batches of two sources apart, though their bytes are the same', () => {
    const plan = planCompaction([wanted('a'), wanted('a', { source: 'other' })], [segment('one', { a: 1 })]);

    expect(plan.toCompact.map((batches) => batches.map(({ source }) => source))).toEqual([['other']]);
  });
});
