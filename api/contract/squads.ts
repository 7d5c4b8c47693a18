import { z } from 'zod';
import { compared, comparedRanges, monthQuery } from './comparison.ts';
import { paged, paging } from './paging.ts';
import { count, currencyCode, identifier, metric } from './primitives.ts';
import { scope } from './scope.ts';

export const squad = z.object({
  SquadId: z.string(),
  SquadName: z.string(),
  TribeId: z.string().nullable(),
  TribeName: z.string().nullable(),
  CostCentre: z.string().nullable(),
  x_MemberCount: count.nullable(),
  x_ComponentCount: count,
  /** False for a squad that has left the catalog and still carries charges. */
  x_IsCurrent: z.boolean(),
});

export const squadsQuery = z.strictObject({
  q: z.string().max(200).optional().meta({ description: 'Part of the id or name, without case' }),
  tribe: identifier.optional(),
  ...paging,
});
export const squadsAnswer = z.object({ squads: z.array(squad), ...paged });
export type SquadsAnswer = z.infer<typeof squadsAnswer>;

export const squadParams = z.object({ SquadId: identifier });
export const squadQuery = z.strictObject({
  month: monthQuery,
  currency: scope.currency,
  metric: scope.metric,
});

const squadComponent = compared.extend({
  /** Null for charges of the squad that have no component. */
  ComponentId: z.string().nullable(),
  ComponentName: z.string().nullable(),
  x_ComponentType: z.string().nullable(),
  x_Lifecycle: z.string().nullable(),
  SystemId: z.string().nullable(),
  SystemName: z.string().nullable(),
  /** `squad=0.6, squad2=0.4` */
  x_Owners: z.string().nullable(),
});

/** A squad with its components, largest current cost first; components it owns that cost nothing are there with zero. */
export const squadAnswer = z.object({
  squad,
  BillingCurrency: currencyCode.nullable(),
  metric,
  ranges: comparedRanges.nullable(),
  total: compared.nullable(),
  components: z.array(squadComponent),
});
export type SquadAnswer = z.infer<typeof squadAnswer>;
