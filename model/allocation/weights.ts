import type { Weight } from './network.ts';
import { routed, type BaseRow, type Captured, type DriverRow, type Pool, type PoolWeights } from './pool.ts';

export interface WeightFacts {
  /** Usage day, ISO. */
  day: string;
  bases: BaseRow[];
  /** By driver name, each sorted by period. */
  drivers: ReadonlyMap<string, DriverRow[]>;
  captured: Captured;
}

/** What decides a pool's weights on a day: the same text means the same weights, so that days can be taken together. */
export function weightsKey(pool: Pool, { day, drivers }: Pick<WeightFacts, 'day' | 'drivers'>): string {
  return `${pool.entry}/${pool.driver === null ? '' : (periodOf(drivers.get(pool.driver) ?? [], day)?.start ?? `before ${day}`)}`;
}

/** How a pool hands on what is in it on a day. */
export function weightsOn(pool: Pool, facts: WeightFacts): PoolWeights {
  const found = byMethod(pool, facts);
  if (hasWeight(found.weights)) return { pool, fallbackUsed: null, ...found };
  const earlier = pool.fallback === 'previous' ? previousPeriod(pool, facts) : null;
  if (earlier) return { pool, fallbackUsed: 'previous', ...earlier };
  const even = pool.fallback === 'even' ? evenWeights(pool, facts) : [];
  if (hasWeight(even)) return { pool, weights: even, driverPeriodStart: null, fallbackUsed: 'even' };
  return { pool, weights: [{ target: { kind: 'kept' }, weight: 1n }], driverPeriodStart: null, fallbackUsed: 'keep' };
}

type Found = Pick<PoolWeights, 'weights' | 'driverPeriodStart'>;

function byMethod(pool: Pool, facts: WeightFacts): Found {
  if (pool.method === 'fixed') return { weights: pool.shares, driverPeriodStart: null };
  if (pool.method === 'even') return { weights: evenWeights(pool, facts), driverPeriodStart: null };
  if (pool.method === 'proportional') return { weights: proportional(pool, facts), driverPeriodStart: null };
  const rows = facts.drivers.get(pool.driver!) ?? [];
  const period = periodOf(rows, facts.day);
  return { weights: period ? driven(pool, period.rows, facts.captured) : [], driverPeriodStart: period?.start ?? null };
}

/** The same to everyone who takes part. */
function evenWeights(pool: Pool, { bases, captured }: WeightFacts): Weight[] {
  const kind = pool.level;
  const seen = bases.flatMap(({ squadId, componentId }) => (kind === 'squad' ? squadId : (componentId ?? [])));
  const named = pool.include.filter((name) => !name.includes('*'));
  return [...new Set([...seen, ...named])]
    .filter((id) => takesPart(pool, id))
    .map((id) => ({ target: routed({ kind, id }, captured), weight: 1n }));
}

/** By direct cost; who has less than none because of credits takes no part. */
function proportional(pool: Pool, { bases, captured }: WeightFacts): Weight[] {
  const costs = new Map<string, bigint>();
  for (const { squadId, componentId, costs: of } of bases) {
    const id = pool.level === 'squad' ? squadId : componentId;
    if (id !== null && takesPart(pool, id)) costs.set(id, (costs.get(id) ?? 0n) + of[pool.base]);
  }
  return [...costs]
    .filter(([, cost]) => cost > 0n)
    .map(([id, cost]) => ({ target: routed({ kind: pool.level, id }, captured), weight: cost }));
}

/** By measured use; what a consumer used that is not in the catalog stays with the pool, as nobody else should pay for it. */
function driven(pool: Pool, rows: DriverRow[], captured: Captured): Weight[] {
  return rows.flatMap(({ componentId, squadId, quantity }) => {
    const kind = componentId === null ? ('squad' as const) : ('component' as const);
    const id = componentId ?? squadId;
    if (id === null) return { target: { kind: 'kept' as const }, weight: quantity };
    return takesPart(pool, id) ? { target: routed({ kind, id }, captured), weight: quantity } : [];
  });
}

/** The latest period before the day in which somebody who takes part used anything. */
function previousPeriod(pool: Pool, { day, drivers, captured }: WeightFacts): Found | null {
  const rows = drivers.get(pool.driver ?? '') ?? [];
  const starts = [...new Set(rows.map(({ periodStart }) => periodStart))].filter((start) => start <= day).toReversed();
  for (const start of starts) {
    const weights = driven(
      pool,
      rows.filter(({ periodStart }) => periodStart === start),
      captured,
    );
    if (hasWeight(weights)) return { weights, driverPeriodStart: start };
  }
  return null;
}

function periodOf(rows: DriverRow[], day: string): { start: string; rows: DriverRow[] } | null {
  const own = rows.filter(({ periodStart, periodEnd }) => periodStart <= day && day < periodEnd);
  return own.length > 0 ? { start: own[0]!.periodStart, rows: own } : null;
}

function takesPart({ include, exclude }: Pool, id: string): boolean {
  const matches = (pattern: string): boolean => patternOf(pattern).test(id);
  return (include.length === 0 || include.some(matches)) && !exclude.some(matches);
}

/** `*` stands for any run of characters; case does not matter. */
function patternOf(text: string): RegExp {
  const parts = text.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i');
}

const hasWeight = (weights: Weight[]): boolean => weights.some(({ weight }) => weight > 0n);
