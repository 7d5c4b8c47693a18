import { z } from 'zod';
import { changesAnswer, changesQuery } from './changes.ts';
import { chargebackAnswer, chargebackMonthsAnswer, chargebackMonthsQuery, chargebackQuery } from './chargeback.ts';
import { componentAnswer, componentParams, componentQuery, componentsAnswer, componentsQuery } from './components.ts';
import { coverageAnswer, coverageQuery } from './coverage.ts';
import { freshnessAnswer, freshnessQuery } from './freshness.ts';
import { measuresAnswer, measuresQuery } from './measures.ts';
import { metaAnswer, metaQuery } from './meta.ts';
import { organisationAnswer, organisationQuery } from './organisation.ts';
import {
  poolAnswer,
  poolParams,
  poolQuery,
  poolsAnswer,
  poolsQuery,
  poolWeightsAnswer,
  poolWeightsQuery,
  sharedCostAnswer,
  sharedCostQuery,
} from './pools.ts';
import { projectsAnswer, projectsQuery } from './projects.ts';
import { reconciliationAnswer, reconciliationQuery } from './reconciliation.ts';
import { runAnswer, runParams, runQuery, runsAnswer, runsQuery } from './runs.ts';
import { searchAnswer, searchQuery } from './search.ts';
import { spendAnswer, spendQuery } from './spend.ts';
import { squadAnswer, squadParams, squadQuery, squadsAnswer, squadsQuery } from './squads.ts';
import { unallocatedAnswer, unallocatedQuery } from './unallocated.ts';

const none = z.object({});

/** Every question with its path, parameters and answer: what a typed client needs. `{Name}` in a path is percent-encoded. */
export const questions = {
  meta: { path: '/api/v1/meta', params: none, query: metaQuery, answer: metaAnswer },
  organisation: {
    path: '/api/v1/organisation',
    params: none,
    query: organisationQuery,
    answer: organisationAnswer,
  },
  squads: { path: '/api/v1/squads', params: none, query: squadsQuery, answer: squadsAnswer },
  squad: {
    path: '/api/v1/squads/{SquadId}',
    params: squadParams,
    query: squadQuery,
    answer: squadAnswer,
  },
  components: {
    path: '/api/v1/components',
    params: none,
    query: componentsQuery,
    answer: componentsAnswer,
  },
  component: {
    path: '/api/v1/components/{ComponentId}',
    params: componentParams,
    query: componentQuery,
    answer: componentAnswer,
  },
  spend: { path: '/api/v1/spend', params: none, query: spendQuery, answer: spendAnswer },
  changes: { path: '/api/v1/changes', params: none, query: changesQuery, answer: changesAnswer },
  chargeback: {
    path: '/api/v1/chargeback',
    params: none,
    query: chargebackQuery,
    answer: chargebackAnswer,
  },
  chargebackMonths: {
    path: '/api/v1/chargeback/months',
    params: none,
    query: chargebackMonthsQuery,
    answer: chargebackMonthsAnswer,
  },
  pools: { path: '/api/v1/pools', params: none, query: poolsQuery, answer: poolsAnswer },
  pool: { path: '/api/v1/pools/{PoolId}', params: poolParams, query: poolQuery, answer: poolAnswer },
  poolWeights: {
    path: '/api/v1/pools/{PoolId}/weights',
    params: poolParams,
    query: poolWeightsQuery,
    answer: poolWeightsAnswer,
  },
  sharedCost: { path: '/api/v1/shared-cost', params: none, query: sharedCostQuery, answer: sharedCostAnswer },
  coverage: {
    path: '/api/v1/coverage',
    params: none,
    query: coverageQuery,
    answer: coverageAnswer,
  },
  unallocated: {
    path: '/api/v1/unallocated',
    params: none,
    query: unallocatedQuery,
    answer: unallocatedAnswer,
  },
  reconciliation: {
    path: '/api/v1/reconciliation',
    params: none,
    query: reconciliationQuery,
    answer: reconciliationAnswer,
  },
  freshness: {
    path: '/api/v1/freshness',
    params: none,
    query: freshnessQuery,
    answer: freshnessAnswer,
  },
  runs: { path: '/api/v1/runs', params: none, query: runsQuery, answer: runsAnswer },
  run: { path: '/api/v1/runs/{RunId}', params: runParams, query: runQuery, answer: runAnswer },
  projects: {
    path: '/api/v1/projects',
    params: none,
    query: projectsQuery,
    answer: projectsAnswer,
  },
  measures: {
    path: '/api/v1/measures',
    params: none,
    query: measuresQuery,
    answer: measuresAnswer,
  },
  search: { path: '/api/v1/search', params: none, query: searchQuery, answer: searchAnswer },
} as const;

export type QuestionName = keyof typeof questions;
export type ParamsOf<Name extends QuestionName> = z.input<(typeof questions)[Name]['params']>;
/** What a client sends, defaults left out. */
export type QueryOf<Name extends QuestionName> = z.input<(typeof questions)[Name]['query']>;
export type AnswerOf<Name extends QuestionName> = z.output<(typeof questions)[Name]['answer']>;

/** Path of the chargeback download; its query is `chargebackExportQuery`. */
export const CHARGEBACK_EXPORT_PATH = '/api/v1/chargeback/export';
