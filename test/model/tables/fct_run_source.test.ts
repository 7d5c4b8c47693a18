import { expect, test } from 'vitest';
import { given } from '../given.ts';

test('a source of a run is dated by the run; one whose run is not known is left out', async () => {
  const rows = await given('fct_run_source', {
    inp_runs: [{ x_RunId: 'a', x_StartedAt: '2026-10-01 06:00:00+00' }],
    inp_run_sources: [
      {
        x_RunId: 'a',
        x_SourceName: 'gcp',
        x_SourceKind: 'gcp-focus',
        x_RowCount: 5,
        x_PriceUsd: '0.05',
        x_BytesBilled: '10485760',
      },
      { x_RunId: 'gone', x_SourceName: 'gcp' },
    ],
  });

  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({
    x_RunId: 'a',
    x_StartedAt: '2026-10-01 06:00:00+00',
    x_SourceName: 'gcp',
    x_SourceKind: 'gcp-focus',
    x_RowCount: '5',
    x_BytesBilled: '10485760',
    x_PriceUsd: '0.050000000',
  });
});
