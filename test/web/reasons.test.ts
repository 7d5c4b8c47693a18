import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { configSchema } from '../../core/config/schema.ts';
import { unallocatedAnswer } from '../../api/contract/index.ts';
import { adviceOn, reasonTitle } from '../../web/reasons.ts';

const rowShape = unallocatedAnswer.shape.rows.element;

function row(facts: Partial<Record<string, unknown>>) {
  return rowShape.parse({
    x_UnallocatedReason: 'no-labels',
    x_LabelKey: null,
    x_LabelValue: null,
    SubAccountId: 'prj-1',
    SubAccountName: null,
    ServiceName: 'BigQuery',
    x_SuggestedComponentId: null,
    x_SuggestedSquadId: null,
    BilledCost: '1',
    EffectiveCost: '1',
    x_AbsoluteBilledCost: '1',
    x_ResourceCount: 1,
    x_ChargeCount: 1,
    cumulativeShare: 1,
    ...facts,
  });
}

/** What is offered to paste must be what the configuration takes. */
const settings = (text: string) =>
  configSchema.shape.attribution.parse((parse(text) as { attribution: unknown }).attribution);

test('an unknown value that is close to a component is offered as an alias that the configuration accepts', () => {
  const advice = adviceOn(
    row({
      x_UnallocatedReason: 'label-value-unknown',
      x_LabelKey: 'app',
      x_LabelValue: 'yes',
      x_SuggestedComponentId: 'sales/ads',
    }),
  );
  expect(settings(advice.snippet?.text ?? '').aliases).toEqual([{ value: 'yes', component: 'sales/ads' }]);
});

test('what has no project is offered as a rule that the configuration accepts', () => {
  const advice = adviceOn(
    row({
      x_UnallocatedReason: 'no-project',
      SubAccountId: null,
      ServiceName: 'Support: "Premium"',
      x_SuggestedSquadId: 'platform',
    }),
  );
  expect(settings(advice.snippet?.text ?? '').rules).toEqual([
    { when: { service: 'Support: "Premium"' }, squad: 'platform' },
  ]);
});

test('a whole project is offered as an annotation of the catalog', () => {
  const advice = adviceOn(row({ SubAccountId: '0123' }));
  expect(parse(advice.snippet?.text ?? '')).toMatchObject({
    metadata: { annotations: { 'worthwhile.dev/projects': '0123' } },
  });
});

test('a reason that is new to the page is shown in words', () => {
  expect(reasonTitle('tag-without-namespace')).toBe('Tag without namespace');
});
