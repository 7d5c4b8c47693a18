import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { only } from './rows.ts';

const line = {
  x_PoolLineId: 1,
  x_PoolId: 'kafka',
  BillingPeriodStart: '2026-01-01',
  BillingCurrency: 'USD',
  ChargePeriodStart: '2026-01-10',
  x_ChargeMonth: '2026-01-01',
  SquadId: 'platform',
  ComponentId: 'kafka',
  ServiceName: 'Pub/Sub',
  ChargeCategory: 'Usage',
  ListCost: '0',
  ContractedCost: '0',
  BilledCost: '0',
  EffectiveCost: '0',
};
let shares = 0;
const share = (x_TargetPosition: number, SquadId: string | null, x_ShareHigh: number, more: object = {}) => ({
  x_ShareId: ++shares,
  x_PoolId: 'kafka',
  BillingPeriodStart: '2026-01-01',
  BillingCurrency: 'USD',
  ValidFrom: '2026-01-01',
  ValidTo: '2026-02-01',
  x_TargetPosition,
  SquadId,
  x_IsKept: SquadId === null,
  x_ShareHigh,
  x_ShareLow: 0,
  ...more,
});

test('a line is dealt out in nano-units, what is left going to the largest remainders and then to the first', async () => {
  const third = { x_ShareLow: 333_333_333 };
  const rows = await given('int_pool_charges', {
    int_pool_lines: [{ ...line, BilledCost: '0.000000100', EffectiveCost: '-0.000000100' }],
    int_pool_shares: [
      share(1, 'a', 333_333_333, third),
      share(2, 'b', 333_333_333, third),
      share(3, 'c', 333_333_333, { x_ShareLow: 333_333_334 }),
    ],
  });

  expect(only(rows, 'x_TargetPosition', 'ChargeKind', 'SquadId', 'ComponentId', 'BilledCost', 'EffectiveCost')).toEqual(
    [
      ['0', 'SharedOut', 'platform', 'kafka', '-0.000000100', '0.000000100'],
      ['1', 'SharedIn', 'a', null, '0.000000034', '-0.000000034'],
      ['2', 'SharedIn', 'b', null, '0.000000033', '-0.000000033'],
      ['3', 'SharedIn', 'c', null, '0.000000033', '-0.000000033'],
    ],
  );
});

test('what a pool keeps has no row and is not taken off', async () => {
  const rows = await given('int_pool_charges', {
    int_pool_lines: [{ ...line, BilledCost: '10', ListCost: '20' }],
    int_pool_shares: [share(1, null, 250_000_000), share(2, 'a', 750_000_000, { ComponentId: 'web' })],
  });

  expect(only(rows, 'ChargeKind', 'SquadId', 'ComponentId', 'BilledCost', 'ListCost', 'ContractedCost')).toEqual([
    ['SharedIn', 'a', 'web', '7.500000000', '15.000000000', '0.000000000'],
    ['SharedOut', 'platform', 'kafka', '-7.500000000', '-15.000000000', '0.000000000'],
  ]);
});

test('shares hold for their usage days, billing month and currency', async () => {
  const rows = await given('int_pool_charges', {
    int_pool_lines: [
      { ...line, BilledCost: '1' },
      { ...line, x_PoolLineId: 2, ChargePeriodStart: '2026-01-20', BilledCost: '2' },
      { ...line, x_PoolLineId: 3, BillingCurrency: 'SEK', BilledCost: '4' },
    ],
    int_pool_shares: [
      share(1, 'a', 1_000_000_000, { ValidTo: '2026-01-15' }),
      share(1, 'b', 1_000_000_000, { ValidFrom: '2026-01-15' }),
      share(1, 'c', 1_000_000_000, { BillingCurrency: 'SEK' }),
    ],
  });

  const received = rows.filter((row) => row['ChargeKind'] === 'SharedIn');
  expect(only(received, 'x_PoolLineId', 'SquadId', 'BilledCost')).toEqual([
    ['1', 'a', '1.000000000'],
    ['2', 'b', '2.000000000'],
    ['3', 'c', '4.000000000'],
  ]);
});

test('also the largest amounts are dealt out exactly', async () => {
  const rows = await given('int_pool_charges', {
    int_pool_lines: [{ ...line, BilledCost: '1000000000000000001.000000001' }],
    int_pool_shares: [
      share(1, 'a', 333_333_333, { x_ShareLow: 333_333_333 }),
      share(2, 'b', 666_666_666, { x_ShareLow: 666_666_667 }),
    ],
  });

  expect(only(rows, 'SquadId', 'BilledCost')).toEqual([
    ['a', '333333333333333333.333333334'],
    ['b', '666666666666666667.666666667'],
    ['platform', '-1000000000000000001.000000001'],
  ]);
});
