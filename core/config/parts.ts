import { z } from 'zod';

/** The name of a source, driver, pool or metric; it is also the name of its folder or of its rows. */
export const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'use lower-case letters, digits, "-" and "_", beginning with a letter or digit');

/** What a rule or a pool may ask of a charge. */
export const chargeConditions = {
  source: z.string().optional(),
  project: z.string().optional(),
  service: z.string().optional(),
  sku: z.string().optional(),
  region: z.string().optional(),
  chargeCategory: z.string().optional(),
  label: z.strictObject({ key: z.string(), value: z.string().default('*') }).optional(),
};
