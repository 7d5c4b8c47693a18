import { expect, test } from 'vitest';
import { given, type GivenRow } from '../given.ts';
import { only } from './rows.ts';

const run = {
  BillingPeriodStart: '2026-01-01',
  BillingCurrency: 'USD',
  ValidFrom: '2026-01-01',
  ValidTo: '2026-02-01',
};
const weight = (x_PoolId: string, target: string | null, x_Weight: string): GivenRow => {
  const [x_TargetKind, x_Target] = target === null ? ['kept', null] : target.split(':');
  return { ...run, x_PoolId, x_TargetKind, x_Target, x_Weight };
};
const owner = (
  SquadId: string | null,
  x_OwnerPosition: number,
  x_OwnerShare: string,
  ValidFrom: string,
  ValidTo: string,
): GivenRow => ({
  ComponentId: 'web',
  ValidFrom,
  ValidTo,
  x_OwnerPosition,
  SquadId,
  x_OwnerShare,
});
const shown = ['x_PoolId', 'ValidFrom', 'SquadId', 'ComponentId', 'x_IsKept', 'x_ShareHigh', 'x_ShareLow'] as const;

test('pools that feed each other end with those who pay', async () => {
  const rows = await given('int_pool_shares', {
    int_pool_weights: [
      weight('kafka', 'squad:a', '1'),
      weight('kafka', 'pool:network', '1'),
      weight('network', 'squad:b', '1'),
      weight('network', 'pool:kafka', '1'),
      weight('network', null, '2'),
    ],
  });

  expect(only(rows, ...shown)).toEqual([
    ['kafka', '2026-01-01', 'a', null, false, '571428571', '428571429'],
    ['kafka', '2026-01-01', 'b', null, false, '142857142', '857142857'],
    ['kafka', '2026-01-01', null, null, true, '285714285', '714285714'],
    ['network', '2026-01-01', 'a', null, false, '142857142', '857142857'],
    ['network', '2026-01-01', 'b', null, false, '285714285', '714285714'],
    ['network', '2026-01-01', null, null, true, '571428571', '428571429'],
  ]);
});

test("a component's part goes to its owners of the day, and to nobody where none is a squad", async () => {
  const rows = await given('int_pool_shares', {
    int_pool_weights: [weight('logs', 'component:web', '3'), weight('logs', 'component:gone', '1')],
    int_component_shares: [
      owner('a', 1, '1', '1900-01-01', '2026-01-15'),
      owner('b', 1, '0.6', '2026-01-15', '2999-12-31'),
      owner(null, 2, '0.4', '2026-01-15', '2999-12-31'),
    ],
  });

  expect(only(rows, 'ValidFrom', 'ValidTo', 'SquadId', 'ComponentId', 'x_ShareHigh')).toEqual([
    ['2026-01-01', '2026-01-15', 'a', 'web', '750000000'],
    ['2026-01-01', '2026-01-15', 'unallocated', 'gone', '250000000'],
    ['2026-01-15', '2026-02-01', 'b', 'web', '450000000'],
    ['2026-01-15', '2026-02-01', 'unallocated', 'gone', '250000000'],
    ['2026-01-15', '2026-02-01', 'unallocated', 'web', '300000000'],
  ]);
});

test('pools that trap each other stop the build, naming the loop and the month', async () => {
  await expect(
    given('int_pool_shares', {
      int_pool_weights: [weight('kafka', 'pool:network', '1'), weight('network', 'pool:kafka', '1')],
    }),
  ).rejects.toThrow(/kafka -> network -> kafka[^]*2026-01/);
});
