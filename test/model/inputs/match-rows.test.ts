import { expect, test } from 'vitest';
import { matchRows } from '../../../model/inputs/match-rows.ts';
import type { CatalogLoad } from '../../../core/catalog.ts';
import { component, load, squad } from './catalog.ts';

function matches(facts: Partial<CatalogLoad>) {
  return Object.fromEntries(
    matchRows([load('2026-01-01', facts)]).map((row) => [
      `${row['x_MatchScope']} ${row['x_MatchValue']}`,
      row['ComponentId'] ?? row['SquadId'],
    ]),
  );
}

test('an entity is meant by its name, its namespaced name, its stated label values and, if nobody else has it, its bare name', () => {
  expect(
    matches({
      components: [
        component('Playlist_API', {}, { labelValues: ['playlist', 'PL.api'] }),
        component('music/player', {}),
        component('web', {}),
        component('other/web', {}),
      ],
      squads: [squad('search')],
    }),
  ).toEqual({
    'component playlist-api': 'Playlist_API',
    'component playlist': 'Playlist_API',
    'component pl-api': 'Playlist_API',
    'component music-player': 'music/player',
    'component player': 'music/player',
    'component web': 'web',
    'component other-web': 'other/web',
    'squad search': 'search',
  });
});

test('a value that two components state means neither, but their squad where it is the same', () => {
  const stated = { labelValues: ['shared'] };

  expect(
    matches({ components: [component('a', { x: '1' }, stated), component('b', { y: '1' }, stated)] }),
  ).toMatchObject({
    'component shared': null,
  });
  expect(
    matches({ components: [component('a', { x: '1' }, stated), component('b', { x: '1' }, stated)] }),
  ).toMatchObject({
    'component shared': 'x',
  });
});

test('a project means the one component that claims it, else the squad that does', () => {
  expect(
    matches({
      components: [
        component('a', { x: '1' }, { projects: ['Shop-Prod', 'both'] }),
        component('b', { y: '1' }, { projects: ['both'] }),
      ],
      squads: [squad('s', { projects: ['shop-prod', 'both', 'own'], folders: ['folders/1'] })],
    }),
  ).toMatchObject({
    'sub-account shop-prod': 'a',
    'sub-account both': 's',
    'sub-account own': 's',
    'folder folders/1': 's',
  });
});
