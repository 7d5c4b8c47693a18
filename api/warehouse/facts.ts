import { z } from 'zod';
import { count, currencyCode, day, instant, money, month } from '../contract/index.ts';
import { lastFullMonth } from '../queries/calendar.ts';
import type { GenerationFacts, Reader } from './reader.ts';

const identityRow = z.object({
  x_Generation: count,
  x_BuiltAt: instant,
  x_Company: z.string(),
  x_DefaultCurrency: currencyCode,
  x_Timezone: z.string(),
  x_LastCompleteDay: day.nullable(),
});
const currencyRow = z.object({ BillingCurrency: currencyCode, EffectiveCost: money });
const periodRow = z.object({ month, lastDay: day });
const daysRow = z.object({ firstDay: day.nullable(), lastDay: day.nullable() });

/** Reads the facts of the generation behind `reader`. */
export async function generationFacts(reader: Pick<Reader, 'select'>): Promise<GenerationFacts> {
  const [identity] = await reader.select(
    identityRow,
    `select x_Generation, strftime(x_BuiltAt, '%Y-%m-%dT%H:%M:%SZ') as x_BuiltAt, x_Company, x_DefaultCurrency, x_Timezone,
            x_LastCompleteDay
     from meta_generation`,
  );
  if (!identity) throw new Error('meta_generation has no row');
  const currencies = await reader.select(
    currencyRow,
    `select BillingCurrency, sum(EffectiveCost) as EffectiveCost from fct_chargeback
     group by BillingCurrency order by sum(x_ChargeCount) desc, BillingCurrency`,
  );
  const periods = await reader.select(
    periodRow,
    `select distinct strftime(BillingPeriodStart, '%Y-%m') as month,
            cast(BillingPeriodStart + interval 1 month - interval 1 day as date) as lastDay
     from fct_chargeback order by month desc`,
  );
  const [days] = await reader.select(
    daysRow,
    'select min(ChargePeriodStart) as firstDay, max(ChargePeriodStart) as lastDay from fct_cost_daily',
  );
  const lastCompleteDay = identity.x_LastCompleteDay;
  const known = currencies.map((row) => row.BillingCurrency);
  return {
    company: identity.x_Company,
    generation: identity.x_Generation,
    builtAt: identity.x_BuiltAt,
    timezone: identity.x_Timezone,
    defaultCurrency: known.includes(identity.x_DefaultCurrency) ? identity.x_DefaultCurrency : (known[0] ?? null),
    currencies,
    billingPeriods: periods.map((row) => ({
      month: row.month,
      isOpen: lastCompleteDay === null || row.lastDay > lastCompleteDay,
    })),
    firstDay: days?.firstDay ?? null,
    lastDay: days?.lastDay ?? null,
    lastCompleteDay,
    lastFullMonth: lastCompleteDay && days?.firstDay ? lastFullMonth(days.firstDay, lastCompleteDay) : null,
  };
}
