import { expect, test } from 'vitest';
import { given, type GivenRow } from '../given.ts';
import { always, only } from './rows.ts';

const month = { BillingPeriodStart: '2026-01-01', BillingCurrency: 'USD' };
const lines = (x_PoolId: string, ...days: string[]): GivenRow[] =>
  days.map((ChargePeriodStart) => ({ ...month, x_PoolId, ChargePeriodStart }));
const pool = (x_PoolEntry: number, x_PoolId: string, x_Method: string, more: object = {}): GivenRow => ({
  x_PoolEntry,
  x_PoolId,
  x_Method,
  x_BaseColumn: 'EffectiveCost',
  x_Level: 'squad',
  x_Fallback: 'keep',
  ...always,
  ...more,
});
const base = (SquadId: string, EffectiveCost: string, ComponentId: string | null = null): GivenRow => ({
  ...month,
  SquadId,
  ComponentId,
  EffectiveCost,
  BilledCost: '1',
  ListCost: '1',
});
const used = (x_PeriodStart: string, x_PeriodEnd: string, of: object, x_Value: string): GivenRow => ({
  x_MeasureKind: 'driver',
  x_MeasureName: 'bytes',
  x_PeriodStart,
  x_PeriodEnd,
  x_Consumer: JSON.stringify(of),
  x_Value,
  ...of,
});
const shown = [
  'x_PoolId',
  'ValidFrom',
  'ValidTo',
  'x_TargetKind',
  'x_Target',
  'x_Weight',
  'x_Ratio',
  'x_FallbackUsed',
] as const;

test('cost is shared by direct cost, of which credits above it count as none', async () => {
  const rows = await given('int_pool_weights', {
    inp_pools: [pool(1, 'support', 'proportional')],
    int_pool_lines: lines('support', '2026-01-05', '2026-01-06'),
    int_pool_bases: [base('a', '30', 'web'), base('a', '-10'), base('b', '60'), base('c', '-5')],
  });

  expect(only(rows, ...shown)).toEqual([
    ['support', '2026-01-05', '2026-01-07', 'squad', 'a', '20.000000000', '0.250000000', null],
    ['support', '2026-01-05', '2026-01-07', 'squad', 'b', '60.000000000', '0.750000000', null],
  ]);
});

test('a driver counts in its own period; a consumer that is a pool hands on, an unknown one leaves its part', async () => {
  const rows = await given('int_pool_weights', {
    inp_pools: [pool(1, 'network', 'driver', { x_DriverName: 'bytes' }), pool(2, 'kafka', 'even')],
    inp_pool_targets: [{ x_PoolEntry: 2, x_Role: 'captures', x_TargetKind: 'component', x_Target: 'kafka' }],
    int_pool_lines: lines('network', '2026-01-31', '2026-02-01'),
    int_pool_bases: [base('a', '1')],
    int_measure_values: [
      used('2026-01-01', '2026-02-01', { ComponentId: 'kafka' }, '6'),
      used('2026-01-01', '2026-02-01', { SquadId: 'a' }, '3'),
      used('2026-01-01', '2026-02-01', {}, '1'),
      used('2026-02-01', '2026-03-01', { SquadId: 'b' }, '5'),
    ],
  });

  expect(
    only(
      rows.filter((row) => row['x_PoolId'] === 'network'),
      ...shown,
      'x_DriverPeriodStart',
    ),
  ).toEqual([
    ['network', '2026-01-31', '2026-02-01', 'kept', null, '1.000000000', '0.100000000', null, '2026-01-01'],
    ['network', '2026-01-31', '2026-02-01', 'pool', 'kafka', '6.000000000', '0.600000000', null, '2026-01-01'],
    ['network', '2026-01-31', '2026-02-01', 'squad', 'a', '3.000000000', '0.300000000', null, '2026-01-01'],
    ['network', '2026-02-01', '2026-02-02', 'squad', 'b', '5.000000000', '1.000000000', null, '2026-02-01'],
  ]);
});

test.each([
  ['previous', 'squad', 'b', 'previous', '2025-11-01'],
  ['even', 'squad', 'a', 'even', null],
  ['keep', 'kept', null, 'keep', null],
])('without any use in the period, fallback %s is used and told', async (x_Fallback, kind, target, told, period) => {
  const rows = await given('int_pool_weights', {
    inp_pools: [pool(1, 'network', 'driver', { x_DriverName: 'bytes', x_Fallback })],
    int_pool_lines: lines('network', '2026-01-05'),
    int_pool_bases: [base('a', '1')],
    int_measure_values: [
      used('2025-11-01', '2025-12-01', { SquadId: 'b' }, '5'),
      used('2025-12-01', '2026-01-01', { SquadId: 'c' }, '0'),
    ],
  });

  expect(only(rows, 'x_TargetKind', 'x_Target', 'x_FallbackUsed', 'x_DriverPeriodStart')).toEqual([
    [kind, target, told, period],
  ]);
});

test('who takes part can be said, by name and by pattern; shares are taken as configured', async () => {
  const target = (x_PoolEntry: number, x_Role: string, x_Target: string, more: object = {}): GivenRow => ({
    x_PoolEntry,
    x_Role,
    x_Target,
    ...more,
  });
  const rows = await given('int_pool_weights', {
    inp_pools: [
      pool(1, 'even', 'even'),
      pool(2, 'components', 'proportional', { x_Level: 'component' }),
      pool(3, 'fixed', 'fixed', { ValidTo: '2026-01-06' }),
    ],
    inp_pool_targets: [
      target(1, 'include', 'data-*'),
      target(1, 'include', 'newcomers'),
      target(1, 'exclude', 'data-old'),
      target(3, 'share', 'a', { x_TargetKind: 'squad', x_Weight: '60' }),
      target(3, 'share', 'even', { x_TargetKind: 'pool', x_Weight: '20' }),
    ],
    int_pool_lines: lines('even', '2026-01-05', '2026-01-06'),
    int_pool_bases: [base('a', '1', 'web'), base('data-lake', '2'), base('data-old', '3', 'web')],
  });

  const first = rows.filter((row) => row['ValidFrom'] === '2026-01-05');
  expect(only(first, 'x_PoolId', 'x_TargetKind', 'x_Target', 'x_Weight', 'x_Ratio')).toEqual([
    ['components', 'component', 'web', '4.000000000', '1.000000000'],
    ['even', 'squad', 'data-lake', '0.000000001', '0.500000000'],
    ['even', 'squad', 'newcomers', '0.000000001', '0.500000000'],
    ['fixed', 'pool', 'even', '20.000000000', '0.250000000'],
    ['fixed', 'squad', 'a', '60.000000000', '0.750000000'],
  ]);
  const second = rows.filter((row) => row['ValidFrom'] === '2026-01-06');
  expect(new Set(second.map((row) => row['x_PoolId']))).toEqual(new Set(['components', 'even']));
});
