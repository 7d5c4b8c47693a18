import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { always, only } from './rows.ts';

const noRules = {
  x_RuleCount: 0,
  x_ReadsSource: false,
  x_ReadsService: false,
  x_ReadsSku: false,
  x_ReadsRegion: false,
  x_ReadsChargeCategory: false,
};

test('a charge takes the attribution of its subject that holds on its usage day', async () => {
  const charge = { x_LabelSetId: 'l1', SubAccountId: 'shop' };
  const rows = await given('int_charges_attributed', {
    int_rule_facets: [noRules],
    stg_charges: [
      { ...charge, x_ChargeId: 'last-day', ChargePeriodStart: '2026-02-28' },
      { ...charge, x_ChargeId: 'first-day', ChargePeriodStart: '2026-03-01' },
    ],
    int_attributions: [
      { ...charge, x_SubjectId: 1, ValidFrom: '1900-01-01', ValidTo: '2026-03-01', SquadId: 'before' },
      { ...charge, x_SubjectId: 1, ValidFrom: '2026-03-01', ValidTo: '2999-12-31', SquadId: 'after' },
    ],
  });

  expect(only(rows, 'x_ChargeId', 'SquadId')).toEqual([
    ['first-day', 'after'],
    ['last-day', 'before'],
  ]);
});

test('a charge without project finds the subject without project, and no charge is ever lost', async () => {
  const rows = await given('int_charges_attributed', {
    int_rule_facets: [noRules],
    stg_charges: [
      { x_ChargeId: 'tax', x_LabelSetId: 'l1', SubAccountId: null, ChargePeriodStart: '2026-02-01', BilledCost: '7.5' },
      { x_ChargeId: 'stray', x_LabelSetId: 'l9', SubAccountId: 'x', ChargePeriodStart: '2026-02-01', BilledCost: '1' },
    ],
    int_attributions: [
      { x_SubjectId: 1, x_LabelSetId: 'l1', SubAccountId: null, ...always, x_UnallocatedReason: 'no-project' },
    ],
  });

  expect(only(rows, 'x_ChargeId', 'BilledCost', 'x_UnallocatedReason')).toEqual([
    ['stray', '1.000000000', null],
    ['tax', '7.500000000', 'no-project'],
  ]);
});

test('where a rule reads services, charges of other services keep their own attribution', async () => {
  const charge = { x_LabelSetId: 'l1', SubAccountId: 'shop', ChargePeriodStart: '2026-02-01' };
  const rows = await given('int_charges_attributed', {
    int_rule_facets: [{ ...noRules, x_RuleCount: 1, x_ReadsService: true }],
    stg_charges: [
      { ...charge, x_ChargeId: 'a', ServiceName: 'BigQuery' },
      { ...charge, x_ChargeId: 'b', ServiceName: 'Pub/Sub' },
    ],
    int_attributions: [
      {
        x_SubjectId: 1,
        x_LabelSetId: 'l1',
        SubAccountId: 'shop',
        x_RuleService: 'BigQuery',
        ...always,
        SquadId: 'data',
      },
      {
        x_SubjectId: 2,
        x_LabelSetId: 'l1',
        SubAccountId: 'shop',
        x_RuleService: 'Pub/Sub',
        ...always,
        SquadId: 'events',
      },
    ],
  });

  expect(only(rows, 'x_ChargeId', 'SquadId')).toEqual([
    ['a', 'data'],
    ['b', 'events'],
  ]);
});
