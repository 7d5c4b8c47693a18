import { z } from 'zod';
import { compared, comparedRanges, monthQuery } from './comparison.ts';
import { conflict } from './coverage.ts';
import { paged, paging } from './paging.ts';
import { currencyCode, identifier, metric } from './primitives.ts';
import { scope } from './scope.ts';

export const component = z.object({
  ComponentId: z.string(),
  ComponentName: z.string(),
  x_ComponentKind: z.string().nullable(),
  x_ComponentType: z.string().nullable(),
  x_Lifecycle: z.string().nullable(),
  SystemId: z.string().nullable(),
  SystemName: z.string().nullable(),
  DomainId: z.string().nullable(),
  DomainName: z.string().nullable(),
  /** First owner now. */
  SquadId: z.string().nullable(),
  SquadName: z.string().nullable(),
  /** `squad=0.6, squad2=0.4` */
  x_Owners: z.string().nullable(),
  x_IsCurrent: z.boolean(),
});
export type Component = z.infer<typeof component>;

export const componentsQuery = z.strictObject({
  q: z.string().max(200).optional().meta({ description: 'Part of the id or name, without case' }),
  squad: identifier.optional().meta({ description: 'SquadId of any of the owners' }),
  system: identifier.optional().meta({ description: 'SystemId' }),
  ...paging,
});
export const componentsAnswer = z.object({ components: z.array(component), ...paged });
export type ComponentsAnswer = z.infer<typeof componentsAnswer>;

export const componentParams = z.object({ ComponentId: identifier });
export const componentQuery = z.strictObject({
  month: monthQuery,
  currency: scope.currency,
  metric: scope.metric,
});

/** A component, who owns it, and what it costs by squad, service and SKU (largest current cost first). */
export const componentAnswer = z.object({
  component,
  owners: z.array(z.object({ SquadId: z.string(), SquadName: z.string().nullable(), share: z.number() })),
  BillingCurrency: currencyCode.nullable(),
  metric,
  ranges: comparedRanges.nullable(),
  total: compared.nullable(),
  /** Who was charged, which differs from `owners` after a change of ownership. */
  squads: z.array(compared.extend({ SquadId: z.string(), SquadName: z.string().nullable() })),
  services: z.array(compared.extend({ ServiceName: z.string() })),
  /** By calendar month of usage, whole months: current month and the one before, also while the month runs. At most 100. */
  skus: z.array(
    compared.extend({
      SkuId: z.string().nullable(),
      x_SkuDescription: z.string().nullable(),
      ServiceName: z.string(),
      PricingUnit: z.string().nullable(),
      PricingQuantity: z.string().nullable().meta({ description: 'Exact decimal string, current month' }),
    }),
  ),
  /** Where a squad label contradicts the catalog's ownership. */
  conflicts: z.array(conflict),
});
export type ComponentAnswer = z.infer<typeof componentAnswer>;
