import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { always, only } from './rows.ts';

test('owners are listed in their order with shares, and the first that is a squad stands for all', async () => {
  const owner = { ComponentId: 'search', ...always };
  const rows = await given('dim_components', {
    inp_components: [{ ComponentId: 'search', ComponentName: 'Search', ...always }],
    inp_component_owners: [
      { ...owner, x_OwnerPosition: 2, SquadId: 'b', x_OwnerShareText: '0.4', x_IsSquad: true },
      { ...owner, x_OwnerPosition: 1, SquadId: 'ghost', x_OwnerShareText: '0.6', x_IsSquad: false },
    ],
  });

  expect(only(rows, 'ComponentId', 'ComponentName', 'SquadId', 'x_Owners', 'x_IsCurrent')).toEqual([
    ['search', 'Search', 'b', 'ghost=0.6, b=0.4', true],
  ]);
});

test('a component that left the catalog keeps its last names and owners; one that only a rule names has its id', async () => {
  const rows = await given('dim_components', {
    inp_components: [
      { ComponentId: 'old', ComponentName: 'First', ValidFrom: '1900-01-01', ValidTo: '2025-01-01' },
      { ComponentId: 'old', ComponentName: 'Last', ValidFrom: '2025-01-01', ValidTo: '2026-01-01' },
    ],
    inp_component_owners: [
      {
        ComponentId: 'old',
        x_OwnerPosition: 1,
        SquadId: 'a',
        x_OwnerShareText: '1',
        x_IsSquad: true,
        ValidFrom: '1900-01-01',
        ValidTo: '2025-06-01',
      },
      {
        ComponentId: 'old',
        x_OwnerPosition: 1,
        SquadId: 'b',
        x_OwnerShareText: '1',
        x_IsSquad: true,
        ValidFrom: '2025-06-01',
        ValidTo: '2026-01-01',
      },
    ],
    fct_chargeback: [{ ComponentId: 'ruled' }, { ComponentId: null }],
  });

  expect(only(rows, 'ComponentId', 'ComponentName', 'SquadId', 'x_IsCurrent')).toEqual([
    ['old', 'Last', 'b', false],
    ['ruled', 'ruled', null, false],
  ]);
});
