import { expect, test } from 'vitest';
import { given } from '../given.ts';

test('a label set that several segments tell is unfolded once, in the order of its labels', async () => {
  const set = [
    { scope: 'label', key: 'component', value: 'cart' },
    { scope: 'tag', key: 'env', value: 'prod', namespace: '123' },
  ];

  const values = await given('stg_label_values', {
    compacted_label_sets: [
      { x_LabelSetId: 'a', x_LabelSet: set },
      { x_LabelSetId: 'a', x_LabelSet: set },
      { x_LabelSetId: 'empty', x_LabelSet: [] },
    ],
  });

  const of = { x_LabelSetId: 'a' };
  expect(values).toEqual([
    {
      ...of,
      x_LabelPosition: '1',
      x_LabelScope: 'label',
      x_LabelKey: 'component',
      x_LabelValue: 'cart',
      x_LabelNamespace: null,
    },
    {
      ...of,
      x_LabelPosition: '2',
      x_LabelScope: 'tag',
      x_LabelKey: 'env',
      x_LabelValue: 'prod',
      x_LabelNamespace: '123',
    },
  ]);
});
