import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDecimals } from '../../core/decimal-sum.ts';
import { addSums } from '../../ingest/exact-sum.ts';

describe('exact sums', () => {
  it.each([
    [['0.1', '0.2'], '0.3'],
    [['-0.000000001', '0.000000000'], '-0.000000001'],
    [['1', '-1.50'], '-0.50'],
    [['99999999999999999999.999999999', '0.000000001'], '100000000000000000000.000000000'],
    [[], '0'],
  ])('%j is %s', (values, expected) => {
    expect(addDecimals(values)).toBe(expected);
  });

  it('does not depend on the order', () => {
    const nanos = fc.integer({ min: -2_000_000_000, max: 2_000_000_000 });
    fc.assert(
      fc.property(fc.array(nanos), (amounts) => {
        const texts = amounts.map((amount) => (amount / 1e9).toFixed(9));
        expect(addDecimals(texts.toReversed())).toBe(addDecimals(texts));
      }),
    );
  });

  it('adds by currency and column', () => {
    expect(addSums([{ USD: { cost: '1.5' } }, { EUR: { cost: '2' } }, { USD: { cost: '0.25' } }, {}])).toEqual({
      EUR: { cost: '2' },
      USD: { cost: '1.75' },
    });
  });
});
