import { compress } from 'hono/compress';
import { requestId } from 'hono/request-id';
import { secureHeaders } from 'hono/secure-headers';
import { silentEffects, type Effects } from '../core/effects.ts';
import type { RunHistory } from '../core/run-record.ts';
import { answerCache } from './answer-cache.ts';
import { CHARGEBACK_EXPORT_PATH, type MetaAnswer, type RunsAnswer } from './contract/index.ts';
import { dashboardRoutes, readDashboard } from './dashboard.ts';
import { docsRoutes } from './docs.ts';
import { apiRouter } from './env.ts';
import { refuseForeignHosts } from './loopback.ts';
import { requestMetrics } from './metrics.ts';
import { ApiProblem, problemOf, problemResponse } from './problems.ts';
import { readingCurrentGeneration } from './reading.ts';
import { chargebackRoutes } from './routes/chargeback.ts';
import { costRoutes } from './routes/cost.ts';
import { measuresRoutes } from './routes/measures.ts';
import { organisationRoutes } from './routes/organisation.ts';
import { poolRoutes } from './routes/pools.ts';
import { runRoutes } from './routes/runs.ts';
import { trustRoutes } from './routes/trust.ts';
import { runLines } from './run-metrics.ts';
import type { Warehouse } from './warehouse/hub.ts';

export interface AppDependencies {
  warehouse: Warehouse;
  decisions: MetaAnswer['decisions'];
  /** The runs of the workspace; none where left out. */
  history?: RunHistory;
  /** What this server's own schedule says of itself. */
  schedule?: () => RunsAnswer['schedule'];
  /** Folder of the built dashboard; null serves the API alone. */
  webRoot?: string | null;
  /** True answers only requests whose Host is a loopback name. */
  loopbackOnly?: boolean;
  /** A question that takes longer is stopped and answered 504. */
  deadlineMs?: number;
  cacheBytes?: number;
  effects?: Effects;
}

const NO_HISTORY: RunHistory = { list: () => [], unreadable: () => [] };

/** The whole server as one function from request to response: questions, documentation, probes and the dashboard. */
export function createApp(dependencies: AppDependencies) {
  const { warehouse, decisions, webRoot = null, deadlineMs = 10_000, cacheBytes = 64 * 2 ** 20 } = dependencies;
  const effects = dependencies.effects ?? silentEffects;
  const { history = NO_HISTORY, schedule = () => null } = dependencies;
  const metrics = requestMetrics(warehouse, effects, () => runLines(history, schedule(), effects.now()));
  const dashboard = readDashboard(webRoot);
  const cache = answerCache(warehouse, cacheBytes);

  const app = apiRouter();
  app.use(metrics.measure, requestId(), securityHeaders(dashboard?.scriptDigests ?? []), compress());
  if (dependencies.loopbackOnly) app.use(refuseForeignHosts());
  app.use('/api/*', (c, next) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
    c.header('Allow', 'GET, HEAD');
    throw methodNotAllowed(c.req.method);
  });
  // Before what follows, which asks for a generation: a first run, and one that failed, can be looked at without any.
  const withRuns = app.route('/', runRoutes(history, schedule));
  app.use('/api/v1/*', (c, next) => (c.req.path === CHARGEBACK_EXPORT_PATH ? next() : cache(c, next)));
  app.use('/api/v1/*', readingCurrentGeneration(warehouse, deadlineMs));

  const routes = withRuns
    .route('/', organisationRoutes(decisions))
    .route('/', costRoutes())
    .route('/', chargebackRoutes())
    .route('/', poolRoutes())
    .route('/', trustRoutes())
    .route('/', measuresRoutes());

  app.doc31('/api/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Worthwhile',
      version: '1',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      description:
        'Cloud cost by squad: what was spent, why it changed, and what is booked to whom. Money is decimal strings in one currency; names are those of FOCUS 1.2; ranges are half-open; errors are problem+json. Answers carry an ETag of the generation they come from.',
    },
    tags: [
      { name: 'Organisation', description: 'Who there is' },
      { name: 'Cost', description: 'What was spent, and what changed' },
      { name: 'Chargeback', description: 'What is booked to whom' },
      { name: 'Shared cost', description: 'What is shared, and how it is passed on' },
      { name: 'Trust', description: 'How much is mapped, and whether it ties' },
      { name: 'Runs', description: 'What ran, on what, and how it ended' },
    ],
  });
  app.route('/', docsRoutes());
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', (c) => {
    const facts = warehouse.facts();
    return facts
      ? c.json({ status: 'ready', generation: facts.generation })
      : c.json({ status: 'no generation yet' }, 503);
  });
  app.get('/metrics', (c) =>
    c.body(metrics.text(), 200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }),
  );
  app.all('/api/*', (c) => c.notFound());
  app.route('/', dashboardRoutes(dashboard));

  app.notFound((c) =>
    problemResponse(c, {
      status: 404,
      kind: 'not-found',
      title: 'Not found',
      detail: `there is nothing at ${c.req.path}`,
      fix: 'see /api/docs for what can be asked',
    }),
  );
  app.onError((error, c) => {
    const facts = problemOf(error);
    if (facts.status === 500)
      effects.warn(`request ${c.get('requestId')} ${c.req.method} ${c.req.path}: ${error.stack ?? error.message}`);
    return problemResponse(c, facts);
  });
  return routes;
}

function securityHeaders(scriptDigests: string[]) {
  return secureHeaders({
    // Transport security is the business of the proxy that ends TLS; on plain loopback it would be a lie.
    strictTransportSecurity: false,
    xFrameOptions: 'DENY',
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'", ...scriptDigests],
      styleSrc: ["'self'"],
      // Charts and the documentation place elements by style attributes; attributes cannot load anything.
      styleSrcAttr: ["'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  });
}

function methodNotAllowed(method: string): ApiProblem {
  return new ApiProblem({
    status: 405,
    kind: 'method-not-allowed',
    title: 'Only reading is possible',
    detail: `${method} is not answered here`,
    fix: 'use GET',
  });
}
