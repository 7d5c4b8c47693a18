import { z } from 'zod';
import { currencyCode, identifier, metric } from './primitives.ts';

/**
 * Query part of every question about money: which currency, which cost column, whose costs. Filters combine with "and".
 * `squad=unallocated` asks for what no squad owns.
 */
export const scope = {
  currency: currencyCode
    .optional()
    .meta({ description: "Default: the workspace's currency where it has rows, else the one most charges are in" }),
  metric: metric.default('EffectiveCost'),
  squad: identifier.optional().meta({ description: 'SquadId', example: 'search-squad' }),
  tribe: identifier.optional().meta({ description: 'TribeId' }),
  component: identifier.optional().meta({ description: 'ComponentId' }),
  system: identifier.optional().meta({ description: 'SystemId' }),
  service: identifier.optional().meta({ description: 'ServiceName', example: 'BigQuery' }),
  skuGroup: identifier.optional().meta({ description: 'x_SkuGroup' }),
  project: identifier.optional().meta({ description: 'SubAccountId (the Google Cloud project)' }),
  category: identifier.optional().meta({ description: 'ChargeCategory', example: 'Usage' }),
};

/** Dimensions that spend can be broken down by. */
export const DIMENSIONS = [
  'squad',
  'tribe',
  'component',
  'system',
  'service',
  'skuGroup',
  'project',
  'category',
] as const;
export const dimension = z.enum(DIMENSIONS);
export type Dimension = z.infer<typeof dimension>;

/**
 * What a series or row stands for: a `value` of the dimension, the `unallocated` rest that no squad owns, rows with `none` (no
 * component, project ...), or `other`: everything below the top N.
 */
export const groupKind = z.enum(['value', 'unallocated', 'none', 'other']);
