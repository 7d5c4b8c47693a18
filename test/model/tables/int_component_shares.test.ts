import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { always, only } from './rows.ts';

test('shares run up to the whole in the order of the owners, and an owner that is no squad has no squad id', async () => {
  const owner = { ComponentId: 'search', ...always };
  const rows = await given('int_component_shares', {
    inp_component_owners: [
      { ...owner, x_OwnerPosition: 2, SquadId: 'ghost', x_OwnerShare: '0.333333333', x_IsSquad: false },
      { ...owner, x_OwnerPosition: 1, SquadId: 'search', x_OwnerShare: '0.666666667', x_IsSquad: true },
    ],
  });

  expect(only(rows, 'x_OwnerPosition', 'SquadId', 'x_ShareUpTo')).toEqual([
    ['1', 'search', '0.666666667'],
    ['2', null, '1.000000000'],
  ]);
});

test('each run of days has running totals of its own, and an owner of nothing is left out', async () => {
  const rows = await given('int_component_shares', {
    inp_component_owners: [
      {
        ComponentId: 'web',
        ValidFrom: '1900-01-01',
        ValidTo: '2026-03-01',
        x_OwnerPosition: 1,
        SquadId: 'a',
        x_OwnerShare: '1',
        x_IsSquad: true,
      },
      {
        ComponentId: 'web',
        ValidFrom: '2026-03-01',
        ValidTo: '2999-12-31',
        x_OwnerPosition: 1,
        SquadId: 'b',
        x_OwnerShare: '1',
        x_IsSquad: true,
      },
      {
        ComponentId: 'web',
        ValidFrom: '2026-03-01',
        ValidTo: '2999-12-31',
        x_OwnerPosition: 2,
        SquadId: 'c',
        x_OwnerShare: '0',
        x_IsSquad: true,
      },
    ],
  });

  expect(only(rows, 'SquadId', 'ValidFrom', 'x_ShareUpTo')).toEqual([
    ['a', '1900-01-01', '1.000000000'],
    ['b', '2026-03-01', '1.000000000'],
  ]);
});
