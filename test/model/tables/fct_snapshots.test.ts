import { expect, test } from 'vitest';
import { given } from '../given.ts';

test('tells the time and the rows of the newest list of each source', async () => {
  const batch = {
    x_SourceName: 'prices',
    x_SourceKind: 'gcp-pricing',
    x_RowCount: 5,
    x_PulledAt: '2026-10-02 09:00:00+00',
    x_IsMissing: true,
    x_IsNewest: false,
  };
  const rows = await given('fct_snapshots', {
    inp_snapshots: [
      { ...batch, x_SnapshotTime: '2026-10-01 07:00:00+00' },
      {
        ...batch,
        x_SnapshotTime: '2026-10-02 07:00:00+00',
        x_RowCount: 7,
        x_PulledAt: '2026-10-03 09:00:00+00',
        x_IsNewest: true,
        x_IsMissing: false,
      },
      { ...batch, x_SourceName: 'tips', x_SourceKind: 'gcp-recommendations', x_SnapshotTime: null },
    ],
  });

  expect(rows.sort((a, b) => (a['x_SourceName']! < b['x_SourceName']! ? -1 : 1))).toEqual([
    {
      x_SourceName: 'prices',
      x_SourceKind: 'gcp-pricing',
      x_BatchCount: '2',
      x_RowCount: '7',
      x_SnapshotTime: '2026-10-02 07:00:00+00',
      x_LastPulledAt: '2026-10-03 09:00:00+00',
      x_MissingPartitionCount: '0',
    },
    expect.objectContaining({ x_SourceName: 'tips', x_BatchCount: '1', x_RowCount: '0', x_SnapshotTime: null }),
  ]);
});
