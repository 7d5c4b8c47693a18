import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { always, only } from './rows.ts';

const subject = { x_SubjectId: 1, x_LabelSetId: 'l1', SubAccountId: 'data-lake-prod', x_RuleService: 'BigQuery' };
const steps = ['rule', 'label', 'project', 'folder'].map((x_AttributionStep, index) => ({
  x_AttributionStep,
  x_StepPosition: index + 1,
}));

test('a rule needs all of its conditions, with patterns that compare without case', async () => {
  const rule = { ...always, ComponentId: 'warehouse', x_SubAccountPattern: 'data-lake-%' };
  const rows = await given('int_attribution_candidates', {
    int_attribution_subjects: [subject],
    inp_steps: steps,
    inp_rules: [
      { ...rule, x_RuleId: 1, x_ServicePattern: 'big%' },
      { ...rule, x_RuleId: 2, x_ServicePattern: 'cloud storage' },
      { ...rule, x_RuleId: 3, x_RegionPattern: '%' },
      { ...rule, x_RuleId: 4, x_LabelKey: 'env', x_LabelValuePattern: 'prod¦%' },
      { ...rule, x_RuleId: 5, x_LabelKey: 'env', x_LabelValuePattern: 'dev' },
    ],
    stg_label_values: [{ x_LabelSetId: 'l1', x_LabelScope: 'tag', x_LabelKey: 'Env', x_LabelValue: 'Prod_EU' }],
  });

  expect(only(rows, 'x_MatchedKey', 'x_Precedence', 'ComponentId')).toEqual([
    ['rule 1', 1, 'warehouse'],
    ['rule 4', 1, 'warehouse'],
  ]);
});

test('a label names what an alias says on its days, before what the catalog says', async () => {
  const rows = await given('int_attribution_candidates', {
    int_attribution_subjects: [subject],
    inp_steps: steps,
    int_attribution_labels: [
      {
        x_LabelSetId: 'l1',
        x_AttributionStep: 'label',
        x_StepPosition: 2,
        x_Target: 'component',
        x_KeyPosition: 1,
        x_LabelKey: 'app',
        x_LabelValue: 'Playlst_API',
        x_MatchValue: 'playlst-api',
      },
    ],
    inp_aliases: [
      {
        x_MatchScope: 'component',
        x_MatchValue: 'playlst-api',
        ComponentId: 'playlist-api',
        ValidFrom: '2026-01-01',
        ValidTo: '2026-07-01',
      },
      { x_MatchScope: 'squad', x_MatchValue: 'playlst-api', SquadId: 'other', ...always },
    ],
    inp_catalog_matches: [
      { x_MatchScope: 'component', x_MatchValue: 'playlst-api', ComponentId: 'typo-owner', ...always },
    ],
  });

  expect(only(rows, 'x_MatchRank', 'x_MatchedKey', 'x_MatchedValue', 'ComponentId', 'ValidFrom')).toEqual([
    [1, 'app', 'Playlst_API', 'playlist-api', '2026-01-01'],
    [2, 'app', 'Playlst_API', 'typo-owner', '1900-01-01'],
  ]);
});

test('a project and its folders name entities too, the nearest folder first', async () => {
  const rows = await given('int_attribution_candidates', {
    int_attribution_subjects: [subject],
    inp_steps: steps,
    inp_catalog_matches: [
      { x_MatchScope: 'sub-account', x_MatchValue: 'data-lake-prod', ComponentId: 'lake', ...always },
      { x_MatchScope: 'folder', x_MatchValue: 'folders/1', SquadId: 'outer', ...always },
      { x_MatchScope: 'folder', x_MatchValue: 'folders/2', SquadId: 'inner', ...always },
    ],
    stg_label_values: [
      {
        x_LabelSetId: 'l1',
        x_LabelPosition: 4,
        x_LabelScope: 'folder',
        x_LabelKey: 'folder',
        x_LabelValue: 'folders/2',
      },
      {
        x_LabelSetId: 'l1',
        x_LabelPosition: 5,
        x_LabelScope: 'folder',
        x_LabelKey: 'folder',
        x_LabelValue: 'folders/1',
      },
    ],
  });

  expect(only(rows, 'x_AttributionStep', 'x_KeyPosition', 'x_Precedence', 'ComponentId', 'SquadId')).toEqual([
    ['folder', '1', 2, null, 'inner'],
    ['folder', '2', 2, null, 'outer'],
    ['project', '1', 1, 'lake', null],
  ]);
});

test('a step that is not configured finds nothing', async () => {
  const rows = await given('int_attribution_candidates', {
    int_attribution_subjects: [subject],
    inp_steps: [{ x_AttributionStep: 'label', x_StepPosition: 1 }],
    inp_rules: [{ x_RuleId: 1, x_SubAccountPattern: '%', SquadId: 'data', ...always }],
    inp_catalog_matches: [{ x_MatchScope: 'sub-account', x_MatchValue: 'data-lake-prod', SquadId: 'data', ...always }],
  });

  expect(rows).toEqual([]);
});
