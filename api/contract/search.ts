import { z } from 'zod';

export const searchQuery = z.strictObject({
  q: z.string().trim().min(1).max(200).meta({ description: 'Part of an id or name, without case', example: 'search' }),
  limit: z.coerce.number<number | string>().int().min(1).max(50).default(20),
});

/** Best match first: whole name, beginning, beginning of a word, anywhere. */
export const searchAnswer = z.object({
  results: z.array(
    z.object({
      type: z.enum(['squad', 'component', 'service', 'project']),
      id: z.string(),
      name: z.string(),
      /** The tribe of a squad, the system of a component, the provider of a project. */
      detail: z.string().nullable(),
    }),
  ),
});
export type SearchAnswer = z.infer<typeof searchAnswer>;
