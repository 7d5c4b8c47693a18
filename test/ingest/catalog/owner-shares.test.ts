import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDecimals } from '../../../core/decimal-sum.ts';
import { parseOwners, sharesOf } from '../../../ingest/catalog/owner-shares.ts';

describe('joint owners', () => {
  it.each([
    [
      'a=60,b=40',
      [
        { ref: 'a', weight: '60' },
        { ref: 'b', weight: '40' },
      ],
    ],
    [
      ' group:default/a , b ',
      [
        { ref: 'group:default/a', weight: null },
        { ref: 'b', weight: null },
      ],
    ],
    [
      'a=60%, b=40 %',
      [
        { ref: 'a', weight: '60' },
        { ref: 'b', weight: '40' },
      ],
    ],
    ['a=1,b', null],
    ['a=0,b=1', null],
    ['a=-1,b=2', null],
    ['a=x', null],
    ['a=1=2', null],
    [' , ', null],
  ])('reads "%s"', (text, expected) => {
    expect(parseOwners(text)).toEqual(expected);
  });

  it('shares sum to exactly 1 for any weights', () => {
    const weight = fc.oneof(
      fc.integer({ min: 1, max: 1000 }).map(String),
      fc.constantFrom('0.1', '33.333', '1e3'.replace('e3', '000')),
    );
    fc.assert(
      fc.property(fc.array(weight, { minLength: 1, maxLength: 12 }), (weights) => {
        expect(Number(addDecimals(sharesOf(weights)))).toBe(1);
        expect(addDecimals(sharesOf(weights)).replace(/\.?0+$/, '')).toBe('1');
      }),
    );
  });
});
