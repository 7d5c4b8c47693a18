import { z } from 'zod';
import { costs, count, sharedCostAnswer, type SharedCostAnswer, type sharedCostQuery } from '../contract/index.ts';
import type { Reader } from '../warehouse/reader.ts';
import { billingMonthOf, currencyOf, scopeFilters } from './filters.ts';
import { inPoolMonth, NO_COSTS, poolBound, poolTerms, POOL_COST_SUMS } from './pools.ts';

const kind = z.enum(['SharedIn', 'SharedOut']);
const sumRow = costs.extend({ x_PoolId: z.string().nullable(), ChargeKind: kind.nullable() });
const wholeRow = sharedCostAnswer.shape.pools.element
  .pick({ x_PoolId: true, x_TakerCount: true, share: true })
  .extend({ x_TakerCount: count });

/** What a squad or component takes of every pool, and what pools take off it; largest movement first. */
export async function sharedCost(reader: Reader, query: z.output<typeof sharedCostQuery>): Promise<SharedCostAnswer> {
  const currency = currencyOf(reader.facts, query.currency);
  const month = billingMonthOf(reader.facts, query.month);
  const nothing = { sharedIn: NO_COSTS, sharedOut: NO_COSTS, net: NO_COSTS };
  if (currency === null || month === null) return { month, BillingCurrency: currency, pools: [], total: nothing };
  const of = { month, currency };
  const { squad, component } = query;
  const filters = scopeFilters({ squad, component });
  const mine = `${inPoolMonth(of)} ${filters.sql}`;
  const bound = { ...poolBound(of), ...filters.bound };
  const [terms, sums, whole] = await Promise.all([
    poolTerms(reader, of),
    reader.select(
      sumRow,
      `select f.x_PoolId, f.ChargeKind, ${POOL_COST_SUMS} from fct_pool_charges f where ${mine}
       group by grouping sets ((f.x_PoolId, f.ChargeKind), (f.ChargeKind), ())`,
      bound,
    ),
    reader.select(
      wholeRow,
      `with mine as (
         select f.x_PoolId, sum(f.BilledCost) filter (where f.ChargeKind = 'SharedIn') as BilledCost from fct_pool_charges f where ${mine}
         group by all
       ), pools as (
         select x_PoolId, sum(BilledCost) as BilledCost, count(distinct SquadId) as x_TakerCount from fct_pool_charges
         where ${inPoolMonth(of)} and ChargeKind = 'SharedIn' group by all
       )
       select p.x_PoolId, p.x_TakerCount, coalesce(m.BilledCost, 0)::double / nullif(p.BilledCost::double, 0) as share
       from pools p join mine m on m.x_PoolId = p.x_PoolId`,
      bound,
    ),
  ]);
  const sumOf = (pool: string | null, wanted: z.output<typeof kind> | null) => {
    const found = sums.find(({ x_PoolId, ChargeKind }) => x_PoolId === pool && ChargeKind === wanted);
    return found ? costs.parse(found) : NO_COSTS;
  };
  const moved = whole.flatMap(({ x_PoolId, share, x_TakerCount }) => {
    const term = terms.get(x_PoolId);
    if (!term) return [];
    return [
      { ...term, sharedIn: sumOf(x_PoolId, 'SharedIn'), sharedOut: sumOf(x_PoolId, 'SharedOut'), share, x_TakerCount },
    ];
  });
  const size = (line: (typeof moved)[number]): number =>
    Math.max(Math.abs(Number(line.sharedIn.BilledCost)), Math.abs(Number(line.sharedOut.BilledCost)));
  return {
    month,
    BillingCurrency: currency,
    pools: moved.toSorted((a, b) => size(b) - size(a) || (a.x_PoolId < b.x_PoolId ? -1 : 1)),
    total: { sharedIn: sumOf(null, 'SharedIn'), sharedOut: sumOf(null, 'SharedOut'), net: sumOf(null, null) },
  };
}
