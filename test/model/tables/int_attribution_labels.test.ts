import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { only } from './rows.ts';

const keys = {
  inp_steps: [
    { x_AttributionStep: 'label', x_StepPosition: 1 },
    { x_AttributionStep: 'kubernetes', x_StepPosition: 2 },
    { x_AttributionStep: 'tag', x_StepPosition: 3 },
  ],
  inp_label_keys: [
    {
      x_AttributionStep: 'label',
      x_LabelScope: 'label',
      x_LabelKey: 'component',
      x_Target: 'component',
      x_KeyPosition: 1,
    },
    {
      x_AttributionStep: 'kubernetes',
      x_LabelScope: 'label',
      x_LabelKey: 'k8s-namespace',
      x_Target: 'component',
      x_KeyPosition: 1,
    },
    { x_AttributionStep: 'tag', x_LabelScope: 'tag', x_LabelKey: 'component', x_Target: 'component', x_KeyPosition: 1 },
    {
      x_AttributionStep: 'folder',
      x_LabelScope: 'label',
      x_LabelKey: 'left-out',
      x_Target: 'component',
      x_KeyPosition: 1,
    },
  ],
  inp_tag_namespaces: [{ x_LabelNamespace: '*' }],
};

test('only values under keys of configured steps are kept, in normal form, whatever the case of the key', async () => {
  const rows = await given('int_attribution_labels', {
    ...keys,
    stg_label_values: [
      { x_LabelSetId: 'l1', x_LabelScope: 'label', x_LabelKey: 'Component', x_LabelValue: ' Playlist_API.v2/x ' },
      { x_LabelSetId: 'l1', x_LabelScope: 'label', x_LabelKey: 'env', x_LabelValue: 'prod' },
      { x_LabelSetId: 'l1', x_LabelScope: 'label', x_LabelKey: 'left-out', x_LabelValue: 'x' },
      { x_LabelSetId: 'l2', x_LabelScope: 'label', x_LabelKey: 'component', x_LabelValue: '  ' },
      { x_LabelSetId: 'l2', x_LabelScope: 'label', x_LabelKey: 'component', x_LabelValue: null },
    ],
  });

  expect(only(rows, 'x_LabelSetId', 'x_AttributionStep', 'x_LabelValue', 'x_MatchValue')).toEqual([
    ['l1', 'label', ' Playlist_API.v2/x ', 'playlist-api-v2-x'],
  ]);
});

test('a tag counts only in the configured namespaces, or where it has none', async () => {
  const rows = await given('int_attribution_labels', {
    ...keys,
    inp_tag_namespaces: [{ x_LabelNamespace: '111' }, { x_LabelNamespace: '222' }],
    stg_label_values: [
      {
        x_LabelSetId: 'l1',
        x_LabelScope: 'tag',
        x_LabelKey: 'component',
        x_LabelValue: 'ours',
        x_LabelNamespace: '111',
      },
      {
        x_LabelSetId: 'l2',
        x_LabelScope: 'tag',
        x_LabelKey: 'component',
        x_LabelValue: 'theirs',
        x_LabelNamespace: '999',
      },
      {
        x_LabelSetId: 'l3',
        x_LabelScope: 'tag',
        x_LabelKey: 'component',
        x_LabelValue: 'plain',
        x_LabelNamespace: null,
      },
    ],
  });

  expect(only(rows, 'x_LabelValue')).toEqual([['ours'], ['plain']]);
});

test("GKE's pseudo namespaces carry their reason", async () => {
  const rows = await given('int_attribution_labels', {
    ...keys,
    stg_label_values: [
      'kube:unallocated',
      'kube:system-overhead',
      'goog-k8s-unknown',
      'goog-k8s-unsupported-sku',
      'shop',
    ].map((x_LabelValue) => ({
      x_LabelSetId: x_LabelValue,
      x_LabelScope: 'label',
      x_LabelKey: 'k8s-namespace',
      x_LabelValue,
    })),
  });

  expect(only(rows, 'x_LabelValue', 'x_PseudoNamespaceReason')).toEqual([
    ['goog-k8s-unknown', 'kubernetes-unknown'],
    ['goog-k8s-unsupported-sku', 'kubernetes-unknown'],
    ['kube:system-overhead', 'kubernetes-overhead'],
    ['kube:unallocated', 'kubernetes-idle'],
    ['shop', null],
  ]);
});
