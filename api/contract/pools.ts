import { z } from 'zod';
import { monthQuery } from './comparison.ts';
import { paged, paging } from './paging.ts';
import { costs, count, currencyCode, day, identifier, month, ratio } from './primitives.ts';
import { scope } from './scope.ts';

const method = z.enum(['even', 'fixed', 'proportional', 'driver']);
const fallback = z.enum(['previous', 'even', 'keep']);

/** How a pool is passed on over a run of usage days, as configured; an end that is open is null. */
const poolTerm = z.object({
  x_Method: method,
  x_DriverName: z.string().nullable(),
  /** What the driver counts, and over what; null without a driver. */
  x_DriverTitle: z.string().nullable(),
  x_DriverPeriodUnit: z.enum(['day', 'month']).nullable(),
  /** The cost that `proportional` goes by. */
  x_BaseColumn: z.enum(['BilledCost', 'EffectiveCost', 'ListCost']),
  x_Level: z.enum(['squad', 'component']),
  x_Fallback: fallback,
  ValidFrom: day.nullable(),
  ValidTo: day.nullable(),
});
export type PoolTerm = z.infer<typeof poolTerm>;

/** What fell into a pool, what of it others were charged, and what stayed: `taken` = `passedOn` + `kept`, in every cost. */
const poolCosts = z.object({ taken: costs, passedOn: costs, kept: costs });

/** Days on which nobody had any weight by the pool's method, and what was done. */
const fallbackUse = z.object({
  x_FallbackUsed: fallback,
  /** First day of the driver period that stood in, with `previous`. */
  x_DriverPeriodStart: day.nullable(),
  ValidFrom: day,
  ValidTo: day,
});
export type FallbackUse = z.infer<typeof fallbackUse>;

const payer = costs.extend({
  SquadId: z.string(),
  SquadName: z.string().nullable(),
  share: ratio.meta({ description: 'Of the BilledCost that the pool passed on; null where that is zero' }),
});

/** So many of those who pay are in the list of pools; the pool itself lists all. */
export const MOST_PAYERS = 6;

export const poolSummary = poolCosts.extend({
  x_PoolId: z.string(),
  x_PoolTitle: z.string(),
  /** Those in force in the month, in order of time; several where the pool was changed within it. */
  terms: z.array(poolTerm),
  /** Squads that were charged for it. */
  x_TakerCount: count,
  /** Who pays most, by BilledCost. */
  payers: z.array(payer).max(MOST_PAYERS),
  fallbacks: z.array(fallbackUse),
  /** True where some of it stayed although others had weight: a consumer that the catalog does not know, or the pool's use of itself. */
  x_IsUnnamedKept: z.boolean(),
});
export type PoolSummary = z.infer<typeof poolSummary>;

export const poolsQuery = z.strictObject({ month: monthQuery, currency: scope.currency });

/** Pools in force in a billing month, most money first. */
export const poolsAnswer = z.object({
  month: month.nullable(),
  BillingCurrency: currencyCode.nullable(),
  pools: z.array(poolSummary),
  total: poolCosts,
});
export type PoolsAnswer = z.infer<typeof poolsAnswer>;

export const poolParams = z.object({ PoolId: identifier });
export const poolQuery = z.strictObject({
  month: monthQuery,
  currency: scope.currency,
  by: z.enum(['squad', 'component']).default('squad').meta({ description: 'What a row of the takers is' }),
  ...paging,
});

/** The most givers that one answer lists, largest first. */
export const MOST_GIVERS = 200;

const owned = z.object({
  SquadId: z.string(),
  SquadName: z.string().nullable(),
  ComponentId: z.string().nullable(),
  ComponentName: z.string().nullable(),
});

/** Another pool that this one feeds or is fed by, with the largest part of any run of days. */
const neighbour = z.object({ x_PoolId: z.string(), x_PoolTitle: z.string(), x_Ratio: ratio });

/** Usage days over which a pool was divided alike. */
const poolRun = z.object({
  ValidFrom: day,
  ValidTo: day,
  x_DriverPeriodStart: day.nullable(),
  x_FallbackUsed: fallback.nullable(),
  x_TargetCount: count,
});
export type PoolRun = z.infer<typeof poolRun>;

/** A pool in a billing month: whose cost it was, who takes it in the end, and what pools lie between. `takers` are paged. */
export const poolAnswer = z.object({
  month: month.nullable(),
  BillingCurrency: currencyCode.nullable(),
  pool: poolSummary,
  givers: z.array(owned.extend(poolCosts.shape)).max(MOST_GIVERS),
  /** By BilledCost, largest first; ComponentId is null by squad, and for what a squad takes without a component. */
  takers: z.array(owned.extend({ ...costs.shape, share: payer.shape.share })),
  ...paged,
  /** In order of time; `/weights?day=` has the targets of one. */
  runs: z.array(poolRun),
  feeds: z.array(neighbour),
  fedBy: z.array(neighbour),
});
export type PoolAnswer = z.infer<typeof poolAnswer>;

export const poolWeightsQuery = z.strictObject({
  month: monthQuery,
  currency: scope.currency,
  day: day.optional().meta({ description: 'Only the run of usage days that holds this day' }),
  ...paging,
});

/** The first hop: what each target had of a pool, run of days by run of days, largest first; pools among the targets pass it on. */
export const poolWeightsAnswer = z.object({
  month: month.nullable(),
  BillingCurrency: currencyCode.nullable(),
  weights: z.array(
    z.object({
      ValidFrom: day,
      ValidTo: day,
      x_TargetKind: z.enum(['squad', 'component', 'pool', 'kept']),
      /** SquadId, ComponentId or x_PoolId (the next hop); null for what the pool keeps. */
      x_Target: z.string().nullable(),
      x_TargetName: z.string().nullable(),
      x_Method: method,
      x_DriverName: z.string().nullable(),
      x_DriverPeriodStart: day.nullable(),
      x_FallbackUsed: fallback.nullable(),
      x_Weight: z.string().meta({
        description:
          'Exact decimal string in the unit of the method: driver quantity, direct cost, configured share, or 1',
      }),
      x_Ratio: ratio,
    }),
  ),
  ...paged,
});
export type PoolWeightsAnswer = z.infer<typeof poolWeightsAnswer>;

export const sharedCostQuery = z.strictObject({
  month: monthQuery,
  currency: scope.currency,
  squad: scope.squad,
  component: scope.component,
});

/**
 * What a squad or component takes of every pool (`sharedIn`), and what pools take off it (`sharedOut`, below zero), in a billing
 * month; without either, the whole company.
 */
export const sharedCostAnswer = z.object({
  month: month.nullable(),
  BillingCurrency: currencyCode.nullable(),
  pools: z.array(
    z.object({
      x_PoolId: z.string(),
      x_PoolTitle: z.string(),
      terms: z.array(poolTerm),
      sharedIn: costs,
      sharedOut: costs,
      share: ratio.meta({ description: 'sharedIn of the BilledCost that the pool passed on in all' }),
      /** Squads that were charged for the pool. */
      x_TakerCount: count,
    }),
  ),
  /** `net` = `sharedIn` + `sharedOut`: by how much pools change what is charged. */
  total: z.object({ sharedIn: costs, sharedOut: costs, net: costs }),
});
export type SharedCostAnswer = z.infer<typeof sharedCostAnswer>;
