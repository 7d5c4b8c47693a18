import type { z } from 'zod';
import { problem } from '../contract/index.ts';

const problemContent = { 'application/problem+json': { schema: problem } };

/** Responses of a question: its answer, and the problems that any question may meet. */
export function answered<Answer extends z.ZodType>(schema: Answer, description: string) {
  return {
    200: {
      description,
      headers: { ETag: { description: 'Changes with the generation', schema: { type: 'string' as const } } },
      content: { 'application/json': { schema } },
    },
    304: { description: 'Not modified: If-None-Match names the present answer' },
    ...problems,
  };
}

export const problems = {
  400: { description: 'A parameter is not valid', content: problemContent },
  404: { description: 'No such squad, component, month or currency', content: problemContent },
  503: { description: 'No generation has been built yet, or too many questions at once', content: problemContent },
  504: { description: 'The query was stopped at its deadline', content: problemContent },
};
