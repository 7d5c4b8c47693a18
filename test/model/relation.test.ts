import { describe, expect, test } from 'vitest';
import { parseRelation, relationName } from '../../model/relation.ts';

const parse = (header: string): ReturnType<typeof parseRelation> =>
  parseRelation('/model/marts/fct_example.sql', `${header}\nSELECT 1 AS a\n`);

describe('a model file', () => {
  test('names its relation, whatever its engine', () => {
    expect(relationName('/model/staging/stg_charges.duckdb.sql')).toBe('stg_charges');
    expect(relationName('/model/marts/fct_chargeback.sql')).toBe('fct_chargeback');
  });

  test('says in its header what one row is, its key, and what it must tie to', () => {
    const relation = parse(
      [
        '-- grain: one month of one squad',
        '-- key: BillingPeriodStart, SquadId, ComponentId?',
        '-- reconciles-with: stg_charges by BillingPeriodStart, BillingCurrency on BilledCost, EffectiveCost',
        '-- reconciles-with: int_other by SquadId on BilledCost',
        '-- materialized: view',
        '--',
        '-- A note: whatever it says, it is no field.',
      ].join('\n'),
    );

    expect(relation).toMatchObject({
      name: 'fct_example',
      layer: 'marts',
      grain: 'one month of one squad',
      key: [
        { name: 'BillingPeriodStart', nullable: false },
        { name: 'SquadId', nullable: false },
        { name: 'ComponentId', nullable: true },
      ],
      reconcilesWith: [
        { relation: 'stg_charges', by: ['BillingPeriodStart', 'BillingCurrency'], on: ['BilledCost', 'EffectiveCost'] },
        { relation: 'int_other', by: ['SquadId'], on: ['BilledCost'] },
      ],
      materialized: 'view',
    });
  });

  test('is a table where its header does not say', () => {
    expect(parse('-- grain: a\n-- key: a').materialized).toBe('table');
  });

  test.each([
    ['no grain', '-- key: a', 'header line "-- grain: ..." is missing'],
    ['no key', '-- grain: a', 'header line "-- key: ..." is missing'],
    ['a field nobody knows', '-- grain: a\n-- key: a\n-- keys: b', 'header line "keys" is not known'],
    ['two keys', '-- grain: a\n-- key: a\n-- key: b', 'header line "key" is there 2 times'],
    ['a key that is an expression', '-- grain: a\n-- key: lower(a)', '"lower(a)" in "-- key:" is not a column name'],
    ['a reconciliation without columns', '-- grain: a\n-- key: a\n-- reconciles-with: b', 'does not read'],
    [
      'a materialization nobody knows',
      '-- grain: a\n-- key: a\n-- materialized: cube',
      'is not view, table or compacted',
    ],
  ])('with %s is refused by name', (_, header, reason) => {
    expect(() => parse(header)).toThrow(reason);
    expect(() => parse(header)).toThrow('/model/marts/fct_example.sql');
  });
});
