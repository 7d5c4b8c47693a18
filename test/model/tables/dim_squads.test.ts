import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { only } from './rows.ts';

test('a squad has its latest names, and counts the components it owns now, whole or in part', async () => {
  const rows = await given('dim_squads', {
    inp_squads: [{ SquadId: 'a' }, { SquadId: 'a' }, { SquadId: 'gone' }],
    int_latest_squads: [
      { SquadId: 'a', SquadName: 'New', TribeName: 'T', ValidTo: '2999-12-31' },
      { SquadId: 'gone', SquadName: 'Gone', ValidTo: '2026-01-01' },
    ],
    int_component_shares: [
      { ComponentId: 'web', SquadId: 'a', ValidFrom: '1900-01-01', ValidTo: '2999-12-31' },
      { ComponentId: 'api', SquadId: 'a', ValidFrom: '2026-01-01', ValidTo: '2999-12-31' },
      { ComponentId: 'old', SquadId: 'gone', ValidFrom: '1900-01-01', ValidTo: '2026-01-01' },
    ],
  });

  expect(only(rows, 'SquadId', 'SquadName', 'TribeName', 'x_ComponentCount', 'x_IsCurrent')).toEqual([
    ['a', 'New', 'T', '2', true],
    ['gone', 'Gone', null, '0', false],
  ]);
});

test('a squad that only a rule charges is there under its id', async () => {
  const rows = await given('dim_squads', { fct_chargeback: [{ SquadId: 'finance' }, { SquadId: 'unallocated' }] });

  expect(only(rows, 'SquadId', 'SquadName', 'x_IsCurrent')).toEqual([['finance', 'finance', false]]);
});
