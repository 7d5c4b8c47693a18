import { z } from 'zod';
import { DIMENSIONS, GRANULARITIES, METRICS, chargeKind, type Dimension, type Metric } from '../api/contract/index.ts';
import { searchOf } from './ask.ts';
import { RANGES } from './periods.ts';

const text = z.string().min(1).max(512).optional().catch(undefined);
const day = z.iso.date().optional().catch(undefined);

/** Everything a page can be set to, and so all that stands in its URL. What is not valid is left out, never guessed. */
const search = z.object({
  currency: text,
  metric: z.enum(METRICS).optional().catch(undefined),
  month: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
    .optional()
    .catch(undefined),
  by: z.enum(DIMENSIONS).optional().catch(undefined),
  granularity: z.enum(GRANULARITIES).optional().catch(undefined),
  range: z.enum(RANGES).optional().catch(undefined),
  from: day,
  to: day,
  view: z.literal('table').optional().catch(undefined),
  /** Breaks down the trend's whole range, not the month. */
  span: z.literal('range').optional().catch(undefined),
  /** Keys of series that are switched off, separated by `|`. */
  hide: text,
  /** Column of the main table; `-` before it: largest first. */
  sort: text,
  q: text,
  kind: chargeKind.optional().catch(undefined),
  reason: text,
  squad: text,
  tribe: text,
  component: text,
  system: text,
  service: text,
  skuGroup: text,
  project: text,
  category: text,
});
export type Search = z.infer<typeof search>;

/** Parses a URL's search part; every value is text, so that a project called `123` stays text. */
export const parseSearch = (part: string): Record<string, string> => Object.fromEntries(new URLSearchParams(part));
export const stringifySearch = (value: object): string => searchOf(value);
export const validateSearch = (value: Record<string, unknown>): Search => search.parse(value);

/** What goes along from page to page: how money is meant, and which month. */
export function carried(current: Search): Search {
  const { currency, metric, month } = current;
  return { currency, metric, month };
}

/** Filters in force on a page of spend, as the API takes them. */
export function filtersOf(current: Search): Partial<Record<Dimension, string>> {
  return Object.fromEntries(
    DIMENSIONS.flatMap((dimension) => (current[dimension] ? [[dimension, current[dimension]]] : [])),
  );
}

export const DIMENSION_LABELS: Record<Dimension, string> = {
  squad: 'Squad',
  tribe: 'Tribe',
  component: 'Component',
  system: 'System',
  service: 'Service',
  skuGroup: 'SKU group',
  project: 'Project',
  category: 'Category',
};

export const METRIC_LABELS: Record<Metric, string> = {
  EffectiveCost: 'Effective cost',
  BilledCost: 'Billed cost',
  ListCost: 'List cost',
  ContractedCost: 'Contracted cost',
};

/** A dimension inside a sentence: `SKU group` stays, `Squad` becomes `squad`. */
export const dimensionInText = (dimension: Dimension): string =>
  DIMENSION_LABELS[dimension].replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
