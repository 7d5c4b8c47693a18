import { expect, test } from 'vitest';
import { parseConfig } from '../../../core/config/load.ts';
import { unknownTargets } from '../../../model/inputs/unknown-targets.ts';
import { component, load, squad } from './catalog.ts';

const attribution = (yaml: string) =>
  parseConfig(`sources: [{ name: a, kind: focus, files: [x] }]\nattribution: ${yaml}`, '/w.yaml').attribution;
const loads = [
  load('2026-01-01', { components: [component('playlist-api', {})] }),
  load('2026-02-01', { squads: [squad('data')] }),
];

test('a rule or an alias that names nothing of any catalog load is told with the near name', () => {
  const config = attribution(`{
    rules: [{ when: { project: x }, squad: dat }, { when: { project: y }, squad: data }],
    aliases: [{ value: old, component: playlst-api }, { value: older, component: component:default/playlist-api }, { value: z, squad: finance }] }`);

  expect(unknownTargets(config, loads)).toEqual([
    'attribution: rule 1 names the squad "dat", which the catalog does not have; did you mean "data"?',
    'attribution: the alias of "old" names the component "playlst-api", which the catalog does not have; did you mean "playlist-api"?',
    'attribution: the alias of "z" names the squad "finance", which the catalog does not have',
  ]);
});

test('without a catalog rules name squads of their own, and nothing is warned of', () => {
  expect(unknownTargets(attribution('{ rules: [{ when: { project: x }, squad: data }] }'), [])).toEqual([]);
});
