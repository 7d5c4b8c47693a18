import { createRoute } from '@hono/zod-openapi';
import { questions, type MetaAnswer } from '../contract/index.ts';
import { apiRouter } from '../env.ts';
import { componentById, components } from '../queries/components.ts';
import { meta } from '../queries/meta.ts';
import { organisation } from '../queries/organisation.ts';
import { search } from '../queries/search.ts';
import { squadById, squads } from '../queries/squads.ts';
import { answered } from './responses.ts';

const tags = ['Organisation'];

const metaRoute = createRoute({
  method: 'get',
  path: questions.meta.path,
  tags,
  operationId: 'getMeta',
  summary: 'What is served',
  description: 'The company, the generation, and which months, days and currencies have charges.',
  request: { query: questions.meta.query },
  responses: answered(questions.meta.answer, 'What is served'),
});

const organisationRoute = createRoute({
  method: 'get',
  path: questions.organisation.path,
  tags,
  operationId: 'getOrganisation',
  summary: 'Tribes and squads with their cost',
  description:
    'The money of the last full month against the month before, by usage day; tribes are those of the newest catalog.',
  request: { query: questions.organisation.query },
  responses: answered(questions.organisation.answer, 'The organisation'),
});

const squadsRoute = createRoute({
  method: 'get',
  path: questions.squads.path,
  tags,
  operationId: 'listSquads',
  summary: 'List squads',
  description: 'Every squad that a catalog load knew or that was ever charged, by id.',
  request: { query: questions.squads.query },
  responses: answered(questions.squads.answer, 'A page of squads'),
});

const squadRoute = createRoute({
  method: 'get',
  path: questions.squad.path,
  tags,
  operationId: 'getSquad',
  summary: 'One squad with its components',
  description:
    'Cost of a calendar month of usage against the month before. A running month is compared up to its last complete day with the same days of the month before. An id with a slash is sent as `namespace%2Fname`.',
  request: { params: questions.squad.params, query: questions.squad.query },
  responses: answered(questions.squad.answer, 'The squad'),
});

const componentsRoute = createRoute({
  method: 'get',
  path: questions.components.path,
  tags,
  operationId: 'listComponents',
  summary: 'List components',
  description: 'Components and resources of the catalog, by id.',
  request: { query: questions.components.query },
  responses: answered(questions.components.answer, 'A page of components'),
});

const componentRoute = createRoute({
  method: 'get',
  path: questions.component.path,
  tags,
  operationId: 'getComponent',
  summary: 'One component with its cost',
  description: 'Owners, cost by squad, service and SKU, and where a squad label contradicts the catalog.',
  request: { params: questions.component.params, query: questions.component.query },
  responses: answered(questions.component.answer, 'The component'),
});

const searchRoute = createRoute({
  method: 'get',
  path: questions.search.path,
  tags,
  operationId: 'search',
  summary: 'Find squads, components, services and projects',
  description: 'By part of an id or name, without case; whole names first, then beginnings, then beginnings of words.',
  request: { query: questions.search.query },
  responses: answered(questions.search.answer, 'Matches, best first'),
});

/** Questions about who there is. */
export function organisationRoutes(decisions: MetaAnswer['decisions']) {
  return apiRouter()
    .openapi(metaRoute, (c) => c.json(meta(c.var.reader, decisions), 200))
    .openapi(organisationRoute, async (c) => c.json(await organisation(c.var.reader, c.req.valid('query')), 200))
    .openapi(squadsRoute, async (c) => c.json(await squads(c.var.reader, c.req.valid('query')), 200))
    .openapi(squadRoute, async (c) =>
      c.json(await squadById(c.var.reader, c.req.valid('param').SquadId, c.req.valid('query')), 200),
    )
    .openapi(componentsRoute, async (c) => c.json(await components(c.var.reader, c.req.valid('query')), 200))
    .openapi(componentRoute, async (c) =>
      c.json(await componentById(c.var.reader, c.req.valid('param').ComponentId, c.req.valid('query')), 200),
    )
    .openapi(searchRoute, async (c) => c.json(await search(c.var.reader, c.req.valid('query')), 200));
}
