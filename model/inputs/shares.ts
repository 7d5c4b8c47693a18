import { WorthwhileError } from '../../core/errors.ts';

const SCALE = 9;

/**
 * Decimal shares that sum to 1 at any scale, as shares of 9 decimals that still sum to exactly 1: each is the difference
 * of two rounded running totals. Throws CATALOG_INVALID where a share is no decimal.
 */
export function roundedShares(shares: string[]): string[] {
  const scale = Math.max(SCALE, ...shares.map((share) => (share.split('.')[1] ?? '').length));
  const unit = 10n ** BigInt(scale - SCALE);
  let total = 0n;
  let before = 0n;
  return shares.map((share) => {
    total += scaled(share, scale);
    const after = (total + unit / 2n) / unit;
    const part = after - before;
    before = after;
    const digits = part.toString().padStart(SCALE + 1, '0');
    return `${digits.slice(0, -SCALE)}.${digits.slice(-SCALE)}`;
  });
}

function scaled(share: string, scale: number): bigint {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(share);
  if (!match) {
    throw new WorthwhileError('CATALOG_INVALID', `an owner's share "${share}" is not a decimal`, {
      on: 'a stored catalog load',
      fix: 'restore catalog/loads from a backup',
    });
  }
  return BigInt(match[1]! + (match[2] ?? '').padEnd(scale, '0'));
}
