import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { only } from './rows.ts';

const charge = {
  BillingPeriodStart: '2026-01-01',
  BillingCurrency: 'USD',
  SquadId: 'unallocated',
  ChargeKind: 'Unallocated',
  SubAccountId: 'shop',
  ServiceName: 's',
  BilledCost: '1',
  EffectiveCost: '1',
  x_ChargeCount: 24,
};

test('an unknown value comes with the suggestion for its normal form, and the resources behind it', async () => {
  const unknown = {
    ...charge,
    x_UnallocatedReason: 'label-value-unknown',
    x_MatchedKey: 'app',
    x_MatchedValue: 'Playlst_API',
  };
  const rows = await given('fct_unallocated', {
    int_charges_owned: [
      { ...unknown, ResourceId: 'vm-1' },
      { ...unknown, ResourceId: 'vm-1', BilledCost: '-3' },
      { ...unknown, ResourceId: 'vm-2' },
      { ...charge, SquadId: 'owner', ChargeKind: 'Direct', x_UnallocatedReason: null },
    ],
    int_label_suggestions: [{ x_LabelValue: 'playlst-api', x_SuggestedComponentId: 'playlist-api' }],
  });

  expect(
    only(
      rows,
      'x_LabelKey',
      'x_LabelValue',
      'x_SuggestedComponentId',
      'BilledCost',
      'x_AbsoluteBilledCost',
      'x_ResourceCount',
      'x_ChargeCount',
    ),
  ).toEqual([['app', 'Playlst_API', 'playlist-api', '-1.000000000', '5.000000000', '2', '72']]);
});

test('a component without owner is suggested the squad of its label', async () => {
  const rows = await given('fct_unallocated', {
    int_charges_owned: [
      {
        ...charge,
        x_UnallocatedReason: 'owner-unknown',
        x_MatchedKey: 'app',
        x_MatchedValue: 'web',
        x_LabelledSquadId: 'ads',
      },
    ],
    int_label_suggestions: [{ x_LabelValue: 'web', x_SuggestedComponentId: 'webb' }],
  });

  expect(only(rows, 'x_UnallocatedReason', 'x_SuggestedComponentId', 'x_SuggestedSquadId')).toEqual([
    ['owner-unknown', null, 'ads'],
  ]);
});
