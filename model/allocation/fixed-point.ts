import { decimalUnits } from '../../core/decimal-sum.ts';

/** Shares while they are solved for: integers in units of 10^-36. */
export const ONE = 10n ** 36n;
/** Shares as they are stored: integers in units of 10^-18. */
export const SHARE_UNITS = 10n ** 18n;

/** `a * b / c`, rounded half away from zero. `c` is above zero. */
export function mulDiv(a: bigint, b: bigint, c: bigint): bigint {
  const product = 2n * a * b + (a * b < 0n ? -c : c);
  return product / (2n * c);
}

/** A decimal text of at most 9 decimals as an integer in units of 10^-9. */
export function nano(text: string): bigint {
  return decimalUnits(text, 9);
}
