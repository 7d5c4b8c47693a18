import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { only } from './rows.ts';

test('a squad is as the catalog described it last, also where it is gone', async () => {
  const rows = await given('int_latest_squads', {
    inp_squads: [
      { SquadId: 'a', SquadName: 'Old', CostCentre: 'CC1', ValidFrom: '1900-01-01', ValidTo: '2026-01-01' },
      { SquadId: 'a', SquadName: 'New', TribeName: 'T', ValidFrom: '2026-01-01', ValidTo: '2999-12-31' },
      { SquadId: 'gone', SquadName: 'Gone', ValidFrom: '1900-01-01', ValidTo: '2026-01-01' },
    ],
  });

  expect(only(rows, 'SquadId', 'SquadName', 'TribeName', 'CostCentre', 'ValidTo')).toEqual([
    ['a', 'New', 'T', null, '2999-12-31'],
    ['gone', 'Gone', null, null, '2026-01-01'],
  ]);
});
