import { createRoute } from '@hono/zod-openapi';
import { etag } from 'hono/etag';
import type { RunHistory } from '../../core/run-record.ts';
import { questions, type RunsAnswer } from '../contract/index.ts';
import { apiRouter } from '../env.ts';
import { runById, runs } from '../queries/runs.ts';
import { answered } from './responses.ts';

const tags = ['Runs'];

const runsRoute = createRoute({
  method: 'get',
  path: questions.runs.path,
  tags,
  operationId: 'listRuns',
  summary: 'List runs',
  description:
    'What ran, on what, what it took and how it ended, the newest first; also one that runs now, and also before the first generation. Read from the run history itself, so the ETag changes with the runs, not only with the generation.',
  request: { query: questions.runs.query },
  responses: answered(questions.runs.answer, 'A page of runs'),
});

const runRoute = createRoute({
  method: 'get',
  path: questions.run.path,
  tags,
  operationId: 'getRun',
  summary: 'One run',
  description: 'A run by its id. The newest thousand are kept.',
  request: { params: questions.run.params, query: questions.run.query },
  responses: answered(questions.run.answer, 'The run'),
});

/** Questions about runs; answered from the workspace's run history, without any generation. */
export function runRoutes(history: RunHistory, schedule: () => RunsAnswer['schedule']) {
  const router = apiRouter();
  for (const { path } of [runsRoute, runRoute]) {
    router.use(path.replaceAll(/\{(\w+)\}/g, ':$1'), etag({ weak: true }), async (c, next) => {
      await next();
      if (c.res.ok) c.header('Cache-Control', 'no-cache');
    });
  }
  return router
    .openapi(runsRoute, (c) => c.json(runs(history, schedule(), c.req.valid('query')), 200))
    .openapi(runRoute, (c) => c.json(runById(history, c.req.valid('param').RunId), 200));
}
