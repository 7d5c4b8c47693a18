import { createRoute } from '@hono/zod-openapi';
import { questions } from '../contract/index.ts';
import { apiRouter } from '../env.ts';
import { poolById, poolWeights } from '../queries/pool.ts';
import { pools } from '../queries/pools.ts';
import { sharedCost } from '../queries/shared-cost.ts';
import { answered } from './responses.ts';

const tags = ['Shared cost'];

const poolsRoute = createRoute({
  method: 'get',
  path: questions.pools.path,
  tags,
  operationId: 'listPools',
  summary: 'Shared cost of a billing month, pool by pool',
  description:
    'What fell into each pool, what was passed on and what stayed, by which method and fallback, and who pays most. Taken = passed on + kept, exactly.',
  request: { query: questions.pools.query },
  responses: answered(questions.pools.answer, 'Pools, most money first'),
});

const poolRoute = createRoute({
  method: 'get',
  path: questions.pool.path,
  tags,
  operationId: 'getPool',
  summary: 'One pool: whose cost it was, and who takes it',
  description:
    'Takers are those who pay in the end, after pools among the targets have passed their part on; they are paged.',
  request: { params: questions.pool.params, query: questions.pool.query },
  responses: answered(questions.pool.answer, 'The pool, with a page of takers'),
});

const weightsRoute = createRoute({
  method: 'get',
  path: questions.poolWeights.path,
  tags,
  operationId: 'listPoolWeights',
  summary: 'How a pool was divided',
  description:
    'The first hop, by run of usage days: each target with its driver quantity (or direct cost, or share) and ratio. A target that is a pool passes its part on.',
  request: { params: questions.poolWeights.params, query: questions.poolWeights.query },
  responses: answered(questions.poolWeights.answer, 'A page of weights'),
});

const sharedCostRoute = createRoute({
  method: 'get',
  path: questions.sharedCost.path,
  tags,
  operationId: 'getSharedCost',
  summary: 'What a squad or component pays of pools, and what pools take off it',
  description: 'By pool, in both directions; the sums are those of SharedIn and SharedOut in the chargeback.',
  request: { query: questions.sharedCost.query },
  responses: answered(questions.sharedCost.answer, 'Shared cost by pool'),
});

/** Questions about what is shared, and how it is passed on. */
export function poolRoutes() {
  return apiRouter()
    .openapi(poolsRoute, async (c) => c.json(await pools(c.var.reader, c.req.valid('query')), 200))
    .openapi(poolRoute, async (c) =>
      c.json(await poolById(c.var.reader, c.req.valid('param').PoolId, c.req.valid('query')), 200),
    )
    .openapi(weightsRoute, async (c) =>
      c.json(await poolWeights(c.var.reader, c.req.valid('param').PoolId, c.req.valid('query')), 200),
    )
    .openapi(sharedCostRoute, async (c) => c.json(await sharedCost(c.var.reader, c.req.valid('query')), 200));
}
