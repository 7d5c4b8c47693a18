import { expect, test } from 'vitest';
import { given, type GivenRow } from '../given.ts';
import { always, only } from './rows.ts';

const value = (consumer: string | null, scope: string | null = 'any', facts: GivenRow = {}): GivenRow => ({
  x_MeasureKind: 'driver',
  x_MeasureName: 'kafka',
  x_PeriodStart: '2026-06-01',
  x_PeriodEnd: '2026-07-01',
  x_Consumer: consumer,
  x_ConsumerScope: scope,
  x_ConsumerValue: consumer,
  x_Value: '1.5',
  ...facts,
});
const match = (scope: string, name: string, target: GivenRow, days: GivenRow = always): GivenRow => ({
  x_MatchScope: scope,
  x_MatchValue: name,
  ...target,
  ...days,
});

test('a name means an alias, then a component, then a squad; one that means several or nothing says so', async () => {
  const rows = await given('int_measure_values', {
    inp_aliases: [match('component', 'old', { ComponentId: 'search' })],
    inp_catalog_matches: [
      match('component', 'old', { ComponentId: 'another' }),
      match('component', 'both', { ComponentId: 'both' }),
      match('squad', 'both', { SquadId: 'both' }),
      match('component', 'half', {}),
      match('squad', 'half', { SquadId: 'half' }),
      match('component', 'twice', {}),
      match('sub-account', 'project', { ComponentId: 'search' }),
    ],
    inp_measure_values: ['old', 'both', 'half', 'twice', 'project'].map((name) => value(name)),
  });

  expect(only(rows, 'x_Consumer', 'ComponentId', 'SquadId', 'x_ConsumerMatch')).toEqual(
    expect.arrayContaining([
      ['old', 'search', null, 'component'],
      ['both', 'both', null, 'component'],
      ['half', null, 'half', 'squad'],
      ['twice', null, null, 'ambiguous'],
      ['project', null, null, 'unknown'],
    ]),
  );
  expect(rows).toHaveLength(5);
});

test('a name written as a group means the squad only, and no name means the company', async () => {
  const rows = await given('int_measure_values', {
    inp_catalog_matches: [match('component', 'a', { ComponentId: 'a' }), match('squad', 'a', { SquadId: 'a' })],
    inp_measure_values: [value('a', 'squad'), value(null, null, { x_MeasureKind: 'metric' })],
  });

  expect(only(rows, 'x_Consumer', 'ComponentId', 'SquadId', 'x_ConsumerMatch')).toEqual(
    expect.arrayContaining([
      ['a', null, 'a', 'squad'],
      [null, null, null, 'company'],
    ]),
  );
});

test('of several meanings within a period the latest counts, and none from outside of it', async () => {
  const until = (day: string) => ({ ValidFrom: '1900-01-01', ValidTo: day });
  const from = (day: string) => ({ ValidFrom: day, ValidTo: '2999-12-31' });
  const rows = await given('int_measure_values', {
    inp_catalog_matches: [
      match('component', 'a', { ComponentId: 'first' }, until('2026-06-10')),
      match('component', 'a', { ComponentId: 'second' }, from('2026-06-10')),
      match('component', 'gone', { ComponentId: 'gone' }, until('2026-06-01')),
      match('component', 'later', { ComponentId: 'later' }, from('2026-07-01')),
    ],
    inp_measure_values: ['a', 'gone', 'later'].map((name) => value(name)),
  });

  expect(only(rows, 'x_Consumer', 'ComponentId')).toEqual(
    expect.arrayContaining([
      ['a', 'second'],
      ['gone', null],
      ['later', null],
    ]),
  );
});
