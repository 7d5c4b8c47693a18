import { describe, expect, test } from 'vitest';
import type { Close, MonthState } from '../../../core/closes.ts';
import { asUntil, changesOf } from '../../../model/close/month-states.ts';

describe('a configuration as it holds up to a day', () => {
  test('has neither what begins later nor ends that come later', () => {
    const rule = { when: { project: 'a' }, squad: 'red' };
    const before = { componentLabels: ['component'], rules: [rule] };
    const after = {
      componentLabels: ['component'],
      rules: [
        { ...rule, to: '2026-11-01' },
        { ...rule, squad: 'blue', from: '2026-11-01' },
      ],
    };

    expect(asUntil(after, '2026-11-01')).toEqual(before);
    expect(asUntil(after, '2026-11-02')).toEqual(after);
    expect(asUntil([{ name: 'a', to: '2026-10-01' }], '2026-11-01')).toEqual([{ name: 'a', to: '2026-10-01' }]);
  });
});

describe('what changed of a closed month', () => {
  const state: MonthState = { batches: 'b', catalog: 'c', drivers: 'd', attribution: 'a', pools: 'p' };
  const close = (month: string, modelHash: string, states: Record<string, MonthState>): Close =>
    ({ month, modelHash, states }) as Close;
  const basis = { modelHash: 'm2' } as Parameters<typeof changesOf>[3];

  test('is told against the last close that sealed its true-ups, not against one of an earlier month', () => {
    const closes = [
      close('2026-09', 'm1', { '2026-09': { ...state, batches: 'older' } }),
      close('2026-10', 'm2', { '2026-09': state, '2026-10': state }),
      close('2026-08', 'm3', { '2026-08': state, '2026-09': { ...state, pools: 'later' }, '2026-10': state }),
    ];

    expect(changesOf('2026-09', closes, state, basis)).toEqual({ hasOtherRows: false, changed: null });
    expect(changesOf('2026-09', closes.slice(0, 1), state, basis)).toEqual({ hasOtherRows: true, changed: 'model' });
  });

  test('names everything that differs', () => {
    const closes = [close('2026-09', 'm1', { '2026-09': state })];
    const now = { batches: 'b', catalog: 'C', drivers: 'D', attribution: 'A', pools: 'P' };

    expect(changesOf('2026-09', closes, now, basis)).toEqual({
      hasOtherRows: false,
      changed: 'catalog, attribution, pools, drivers, model',
    });
  });
});
