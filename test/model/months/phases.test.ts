import { describe, expect, test } from 'vitest';
import type { OrderedRelation } from '../../../model/graph.ts';
import { inPhases } from '../../../model/months/phases.ts';
import { parseRelation } from '../../../model/relation.ts';

type Kind = 'charges' | 'view' | 'mart' | 'partitioned';

function relation(kind: Kind, name: string, ...reads: string[]): OrderedRelation {
  const layer = kind === 'charges' ? 'staging' : kind === 'view' ? 'intermediate' : 'marts';
  const header = {
    charges: '-- key: a\n-- materialized: compacted',
    view: '-- key: a\n-- materialized: view',
    mart: '-- key: a',
    partitioned: '-- key: BillingPeriodStart\n-- partitioned-by: BillingPeriodStart',
  }[kind];
  return { ...parseRelation(`/model/${layer}/${name}.sql`, `-- grain: a\n${header}\nSELECT 1`), reads };
}

const charges = relation('charges', 'stg_charges', 'raw_rows', 'raw_batches');
const cost = relation('partitioned', 'fct_cost', 'stg_charges', 'inp_squads');

describe('a relation', () => {
  test.each<[string, OrderedRelation, string]>([
    ['reads inputs alone', relation('view', 'x', 'inp_squads'), 'input'],
    ['reads charges', relation('view', 'x', 'stg_charges', 'inp_squads'), 'month'],
    ['is a partitioned mart', relation('partitioned', 'x', 'stg_charges'), 'month'],
    ['is a partitioned mart over another', relation('partitioned', 'x', 'fct_cost'), 'month'],
    ['reads a partitioned mart', relation('mart', 'x', 'fct_cost', 'inp_generation'), 'history'],
    ['reads a partitioned mart together with charges', relation('view', 'x', 'fct_cost', 'stg_charges'), 'month'],
  ])('that %s is made in its phase', (_, x, phase) => {
    expect(inPhases([charges, cost, x]).phaseOf('x')).toBe(phase);
  });

  test('may not publish some months as if they were all', () => {
    expect(() => inPhases([charges, relation('mart', 'fct_x', 'stg_charges')])).toThrow(
      /"stg_charges" is made month by month[^]*fct_x\.sql[^]*partitioned-by/,
    );
  });

  test('of a month may read neither what is made of all months, nor what differs in every build', () => {
    const dimension = relation('mart', 'dim_x', 'fct_cost');
    expect(() =>
      inPhases([charges, cost, dimension, relation('partitioned', 'fct_y', 'stg_charges', 'dim_x')]),
    ).toThrow(/fct_y\.sql/);
    expect(() => inPhases([charges, relation('partitioned', 'fct_y', 'stg_charges', 'inp_generation')])).toThrow(
      '"inp_generation", which is of all months',
    );
  });
});

describe('a check', () => {
  const phases = inPhases([charges, cost, relation('mart', 'dim_x', 'fct_cost'), relation('view', 'int_a', 'inp_a')]);

  test('that reads charges sees the months that are made, every other one the whole history', () => {
    expect(phases.phaseOfCheck(['stg_charges', 'fct_cost'])).toBe('month');
    expect(phases.phaseOfCheck(['fct_cost'])).toBe('history');
    expect(phases.phaseOfCheck(['dim_x'])).toBe('history');
    expect(phases.phaseOfCheck(['int_a'])).toBe('input');
  });
});

test('the inputs of months are those that their relations read, also through others', () => {
  const shares = relation('view', 'int_shares', 'inp_owners');
  const months = relation('partitioned', 'fct_shared', 'stg_charges', 'int_shares');
  const fresh = relation('mart', 'fct_freshness', 'inp_batches');

  const inputs = inPhases([charges, shares, months, fresh]).inputsOfMonths();

  expect([...inputs].filter((name) => name.startsWith('inp_'))).toEqual(['inp_owners']);
});
