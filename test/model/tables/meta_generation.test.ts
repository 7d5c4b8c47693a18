import { expect, test } from 'vitest';
import { given } from '../given.ts';

const generation = [
  { x_Generation: 7, x_Company: 'Acme', x_DefaultCurrency: 'USD', x_Timezone: 'America/Los_Angeles' },
];
const usageOf = (day: string) => ({ ChargePeriodStart: day, ChargeCategory: 'Usage' });

test.each([
  [
    'the newest usage is followed by exports two days younger, so it is complete',
    '2026-10-31',
    '2026-11-03',
    '2026-10-31',
  ],
  [
    'the newest export is of the day after, so the day before the newest is the last complete one',
    '2026-10-31',
    '2026-11-01',
    '2026-10-30',
  ],
  ['no source tells when it was exported, so the last two days are open', '2026-10-31', null, '2026-10-29'],
])('when %s', async (_, newestUsage, newestExport, lastCompleteDay) => {
  const rows = await given('meta_generation', {
    inp_generation: generation,
    fct_cost_daily: [usageOf('2026-10-02'), usageOf(newestUsage)],
    inp_batches: [
      { x_BatchId: '1', x_ExportTimeMax: newestExport && `${newestExport} 18:00:00+00` },
      { x_BatchId: '2', x_ExportTimeMax: null },
    ],
  });

  expect(rows).toMatchObject([{ x_Generation: '7', x_Company: 'Acme', x_LastCompleteDay: lastCompleteDay }]);
});

test('tax and adjustments dated after the usage complete nothing, and without usage no day is complete', async () => {
  const rows = await given('meta_generation', {
    inp_generation: generation,
    fct_cost_daily: [{ ChargePeriodStart: '2026-11-30', ChargeCategory: 'Tax' }],
    inp_batches: [{ x_BatchId: '1', x_ExportTimeMax: '2026-12-03 18:00:00+00' }],
  });

  expect(rows).toMatchObject([{ x_LastCompleteDay: null }]);
});
