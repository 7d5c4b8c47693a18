import { expect, test } from 'vitest';
import { given } from '../given.ts';

const label = (scope: string, key: string, value: string) => ({ scope, key, value, namespace: null });

test('each label of a set is a row, and a set that several segments hold is told once', async () => {
  const set = [label('label', 'component', 'playlist-api'), label('project-label', 'squad', 'encore')];

  const rows = await given('stg_label_values', {
    compacted_label_sets: [
      { x_LabelSetId: 'a', x_LabelSet: set },
      { x_LabelSetId: 'a', x_LabelSet: set },
      { x_LabelSetId: 'b', x_LabelSet: [label('tag', 'squad', 'tempo')] },
    ],
  });

  expect(
    rows.map((row) => [row['x_LabelSetId'], row['x_LabelScope'], row['x_LabelKey'], row['x_LabelValue']]).sort(),
  ).toEqual([
    ['a', 'label', 'component', 'playlist-api'],
    ['a', 'project-label', 'squad', 'encore'],
    ['b', 'tag', 'squad', 'tempo'],
  ]);
});

test('a set without labels has no row', async () => {
  expect(await given('stg_label_values', { compacted_label_sets: [{ x_LabelSetId: 'a', x_LabelSet: [] }] })).toEqual(
    [],
  );
});
