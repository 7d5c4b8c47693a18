import { z } from 'zod';
import {
  costs,
  count,
  MOST_PAYERS,
  poolSummary,
  type PoolsAnswer,
  type PoolSummary,
  type poolsQuery,
} from '../contract/index.ts';
import type { Reader } from '../warehouse/reader.ts';
import { monthRange } from './calendar.ts';
import { billingMonthOf, currencyOf } from './filters.ts';
import { ZERO } from './zero.ts';

export const NO_COSTS = { ListCost: ZERO, ContractedCost: ZERO, BilledCost: ZERO, EffectiveCost: ZERO };
const NO_MOVES = { taken: NO_COSTS, passedOn: NO_COSTS, kept: NO_COSTS };
const COLUMNS = ['ListCost', 'ContractedCost', 'BilledCost', 'EffectiveCost'] as const;

export const POOL_COST_SUMS = COLUMNS.map((column) => `coalesce(sum(${column}), 0)::decimal(38, 9) as ${column}`).join(
  ', ',
);
const NEGATED = COLUMNS.map((column) => `-${column} as ${column}`).join(', ');

/** A billing month in one currency, and one pool of it or all. */
export interface PoolMonth {
  month: string;
  currency: string;
  pool?: string;
}

/** Condition on a pool mart; binds what {@link poolBound} gives. */
export const inPoolMonth = ({ pool }: PoolMonth): string =>
  `BillingPeriodStart = $monthStart::date and BillingCurrency = $currency${pool === undefined ? '' : ' and x_PoolId = $pool'}`;
export const poolBound = ({ month, currency, pool }: PoolMonth) => ({
  monthStart: `${month}-01`,
  currency,
  ...(pool !== undefined && { pool }),
});

/** `moved(x_PoolId, SquadId, ComponentId, part, costs)`: what fell into pools, what of it was passed on, and what stayed. */
export function movedCosts(of: PoolMonth): string {
  const where = inPoolMonth(of);
  const keys = 'x_PoolId, SquadId, ComponentId';
  return `moved as (
    select ${keys}, part, ${COLUMNS.join(', ')} from fct_pool_costs, (values ('taken'), ('kept')) as parts(part) where ${where}
    union all select ${keys}, 'kept', ${COLUMNS.join(', ')} from fct_pool_charges where ${where} and ChargeKind = 'SharedOut'
    union all select ${keys}, 'passedOn', ${NEGATED} from fct_pool_charges where ${where} and ChargeKind = 'SharedOut'
  )`;
}

export const part = z.enum(['taken', 'passedOn', 'kept']);
type Moves = Record<z.output<typeof part>, z.output<typeof costs>>;

/** Rows of one part each, gathered by key; parts without a row are zero. */
export function gathered<Row extends z.output<typeof costs> & { part: z.output<typeof part> }>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): Map<string, { row: Row; moves: Moves }> {
  const found = new Map<string, { row: Row; moves: Moves }>();
  for (const row of rows) {
    const one = found.get(keyOf(row)) ?? { row, moves: { ...NO_MOVES } };
    one.moves[row.part] = costs.parse(row);
    found.set(keyOf(row), one);
  }
  return found;
}

/** Pools in force in a billing month, or in which something fell, most money first. */
export async function pools(reader: Reader, query: z.output<typeof poolsQuery>): Promise<PoolsAnswer> {
  const currency = currencyOf(reader.facts, query.currency);
  const month = billingMonthOf(reader.facts, query.month);
  if (currency === null || month === null)
    return { month, BillingCurrency: currency, pools: [], total: { ...NO_MOVES } };
  const of = { month, currency };
  const [summaries, sums] = await Promise.all([poolSummaries(reader, of), poolSums(reader, of)]);
  return { month, BillingCurrency: currency, pools: summaries, total: sums.get('')?.moves ?? { ...NO_MOVES } };
}

const sumRow = costs.extend({ x_PoolId: z.string().nullable(), part });

/** By pool; all of them under ''. */
async function poolSums(reader: Reader, of: PoolMonth) {
  const rows = await reader.select(
    sumRow,
    `with ${movedCosts(of)}
     select x_PoolId, part, ${POOL_COST_SUMS} from moved group by grouping sets ((x_PoolId, part), (part))`,
    poolBound(of),
  );
  return gathered(rows, (row) => row.x_PoolId ?? '');
}

const term = poolSummary.shape.terms.element;
const termRow = term.extend({ x_PoolId: z.string(), x_PoolTitle: z.string() });

/** How pools were configured in a month, by name and in order of time; one that was not in force in it comes with all its terms. */
export async function poolTerms(
  reader: Reader,
  { month, pool }: { month: string; pool?: string },
): Promise<Map<string, Pick<PoolSummary, 'x_PoolId' | 'x_PoolTitle' | 'terms'>>> {
  const { from, to } = monthRange(month);
  const rows = await reader.select(
    termRow,
    `with known as (
       select *, ValidFrom < $to::date and $from::date < ValidTo as isInForce from dim_pools ${pool === undefined ? '' : 'where x_PoolId = $pool'}
     )
     select x_PoolId, x_PoolTitle, x_Method, x_DriverName, x_BaseColumn, x_Level, x_Fallback,
            m.x_Title as x_DriverTitle, m.x_PeriodUnit as x_DriverPeriodUnit,
            case when ValidFrom > date '1900-01-01' then ValidFrom end as ValidFrom, case when ValidTo < date '2100-01-01' then ValidTo end as ValidTo
     from known left join dim_measures m on m.x_MeasureKind = 'driver' and m.x_MeasureName = known.x_DriverName
     where isInForce or not exists (select 1 from known other where other.x_PoolId = known.x_PoolId and other.isInForce)
     order by known.x_PoolId, known.ValidFrom, known.x_PoolEntry`,
    { from, to, ...(pool !== undefined && { pool }) },
  );
  const found = new Map<string, Pick<PoolSummary, 'x_PoolId' | 'x_PoolTitle' | 'terms'>>();
  for (const { x_PoolId, x_PoolTitle, ...one } of rows) {
    const before = found.get(x_PoolId);
    found.set(x_PoolId, { x_PoolId, x_PoolTitle, terms: [...(before?.terms ?? []), one] });
  }
  return found;
}

const payerRow = poolSummary.shape.payers.element.extend({ x_PoolId: z.string(), takers: count });

function payers(reader: Reader, of: PoolMonth) {
  return reader.select(
    payerRow,
    `with taken as (
       select x_PoolId, SquadId, ${POOL_COST_SUMS} from fct_pool_charges where ${inPoolMonth(of)} and ChargeKind = 'SharedIn' group by all
     ), ranked as (
       select *, count(*) over pool as takers, BilledCost::double / nullif((sum(BilledCost) over pool)::double, 0) as share,
              row_number() over (partition by x_PoolId order by abs(BilledCost) desc, SquadId) as position
       from taken window pool as (partition by x_PoolId)
     )
     select r.* exclude (position), d.SquadName from ranked r left join dim_squads d on d.SquadId = r.SquadId
     where r.position <= ${MOST_PAYERS} order by r.x_PoolId, r.position`,
    poolBound(of),
  );
}

const runRow = poolSummary.shape.fallbacks.element.extend({
  x_PoolId: z.string(),
  x_FallbackUsed: poolSummary.shape.fallbacks.element.shape.x_FallbackUsed.nullable(),
  isKept: z.boolean(),
});

/** Runs of days on which a fallback was used, or something stayed. */
function unusualRuns(reader: Reader, of: PoolMonth) {
  return reader.select(
    runRow,
    `select x_PoolId, x_FallbackUsed, x_DriverPeriodStart, bool_or(x_TargetKind = 'kept') as isKept,
            min(ValidFrom) as ValidFrom, max(ValidTo) as ValidTo
     from fct_pool_shares where ${inPoolMonth(of)} and (x_FallbackUsed is not null or x_TargetKind = 'kept')
     group by x_PoolId, x_FallbackUsed, x_DriverPeriodStart order by x_PoolId, ValidFrom, x_FallbackUsed`,
    poolBound(of),
  );
}

/** What there is to say of each pool of a month, most money first. */
export async function poolSummaries(reader: Reader, of: PoolMonth): Promise<PoolSummary[]> {
  const [terms, sums, paying, runs] = await Promise.all([
    poolTerms(reader, of),
    poolSums(reader, of),
    payers(reader, of),
    unusualRuns(reader, of),
  ]);
  const { to } = monthRange(of.month);
  const isShown = ({ x_PoolId, terms: own }: { x_PoolId: string; terms: PoolSummary['terms'] }): boolean =>
    of.pool !== undefined ||
    sums.has(x_PoolId) ||
    own.some(
      ({ ValidFrom, ValidTo }) =>
        (ValidFrom === null || ValidFrom < to) && (ValidTo === null || `${of.month}-01` < ValidTo),
    );
  const summaries = [...terms.values()].filter(isShown).map((pool): PoolSummary => {
    const own = paying.filter(({ x_PoolId }) => x_PoolId === pool.x_PoolId);
    const odd = runs.filter(({ x_PoolId }) => x_PoolId === pool.x_PoolId);
    return {
      ...pool,
      ...(sums.get(pool.x_PoolId)?.moves ?? NO_MOVES),
      x_TakerCount: own[0]?.takers ?? 0,
      payers: own.map(({ x_PoolId: _pool, takers: _takers, ...row }) => row),
      fallbacks: odd.flatMap(({ x_PoolId: _pool, isKept: _kept, x_FallbackUsed, ...run }) =>
        x_FallbackUsed === null ? [] : [{ x_FallbackUsed, ...run }],
      ),
      x_IsUnnamedKept: odd.some(({ isKept, x_FallbackUsed }) => isKept && x_FallbackUsed === null),
    };
  });
  return summaries.toSorted(
    (a, b) =>
      Math.abs(Number(b.taken.BilledCost)) - Math.abs(Number(a.taken.BilledCost)) || (a.x_PoolId < b.x_PoolId ? -1 : 1),
  );
}
