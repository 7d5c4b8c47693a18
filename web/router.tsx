import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { ChargebackPage } from './pages/chargeback.tsx';
import { ComponentPage } from './pages/component.tsx';
import { ComponentsPage } from './pages/components.tsx';
import { DataPage } from './pages/data.tsx';
import { OverviewPage, TribePage } from './pages/overview.tsx';
import { PoolPage } from './pages/pool.tsx';
import { PoolsPage } from './pages/pools.tsx';
import { RunsPage } from './pages/runs.tsx';
import { SquadPage } from './pages/squad.tsx';
import { SquadsPage } from './pages/squads.tsx';
import { UnallocatedPage } from './pages/unallocated.tsx';
import { NotFoundPage } from './pages/not-found.tsx';
import { PageFailed } from './parts/states.tsx';
import { Shell } from './parts/shell.tsx';
import { parseSearch, stringifySearch, validateSearch } from './search.ts';

/*
 * Pages weigh a few kB together and come with the first load, so that going to one never waits for the network; the chart, which
 * is heavy, comes by itself (`parts/explorer.tsx`).
 */
const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage, validateSearch });

const routes = [
  createRoute({
    getParentRoute: () => root,
    path: '/',
    component: OverviewPage,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/tribes/$tribeId',
    component: TribePage,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/squads',
    component: SquadsPage,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/squads/$squadId',
    component: SquadPage,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/components',
    component: ComponentsPage,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/components/$componentId',
    component: ComponentPage,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/chargeback',
    component: ChargebackPage,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/pools',
    component: PoolsPage,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/pools/$poolId',
    component: PoolPage,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/unallocated',
    component: UnallocatedPage,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/data',
    component: DataPage,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/runs',
    component: RunsPage,
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren(routes),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultErrorComponent: PageFailed,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
