import type { Target, Weight } from './network.ts';

/** A configured pool over its days, as the input tables say it. Weights and costs are integers in units of 10^-9. */
export interface Pool {
  entry: number;
  id: string;
  method: 'even' | 'fixed' | 'proportional' | 'driver';
  driver: string | null;
  base: 'BilledCost' | 'EffectiveCost' | 'ListCost';
  level: 'squad' | 'component';
  fallback: 'previous' | 'even' | 'keep';
  /** Half-open run of usage days, ISO. */
  from: string;
  to: string;
  shares: Weight[];
  include: string[];
  exclude: string[];
}

/** What a consumer used of a driver in a period of days; no squad and no component where its name is not in the catalog. */
export interface DriverRow {
  periodStart: string;
  periodEnd: string;
  componentId: string | null;
  squadId: string | null;
  quantity: bigint;
}

/** What a squad's component cost directly in a billing month and currency. */
export interface BaseRow {
  squadId: string;
  componentId: string | null;
  costs: Record<Pool['base'], bigint>;
}

/** How a pool hands on what is in it on some day, and how that was decided. */
export interface PoolWeights {
  pool: Pool;
  weights: Weight[];
  /** First day of the driver's period that was used. */
  driverPeriodStart: string | null;
  /** Null where the method itself found weights. */
  fallbackUsed: Pool['fallback'] | null;
}

/** Pools that stand in the place of a whole component or squad, by `component:id` or `squad:id`. */
export type Captured = ReadonlyMap<string, string>;

/** The target that a consumer means: the pool that takes all its charges, if there is one. */
export function routed(target: Exclude<Target, { kind: 'kept' | 'pool' }>, captured: Captured): Target {
  const pool = captured.get(`${target.kind}:${target.id}`);
  return pool === undefined ? target : { kind: 'pool', id: pool };
}
