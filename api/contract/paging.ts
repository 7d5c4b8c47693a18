import { z } from 'zod';

/** Query part of every list. A cursor is opaque, and good for the same filters and the generation that gave it. */
export const paging = {
  cursor: z
    .string()
    .min(1)
    .max(500)
    .regex(/^[A-Za-z0-9_-]+$/, 'the nextCursor of the page before')
    .optional()
    .meta({ description: 'nextCursor of the page before; leave out for the first page' }),
  limit: z.coerce
    .number<number | string>()
    .int()
    .min(1)
    .max(500)
    .default(50)
    .meta({ description: 'Rows per page, 1 to 500', example: 50 }),
};

/** Answer part of every list. */
export const paged = {
  /** Rows that match, over all pages. */
  count: z.number().int(),
  nextCursor: z.string().nullable().meta({ description: 'Cursor of the next page; null on the last' }),
};
