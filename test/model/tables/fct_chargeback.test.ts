import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { only } from './rows.ts';

const costs = (amount: string) => ({
  ListCost: amount,
  ContractedCost: amount,
  BilledCost: amount,
  EffectiveCost: amount,
});
const line = { BillingCurrency: 'USD', SquadId: 'search', ComponentId: 'web', ServiceName: 'BigQuery' };
const computed = (month: string, amount: string) => ({
  ...line,
  ...costs(amount),
  BillingPeriodStart: month,
  SquadName: 'Search',
  CostCentre: 'CC',
  ChargeKind: 'Direct',
  x_ChargeCount: 3,
});
const trueUp = { ...line, x_TrueUpOf: '2026-01-01', x_TrueUpKind: 'Direct', SquadName: 'Search' };

test('while no month is closed it is as computed', async () => {
  const rows = await given('fct_chargeback', { fct_computed_chargeback: [computed('2026-01-01', '5')] });

  expect(rows).toEqual([{ ...computed('2026-01-01', '5'), ...costs('5.000000000'), x_ChargeCount: '3' }]);
});

test('a closed month is what was sealed to the letter, whatever it would be now', async () => {
  const sealed = { ...computed('2026-01-01', '4.000000001'), SquadName: 'Find', CostCentre: null, x_ChargeCount: 2 };
  const rows = await given('fct_chargeback', {
    inp_closes: [{ BillingPeriodStart: '2026-01-01' }],
    fct_computed_chargeback: [
      computed('2026-01-01', '5'),
      { ...computed('2026-01-01', '1'), SquadId: 'new' },
      computed('2026-02-01', '7'),
    ],
    inp_closed_chargeback: [sealed],
  });

  expect(only(rows, 'BillingPeriodStart', 'SquadId', 'SquadName', 'CostCentre', 'BilledCost', 'x_ChargeCount')).toEqual(
    [
      ['2026-01-01', 'search', 'Find', null, '4.000000001', '2'],
      ['2026-02-01', 'search', 'Search', 'CC', '7.000000000', '3'],
    ],
  );
});

test('true-ups of an open month add up to a line of their own; those of a closed one are in what was sealed', async () => {
  const rows = await given('fct_chargeback', {
    inp_closes: [{ BillingPeriodStart: '2026-01-01' }, { BillingPeriodStart: '2026-02-01' }],
    inp_closed_chargeback: [{ ...computed('2026-02-01', '1'), ChargeKind: 'TrueUp', x_ChargeCount: 0 }],
    fct_true_ups: [
      { ...trueUp, BillingPeriodStart: '2026-02-01', ...costs('1') },
      { ...trueUp, BillingPeriodStart: '2026-03-01', ...costs('2') },
      { ...trueUp, BillingPeriodStart: '2026-03-01', x_TrueUpKind: 'SharedIn', ...costs('-0.5') },
      { ...trueUp, BillingPeriodStart: '2026-03-01', x_TrueUpOf: '2026-02-01', ...costs('0.000000001') },
      { ...trueUp, BillingPeriodStart: '2026-03-01', ComponentId: null, ...costs('9') },
    ],
  });

  expect(
    only(rows, 'BillingPeriodStart', 'ChargeKind', 'ComponentId', 'SquadName', 'BilledCost', 'x_ChargeCount'),
  ).toEqual([
    ['2026-02-01', 'TrueUp', 'web', 'Search', '1.000000000', '0'],
    ['2026-03-01', 'TrueUp', 'web', 'Search', '1.500000001', '0'],
    ['2026-03-01', 'TrueUp', null, 'Search', '9.000000000', '0'],
  ]);
});
