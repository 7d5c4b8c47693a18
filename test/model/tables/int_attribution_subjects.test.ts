import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { only } from './rows.ts';

const charges = [
  { x_ChargeId: 'a', x_LabelSetId: 'l1', SubAccountId: 'shop', ServiceName: 'BigQuery' },
  { x_ChargeId: 'b', x_LabelSetId: 'l1', SubAccountId: 'shop', ServiceName: 'Cloud Storage' },
  { x_ChargeId: 'c', x_LabelSetId: 'l1', SubAccountId: null, ServiceName: 'Support' },
];

test('charges of one label set and project are one subject while no rule looks further', async () => {
  const rows = await given('int_attribution_subjects', {
    stg_charges: charges,
    int_rule_facets: [
      {
        x_RuleCount: 0,
        x_ReadsSource: false,
        x_ReadsService: false,
        x_ReadsSku: false,
        x_ReadsRegion: false,
        x_ReadsChargeCategory: false,
      },
    ],
  });

  expect(only(rows, 'x_LabelSetId', 'SubAccountId', 'x_RuleService')).toEqual([
    ['l1', 'shop', null],
    ['l1', null, null],
  ]);
});

test('a rule on services tells subjects apart by service', async () => {
  const rows = await given('int_attribution_subjects', {
    stg_charges: charges,
    int_rule_facets: [
      {
        x_RuleCount: 1,
        x_ReadsSource: false,
        x_ReadsService: true,
        x_ReadsSku: false,
        x_ReadsRegion: false,
        x_ReadsChargeCategory: false,
      },
    ],
  });

  expect(only(rows, 'x_SubjectId', 'SubAccountId', 'x_RuleService')).toEqual([
    ['1', null, 'Support'],
    ['2', 'shop', 'BigQuery'],
    ['3', 'shop', 'Cloud Storage'],
  ]);
});
