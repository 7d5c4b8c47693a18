import type { AttributionConfig, AttributionRule } from '../../core/config/schema.ts';
import { entityId, normalForm } from './normal-form.ts';
import type { InputRow } from './tables.ts';
import { FIRST_DAY, LAST_DAY } from './validity.ts';

export function stepRows(attribution: AttributionConfig): InputRow[] {
  return [...new Set(attribution.order)].map((step, index) => ({ x_AttributionStep: step, x_StepPosition: index + 1 }));
}

/**
 * Rows of `inp_label_keys`. The kubernetes step reads the labels that GKE cost allocation adds: the pod's own labels, its
 * namespace's labels, then workload and namespace by name (Google's `k8s-*` keys, gcp export of 2022-06 and later).
 */
export function labelKeyRows({ componentLabels, squadLabels }: AttributionConfig): InputRow[] {
  const plain = (step: string, scope: string): InputRow[] => [
    ...keyRows(step, scope, 'component', componentLabels),
    ...keyRows(step, scope, 'squad', squadLabels),
  ];
  const ofPods = (keys: string[]): string[] => [
    ...keys.map((key) => `k8s-label/${key}`),
    ...keys.map((key) => `k8s-namespace-labels/${key}`),
  ];
  return [
    ...plain('label', 'label'),
    ...keyRows('kubernetes', 'label', 'component', [...ofPods(componentLabels), 'k8s-workload-name', 'k8s-namespace']),
    ...keyRows('kubernetes', 'label', 'squad', [...ofPods(squadLabels), 'k8s-namespace']),
    ...plain('tag', 'tag'),
    ...plain('inherited-tag', 'inherited-tag'),
    ...plain('project-label', 'project-label'),
  ];
}

function keyRows(step: string, scope: string, target: string, keys: string[]): InputRow[] {
  return [...new Set(keys.map((key) => key.toLowerCase()))].map((key, index) => ({
    x_AttributionStep: step,
    x_LabelScope: scope,
    x_LabelKey: key,
    x_Target: target,
    x_KeyPosition: index + 1,
  }));
}

export function tagNamespaceRows({ tagNamespaces }: AttributionConfig): InputRow[] {
  return (tagNamespaces.length > 0 ? tagNamespaces : ['*']).map((name) => ({ x_LabelNamespace: name }));
}

/** Rows of `inp_aliases`. An alias of a squad also holds under component keys, where no component has the value. */
export function aliasRows({ aliases }: AttributionConfig): InputRow[] {
  const rows = aliases.flatMap((alias) =>
    (alias.component === undefined ? ['component', 'squad'] : ['component']).map((scope) => ({
      x_MatchScope: scope,
      x_MatchValue: normalForm(alias.value),
      ...validity(alias),
      ComponentId: alias.component === undefined ? null : entityId(alias.component),
      SquadId: alias.squad === undefined ? null : entityId(alias.squad),
    })),
  );
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}

export function ruleRows({ rules }: AttributionConfig): InputRow[] {
  return rules.map((rule, index) => ({
    x_RuleId: index + 1,
    x_RuleText: describe(rule.when),
    x_SourcePattern: likePattern(rule.when.source),
    x_SubAccountPattern: likePattern(rule.when.project),
    x_ServicePattern: likePattern(rule.when.service),
    x_SkuPattern: likePattern(rule.when.sku),
    x_RegionPattern: likePattern(rule.when.region),
    x_ChargeCategoryPattern: likePattern(rule.when.chargeCategory),
    x_LabelKey: rule.when.label?.key.toLowerCase() ?? null,
    x_LabelValuePattern: likePattern(rule.when.label?.value),
    ComponentId: rule.component === undefined ? null : entityId(rule.component),
    SquadId: rule.squad === undefined ? null : entityId(rule.squad),
    ...validity(rule),
  }));
}

/**
 * `*` as LIKE's `%`. The engines disagree on escapes in LIKE, so `_` is written `¦` on both sides of the comparison, and a
 * literal `%` or `\` of a pattern stands for any one character.
 */
export function likePattern(text: string | undefined): string | null {
  if (text === undefined) return null;
  return text.trim().toLowerCase().replaceAll('_', '¦').replace(/[%\\]/g, '_').replaceAll('*', '%');
}

function describe(when: AttributionRule['when']): string {
  return Object.entries(when)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => (typeof value === 'object' ? `${name} ${value.key}=${value.value}` : `${name}=${value}`))
    .join(', ');
}

/** A configured run of days, with stand-ins for no bound. */
export function validity({ from, to }: { from?: string | undefined; to?: string | undefined }): {
  ValidFrom: string;
  ValidTo: string;
} {
  return { ValidFrom: from ?? FIRST_DAY, ValidTo: to ?? LAST_DAY };
}
