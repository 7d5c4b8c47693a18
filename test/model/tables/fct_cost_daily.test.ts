import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { only } from './rows.ts';

test('a day is the usage day, and corrections lower their own day in the month that bills them', async () => {
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
      { ...charge, BillingPeriodStart: '2026-02-01', ChargePeriodStart: '2026-02-01', EffectiveCost: '1' },
      { ...charge, BillingPeriodStart: '2026-02-01', ChargePeriodStart: '2026-02-01', EffectiveCost: '2' },
    ],
  });

  expect(only(rows, 'ChargePeriodStart', 'BillingPeriodStart', 'EffectiveCost')).toEqual([
    ['2026-01-31', '2026-01-01', '10.000000000'],
    ['2026-01-31', '2026-02-01', '-4.500000000'],
    ['2026-02-01', '2026-02-01', '3.000000000'],
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
