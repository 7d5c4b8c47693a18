import { expect, test } from 'vitest';
import { given } from '../given.ts';

test('a source is as fresh as its newest batch, and says how many partitions are gone', async () => {
  const batch = { x_SourceName: 'gcp', x_SourceKind: 'gcp-billing-detailed', x_RowCount: 5 };
  const rows = await given('fct_freshness', {
    inp_batches: [
      {
        ...batch,
        x_BatchId: '1',
        x_ChargePeriodMax: '2026-01-31',
        x_ExportTimeMax: '2026-02-01 03:00:00+00',
        x_PulledAt: '2026-02-02 00:00:00+00',
        x_IsMissing: true,
      },
      {
        ...batch,
        x_BatchId: '2',
        x_ChargePeriodMax: '2026-02-28',
        x_ExportTimeMax: null,
        x_PulledAt: '2026-03-01 00:00:00+00',
        x_IsMissing: false,
      },
    ],
  });

  expect(rows).toEqual([
    {
      x_SourceName: 'gcp',
      x_SourceKind: 'gcp-billing-detailed',
      x_BatchCount: '2',
      x_RowCount: '10',
      x_ExportTimeMax: '2026-02-01 03:00:00+00',
      x_LastChargeDay: '2026-02-28',
      x_LastPulledAt: '2026-03-01 00:00:00+00',
      x_MissingPartitionCount: '1',
    },
  ]);
});

test('without batches there is no source to tell of', async () => {
  expect(await given('fct_freshness', {})).toEqual([]);
});
