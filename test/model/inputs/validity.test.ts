import { expect, test } from 'vitest';
import { versionsOf } from '../../../model/inputs/validity.ts';

const state = (from: string, entries: Record<string, unknown>) => ({ from, entries: new Map(Object.entries(entries)) });

test('what stays the same over many states is one version, and the first state holds for all days before it', () => {
  const versions = versionsOf([
    state('2026-01-01', { a: 1 }),
    state('2026-02-01', { a: 1, b: 1 }),
    state('2026-03-01', { a: 2, b: 1 }),
  ]);

  expect(versions).toEqual([
    { id: 'a', value: 1, ValidFrom: '1900-01-01', ValidTo: '2026-03-01' },
    { id: 'b', value: 1, ValidFrom: '2026-02-01', ValidTo: '2999-12-31' },
    { id: 'a', value: 2, ValidFrom: '2026-03-01', ValidTo: '2999-12-31' },
  ]);
});

test('what goes away and comes back has a gap between its versions', () => {
  const versions = versionsOf([state('2026-01-01', { a: 1 }), state('2026-02-01', {}), state('2026-03-01', { a: 1 })]);

  expect(versions.map(({ ValidFrom, ValidTo }) => [ValidFrom, ValidTo])).toEqual([
    ['1900-01-01', '2026-02-01'],
    ['2026-03-01', '2999-12-31'],
  ]);
});

test('without states there are no versions', () => {
  expect(versionsOf([])).toEqual([]);
});
