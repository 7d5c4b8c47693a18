import type { z } from 'zod';
import { UNALLOCATED, type Dimension, type Metric, type scope } from '../contract/index.ts';
import { WorthwhileError } from '../../core/errors.ts';
import type { GenerationFacts } from '../warehouse/facts.ts';
import type { Bound } from '../warehouse/reader.ts';

type ScopeName = Exclude<keyof typeof scope, 'currency' | 'metric'>;
export type ScopeFilters = { [Name in ScopeName]?: z.infer<(typeof scope)[Name]> | undefined };

/** SQL conditions (each begins with `and`) and the values they bind. */
export interface Filters {
  sql: string;
  bound: Bound;
}

/** How each filter reads on a cost mart with alias `f`. Tribe and system follow today's organisation, like every name shown. */
const CONDITIONS: Record<ScopeName, string> = {
  squad: 'f.SquadId = $squad',
  tribe: 'f.SquadId in (select SquadId from dim_squads where TribeId = $tribe)',
  component: 'f.ComponentId = $component',
  system: 'f.ComponentId in (select ComponentId from dim_components where SystemId = $system)',
  service: 'f.ServiceName = $service',
  skuGroup: 'f.x_SkuGroup = $skuGroup',
  project: 'f.SubAccountId = $project',
  category: 'f.ChargeCategory = $category',
};

/** The filters that a query names, as SQL over a cost mart aliased `f`. */
export function scopeFilters(query: ScopeFilters): Filters {
  const named = (Object.keys(CONDITIONS) as ScopeName[]).filter((name) => query[name] !== undefined);
  return {
    sql: named.map((name) => `and ${CONDITIONS[name]}`).join(' '),
    bound: Object.fromEntries(named.map((name) => [name, query[name]!])),
  };
}

/** The cost column as it stands in SQL; the metric is an enum, so this is the only way a name gets into a query's text. */
export function metricColumn(metric: Metric): string {
  const columns: Record<Metric, string> = {
    EffectiveCost: 'EffectiveCost',
    BilledCost: 'BilledCost',
    ListCost: 'ListCost',
    ContractedCost: 'ContractedCost',
  };
  return columns[metric];
}

/** How a dimension reads on a cost mart: its raw column, and the entity's id, kind and name once rows are grouped by that column. */
export interface DimensionSql {
  /** Column of the cost mart that rows are grouped by first, so that names are joined to few rows. */
  raw: string;
  /** Joins of a grouped relation `g` (columns `raw`, `isUnallocated`). */
  join: string;
  id: string;
  name: string;
  /** Costs that no squad owns form a group of their own where the dimension is about ownership. */
  splitsUnallocated: boolean;
}

const squadJoin = 'left join dim_squads d on d.SquadId = g.raw';
const componentJoin = 'left join dim_components d on d.ComponentId = g.raw';

export const DIMENSION_SQL: Record<Dimension, DimensionSql> = {
  squad: { raw: 'f.SquadId', join: squadJoin, id: 'g.raw', name: 'd.SquadName', splitsUnallocated: true },
  tribe: { raw: 'f.SquadId', join: squadJoin, id: 'd.TribeId', name: 'd.TribeName', splitsUnallocated: true },
  component: {
    raw: 'f.ComponentId',
    join: componentJoin,
    id: 'g.raw',
    name: 'd.ComponentName',
    splitsUnallocated: true,
  },
  system: {
    raw: 'f.ComponentId',
    join: componentJoin,
    id: 'd.SystemId',
    name: 'd.SystemName',
    splitsUnallocated: true,
  },
  service: { raw: 'f.ServiceName', join: '', id: 'g.raw', name: 'g.raw', splitsUnallocated: false },
  skuGroup: { raw: 'f.x_SkuGroup', join: '', id: 'g.raw', name: 'g.raw', splitsUnallocated: false },
  project: {
    raw: 'f.SubAccountId',
    join: 'left join dim_sub_accounts d on d.SubAccountId = g.raw',
    id: 'g.raw',
    name: 'd.SubAccountName',
    splitsUnallocated: false,
  },
  category: { raw: 'f.ChargeCategory', join: '', id: 'g.raw', name: 'g.raw', splitsUnallocated: false },
};

/** Name of a group without a value of the dimension. */
export const NONE_NAMES: Record<Dimension, string> = {
  squad: 'No squad',
  tribe: 'No tribe',
  component: 'No component',
  system: 'No system',
  service: 'No service',
  skuGroup: 'No SKU group',
  project: 'No project',
  category: 'No category',
};

/** SQL of a group's key, kind and name over `g`; `~` cannot begin an id, so the special keys never meet a real one. */
export function groupColumns(dimension: Dimension): string {
  const { id, name, splitsUnallocated } = DIMENSION_SQL[dimension];
  const isUnallocated = splitsUnallocated
    ? dimension === 'squad' || dimension === 'tribe'
      ? 'g.isUnallocated'
      : `(g.isUnallocated and ${id} is null)`
    : 'false';
  return `case when ${isUnallocated} then '${UNALLOCATED}' when coalesce(${id}, '') = '' then '~none' else ${id} end as key,
          case when ${isUnallocated} then 'unallocated' when coalesce(${id}, '') = '' then 'none' else 'value' end as kind,
          case when ${isUnallocated} then 'Unallocated' when coalesce(${id}, '') = '' then '${NONE_NAMES[dimension]}'
               else coalesce(${name}, ${id}) end as name`;
}

/** The currency to answer in: the one asked for, which must be there, else the default; null while there are no charges at all. */
export function currencyOf(facts: GenerationFacts, asked: string | undefined): string | null {
  const known = facts.currencies.map((row) => row.BillingCurrency);
  if (asked === undefined || known.includes(asked)) return asked ?? facts.defaultCurrency;
  throw notFound(
    `there are no charges in ${asked}`,
    known.length > 0 ? `currencies with charges: ${known.join(', ')}` : undefined,
  );
}

/** The billing month to answer for: the one asked for, which must have charges, else the newest. */
export function billingMonthOf(facts: GenerationFacts, asked: string | undefined): string | null {
  const known = facts.billingPeriods.map((period) => period.month);
  if (asked === undefined || known.includes(asked)) return asked ?? known[0] ?? null;
  throw notFound(
    `there are no charges for the billing month ${asked}`,
    known.length > 0 ? `months with charges: ${known.join(', ')}` : undefined,
  );
}

export function notFound(reason: string, fix?: string): WorthwhileError {
  return new WorthwhileError('NOT_FOUND', reason, fix ? { fix } : {});
}
