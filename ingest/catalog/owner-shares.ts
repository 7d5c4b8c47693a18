/** One joint owner as written: an entity ref and its weight, null where none is given. */
export interface WrittenOwner {
  ref: string;
  weight: string | null;
}

/** Reads `squad-a=60, squad-b=40`. Returns null where the text cannot be read so: a weight that is no positive number, or given only to some. */
export function parseOwners(text: string): WrittenOwner[] | null {
  const owners = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [ref = '', weight, ...rest] = part.split('=').map((piece) => piece.trim());
      return { ref, weight: rest.length > 0 ? '' : (weight?.replace(/%$/, '').trim() ?? null) };
    });
  const weighted = owners.filter(({ weight }) => weight !== null);
  const readable = weighted.every(({ weight }) => /^\d+(\.\d+)?$/.test(weight!) && Number(weight) > 0);
  if (owners.length === 0 || owners.some(({ ref }) => ref === '') || !readable) return null;
  return weighted.length === 0 || weighted.length === owners.length ? owners : null;
}

const SCALE = 9;
const ONE = 10n ** BigInt(SCALE);

/**
 * Shares in the proportion of the weights (equal where there are none), as decimal strings of 9 places that sum to exactly 1:
 * largest remainder, ties to the owner named first.
 */
export function sharesOf(weights: (string | null)[]): string[] {
  const places = Math.max(...weights.map((weight) => weight?.split('.')[1]?.length ?? 0));
  const whole = weights.map((weight) => scaled(weight ?? '1', places));
  const total = whole.reduce((sum, weight) => sum + weight, 0n);
  const floors = whole.map((weight) => (weight * ONE) / total);
  const left = Number(ONE - floors.reduce((sum, share) => sum + share, 0n));
  const byRemainder = whole
    .map((weight, index) => ({ index, remainder: (weight * ONE) % total }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  const raised = new Set(byRemainder.slice(0, left).map(({ index }) => index));
  return floors.map((share, index) => decimal(share + (raised.has(index) ? 1n : 0n)));
}

function scaled(weight: string, places: number): bigint {
  const [whole = '0', fraction = ''] = weight.split('.');
  return BigInt(whole + fraction.padEnd(places, '0'));
}

function decimal(share: bigint): string {
  const digits = share.toString().padStart(SCALE + 1, '0');
  const fraction = digits.slice(-SCALE).replace(/0+$/, '');
  return fraction === '' ? digits.slice(0, -SCALE) : `${digits.slice(0, -SCALE)}.${fraction}`;
}
