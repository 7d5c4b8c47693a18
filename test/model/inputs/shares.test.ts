import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WorthwhileError } from '../../../core/errors.ts';
import { roundedShares } from '../../../model/inputs/shares.ts';

const nanos = (share: string): bigint => BigInt(share.replace('.', ''));

test('shares of nine decimals stay as they are', () => {
  expect(roundedShares(['0.6', '0.4'])).toEqual(['0.600000000', '0.400000000']);
});

test('finer shares still sum to exactly one', () => {
  fc.assert(
    fc.property(fc.array(fc.bigInt({ min: 1n, max: 10n ** 15n }), { minLength: 1, maxLength: 9 }), (parts) => {
      const scale = 10n ** 21n;
      const total = parts.reduce((sum, part) => sum + part, 0n);
      const shares = parts.map((part) => (part * scale) / total);
      shares[0]! += scale - shares.reduce((sum, share) => sum + share, 0n);
      const texts = shares.map((share) => {
        const digits = share.toString().padStart(22, '0');
        return `${digits.slice(0, -21)}.${digits.slice(-21)}`;
      });

      const rounded = roundedShares(texts);

      expect(rounded.reduce((sum, share) => sum + nanos(share), 0n)).toBe(10n ** 9n);
      rounded.forEach((share, index) => {
        const error = nanos(share) * 10n ** 12n - shares[index]!;
        expect(error <= 10n ** 12n && error >= -(10n ** 12n)).toBe(true);
      });
    }),
  );
});

test('a share that is no decimal is refused', () => {
  expect(() => roundedShares(['half'])).toThrow(WorthwhileError);
});
