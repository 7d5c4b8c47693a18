import type { z } from 'zod';
import { UNALLOCATED, type Dimension, type Metric, type scope } from '../contract/index.ts';
import { WorthwhileError } from '../../core/errors.ts';
import type { Bound, GenerationFacts } from '../warehouse/reader.ts';
import type { CostColumn } from '../warehouse/rollups.ts';

type ScopeName = Exclude<keyof typeof scope, 'currency' | 'metric'>;
export type ScopeFilters = { [Name in ScopeName]?: z.infer<(typeof scope)[Name]> | undefined };

/** SQL conditions (each begins with `and`) and the values they bind. */
export interface Filters {
  sql: string;
  /** Columns that the conditions read. */
  columns: CostColumn[];
  bound: Bound;
}

/** How each filter reads on a cost mart with alias `f`. Tribe and system follow today's organisation, like every name shown. */
const CONDITIONS: Record<ScopeName, { column: CostColumn; sql: string }> = {
  squad: { column: 'SquadId', sql: 'f.SquadId = $squad' },
  tribe: { column: 'SquadId', sql: 'f.SquadId in (select SquadId from dim_squads where TribeId = $tribe)' },
  component: { column: 'ComponentId', sql: 'f.ComponentId = $component' },
  system: {
    column: 'ComponentId',
    sql: 'f.ComponentId in (select ComponentId from dim_components where SystemId = $system)',
  },
  service: { column: 'ServiceName', sql: 'f.ServiceName = $service' },
  skuGroup: { column: 'x_SkuGroup', sql: 'f.x_SkuGroup = $skuGroup' },
  project: { column: 'SubAccountId', sql: 'f.SubAccountId = $project' },
  category: { column: 'ChargeCategory', sql: 'f.ChargeCategory = $category' },
};

/** The filters that a query names, as SQL over a cost mart aliased `f`. */
export function scopeFilters(query: ScopeFilters): Filters {
  const named = (Object.keys(CONDITIONS) as ScopeName[]).filter((name) => query[name] !== undefined);
  return {
    sql: named.map((name) => `and ${CONDITIONS[name].sql}`).join(' '),
    columns: named.map((name) => CONDITIONS[name].column),
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
  raw: CostColumn;
  /** SQL over the cost mart: what no squad owns is a group of its own where the dimension is about ownership. */
  isUnallocated: string;
  /** Joins of a grouped relation `g` (columns `raw`, `isUnallocated`). */
  join: string;
  id: string;
  name: string;
}

const OWNERLESS = `f.SquadId = '${UNALLOCATED}'`;
const bySquad = {
  raw: 'SquadId',
  isUnallocated: OWNERLESS,
  join: 'left join dim_squads d on d.SquadId = g.raw',
} as const;
const byComponent = {
  raw: 'ComponentId',
  // A component whose owner is unknown stays visible as that component.
  isUnallocated: `(f.ComponentId is null and ${OWNERLESS})`,
  join: 'left join dim_components d on d.ComponentId = g.raw',
} as const;
const byItself = { isUnallocated: 'false', join: '', id: 'g.raw', name: 'g.raw' } as const;

export const DIMENSION_SQL: Record<Dimension, DimensionSql> = {
  squad: { ...bySquad, id: 'g.raw', name: 'd.SquadName' },
  tribe: { ...bySquad, id: 'd.TribeId', name: 'd.TribeName' },
  component: { ...byComponent, id: 'g.raw', name: 'd.ComponentName' },
  system: { ...byComponent, id: 'd.SystemId', name: 'd.SystemName' },
  service: { ...byItself, raw: 'ServiceName' },
  skuGroup: { ...byItself, raw: 'x_SkuGroup' },
  project: {
    ...byItself,
    raw: 'SubAccountId',
    join: 'left join dim_sub_accounts d on d.SubAccountId = g.raw',
    name: 'd.SubAccountName',
  },
  category: { ...byItself, raw: 'ChargeCategory' },
};

/** Columns of the cost mart that grouping by a dimension reads. */
export function columnsOf(dimension: Dimension): CostColumn[] {
  const { raw, isUnallocated } = DIMENSION_SQL[dimension];
  return isUnallocated === 'false' ? [raw] : [raw, 'SquadId'];
}

/** Name of a group without a value of the dimension. */
const NONE_NAMES: Record<Dimension, string> = {
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
  const { id, name } = DIMENSION_SQL[dimension];
  const choose = (unallocated: string, none: string, value: string): string =>
    `case when g.isUnallocated then '${unallocated}' when coalesce(${id}, '') = '' then '${none}' else ${value} end`;
  return `${choose(UNALLOCATED, '~none', id)} as key, ${choose('unallocated', 'none', "'value'")} as kind,
          ${choose('Unallocated', NONE_NAMES[dimension], `coalesce(${name}, ${id})`)} as name`;
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
