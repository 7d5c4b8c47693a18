import { describe, expect, test } from 'vitest';
import type { Run } from '../../api/contract/index.ts';
import { formatBytes, formatDuration } from '../../web/format.ts';
import { askAgainAfter, longestStages, whatItDid } from '../../web/run-words.ts';

const source: Run['sources'][number] = {
  name: 'gcp',
  kind: 'gcp-focus',
  rows: 1234,
  bytes: 4_500_000,
  landed: 2,
  replaced: 0,
  unchanged: 1,
  missing: 0,
  pulled: null,
};
const done: Run = {
  id: '20261001T060000000Z-abcdef',
  command: 'run',
  trigger: 'schedule',
  startedAt: '2026-10-01T06:00:00.000Z',
  updatedAt: '2026-10-01T06:00:12.000Z',
  endedAt: '2026-10-01T06:00:12.000Z',
  durationMs: 12_000,
  outcome: 'done',
  exitCode: 0,
  step: null,
  error: null,
  rows: 1234,
  bytes: 4_500_000,
  partitionsLanded: 2,
  pulled: null,
  sources: [source],
  catalog: null,
  build: { generation: 5, published: true, durationMs: 9_000, checksPassed: 51, stages: [] },
  skipped: [],
  warnings: [],
};
const nothingNew = { rows: 0, bytes: 0, partitionsLanded: 0 };

describe('the line of a run', () => {
  test('says what came in and what was published', () => {
    expect(whatItDid(done)).toBe('1,234 rows in 2 partitions (4.3 MiB); generation 5 published');
  });

  test('says what was paid, and that there was nothing new', () => {
    const pulled = { queries: 1, bytesProcessed: '1', bytesBilled: '10485760', priceUsd: '0.000059605' };
    const build = { ...done.build!, published: false };
    expect(whatItDid({ ...done, ...nothingNew, pulled, build })).toBe(
      'Nothing new in 1 source; < $0.01 for 10 MiB billed; generation 5 stays',
    );
  });

  test('begins with why a run ended before it was done', () => {
    const error = { code: 'CHECK_FAILED', reason: 'a check does not hold\n  on: int_x', on: null, next: null };
    const failed: Run = { ...done, outcome: 'failed', error, build: null, ...nothingNew, sources: [] };
    const step = { name: 'compaction', fraction: 0.429 };
    expect(whatItDid(failed)).toBe('A check does not hold');
    expect(whatItDid({ ...failed, outcome: 'interrupted', error: null, step })).toBe(
      'Its process ended at "compaction"',
    );
    expect(whatItDid({ ...failed, outcome: 'running', error: null, step })).toBe('At "compaction", 42%');
    expect(whatItDid({ ...failed, outcome: 'running', error: null })).toBe('Nothing yet');
  });

  test('counts what was skipped and warned of, and leaves sources out of a build', () => {
    const skipped = [{ what: 'pool', why: 'not yet' }];
    const run: Run = {
      ...done,
      command: 'build',
      sources: [],
      ...nothingNew,
      outcome: 'skipped',
      skipped,
      warnings: ['a', 'b'],
    };
    expect(whatItDid(run)).toBe('Generation 5 published; 1 skipped, 2 warnings');
  });
});

test('the page asks often while something runs, and seldom else', () => {
  const answer = { runs: [done], count: 1, nextCursor: null, schedule: null };
  expect(askAgainAfter(answer)).toBeGreaterThan(askAgainAfter({ ...answer, runs: [{ ...done, outcome: 'running' }] }));
  expect(askAgainAfter(undefined)).toBe(askAgainAfter(answer));
});

test('the longest stages come first, and the rest is summed up', () => {
  const stages = [3, 1, 2].map((ms) => ({ name: `s${ms}`, ms, rows: null }));
  const { stages: longest, others } = longestStages({ ...done, build: { ...done.build!, stages } }, 1);
  expect(longest.map(({ name }) => name)).toEqual(['s3']);
  expect(others).toEqual({ count: 2, ms: 3 });
  expect(longestStages({ ...done, build: null })).toEqual({ stages: [], others: { count: 0, ms: 0 } });
});

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1023 * 1024, '1,023 KiB'],
  [1024 ** 2 - 1, '1 MiB'],
  [1_536, '1.5 KiB'],
  ['412345678', '393 MiB'],
  ['9007199254740993', '8 PiB'],
])('%s bytes are written as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0, '0 ms'],
  [12.4, '12 ms'],
  [310, '0.3 s'],
  [59_400, '59 s'],
  [59_600, '1 min 0 s'],
  [3_599_600, '1 h 0 min'],
  [7_800_000, '2 h 10 min'],
])('%s milliseconds are written as %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});
