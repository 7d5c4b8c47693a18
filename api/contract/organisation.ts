import { z } from 'zod';
import { compared } from './comparison.ts';
import { currencyCode, metric, month } from './primitives.ts';
import { scope } from './scope.ts';
import { squad } from './squads.ts';

export const organisationQuery = z.strictObject({ currency: scope.currency, metric: scope.metric });

const squadWithCost = squad.extend({ cost: compared });

/** Tribes and squads with the money of the last two full months (`current` and `previous`), largest first. */
export const organisationAnswer = z.object({
  BillingCurrency: currencyCode.nullable(),
  metric,
  /** The compared months; null while fewer full months are there. */
  currentMonth: month.nullable(),
  previousMonth: month.nullable(),
  tribes: z.array(
    z.object({
      TribeId: z.string(),
      TribeName: z.string(),
      cost: compared,
      squads: z.array(squadWithCost),
    }),
  ),
  squadsWithoutTribe: z.array(squadWithCost),
  unallocated: compared,
  total: compared,
});
export type OrganisationAnswer = z.infer<typeof organisationAnswer>;
