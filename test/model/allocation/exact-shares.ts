import { targetKey, type Network } from '../../../model/allocation/network.ts';

export interface Rational {
  numerator: bigint;
  denominator: bigint;
}

/** The final shares of a network as exact fractions, by substitution: an independent reckoning for the tests of the solver. */
export function exactShares(network: Network): Map<string, Map<string, Rational>> {
  // Each pool's row, ratio by target; pools are put into the others' rows one after the other until none is left in any.
  const rows = new Map<string, Map<string, Rational>>();
  for (const [pool, weights] of network) {
    const total = weights.reduce((sum, { weight }) => sum + weight, 0n);
    rows.set(
      pool,
      new Map(weights.map(({ target, weight }) => [targetKey(target), { numerator: weight, denominator: total }])),
    );
  }
  for (const pool of network.keys()) {
    const own = withoutSelf(rows.get(pool)!, `pool:${pool}`);
    rows.set(pool, own);
    for (const [other, row] of rows) {
      const part = row.get(`pool:${pool}`);
      if (other === pool || !part) continue;
      row.delete(`pool:${pool}`);
      for (const [target, ratio] of own) row.set(target, plus(row.get(target), times(part, ratio)));
    }
  }
  return rows;
}

function withoutSelf(row: Map<string, Rational>, self: string): Map<string, Rational> {
  const part = row.get(self) ?? { numerator: 0n, denominator: 1n };
  const rest = { numerator: part.denominator, denominator: part.denominator - part.numerator };
  return new Map([...row].filter(([target]) => target !== self).map(([target, ratio]) => [target, times(ratio, rest)]));
}

function times(a: Rational, b: Rational): Rational {
  return reduced(a.numerator * b.numerator, a.denominator * b.denominator);
}

function plus(a: Rational | undefined, b: Rational): Rational {
  if (!a) return b;
  return reduced(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
}

function reduced(numerator: bigint, denominator: bigint): Rational {
  let [a, b] = [numerator < 0n ? -numerator : numerator, denominator];
  while (b > 0n) [a, b] = [b, a % b];
  return { numerator: numerator / a, denominator: denominator / a };
}
