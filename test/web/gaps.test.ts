import { describe, expect, test } from 'vitest';
import { describeGap, unlisted } from '../../web/gaps.ts';

const gap = (facts: object) => ({
  x_MeasureKind: 'driver' as const,
  x_MeasureName: 'kafka',
  x_GapKind: 'missing-periods' as const,
  x_GapStart: '2026-03-01',
  x_GapEnd: '2026-04-01',
  x_Consumer: null,
  ...facts,
});

describe('a gap in words', () => {
  test('is the periods that are missing, the last of them included', () => {
    expect(describeGap(gap({}), 'month')).toBe('March 2026');
    expect(describeGap(gap({ x_GapEnd: '2026-06-01' }), 'month')).toBe('March 2026 to May 2026');
    expect(describeGap(gap({ x_GapEnd: '2026-03-02' }), 'day')).toBe('Mar 1, 2026');
    expect(describeGap(gap({}), 'day')).toBe('Mar 1, 2026 to Mar 31, 2026');
  });

  test('is the consumer, and why it counts for nobody', () => {
    const unknown = { x_GapKind: 'unknown-consumer' as const, x_Consumer: 'ghost' };
    expect(describeGap(gap(unknown), 'month')).toBe('ghost: not in the catalog (March 2026)');
    expect(describeGap(gap({ ...unknown, x_GapKind: 'ambiguous-consumer' as const }), 'month')).toBe(
      'ghost: means several in the catalog (March 2026)',
    );
  });

  test('those that are not listed are counted', () => {
    const measure = { x_MissingPeriodCount: 3, x_UnknownConsumerCount: 9 } as Parameters<typeof unlisted>[0];
    expect([unlisted(measure, 5), unlisted(measure, 12), unlisted(measure, 20)]).toEqual([7, 0, 0]);
  });
});
