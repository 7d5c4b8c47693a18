import { describe, expect, test } from 'vitest';
import { given, type GivenRow } from '../given.ts';
import { always, only } from './rows.ts';

const found = { x_SubjectId: 1, x_KeyPosition: 1, x_MatchRank: 2, x_MatchedKey: 'k', x_MatchedValue: 'v', ...always };
const component = (step: string, position: number, id: string): GivenRow => ({
  ...found,
  x_AttributionStep: step,
  x_StepPosition: position,
  x_Target: 'component',
  x_Precedence: 1,
  ComponentId: id,
  SquadId: null,
});
const squad = (step: string, position: number, id: string): GivenRow => ({
  ...found,
  x_AttributionStep: step,
  x_StepPosition: position,
  x_Target: 'squad',
  x_Precedence: step === 'rule' ? 1 : 2,
  ComponentId: null,
  SquadId: id,
});
const owner = (ComponentId: string, SquadId: string | null, x_OwnerPosition = 1): GivenRow => ({
  ComponentId,
  SquadId,
  x_OwnerPosition,
  ...always,
});

async function attribute(given_: Record<string, GivenRow[]>) {
  return given('int_attributions', {
    int_attribution_subjects: [{ x_SubjectId: 1, x_LabelSetId: 'l1', SubAccountId: 'shop' }],
    int_attribution_epochs: [{ x_SubjectId: 1, ...always }],
    inp_catalog_states: [{ ...always, x_IsEmpty: false }],
    ...given_,
  });
}

describe('who wins', () => {
  test('a component found late goes before a squad label found early, and the contradiction is kept', async () => {
    const rows = await attribute({
      int_attribution_candidates: [squad('label', 1, 'ads'), component('project', 6, 'lake')],
      int_component_shares: [owner('lake', 'data')],
    });

    expect(only(rows, 'x_AttributionStep', 'ComponentId', 'SquadId', 'x_LabelledSquadId')).toEqual([
      ['project', 'lake', 'data', 'ads'],
    ]);
  });

  test('of two components the one found by the earlier step', async () => {
    const rows = await attribute({
      int_attribution_candidates: [component('tag', 3, 'b'), component('label', 1, 'a')],
      int_component_shares: [owner('a', 'one'), owner('b', 'two')],
    });

    expect(only(rows, 'ComponentId', 'SquadId')).toEqual([['a', 'one']]);
  });

  test('a squad that a rule names goes before a component found later, and no label contradicts a rule', async () => {
    const rows = await attribute({
      int_attribution_candidates: [squad('rule', 1, 'finance'), component('label', 2, 'a'), squad('label', 2, 'ads')],
      int_component_shares: [owner('a', 'one')],
    });

    expect(only(rows, 'x_AttributionStep', 'ComponentId', 'SquadId', 'x_LabelledSquadId')).toEqual([
      ['rule', null, 'finance', null],
    ]);
  });

  test('a squad label that names one of several owners is no contradiction', async () => {
    const rows = await attribute({
      int_attribution_candidates: [component('label', 1, 'a'), squad('label', 1, 'two')],
      int_component_shares: [owner('a', 'one', 1), owner('a', 'two', 2)],
    });

    expect(only(rows, 'SquadId', 'x_OwnerCount', 'x_LabelledSquadId')).toEqual([['one', '2', null]]);
  });

  test('what is not valid in an epoch does not count in it', async () => {
    const rows = await attribute({
      int_attribution_epochs: [
        { x_SubjectId: 1, ValidFrom: '1900-01-01', ValidTo: '2026-03-01' },
        { x_SubjectId: 1, ValidFrom: '2026-03-01', ValidTo: '2999-12-31' },
      ],
      int_attribution_candidates: [{ ...squad('label', 1, 'old'), ValidTo: '2026-03-01' }],
    });

    expect(only(rows, 'ValidFrom', 'SquadId', 'x_UnallocatedReason')).toEqual([
      ['1900-01-01', 'old', null],
      ['2026-03-01', null, 'no-labels'],
    ]);
  });
});

describe('why nobody does', () => {
  const label = { x_LabelSetId: 'l1', x_StepPosition: 1, x_Target: 'component', x_KeyPosition: 1 };

  test('a component without a squad among its owners keeps its id, and what its squad label says', async () => {
    const rows = await attribute({
      int_attribution_candidates: [component('label', 1, 'a'), squad('label', 1, 'ads')],
      int_component_shares: [owner('a', null)],
    });

    expect(only(rows, 'ComponentId', 'SquadId', 'x_LabelledSquadId', 'x_UnallocatedReason')).toEqual([
      ['a', null, 'ads', 'owner-unknown'],
    ]);
  });

  test('an unknown value is told with its key', async () => {
    const rows = await attribute({
      int_attribution_labels: [{ ...label, x_AttributionStep: 'label', x_LabelKey: 'app', x_LabelValue: 'playlst' }],
    });

    expect(only(rows, 'x_AttributionStep', 'x_MatchedKey', 'x_MatchedValue', 'x_UnallocatedReason')).toEqual([
      [null, 'app', 'playlst', 'label-value-unknown'],
    ]);
  });

  test('idle cluster cost is idle, until the project says whose cluster it is', async () => {
    const int_attribution_labels = [
      {
        ...label,
        x_AttributionStep: 'kubernetes',
        x_LabelKey: 'k8s-namespace',
        x_LabelValue: 'kube:unallocated',
        x_PseudoNamespaceReason: 'kubernetes-idle',
      },
    ];
    const nobody = await attribute({ int_attribution_labels });
    const platform = await attribute({
      int_attribution_labels,
      int_attribution_candidates: [squad('project', 6, 'platform')],
    });

    expect(only(nobody, 'SquadId', 'x_MatchedValue', 'x_UnallocatedReason')).toEqual([
      [null, 'kube:unallocated', 'kubernetes-idle'],
    ]);
    expect(only(platform, 'SquadId', 'x_UnallocatedReason')).toEqual([['platform', null]]);
  });

  test('a value that several entities claim is ambiguous', async () => {
    const rows = await attribute({
      int_attribution_candidates: [{ ...squad('label', 1, 'x'), SquadId: null, x_Precedence: 3 }],
    });

    expect(only(rows, 'x_AttributionStep', 'x_MatchedValue', 'x_UnallocatedReason')).toEqual([
      [null, 'v', 'label-value-ambiguous'],
    ]);
  });

  test('without project there is no project, and without a catalog that is the reason', async () => {
    const int_attribution_subjects = [{ x_SubjectId: 1, x_LabelSetId: 'l1', SubAccountId: null }];
    const homeless = await attribute({ int_attribution_subjects });
    const empty = await attribute({ int_attribution_subjects, inp_catalog_states: [{ ...always, x_IsEmpty: true }] });

    expect(only(homeless, 'x_UnallocatedReason')).toEqual([['no-project']]);
    expect(only(empty, 'x_UnallocatedReason')).toEqual([['empty-catalog']]);
  });
});
