import { expect, test } from 'vitest';
import { given } from '../given.ts';

test('without rules no column of a charge is read for rules', async () => {
  const rows = await given('int_rule_facets', {});

  expect(rows).toEqual([
    {
      x_RuleCount: '0',
      x_ReadsSource: false,
      x_ReadsService: false,
      x_ReadsSku: false,
      x_ReadsRegion: false,
      x_ReadsChargeCategory: false,
    },
  ]);
});

test('a column is read as soon as one rule asks for it', async () => {
  const rows = await given('int_rule_facets', {
    inp_rules: [
      { x_RuleId: 1, x_ServicePattern: 'bigquery' },
      { x_RuleId: 2, x_RegionPattern: 'europe-*' },
    ],
  });

  expect(rows).toMatchObject([{ x_RuleCount: '2', x_ReadsService: true, x_ReadsRegion: true, x_ReadsSku: false }]);
});
