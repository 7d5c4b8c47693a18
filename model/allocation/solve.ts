import { apportion } from './apportion.ts';
import { mulDiv, ONE, SHARE_UNITS } from './fixed-point.ts';
import { normalised, targetKey, trappedLoop, type Network, type Target } from './network.ts';

/** What finally becomes of a pool's charges: a target that is no pool, and its share in units of 10^-18. */
export interface FinalShare {
  target: Exclude<Target, { kind: 'pool' }>;
  units: bigint;
}

/** Pools that feed only each other, so that what falls into them would never be charged to anybody. `message` is the loop. */
export class TrappedPools extends Error {}

/**
 * Solves all pools at once (reciprocal method): with A the ratios between pools and B those to everybody else, the final shares are
 * E = (I - A)^-1 B, here by Gauss-Jordan elimination in 36-decimal integers. A row of E adds up to exactly one. Throws TrappedPools.
 * Source: the reciprocal (simultaneous equations) method, for instance Horngren, Datar and Rajan, Cost Accounting, chapter 15.
 */
export function solve(given: Network): Map<string, FinalShare[]> {
  const network = normalised(given);
  const loop = trappedLoop(network);
  if (loop) throw new TrappedPools(loop.join(' -> '));
  const pools = [...network.keys()];
  const payers = payersOf(network);
  const rows = pools.map((pool) => equation(network, pool, pools, [...payers.keys()]));
  eliminate(rows, pools.length);
  return new Map(
    pools.map((pool, row) => {
      const shares = rows[row]!.slice(pools.length).map((share) => (share < 0n ? 0n : share));
      const units = apportion(SHARE_UNITS, shares);
      const finals = [...payers.values()].map((target, index) => ({ target, units: units[index]! }));
      return [pool, finals.filter((share) => share.units > 0n)];
    }),
  );
}

function payersOf(network: Network): Map<string, FinalShare['target']> {
  const payers = new Map<string, FinalShare['target']>();
  for (const weights of network.values()) {
    for (const { target } of weights) {
      if (target.kind !== 'pool') payers.set(targetKey(target), target);
      else if (!network.has(target.id)) payers.set('kept', { kind: 'kept' });
    }
  }
  return new Map([...payers].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** One row of [I - A | B] in units of {@link ONE}. */
function equation(network: Network, pool: string, pools: string[], payers: string[]): bigint[] {
  const weights = network.get(pool)!;
  const total = weights.reduce((sum, { weight }) => sum + weight, 0n);
  const row = Array.from({ length: pools.length + payers.length }, () => 0n);
  row[pools.indexOf(pool)] = ONE;
  for (const { target, weight } of weights) {
    const ratio = mulDiv(weight, ONE, total);
    const isPool = target.kind === 'pool' && network.has(target.id);
    const payer = target.kind === 'pool' ? 'kept' : targetKey(target);
    const column = isPool ? pools.indexOf(target.id) : pools.length + payers.indexOf(payer);
    row[column]! += isPool ? -ratio : ratio;
  }
  return row;
}

/** Gauss-Jordan on the first `size` columns. The matrix is an M-matrix, whose pivots stay above zero in any order. */
function eliminate(rows: bigint[][], size: number): void {
  for (let pivot = 0; pivot < size; pivot++) {
    const own = rows[pivot]!;
    const head = own[pivot]!;
    for (let column = 0; column < own.length; column++) own[column] = mulDiv(own[column]!, ONE, head);
    for (let other = 0; other < size; other++) {
      const factor = rows[other]![pivot]!;
      if (other === pivot || factor === 0n) continue;
      for (let column = pivot; column < own.length; column++)
        rows[other]![column]! -= mulDiv(factor, own[column]!, ONE);
    }
  }
}
