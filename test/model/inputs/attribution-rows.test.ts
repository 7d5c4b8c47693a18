import { expect, test } from 'vitest';
import { parseConfig } from '../../../core/config/load.ts';
import { aliasRows, labelKeyRows, likePattern, ruleRows, stepRows } from '../../../model/inputs/attribution-rows.ts';

const attribution = (yaml: string) =>
  parseConfig(`sources: [{ name: a, kind: focus, files: [x] }]\nattribution: ${yaml}`, '/w.yaml').attribution;

test('steps keep the configured order, and one that is left out has no row', () => {
  expect(stepRows(attribution('{ order: [project, label] }'))).toEqual([
    { x_AttributionStep: 'project', x_StepPosition: 1 },
    { x_AttributionStep: 'label', x_StepPosition: 2 },
  ]);
});

test("the kubernetes step looks at pod labels, namespace labels, workload and namespace, in the keys' order", () => {
  const keys = labelKeyRows(attribution('{ componentLabels: [App, component], squadLabels: [team] }'))
    .filter((row) => row['x_AttributionStep'] === 'kubernetes')
    .map((row) => `${row['x_Target']} ${row['x_KeyPosition']} ${row['x_LabelKey']}`);

  expect(keys).toEqual([
    'component 1 k8s-label/app',
    'component 2 k8s-label/component',
    'component 3 k8s-namespace-labels/app',
    'component 4 k8s-namespace-labels/component',
    'component 5 k8s-workload-name',
    'component 6 k8s-namespace',
    'squad 1 k8s-label/team',
    'squad 2 k8s-namespace-labels/team',
    'squad 3 k8s-namespace',
  ]);
});

test('an alias of a squad holds under component keys too, an alias of a component only there', () => {
  const rows = aliasRows(
    attribution(
      '{ aliases: [{ value: Old_Name, component: default/web, from: 2026-01-01 }, { value: legacy, squad: data, to: 2026-02-01 }] }',
    ),
  );

  expect(
    rows.map((row) => [
      row['x_MatchScope'],
      row['x_MatchValue'],
      row['ComponentId'] ?? row['SquadId'],
      row['ValidFrom'],
      row['ValidTo'],
    ]),
  ).toEqual([
    ['component', 'old-name', 'web', '2026-01-01', '2999-12-31'],
    ['component', 'legacy', 'data', '1900-01-01', '2026-02-01'],
    ['squad', 'legacy', 'data', '1900-01-01', '2026-02-01'],
  ]);
});

test('the same alias twice is one', () => {
  expect(aliasRows(attribution('{ aliases: [{ value: a, component: b }, { value: A, component: b }] }'))).toHaveLength(
    1,
  );
});

test('a rule keeps its conditions as patterns and in words', () => {
  expect(
    ruleRows(
      attribution('{ rules: [{ when: { project: Data-Lake*, label: { key: Env, value: a_* } }, squad: data }] }'),
    ),
  ).toMatchObject([
    {
      x_RuleId: 1,
      x_RuleText: 'project=Data-Lake*, label Env=a_*',
      x_SubAccountPattern: 'data-lake%',
      x_ServicePattern: null,
      x_LabelKey: 'env',
      x_LabelValuePattern: 'a¦%',
      SquadId: 'data',
    },
  ]);
});

test('only * is a wildcard; what LIKE would read as one is not', () => {
  expect(likePattern('A_b*')).toBe('a¦b%');
  expect(likePattern('100%')).toBe('100_');
  expect(likePattern(undefined)).toBeNull();
});
