import { createRoute } from '@hono/zod-openapi';
import { questions } from '../contract/index.ts';
import { apiRouter } from '../env.ts';
import { measures } from '../queries/measures.ts';
import { answered } from './responses.ts';

const measuresRoute = createRoute({
  method: 'get',
  path: questions.measures.path,
  tags: ['Trust'],
  operationId: 'getMeasures',
  summary: 'Which drivers and metrics there are',
  description: 'Rows, first and last period of each, the periods it lacks and the consumers the catalog does not know.',
  request: { query: questions.measures.query },
  responses: answered(questions.measures.answer, 'Drivers and metrics'),
});

/** The question about drivers and metrics. */
export function measuresRoutes() {
  return apiRouter().openapi(measuresRoute, async (c) => c.json(await measures(c.var.reader), 200));
}
