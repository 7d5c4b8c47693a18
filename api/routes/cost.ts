import { createRoute } from '@hono/zod-openapi';
import { questions } from '../contract/index.ts';
import { apiRouter } from '../env.ts';
import { changes } from '../queries/changes.ts';
import { spend } from '../queries/spend.ts';
import { answered } from './responses.ts';

const tags = ['Cost'];

const spendRoute = createRoute({
  method: 'get',
  path: questions.spend.path,
  tags,
  operationId: 'getSpend',
  summary: 'Cost over time, by any dimension',
  description:
    'By usage day on the provider\'s billing clock. The largest `top` values have a series each, the rest is "Other"; what no squad owns is always a series of its own where the dimension is about ownership. Periods without a charge are zero, periods without data null. Series and totals tie exactly.',
  request: { query: questions.spend.query },
  responses: answered(questions.spend.answer, 'Series'),
});

const changesRoute = createRoute({
  method: 'get',
  path: questions.changes.path,
  tags,
  operationId: 'getChanges',
  summary: 'What changed',
  description:
    'A month against the calendar month before, or a range against the equally long one before; a running month is compared up to its last complete day with the same days of the month before. Largest absolute change first.',
  request: { query: questions.changes.query },
  responses: answered(questions.changes.answer, 'Ranked differences'),
});

/** Questions about how cost develops. */
export function costRoutes() {
  return apiRouter()
    .openapi(spendRoute, async (c) => c.json(await spend(c.var.reader, c.req.valid('query')), 200))
    .openapi(changesRoute, async (c) => c.json(await changes(c.var.reader, c.req.valid('query')), 200));
}
