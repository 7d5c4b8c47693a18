import { createRoute } from '@hono/zod-openapi';
import { questions } from '../contract/index.ts';
import { apiRouter } from '../env.ts';
import { coverage } from '../queries/coverage.ts';
import { freshness } from '../queries/freshness.ts';
import { projects } from '../queries/projects.ts';
import { reconciliation } from '../queries/reconciliation.ts';
import { unallocated } from '../queries/unallocated.ts';
import { answered } from './responses.ts';

const tags = ['Trust'];

const coverageRoute = createRoute({
  method: 'get',
  path: questions.coverage.path,
  tags,
  operationId: 'getCoverage',
  summary: 'How much found its squad, and how',
  description: 'Shares are of absolute money, so that a credit does not hide the charge it offsets, and of charges.',
  request: { query: questions.coverage.query },
  responses: answered(questions.coverage.answer, 'Coverage of a billing month'),
});

const unallocatedRoute = createRoute({
  method: 'get',
  path: questions.unallocated.path,
  tags,
  operationId: 'getUnallocated',
  summary: 'What to label or map first',
  description: 'Charges that no squad owns, by reason, label, project and service, most money first, with suggestions.',
  request: { query: questions.unallocated.query },
  responses: answered(questions.unallocated.answer, 'A page of unallocated groups'),
});

const reconciliationRoute = createRoute({
  method: 'get',
  path: questions.reconciliation.path,
  tags,
  operationId: 'getReconciliation',
  summary: 'Does it tie',
  description: 'Every stage held against the one before it, exactly. What does not hold comes first.',
  request: { query: questions.reconciliation.query },
  responses: answered(questions.reconciliation.answer, 'Reconciliations'),
});

const freshnessRoute = createRoute({
  method: 'get',
  path: questions.freshness.path,
  tags,
  operationId: 'getFreshness',
  summary: 'How new each source is',
  description:
    'Rows, newest export time and newest usage day of each source, the oldest first; then the newest list of prices and recommendations.',
  request: { query: questions.freshness.query },
  responses: answered(questions.freshness.answer, 'Sources'),
});

const projectsRoute = createRoute({
  method: 'get',
  path: questions.projects.path,
  tags,
  operationId: 'getProjects',
  summary: 'Which projects send no charges',
  description:
    'Projects linked to the billing accounts, held against those that charges name: missing, unlinked, moved and new ones first.',
  request: { query: questions.projects.query },
  responses: answered(questions.projects.answer, 'Billing accounts, and a page of their projects'),
});

/** Questions about whether the numbers can be relied on. */
export function trustRoutes() {
  return apiRouter()
    .openapi(coverageRoute, async (c) => c.json(await coverage(c.var.reader, c.req.valid('query')), 200))
    .openapi(unallocatedRoute, async (c) => c.json(await unallocated(c.var.reader, c.req.valid('query')), 200))
    .openapi(reconciliationRoute, async (c) => c.json(await reconciliation(c.var.reader, c.req.valid('query')), 200))
    .openapi(projectsRoute, async (c) => c.json(await projects(c.var.reader, c.req.valid('query')), 200))
    .openapi(freshnessRoute, async (c) => c.json(await freshness(c.var.reader), 200));
}
