import { z } from 'zod';

/** The name of a source, driver, pool or metric; it is also the name of its folder or of its rows. */
export const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'use lower-case letters, digits, "-" and "_", beginning with a letter or digit');
