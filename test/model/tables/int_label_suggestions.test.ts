import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { always } from './rows.ts';

test('an unknown value is suggested the near name of a current entity', async () => {
  const unknown = { x_LabelSetId: 'l1', x_LabelKey: 'app', x_LabelValue: 'Playlst_API', x_MatchValue: 'playlst-api' };
  const rows = await given('int_label_suggestions', {
    int_attribution_labels: [unknown],
    int_attributions: [
      {
        x_LabelSetId: 'l1',
        x_MatchedKey: 'app',
        x_MatchedValue: 'Playlst_API',
        x_UnallocatedReason: 'label-value-unknown',
      },
    ],
    inp_catalog_matches: [
      { x_MatchScope: 'component', x_MatchValue: 'playlist-api', ComponentId: 'playlist-api', ...always },
      { x_MatchScope: 'component', x_MatchValue: 'playlst-app', ComponentId: 'gone', ...always, ValidTo: '2026-01-01' },
    ],
  });

  expect(rows).toEqual([
    {
      x_LabelValue: 'playlst-api',
      x_SuggestedComponentId: 'playlist-api',
      x_SuggestedSquadId: null,
      x_SuggestionDistance: '1',
    },
  ]);
});

test('a value that was matched needs no suggestion', async () => {
  const rows = await given('int_label_suggestions', {
    int_attribution_labels: [{ x_LabelSetId: 'l1', x_LabelKey: 'app', x_LabelValue: 'web', x_MatchValue: 'web' }],
    int_attributions: [{ x_LabelSetId: 'l1', x_MatchedKey: 'app', x_MatchedValue: 'web', SquadId: 'a' }],
    inp_catalog_matches: [{ x_MatchScope: 'component', x_MatchValue: 'webb', ComponentId: 'webb', ...always }],
  });

  expect(rows).toEqual([]);
});
