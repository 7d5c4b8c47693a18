import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { only } from './rows.ts';

test('a day is the usage day, whatever month bills it, and corrections lower their own day', async () => {
  const charge = {
    ChargePeriodStart: '2026-01-31',
    BillingCurrency: 'USD',
    SquadId: 'a',
    ServiceName: 's',
    ChargeCategory: 'Usage',
  };
  const rows = await given('fct_cost_daily', {
    int_charges_allocated: [
      { ...charge, BillingPeriodStart: '2026-01-01', EffectiveCost: '10' },
      { ...charge, BillingPeriodStart: '2026-02-01', EffectiveCost: '-4.5' },
      { ...charge, ChargePeriodStart: '2026-02-01', EffectiveCost: '1' },
    ],
  });

  expect(only(rows, 'ChargePeriodStart', 'EffectiveCost')).toEqual([
    ['2026-01-31', '5.500000000'],
    ['2026-02-01', '1.000000000'],
  ]);
});

test('charges without component, project or SKU group are a row of their own', async () => {
  const charge = {
    ChargePeriodStart: '2026-01-31',
    BillingCurrency: 'USD',
    SquadId: 'a',
    ServiceName: 's',
    ChargeCategory: 'Usage',
    BilledCost: '1',
  };
  const rows = await given('fct_cost_daily', {
    int_charges_allocated: [
      charge,
      charge,
      { ...charge, SubAccountId: 'shop', ComponentId: 'web', x_SkuGroup: 'Compute' },
    ],
  });

  expect(only(rows, 'ComponentId', 'SubAccountId', 'BilledCost')).toEqual([
    ['web', 'shop', '1.000000000'],
    [null, null, '2.000000000'],
  ]);
});
