import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { configSchema } from '../../core/config/schema.ts';
import { unallocatedAnswer } from '../../api/contract/index.ts';
import { adviceOn, rankHeaps, reasonTitle } from '../../web/reasons.ts';

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

test('what a label helps is ranked apart from what needs a decision, each with shares of its own money', () => {
  const heap = (reason: string, money: string) => row({ x_UnallocatedReason: reason, x_AbsoluteBilledCost: money });
  const rows = [heap('no-project', '60'), heap('no-labels', '30'), heap('kubernetes-idle', '20')];
  const sums = [
    { x_UnallocatedReason: 'no-project', x_AbsoluteBilledCost: '60' },
    { x_UnallocatedReason: 'no-labels', x_AbsoluteBilledCost: '40' },
    { x_UnallocatedReason: 'kubernetes-idle', x_AbsoluteBilledCost: '20' },
  ];

  const { label, decide } = rankHeaps(rows, sums);

  expect(label.map((one) => [one.row.x_UnallocatedReason, one.cumulativeShare])).toEqual([['no-labels', 0.75]]);
  expect(decide.map((one) => [one.row.x_UnallocatedReason, one.cumulativeShare])).toEqual([
    ['no-project', 0.75],
    ['kubernetes-idle', 1],
  ]);
});
