import type { z } from 'zod';
import {
  chargebackMonthsAnswer,
  chargebackRow,
  chargeKind,
  costs,
  count,
  type ChargebackAnswer,
  type ChargebackMonthsAnswer,
  trueUpSum,
  type chargebackQuery,
} from '../contract/index.ts';
import type { Reader } from '../warehouse/reader.ts';
import { pageOf } from './cursor.ts';
import { billingMonthOf, currencyOf, scopeFilters } from './filters.ts';
import { reconciliationRows } from './reconciliation.ts';
import { ZERO } from './zero.ts';

/** The export's columns, in its order, over `fct_chargeback f`; text is empty where there is no such thing. */
export const CHARGEBACK_COLUMNS = `strftime(f.BillingPeriodStart, '%Y-%m') as BillingPeriod, f.SquadId,
  coalesce(f.SquadName, '') as SquadName, coalesce(f.CostCentre, '') as CostCentre, coalesce(f.ComponentId, '') as ComponentId,
  coalesce(f.ServiceName, '') as ServiceName, f.ChargeKind, f.BillingCurrency, f.ListCost, f.ContractedCost, f.BilledCost,
  f.EffectiveCost`;

/** A total order over a relation `rows` of these columns, so that pages and files come out the same each time. */
export const CHARGEBACK_ORDER =
  'rows.SquadId, rows.ComponentId, rows.ServiceName, rows.ChargeKind, rows.BillingCurrency, rows.SquadName, rows.CostCentre';

const COST_SUMS = ['ListCost', 'ContractedCost', 'BilledCost', 'EffectiveCost']
  .map((column) => `coalesce(sum(f.${column}), 0)::decimal(38, 9) as ${column}`)
  .join(', ');

const NO_COSTS = { ListCost: ZERO, ContractedCost: ZERO, BilledCost: ZERO, EffectiveCost: ZERO };
const OPEN = { x_IsClosed: false, closedAt: null, closedBy: null, seal: null };
const CLOSE_COLUMNS = `c.BillingPeriodStart is not null as x_IsClosed, strftime(c.x_ClosedAt, '%Y-%m-%dT%H:%M:%SZ') as closedAt,
  c.x_ClosedBy as closedBy, c.x_Seal as seal`;
const closeRow = chargebackMonthsAnswer.shape.months.element.pick({
  x_IsClosed: true,
  closedAt: true,
  closedBy: true,
  seal: true,
});
const kindRow = costs.extend({ ChargeKind: chargeKind.nullable(), matches: count });

/** A page of a billing month's chargeback, with totals over all pages. */
export async function chargeback(reader: Reader, query: z.output<typeof chargebackQuery>): Promise<ChargebackAnswer> {
  const currency = currencyOf(reader.facts, query.currency);
  const month = billingMonthOf(reader.facts, query.month);
  const page = pageOf(reader.identity, 'chargeback', query);
  if (currency === null || month === null) {
    const empty = { rows: [], count: 0, nextCursor: null, total: NO_COSTS, kinds: [], holds: null, reconciliation: [] };
    return { month, BillingCurrency: currency, ...OPEN, trueUps: [], ...empty };
  }
  const { squad, tribe, component, service } = query;
  const filters = scopeFilters({ squad, tribe, component, service });
  const where = `f.BillingPeriodStart = $monthStart::date and f.BillingCurrency = $currency ${filters.sql}
    ${query.kind ? 'and f.ChargeKind = $kind' : ''}`;
  const bound = { monthStart: `${month}-01`, currency, ...filters.bound, ...(query.kind && { kind: query.kind }) };
  const order = query.sort === 'cost' ? `abs(BilledCost) desc, ${CHARGEBACK_ORDER}` : CHARGEBACK_ORDER;
  const [rows, kinds, trueUps, closes, reconciliation] = await Promise.all([
    reader.select(
      chargebackRow,
      `with rows as (select ${CHARGEBACK_COLUMNS} from fct_chargeback f where ${where})
       select * from rows order by ${order} limit $limit::bigint offset $offset::bigint`,
      { ...bound, limit: page.limit, offset: page.offset },
    ),
    reader.select(
      kindRow,
      `select f.ChargeKind, ${COST_SUMS}, count(*) as matches from fct_chargeback f where ${where}
       group by grouping sets ((f.ChargeKind), ()) order by f.ChargeKind nulls first`,
      bound,
    ),
    trueUpSums(reader, { month, currency, kind: query.kind, filters }),
    reader.select(
      closeRow,
      `select ${CLOSE_COLUMNS} from fct_closes c where c.BillingPeriodStart = $monthStart::date`,
      { monthStart: `${month}-01` },
    ),
    reconciliationRows(reader, { month, currency }),
  ]);
  const [total, ...byKind] = kinds;
  const matches = total?.matches ?? 0;
  return {
    month,
    BillingCurrency: currency,
    ...(closes[0] ?? OPEN),
    rows,
    count: matches,
    nextCursor: page.next(matches),
    total: costs.parse(total ?? NO_COSTS),
    kinds: byKind.map(({ matches: _matches, ChargeKind, ...sums }) => ({ ChargeKind: ChargeKind!, ...sums })),
    trueUps,
    holds: reconciliation.length > 0 ? reconciliation.every((row) => row.x_Holds) : null,
    reconciliation,
  };
}

interface TrueUpScope {
  month: string;
  currency: string;
  kind: z.output<typeof chargebackQuery>['kind'];
  filters: ReturnType<typeof scopeFilters>;
}

/** What the true-ups of a month come to, by the closed month they are of; none where only another kind is asked for. */
async function trueUpSums(
  reader: Reader,
  { month, currency, kind, filters }: TrueUpScope,
): Promise<ChargebackAnswer['trueUps']> {
  if (kind && kind !== 'TrueUp') return [];
  return reader.select(
    trueUpSum,
    `select strftime(f.x_TrueUpOf, '%Y-%m') as month, f.x_Cause as cause, f.x_Changed as changed, ${COST_SUMS} from fct_true_ups f
     where f.BillingPeriodStart = $monthStart::date and f.BillingCurrency = $currency ${filters.sql}
     group by f.x_TrueUpOf, f.x_Cause, f.x_Changed order by f.x_TrueUpOf desc, cause, changed nulls first`,
    { monthStart: `${month}-01`, currency, ...filters.bound },
  );
}

const monthRow = chargebackMonthsAnswer.shape.months.element.omit({ isOpen: true });

/** Billing months with charges, newest first. */
export async function chargebackMonths(reader: Reader): Promise<ChargebackMonthsAnswer> {
  const rows = await reader.select(
    monthRow,
    `with months as (
       select f.BillingPeriodStart, f.BillingCurrency, sum(f.BilledCost) as BilledCost, sum(f.EffectiveCost) as EffectiveCost,
              coalesce(sum(f.BilledCost) filter (where f.SquadId = 'unallocated'), 0)::decimal(38, 9) as unallocatedBilledCost,
              count(distinct f.SquadId) filter (where f.SquadId <> 'unallocated') as squadCount, sum(f.x_ChargeCount) as x_ChargeCount
       from fct_chargeback f group by all
     ), held as (
       select BillingPeriodStart, BillingCurrency, bool_and(x_Holds) as holds from fct_reconciliation
       where BillingPeriodStart is not null group by all
     )
     select strftime(m.BillingPeriodStart, '%Y-%m') as month, m.* exclude (BillingPeriodStart), h.holds, ${CLOSE_COLUMNS}
     from months m left join fct_closes c on c.BillingPeriodStart = m.BillingPeriodStart left join held h
       on h.BillingPeriodStart = m.BillingPeriodStart and h.BillingCurrency = m.BillingCurrency
     order by month desc, m.BillingCurrency`,
  );
  const open = new Set(reader.facts.billingPeriods.filter((period) => period.isOpen).map((period) => period.month));
  return { months: rows.map((row) => ({ ...row, isOpen: open.has(row.month) })) };
}
