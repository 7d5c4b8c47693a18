import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { NotFoundPage } from './pages/not-found.tsx';
import { PageFailed } from './parts/states.tsx';
import { Shell } from './parts/shell.tsx';
import { parseSearch, stringifySearch, validateSearch } from './search.ts';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage, validateSearch });

const routes = [
  createRoute({
    getParentRoute: () => root,
    path: '/',
    component: lazyRouteComponent(() => import('./pages/overview.tsx'), 'OverviewPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/tribes/$tribeId',
    component: lazyRouteComponent(() => import('./pages/overview.tsx'), 'TribePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/squads',
    component: lazyRouteComponent(() => import('./pages/squads.tsx'), 'SquadsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/squads/$squadId',
    component: lazyRouteComponent(() => import('./pages/squad.tsx'), 'SquadPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/components',
    component: lazyRouteComponent(() => import('./pages/components.tsx'), 'ComponentsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/components/$componentId',
    component: lazyRouteComponent(() => import('./pages/component.tsx'), 'ComponentPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/chargeback',
    component: lazyRouteComponent(() => import('./pages/chargeback.tsx'), 'ChargebackPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/unallocated',
    component: lazyRouteComponent(() => import('./pages/unallocated.tsx'), 'UnallocatedPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/data',
    component: lazyRouteComponent(() => import('./pages/data.tsx'), 'DataPage'),
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
