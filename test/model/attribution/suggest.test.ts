import fc from 'fast-check';
import { expect, test } from 'vitest';
import { suggest, type CatalogName } from '../../../model/attribution/suggest.ts';

const component = (name: string): CatalogName => ({ name, ComponentId: name, SquadId: null });
const squad = (name: string): CatalogName => ({ name, ComponentId: null, SquadId: name });
const names = [
  component('playlist-api'),
  component('search'),
  component('web'),
  component('qa-portal'),
  squad('discovery'),
];

const suggested = (value: string, among = names) => {
  const [found] = suggest([value], among);
  return found ? [found.ComponentId ?? found.SquadId, found.distance] : null;
};

test.each([
  ['playlst-api', ['playlist-api', 1]],
  ['playlist-api-prod', ['playlist-api', 0]],
  ['staging-playlist-api-v2', ['playlist-api', 0]],
  ['playlist-api-worker-eu', ['playlist-api', 0]],
  ['discovry-dev', ['discovery', 1]],
  ['searh', ['search', 1]],
  ['qa-portl', ['qa-portal', 1]],
])('%s is probably meant as %s', (value, expected) => {
  expect(suggested(value)).toEqual(expected);
});

test.each(['web-x', 'wbe', 'api', 'prod', 'billing', ''])('"%s" is close to nothing', (value) => {
  expect(suggested(value)).toBeNull();
});

test('of two names as near, a component goes before a squad, then the first by name', () => {
  expect(suggested('cache-b', [squad('cache-a'), component('cache-d'), component('cache-c')])).toEqual(['cache-c', 1]);
});

test('names are found whatever their number, and the same ones in any order', () => {
  const word = fc.stringMatching(/^[a-z]{3,9}(-[a-z]{3,9})?$/);
  fc.assert(
    fc.property(fc.uniqueArray(word, { minLength: 1, maxLength: 20 }), word, (all, value) => {
      const forwards = suggest([value], all.map(component));
      const backwards = suggest([value], all.toReversed().map(component));
      expect(backwards).toEqual(forwards);
      for (const { ComponentId } of forwards) expect(all).toContain(ComponentId);
    }),
  );
});

test('thousands of unknown values against thousands of names take less than seconds', () => {
  const many = Array.from({ length: 5_000 }, (_, index) => component(`component-${index.toString(36)}-service`));
  const values = Array.from({ length: 2_000 }, (_, index) => `job-${index}-${(index * 7919).toString(36)}`);
  const started = performance.now();
  suggest(values, many);
  expect(performance.now() - started).toBeLessThan(5_000);
});
