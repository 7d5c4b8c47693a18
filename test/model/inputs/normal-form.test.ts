import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { entityId, normalForm } from '../../../model/inputs/normal-form.ts';

const names = ['Playlist_API', 'playlist.api', 'music/playlist api', ' spaced ', 'ÄRGER', 'kube:unallocated', 'a__b'];

test('names and label values bend to one form, the same in TypeScript and in SQL', async () => {
  const rows = await given('int_attribution_labels', {
    inp_steps: [{ x_AttributionStep: 'label', x_StepPosition: 1 }],
    inp_label_keys: [
      { x_AttributionStep: 'label', x_LabelScope: 'label', x_LabelKey: 'k', x_Target: 'component', x_KeyPosition: 1 },
    ],
    inp_tag_namespaces: [{ x_LabelNamespace: '*' }],
    stg_label_values: names.map((name) => ({
      x_LabelSetId: name,
      x_LabelScope: 'label',
      x_LabelKey: 'k',
      x_LabelValue: name,
    })),
  });

  expect(Object.fromEntries(rows.map((row) => [row['x_LabelValue'], row['x_MatchValue']]))).toEqual(
    Object.fromEntries(names.map((name) => [name, normalForm(name)])),
  );
  expect(normalForm('Music/Playlist_API v.2')).toBe('music-playlist-api-v-2');
});

test('an entity may be named by ref, by namespaced name or by name', () => {
  expect(
    ['component:default/web', 'default/web', 'web', 'group:music/playlist', 'music/playlist'].map(entityId),
  ).toEqual(['web', 'web', 'web', 'music/playlist', 'music/playlist']);
});
