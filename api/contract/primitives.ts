import { z } from 'zod';

/**
 * Money: an exact decimal string with up to 9 places, in the currency named beside it. It becomes a number only in the
 * last line before a chart; sums are the API's, never the browser's.
 */
export const money = z
  .string()
  .regex(/^-?\d{1,29}(\.\d{1,9})?$/, 'a decimal such as "12.340000000"')
  .brand<'Money'>()
  .meta({ description: 'Exact decimal string, up to 9 places', example: '1234.567000000' });

/** A calendar or billing month, `YYYY-MM`. */
export const month = z
  .string()
  .regex(/^(19|20)\d{2}-(0[1-9]|1[0-2])$/, 'a month such as 2026-09')
  .meta({ description: 'Month, YYYY-MM', example: '2026-09' });

/** A day, `YYYY-MM-DD`, on the provider's billing clock. */
export const day = z.iso
  .date()
  .regex(/^(19|20)/, 'a day from 1900 to 2099')
  .meta({ description: 'Day, YYYY-MM-DD', example: '2026-09-01' });

/** An instant in UTC, ISO 8601. */
export const instant = z.iso.datetime({ offset: true }).meta({ example: '2026-09-01T03:00:00Z' });

export const currencyCode = z
  .string()
  .regex(/^[A-Z]{3,8}$/, 'a currency code such as USD')
  .meta({ description: 'BillingCurrency; answers never add up two currencies', example: 'USD' });

/** The four FOCUS cost columns. */
export const METRICS = ['EffectiveCost', 'BilledCost', 'ListCost', 'ContractedCost'] as const;
export const metric = z.enum(METRICS).meta({ description: 'Which FOCUS cost column is meant' });
export type Metric = z.infer<typeof metric>;

/** SquadId of what no squad owns. */
export const UNALLOCATED = 'unallocated';

/** A name as it stands in a URL or a query: not empty, and short enough for any real catalog or provider. */
export const identifier = z.string().min(1).max(512);

/** A share or ratio, 0.25 = 25 %. Null where its base is zero or not known. */
export const ratio = z
  .number()
  .nullable()
  .meta({ description: 'Ratio, 0.25 = 25 %; null where the base is zero or not known' });

/** Number of rows, from DuckDB's 64-bit counts. */
export const count = z.coerce.number<number | string>().int().nonnegative();

/** The four cost columns of one row or total. */
export const costs = z.object({
  ListCost: money,
  ContractedCost: money,
  BilledCost: money,
  EffectiveCost: money,
});
