import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apportion } from '../../../model/allocation/apportion.ts';
import { SHARE_UNITS } from '../../../model/allocation/fixed-point.ts';
import {
  normalised,
  targetKey,
  trappedLoop,
  type Network,
  type Target,
  type Weight,
} from '../../../model/allocation/network.ts';
import { solve, TrappedPools, type FinalShare } from '../../../model/allocation/solve.ts';
import { exactShares } from './exact-shares.ts';

const to = (text: string, weight: bigint | number): Weight => {
  const [kind, id] = text.split(':');
  const target = kind === 'kept' ? { kind } : { kind, id };
  return { target: target as Target, weight: BigInt(weight) };
};
const network = (pools: Record<string, Weight[]>): Network => new Map(Object.entries(pools));
const shareOf = (shares: FinalShare[] | undefined, key: string): bigint =>
  shares?.find(({ target }) => targetKey(target) === key)?.units ?? 0n;

describe('pools that serve each other', () => {
  /**
   * Castleford Engineering in Horngren, Datar and Rajan, "Cost Accounting: A Managerial Emphasis", chapter 15: plant maintenance
   * costs 6,300,000 and serves information systems 20 %, machining 30 %, assembly 50 %; information systems cost 1,452,150 and
   * serve maintenance 10 %, machining 80 %, assembly 10 %. Reciprocal method: machining 4,187,025, assembly 3,565,125.
   */
  test('are allocated as in the textbook', () => {
    const shares = solve(
      network({
        maintenance: [to('pool:systems', 20), to('squad:machining', 30), to('squad:assembly', 50)],
        systems: [to('pool:maintenance', 10), to('squad:machining', 80), to('squad:assembly', 10)],
      }),
    );

    const charged = (squad: string): bigint =>
      ['maintenance', 'systems']
        .map((pool, index) => [6_300_000n, 1_452_150n][index]! * shareOf(shares.get(pool), `squad:${squad}`))
        .reduce((a, b) => a + b);
    expect(nearest(charged('machining'))).toBe(4_187_025n);
    expect(nearest(charged('assembly'))).toBe(3_565_125n);
  });

  test('in a chain of three with a cycle have the shares that rational numbers give', () => {
    const chain = network({
      a: [to('pool:b', 1), to('squad:x', 2)],
      b: [to('pool:c', 3), to('squad:y', 4)],
      c: [to('pool:a', 5), to('squad:x', 1), to('squad:z', 1)],
    });
    const exact = exactShares(chain);

    for (const [pool, shares] of solve(chain)) {
      for (const key of ['squad:x', 'squad:y', 'squad:z']) {
        const { numerator, denominator } = exact.get(pool)!.get(key)!;
        const difference = shareOf(shares, key) * denominator - numerator * SHARE_UNITS;
        expect(difference < denominator && difference > -denominator, `${pool} to ${key}`).toBe(true);
      }
    }
  });

  test('drop what they use of themselves, and the others share as before', () => {
    const without = solve(network({ a: [to('squad:x', 1), to('squad:y', 3)] }));
    const own = solve(network({ a: [to('pool:a', 96), to('squad:x', 1), to('squad:y', 3)] }));

    expect(own).toEqual(without);
  });

  test('that reach nobody are named with the loop that traps them', () => {
    const trapped = network({
      kafka: [to('pool:network', 1)],
      network: [to('pool:kubernetes', 1), to('pool:kafka', 1)],
      kubernetes: [to('pool:network', 2)],
      fine: [to('pool:kafka', 1), to('squad:x', 1)],
    });

    expect(() => solve(trapped)).toThrow(TrappedPools);
    expect(() => solve(trapped)).toThrow('kafka -> network -> kafka');
  });

  test('keep what nobody takes, also what a pool that is not there would get', () => {
    expect(solve(network({ a: [] })).get('a')).toEqual([{ target: { kind: 'kept' }, units: SHARE_UNITS }]);
    const shares = solve(network({ a: [to('pool:gone', 1), to('squad:x', 1)] })).get('a');
    expect(shareOf(shares, 'kept')).toBe(SHARE_UNITS / 2n);
  });
});

const weight = fc.oneof(fc.bigInt({ min: 0n, max: 10n }), fc.constantFrom(1n, 10n ** 15n, 0n));
const names = ['a', 'b', 'c', 'd', 'e'];
const anyNetwork = fc.record(
  Object.fromEntries(
    names.map((name) => [
      name,
      fc.array(
        fc.tuple(
          fc.constantFrom('pool:a', 'pool:b', 'pool:c', 'pool:d', 'pool:e', 'squad:x', 'component:y', 'kept'),
          weight,
        ),
        {
          maxLength: 6,
        },
      ),
    ]),
  ),
);

test('any network of pools passes on the whole of each, whatever the order of pools and weights', () => {
  fc.assert(
    fc.property(anyNetwork, (drawn) => {
      const pools = names.map((name) => [name, drawn[name]!.map(([key, of]) => to(key, of))] as const);
      const solved = outcome(new Map(pools));

      for (const shares of Object.values(solved.shares ?? {}))
        expect(shares.reduce((sum, [, units]) => sum + units, 0n)).toBe(SHARE_UNITS);
      expect(outcome(new Map(pools.toReversed().map(([name, weights]) => [name, weights.toReversed()])))).toEqual(
        solved,
      );
    }),
  );
});

test('apportioned units add up, none is further than one unit from its quota, and signs only flip', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
      fc
        .array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 9 })
        .filter((all) => all.some((w) => w > 0n)),
      (total, weights) => {
        const parts = apportion(total, weights);
        const sum = weights.reduce((a, b) => a + b);

        expect(parts.reduce((a, b) => a + b)).toBe(total);
        for (const [index, part] of parts.entries()) {
          const off = part * sum - total * weights[index]!;
          expect(off < sum && off > -sum).toBe(true);
        }
        expect(apportion(-total, weights)).toEqual(parts.map((part) => -part));
      },
    ),
  );
});

function outcome(of: Network): { shares?: Record<string, [string, bigint][]>; trapped?: boolean } {
  if (trappedLoop(normalised(of))) return { trapped: true };
  const shares = [...solve(of)].map(([pool, finals]): [string, [string, bigint][]] => [
    pool,
    finals.map(({ target, units }) => [targetKey(target), units]),
  ]);
  return { shares: Object.fromEntries(shares) };
}

const nearest = (units: bigint): bigint => (units + SHARE_UNITS / 2n) / SHARE_UNITS;
