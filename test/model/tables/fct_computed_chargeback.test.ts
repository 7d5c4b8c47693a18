import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { only } from './rows.ts';

const charge = {
  BillingPeriodStart: '2026-02-01',
  BillingCurrency: 'USD',
  SquadId: 'search',
  ChargeKind: 'Direct',
  ServiceName: 'BigQuery',
  ListCost: '3',
  ContractedCost: '2',
  BilledCost: '1',
  EffectiveCost: '1',
  x_ChargeCount: 1,
};

test('charges add up by component, service and kind, never across currencies', async () => {
  const rows = await given('fct_computed_chargeback', {
    int_charges_allocated: [
      { ...charge, ComponentId: 'web' },
      { ...charge, ComponentId: 'web', BilledCost: '0.000000001' },
      { ...charge, ComponentId: null },
      { ...charge, ComponentId: 'web', BillingCurrency: 'SEK' },
      { ...charge, ComponentId: 'web', ChargeKind: 'Tax' },
    ],
  });

  expect(only(rows, 'BillingCurrency', 'ComponentId', 'ChargeKind', 'BilledCost', 'ListCost', 'x_ChargeCount')).toEqual(
    [
      ['SEK', 'web', 'Direct', '1.000000000', '3.000000000', '1'],
      ['USD', 'web', 'Direct', '1.000000001', '6.000000000', '2'],
      ['USD', 'web', 'Tax', '1.000000000', '3.000000000', '1'],
      ['USD', null, 'Direct', '1.000000000', '3.000000000', '1'],
    ],
  );
});

test("the squad's name and cost centre are those of the period's last day", async () => {
  const rows = await given('fct_computed_chargeback', {
    int_charges_allocated: [charge, { ...charge, BillingPeriodStart: '2026-03-01' }],
    inp_squads: [
      { SquadId: 'search', SquadName: 'Search', CostCentre: 'CC1', ValidFrom: '1900-01-01', ValidTo: '2026-03-01' },
      { SquadId: 'search', SquadName: 'Find', CostCentre: null, ValidFrom: '2026-03-01', ValidTo: '2999-12-31' },
    ],
    int_latest_squads: [{ SquadId: 'search', SquadName: 'Find', CostCentre: 'later' }],
  });

  expect(only(rows, 'BillingPeriodStart', 'SquadName', 'CostCentre')).toEqual([
    ['2026-02-01', 'Search', 'CC1'],
    ['2026-03-01', 'Find', null],
  ]);
});

test('a squad that was gone by then keeps its latest name, and what nobody owns is called so', async () => {
  const rows = await given('fct_computed_chargeback', {
    int_charges_allocated: [charge, { ...charge, SquadId: 'unallocated', ChargeKind: 'Unallocated' }],
    inp_squads: [
      { SquadId: 'search', SquadName: 'Search', CostCentre: 'CC1', ValidFrom: '1900-01-01', ValidTo: '2026-02-10' },
    ],
    int_latest_squads: [{ SquadId: 'search', SquadName: 'Search', CostCentre: 'CC1' }],
  });

  expect(only(rows, 'SquadId', 'SquadName', 'CostCentre')).toEqual([
    ['search', 'Search', 'CC1'],
    ['unallocated', 'Unallocated', null],
  ]);
});
