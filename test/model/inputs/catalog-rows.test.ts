import { expect, test } from 'vitest';
import { catalogStateRows, componentRows, ownerRows, squadRows } from '../../../model/inputs/catalog-rows.ts';
import { component, load, squad } from './catalog.ts';

test('owners change on the day of the load that says so, and an owner that is no squad is marked', () => {
  const rows = ownerRows([
    load('2026-01-01', { components: [component('web', { a: '0.6', ghost: '0.4' })], squads: [squad('a')] }),
    load('2026-03-01', { components: [component('web', { a: '1' })], squads: [squad('a'), squad('new')] }),
  ]);

  expect(rows).toEqual([
    {
      ComponentId: 'web',
      ValidFrom: '1900-01-01',
      ValidTo: '2026-03-01',
      x_OwnerPosition: 1,
      SquadId: 'a',
      x_OwnerShare: '0.600000000',
      x_OwnerShareText: '0.6',
      x_IsSquad: true,
    },
    {
      ComponentId: 'web',
      ValidFrom: '1900-01-01',
      ValidTo: '2026-03-01',
      x_OwnerPosition: 2,
      SquadId: 'ghost',
      x_OwnerShare: '0.400000000',
      x_OwnerShareText: '0.4',
      x_IsSquad: false,
    },
    {
      ComponentId: 'web',
      ValidFrom: '2026-03-01',
      ValidTo: '2999-12-31',
      x_OwnerPosition: 1,
      SquadId: 'a',
      x_OwnerShare: '1.000000000',
      x_OwnerShareText: '1',
      x_IsSquad: true,
    },
  ]);
});

test('an owner that becomes a squad later is one from then on', () => {
  const web = component('web', { a: '1' });
  const rows = ownerRows([
    load('2026-01-01', { components: [web] }),
    load('2026-02-01', { components: [web], squads: [squad('a')] }),
  ]);

  expect(rows.map((row) => [row['ValidFrom'], row['x_IsSquad']])).toEqual([
    ['1900-01-01', false],
    ['2026-02-01', true],
  ]);
});

test('of a Component and a Resource of one name the Component is taken', () => {
  const rows = componentRows([
    load('2026-01-01', {
      components: [
        component('lake', {}, { kind: 'Resource', title: 'bucket' }),
        component('lake', {}, { title: 'service', systemId: 's', domainId: 'd' }),
      ],
      systems: [{ id: 's', title: 'System S', domainId: 'd' }],
    }),
  ]);

  expect(rows).toMatchObject([
    { ComponentId: 'lake', ComponentName: 'service', SystemName: 'System S', DomainName: 'd' },
  ]);
});

test('a squad has a row for every run of days in which it was described alike', () => {
  const rows = squadRows([
    load('2026-01-01', { squads: [squad('a', { costCentre: '1' })] }),
    load('2026-02-01', { squads: [squad('a', { costCentre: '1' }), squad('b')] }),
    load('2026-03-01', { squads: [squad('a', { costCentre: '2' })] }),
  ]);

  expect(rows.map((row) => [row['SquadId'], row['CostCentre'], row['ValidFrom'], row['ValidTo']])).toEqual([
    ['a', '1', '1900-01-01', '2026-03-01'],
    ['b', null, '2026-02-01', '2026-03-01'],
    ['a', '2', '2026-03-01', '2999-12-31'],
  ]);
});

test('without a load the catalog was empty on every day', () => {
  expect(catalogStateRows([])).toEqual([{ ValidFrom: '1900-01-01', ValidTo: '2999-12-31', x_IsEmpty: true }]);
  expect(catalogStateRows([load('2026-01-01', {}), load('2026-02-01', { squads: [squad('a')] })])).toEqual([
    { ValidFrom: '1900-01-01', ValidTo: '2026-02-01', x_IsEmpty: true },
    { ValidFrom: '2026-02-01', ValidTo: '2999-12-31', x_IsEmpty: false },
  ]);
});
