import { expect, test } from 'vitest';
import { newRun, type RunRecord } from '../../../core/run-record.ts';
import { runRows, runSourceRows } from '../../../model/inputs/run-rows.ts';

const began = new Date('2026-10-01T06:00:00.000Z');
const source = { name: 'gcp', kind: 'gcp-focus', rows: 5, bytes: 99, landed: 1, replaced: 1, unchanged: 0, missing: 0 };
const pulled = { queries: 2, bytesProcessed: '20', bytesBilled: '30', priceUsd: '0.000000186', transfer: 'paged' };
const ended: RunRecord = {
  ...newRun('run', 'schedule', began),
  outcome: 'done',
  exitCode: 0,
  endedAt: '2026-10-01T06:00:01.500Z',
  sources: [
    { ...source, pulled },
    { ...source, name: 'files', pulled: null },
  ],
  build: { generation: 4, published: true, durationMs: 900, checksPassed: 3, stages: [] },
};

test('a run that goes on, as the one that builds does, is not among the rows', () => {
  const going = { ...newRun('run', 'schedule', began), sources: [{ ...source, pulled: null }] };
  expect([runRows([going]), runSourceRows([going])]).toEqual([[], []]);
});

test('a run that has ended tells how long it took and what it published', () => {
  expect(runRows([ended])).toMatchObject([
    { x_RunId: ended.id, x_DurationMs: 1500, x_Generation: 4, x_IsPublished: true },
  ]);
});

test('a run that was killed has no end and no duration', () => {
  const killed: RunRecord = { ...newRun('build', 'command line', began), outcome: 'interrupted' };
  expect(runRows([killed])).toMatchObject([
    { x_EndedAt: null, x_DurationMs: null, x_Generation: null, x_IsPublished: false },
  ]);
});

test('bytes and prices are handed over as the exact texts they came in; files cost nothing', () => {
  expect(runSourceRows([ended])).toMatchObject([
    { x_SourceName: 'gcp', x_QueryCount: 2, x_BytesBilled: '30', x_PriceUsd: '0.000000186' },
    { x_SourceName: 'files', x_QueryCount: 0, x_BytesBilled: '0', x_PriceUsd: '0' },
  ]);
});
