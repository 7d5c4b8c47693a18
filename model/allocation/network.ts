/** Who takes a share of a pool: a squad's or component's own name, another pool, or the pool's own line, where it then stays. */
export type Target = { kind: 'squad' | 'component' | 'pool'; id: string } | { kind: 'kept' };

export interface Weight {
  target: Target;
  /** In any unit that the weights of one pool share; not below zero. */
  weight: bigint;
}

/** How every pool hands on what is in it: its weights by pool name. */
export type Network = ReadonlyMap<string, Weight[]>;

export const targetKey = (target: Target): string => (target.kind === 'kept' ? 'kept' : `${target.kind}:${target.id}`);

/**
 * The network without self-use and without targets of no weight, one entry a target in the order of their names, so that nothing
 * after it depends on the order of its input. What a pool uses of itself is dropped, which leaves the others' ratios as they are. A
 * pool that is left without any weight keeps what is in it.
 */
export function normalised(network: Network): Network {
  const pools = [...network.keys()].sort();
  return new Map(
    pools.map((pool) => {
      const byTarget = new Map<string, Weight>();
      for (const { target, weight } of network.get(pool)!) {
        if (weight === 0n || (target.kind === 'pool' && target.id === pool)) continue;
        const key = targetKey(target);
        byTarget.set(key, { target, weight: weight + (byTarget.get(key)?.weight ?? 0n) });
      }
      const weights = [...byTarget.keys()].sort().map((key) => byTarget.get(key)!);
      return [pool, weights.length > 0 ? weights : [{ target: { kind: 'kept' }, weight: 1n }]];
    }),
  );
}

/**
 * A loop of pools out of which nothing ever comes, as the names along it with the first repeated at the end; null where every pool
 * reaches somebody who pays. `network` is normalised.
 */
export function trappedLoop(network: Network): string[] | null {
  const free = new Set<string>();
  for (let grown = true; grown;) {
    grown = false;
    for (const [pool, weights] of network) {
      if (free.has(pool)) continue;
      if (weights.some(({ target }) => target.kind !== 'pool' || free.has(target.id) || !network.has(target.id))) {
        free.add(pool);
        grown = true;
      }
    }
  }
  const start = [...network.keys()].find((pool) => !free.has(pool));
  if (start === undefined) return null;
  const trail: string[] = [];
  for (let at = start; ; at = nextPool(network, at)) {
    const before = trail.indexOf(at);
    if (before >= 0) return [...trail.slice(before), at];
    trail.push(at);
  }
}

function nextPool(network: Network, pool: string): string {
  const next = network.get(pool)!.find(({ target }) => target.kind === 'pool');
  return (next!.target as { id: string }).id;
}
