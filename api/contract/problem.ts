import { z } from 'zod';

/** Every error, as `application/problem+json` (RFC 9457). */
export const problem = z.object({
  type: z.string().meta({
    description: 'Stable name of the kind of problem',
    example: 'urn:worthwhile:problem:not-found',
  }),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  /** The next step. */
  fix: z.string().optional(),
  requestId: z.string().optional(),
  /** Which parameters were refused, and why. */
  errors: z.array(z.object({ in: z.string(), name: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problem>;
