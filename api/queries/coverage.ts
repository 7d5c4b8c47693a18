import { z } from 'zod';
import {
  conflict,
  count,
  coverageAnswer,
  money,
  ratio,
  type CoverageAnswer,
  type coverageQuery,
} from '../contract/index.ts';
import type { Reader } from '../warehouse/reader.ts';
import { billingMonthOf, currencyOf } from './filters.ts';
import { ZERO } from './zero.ts';

const partRow = z.object({
  BilledCost: money,
  EffectiveCost: money,
  x_AbsoluteBilledCost: money,
  x_ChargeCount: count,
  shareOfMoney: ratio,
  shareOfCharges: ratio,
  level: z.enum(['side', 'step', 'reason']),
  isAllocated: z.boolean(),
  x_AttributionStep: z.string().nullable(),
  x_UnallocatedReason: z.string().nullable(),
});

const NOTHING = {
  BilledCost: ZERO,
  EffectiveCost: ZERO,
  x_AbsoluteBilledCost: ZERO,
  x_ChargeCount: 0,
  shareOfMoney: null,
  shareOfCharges: null,
};

/** How much of a billing month found its squad, how, and how that developed. */
export async function coverage(reader: Reader, query: z.output<typeof coverageQuery>): Promise<CoverageAnswer> {
  const currency = currencyOf(reader.facts, query.currency);
  const month = billingMonthOf(reader.facts, query.month);
  if (currency === null || month === null) {
    const empty = { allocated: NOTHING, unallocated: NOTHING, steps: [], reasons: [], trend: [], conflicts: [] };
    return { month, BillingCurrency: currency, ...empty };
  }
  const [parts, trend, conflicts] = await Promise.all([
    partsOf(reader, month, currency),
    trendOf(reader, currency),
    conflictsOf(reader, month, currency),
  ]);
  const sides = parts.filter((row) => row.level === 'side');
  // A side without charges has no part of what the other has: none of something is 0, none of nothing is unknown.
  const shareOf = (other: number | null | undefined): number | null => (typeof other === 'number' ? 0 : null);
  const none = {
    ...NOTHING,
    shareOfMoney: shareOf(sides[0]?.shareOfMoney),
    shareOfCharges: shareOf(sides[0]?.shareOfCharges),
  };
  const sideOf = (isAllocated: boolean): CoverageAnswer['allocated'] =>
    part(sides.find((row) => row.isAllocated === isAllocated) ?? none);
  return {
    month,
    BillingCurrency: currency,
    allocated: sideOf(true),
    unallocated: sideOf(false),
    steps: parts
      .filter((row) => row.level === 'step' && row.isAllocated)
      .map((row) => ({ x_AttributionStep: row.x_AttributionStep ?? '', ...part(row) })),
    reasons: parts
      .filter((row) => row.level === 'reason' && !row.isAllocated)
      .map((row) => ({ x_UnallocatedReason: row.x_UnallocatedReason ?? 'unknown', ...part(row) })),
    trend,
    conflicts,
  };
}

function partsOf(reader: Reader, month: string, currency: string): Promise<z.output<typeof partRow>[]> {
  return reader.select(
    partRow,
    `with charges as (
       select *, x_AttributionStep <> 'unallocated' as isAllocated from fct_coverage
       where BillingPeriodStart = $monthStart::date and BillingCurrency = $currency
     ), parts as (
       select isAllocated, x_AttributionStep, x_UnallocatedReason, sum(BilledCost) as BilledCost, sum(EffectiveCost) as EffectiveCost,
              sum(x_AbsoluteBilledCost) as x_AbsoluteBilledCost, sum(x_ChargeCount) as x_ChargeCount,
              case when grouping(x_AttributionStep) = 0 then 'step' when grouping(x_UnallocatedReason) = 0 then 'reason' else 'side' end
                as level
       from charges
       group by grouping sets ((isAllocated), (isAllocated, x_AttributionStep), (isAllocated, x_UnallocatedReason))
     )
     select *, x_AbsoluteBilledCost::double / nullif(sum(x_AbsoluteBilledCost) over (partition by level)::double, 0) as shareOfMoney,
            x_ChargeCount::double / nullif(sum(x_ChargeCount) over (partition by level)::double, 0) as shareOfCharges
     from parts order by x_AbsoluteBilledCost desc, x_AttributionStep, x_UnallocatedReason`,
    { monthStart: `${month}-01`, currency },
  );
}

function trendOf(reader: Reader, currency: string): Promise<CoverageAnswer['trend']> {
  const isAllocated = "filter (where x_AttributionStep <> 'unallocated')";
  return reader.select(
    coverageAnswer.shape.trend.element,
    `select strftime(BillingPeriodStart, '%Y-%m') as month,
            coalesce(sum(x_AbsoluteBilledCost) ${isAllocated}, 0)::double / nullif(sum(x_AbsoluteBilledCost)::double, 0)
              as allocatedShareOfMoney,
            coalesce(sum(x_ChargeCount) ${isAllocated}, 0)::double / nullif(sum(x_ChargeCount)::double, 0) as allocatedShareOfCharges
     from fct_coverage where BillingCurrency = $currency group by month order by month`,
    { currency },
  );
}

function conflictsOf(reader: Reader, month: string, currency: string): Promise<CoverageAnswer['conflicts']> {
  return reader.select(
    conflict,
    `select strftime(BillingPeriodStart, '%Y-%m') as BillingPeriod, ComponentId, SquadId, x_LabelledSquadId, BilledCost, EffectiveCost
     from fct_ownership_conflicts where BillingPeriodStart = $monthStart::date and BillingCurrency = $currency
     order by abs(BilledCost) desc, ComponentId, SquadId, x_LabelledSquadId limit 100`,
    { monthStart: `${month}-01`, currency },
  );
}

function part(row: CoverageAnswer['allocated']): CoverageAnswer['allocated'] {
  const { BilledCost, EffectiveCost, x_AbsoluteBilledCost, x_ChargeCount, shareOfMoney, shareOfCharges } = row;
  return { BilledCost, EffectiveCost, x_AbsoluteBilledCost, x_ChargeCount, shareOfMoney, shareOfCharges };
}
