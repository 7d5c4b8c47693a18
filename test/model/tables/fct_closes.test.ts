import { expect, test } from 'vitest';
import { given } from '../given.ts';

test('a close tells who sealed the month, when and why, under which seal', async () => {
  const close = {
    BillingPeriodStart: '2026-01-01',
    x_CloseVersion: 2,
    x_ClosedAt: '2026-02-05 08:00:00+00',
    x_ClosedBy: 'Jo',
    x_CloseReason: null,
    x_Seal: 'ab12',
    x_SealedGeneration: 7,
  };

  expect(await given('fct_closes', { inp_closes: [{ ...close, x_HasOtherRows: true, x_Changed: 'pools' }] })).toEqual([
    { ...close, x_CloseVersion: '2', x_SealedGeneration: '7' },
  ]);
});
