import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { always, only } from './rows.ts';

const costs = (amount: string) => ({
  ListCost: amount,
  ContractedCost: amount,
  BilledCost: amount,
  EffectiveCost: amount,
});
const line = { BillingCurrency: 'USD', SquadId: 'search', ComponentId: 'web', ServiceName: 'BigQuery' };
const january = { ...line, BillingPeriodStart: '2026-01-01', ChargeKind: 'Direct' };
const closed = { BillingPeriodStart: '2026-01-01', x_HasOtherRows: true };
const told = ['BillingPeriodStart', 'x_TrueUpOf', 'SquadId', 'x_TrueUpKind', 'BilledCost', 'x_Cause'];

test('while no month is closed there are none', async () => {
  expect(await given('fct_true_ups', { fct_computed_chargeback: [{ ...january, ...costs('5') }] })).toEqual([]);
});

test('what a closed month would be now, less what was sealed, is charged in the month after the last closed one', async () => {
  const rows = await given('fct_true_ups', {
    inp_closes: [closed, { BillingPeriodStart: '2026-02-01', x_HasOtherRows: false }],
    fct_computed_chargeback: [
      { ...january, ...costs('5') },
      { ...january, SquadId: 'same', ...costs('1') },
      { ...january, BillingPeriodStart: '2026-04-01', ...costs('100') },
    ],
    inp_closed_chargeback: [
      { ...january, ...costs('4.999999999') },
      { ...january, SquadId: 'same', ...costs('1') },
      { ...january, SquadId: 'gone', ComponentId: null, ...costs('2') },
    ],
  });

  expect(only(rows, ...told)).toEqual([
    ['2026-03-01', '2026-01-01', 'gone', 'Direct', '-2.000000000', 'late rows'],
    ['2026-03-01', '2026-01-01', 'search', 'Direct', '0.000000001', 'late rows'],
  ]);
});

test('what was trued up in a month that is closed since stays there, and only what comes on top is charged later', async () => {
  const sealed = { ...line, BillingPeriodStart: '2026-02-01', x_TrueUpOf: '2026-01-01', x_TrueUpKind: 'Direct' };
  const rows = await given('fct_true_ups', {
    inp_closes: [closed, { BillingPeriodStart: '2026-02-01', x_HasOtherRows: false }],
    fct_computed_chargeback: [
      { ...january, ...costs('7') },
      { ...january, BillingPeriodStart: '2026-02-01', ...costs('20') },
    ],
    inp_closed_chargeback: [
      { ...january, ...costs('4') },
      { ...january, BillingPeriodStart: '2026-02-01', ...costs('20') },
      { ...january, BillingPeriodStart: '2026-02-01', ChargeKind: 'TrueUp', ...costs('2') },
    ],
    inp_closed_true_ups: [{ ...sealed, ...costs('2'), x_Cause: 'restated', SquadName: 'As sealed' }],
  });

  expect(only(rows, ...told)).toEqual([
    ['2026-02-01', '2026-01-01', 'search', 'Direct', '2.000000000', 'restated'],
    ['2026-03-01', '2026-01-01', 'search', 'Direct', '1.000000000', 'late rows'],
  ]);
});

test('a bill of the same sum is restated by what changed; another sum with other rows is late, or both', async () => {
  const cause = async (close: object, now: string) => {
    const rows = await given('fct_true_ups', {
      inp_closes: [{ BillingPeriodStart: '2026-01-01', ...close }],
      fct_computed_chargeback: [{ ...january, SquadId: 'ads', ...costs(now) }],
      inp_closed_chargeback: [{ ...january, ...costs('3') }],
    });
    return only(rows, 'SquadId', 'x_Cause', 'x_Changed');
  };

  expect(await cause({ x_HasOtherRows: false, x_Changed: 'catalog' }, '3')).toEqual([
    ['ads', 'restated', 'catalog'],
    ['search', 'restated', 'catalog'],
  ]);
  expect(await cause({ x_HasOtherRows: true, x_Changed: 'catalog, pools' }, '3')).toEqual([
    ['ads', 'restated', 'catalog, pools'],
    ['search', 'restated', 'catalog, pools'],
  ]);
  expect(await cause({ x_HasOtherRows: true, x_Changed: 'attribution' }, '4')).toEqual([
    ['ads', 'late rows and restated', 'attribution'],
    ['search', 'late rows and restated', 'attribution'],
  ]);
  expect(await cause({ x_HasOtherRows: true, x_Changed: null }, '4')).toEqual([
    ['ads', 'late rows', null],
    ['search', 'late rows', null],
  ]);
});

test('names and cost centres are those of the month in which it is charged', async () => {
  const rows = await given('fct_true_ups', {
    inp_closes: [closed],
    fct_computed_chargeback: ['search', 'gone', 'unallocated'].map((SquadId) => ({
      ...january,
      SquadId,
      ...costs('1'),
    })),
    inp_squads: [
      { SquadId: 'search', SquadName: 'Search', CostCentre: 'CC1', ...always, ValidTo: '2026-02-28' },
      { SquadId: 'search', SquadName: 'Find', CostCentre: 'CC2', ...always, ValidFrom: '2026-02-28' },
    ],
    int_latest_squads: [{ SquadId: 'gone', SquadName: 'Gone', CostCentre: 'CC3' }],
  });

  expect(only(rows, 'SquadId', 'SquadName', 'CostCentre')).toEqual([
    ['gone', 'Gone', 'CC3'],
    ['search', 'Find', 'CC2'],
    ['unallocated', 'Unallocated', null],
  ]);
});
