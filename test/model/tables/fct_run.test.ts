import { expect, test } from 'vitest';
import { given } from '../given.ts';

test('a run carries the sums of what its sources landed and cost, and one without sources carries zeros', async () => {
  const rows = await given('fct_run', {
    inp_runs: [
      {
        x_RunId: 'a',
        x_Command: 'run',
        x_Trigger: 'schedule',
        x_StartedAt: '2026-10-01 06:00:00+00',
        x_EndedAt: '2026-10-01 06:01:00+00',
        x_DurationMs: 60_000,
        x_Outcome: 'skipped',
        x_ExitCode: 3,
        x_Generation: 7,
        x_IsPublished: true,
        x_SkippedCount: 1,
        x_WarningCount: 2,
      },
      { x_RunId: 'b', x_Outcome: 'interrupted' },
    ],
    inp_run_sources: [
      {
        x_RunId: 'a',
        x_RowCount: 10,
        x_ByteCount: 100,
        x_LandedPartitionCount: 1,
        x_QueryCount: 0,
        x_BytesBilled: 0,
        x_PriceUsd: '0',
      },
      {
        x_RunId: 'a',
        x_RowCount: 5,
        x_ByteCount: 50,
        x_LandedPartitionCount: 2,
        x_QueryCount: 3,
        x_BytesBilled: '9007199254740993',
        x_PriceUsd: '0.000000001',
      },
    ],
  });

  expect(rows.find(({ x_RunId }) => x_RunId === 'a')).toEqual({
    x_RunId: 'a',
    x_Command: 'run',
    x_Trigger: 'schedule',
    x_StartedAt: '2026-10-01 06:00:00+00',
    x_EndedAt: '2026-10-01 06:01:00+00',
    x_DurationMs: '60000',
    x_Outcome: 'skipped',
    x_ExitCode: '3',
    x_ErrorCode: null,
    x_ErrorReason: null,
    x_Generation: '7',
    x_IsPublished: true,
    x_SkippedCount: '1',
    x_WarningCount: '2',
    x_SourceCount: '2',
    x_RowCount: '15',
    x_ByteCount: '150',
    x_LandedPartitionCount: '3',
    x_QueryCount: '3',
    x_BytesBilled: '9007199254740993',
    x_PriceUsd: '0.000000001',
  });
  expect(rows.find(({ x_RunId }) => x_RunId === 'b')).toMatchObject({
    x_Outcome: 'interrupted',
    x_EndedAt: null,
    x_SourceCount: '0',
    x_RowCount: '0',
    x_PriceUsd: '0.000000000',
  });
});
