import type { z } from 'zod';
import { count, unallocatedAnswer, type UnallocatedAnswer, type unallocatedQuery } from '../contract/index.ts';
import type { Reader } from '../warehouse/reader.ts';
import { pageOf } from './cursor.ts';
import { billingMonthOf, currencyOf } from './filters.ts';
import { ZERO } from './zero.ts';

const row = unallocatedAnswer.shape.rows.element.extend({ matches: count });
const reasonRow = unallocatedAnswer.shape.reasons.element.extend({
  x_UnallocatedReason: unallocatedAnswer.shape.reasons.element.shape.x_UnallocatedReason.nullable(),
});

const SUMS = `coalesce(sum(u.BilledCost), 0)::decimal(38, 9) as BilledCost, coalesce(sum(u.EffectiveCost), 0)::decimal(38, 9) as EffectiveCost,
  coalesce(sum(u.x_AbsoluteBilledCost), 0)::decimal(38, 9) as x_AbsoluteBilledCost, coalesce(sum(u.x_ChargeCount), 0) as x_ChargeCount`;

/** What no squad owns in a billing month, most money first. */
export async function unallocated(
  reader: Reader,
  query: z.output<typeof unallocatedQuery>,
): Promise<UnallocatedAnswer> {
  const currency = currencyOf(reader.facts, query.currency);
  const month = billingMonthOf(reader.facts, query.month);
  const page = pageOf(reader.identity, 'unallocated', query);
  if (currency === null || month === null) {
    const total = { BilledCost: ZERO, EffectiveCost: ZERO, x_AbsoluteBilledCost: ZERO, x_ChargeCount: 0 };
    return { month, BillingCurrency: currency, rows: [], count: 0, nextCursor: null, total, reasons: [] };
  }
  const where = `u.BillingPeriodStart = $monthStart::date and u.BillingCurrency = $currency
    ${query.reason ? 'and u.x_UnallocatedReason = $reason' : ''} ${query.project ? 'and u.SubAccountId = $project' : ''}
    ${query.service ? 'and u.ServiceName = $service' : ''}`;
  const { reason, project, service } = query;
  const filters = { ...(reason && { reason }), ...(project && { project }), ...(service && { service }) };
  const bound = { monthStart: `${month}-01`, currency, ...filters };
  const [rows, reasons] = await Promise.all([
    reader.select(
      row,
      `with ranked as (
         select u.* exclude (BillingPeriodStart, BillingCurrency), count(*) over () as matches,
                row_number() over (order by u.x_AbsoluteBilledCost desc, u.x_UnallocatedReason, u.x_LabelKey, u.x_LabelValue,
                  u.SubAccountId, u.ServiceName, u.x_SuggestedComponentId, u.x_SuggestedSquadId) as position
         from fct_unallocated u where ${where}
       ), cumulated as (
         select *, sum(x_AbsoluteBilledCost) over (order by position)::double / nullif(sum(x_AbsoluteBilledCost) over ()::double, 0)
                     as cumulativeShare
         from ranked
       )
       select c.*, a.SubAccountName from cumulated c left join dim_sub_accounts a on a.SubAccountId = c.SubAccountId
       where c.position > $offset and c.position <= $offset + $limit order by c.position`,
      { ...bound, offset: page.offset, limit: page.limit },
    ),
    reader.select(
      reasonRow,
      `with sums as (
         select u.x_UnallocatedReason, ${SUMS} from fct_unallocated u where ${where} group by grouping sets ((u.x_UnallocatedReason), ())
       )
       select *, x_AbsoluteBilledCost::double
                   / nullif(max(x_AbsoluteBilledCost) filter (where x_UnallocatedReason is null) over ()::double, 0) as share
       from sums order by x_UnallocatedReason is not null, x_AbsoluteBilledCost desc, x_UnallocatedReason`,
      bound,
    ),
  ]);
  const matches = rows[0]?.matches ?? 0;
  const [total, ...byReason] = reasons;
  return {
    month,
    BillingCurrency: currency,
    rows: rows.map(({ matches: _matches, ...one }) => one),
    count: matches,
    nextCursor: page.next(matches),
    total: unallocatedAnswer.shape.total.parse(total),
    reasons: byReason.map((one) => ({ ...one, x_UnallocatedReason: one.x_UnallocatedReason ?? 'unknown' })),
  };
}
