import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { Effects } from '../core/effects.ts';
import type { ApiEnv } from './env.ts';
import type { Warehouse } from './warehouse/hub.ts';

const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

interface RouteCounts {
  byStatus: Map<number, number>;
  /** Requests at or under each bucket's bound. */
  buckets: number[];
  count: number;
  seconds: number;
}

export interface Metrics {
  measure: MiddlewareHandler<ApiEnv>;
  /** Prometheus text format 0.0.4. */
  text: () => string;
}

/**
 * Counts and times requests by matched route, never by raw path, so that a scanner cannot grow the series. `more` adds lines on
 * other matters.
 */
export function requestMetrics(warehouse: Warehouse, effects: Effects, more: () => string[] = () => []): Metrics {
  const routes = new Map<string, RouteCounts>();

  const observe = (route: string, status: number, seconds: number): void => {
    const counts = routes.get(route) ?? {
      byStatus: new Map<number, number>(),
      buckets: BUCKETS_SECONDS.map(() => 0),
      count: 0,
      seconds: 0,
    };
    routes.set(route, counts);
    counts.byStatus.set(status, (counts.byStatus.get(status) ?? 0) + 1);
    BUCKETS_SECONDS.forEach((bound, index) => {
      if (seconds <= bound) counts.buckets[index]! += 1;
    });
    counts.count += 1;
    counts.seconds += seconds;
  };

  return {
    measure: async (c, next) => {
      const start = performance.now();
      await next();
      observe(routeOf(c), c.res.status, (performance.now() - start) / 1000);
    },
    text: () => [...requestLines(routes), ...warehouseLines(warehouse, effects.now()), ...more()].join('\n') + '\n',
  };
}

/** The question's path with its placeholders, also where a cache answered before its handler; `other` for everything else. */
function routeOf(c: Context): string {
  const route = matchedRoutes(c).findLast(({ method, path }) => method !== 'ALL' && !path.endsWith('*'));
  return route?.path ?? 'other';
}

function requestLines(routes: Map<string, RouteCounts>): string[] {
  const lines = [
    '# HELP worthwhile_http_requests_total Requests by route and status.',
    '# TYPE worthwhile_http_requests_total counter',
  ];
  for (const [route, counts] of routes) {
    for (const [status, count] of counts.byStatus) {
      lines.push(`worthwhile_http_requests_total{route="${escaped(route)}",status="${status}"} ${count}`);
    }
  }
  const name = 'worthwhile_http_request_duration_seconds';
  lines.push(`# HELP ${name} Time from request to response head.`, `# TYPE ${name} histogram`);
  for (const [route, counts] of routes) {
    const label = `route="${escaped(route)}"`;
    BUCKETS_SECONDS.forEach((bound, index) =>
      lines.push(`${name}_bucket{${label},le="${bound}"} ${counts.buckets[index]}`),
    );
    lines.push(`${name}_bucket{${label},le="+Inf"} ${counts.count}`);
    lines.push(`${name}_sum{${label}} ${counts.seconds}`, `${name}_count{${label}} ${counts.count}`);
  }
  return lines;
}

function warehouseLines(warehouse: Warehouse, now: Date): string[] {
  const facts = warehouse.facts();
  const load = warehouse.load();
  const lines = [
    ...gauge('worthwhile_ready', 'A generation is attached.', facts ? 1 : 0),
    ...gauge(
      'worthwhile_generations_attached',
      'Attached generations; above 1 while old requests finish.',
      load.attached,
    ),
    ...gauge('worthwhile_queries_running', 'Queries running now.', load.running),
    ...gauge('worthwhile_queries_waiting', 'Queries waiting for a connection.', load.waiting),
    ...gauge('process_resident_memory_bytes', 'Resident memory.', process.memoryUsage.rss()),
  ];
  if (!facts) return lines;
  const age = (now.getTime() - Date.parse(facts.builtAt)) / 1000;
  lines.push(
    ...gauge('worthwhile_generation', 'Number of the served generation.', facts.generation),
    ...gauge('worthwhile_generation_age_seconds', 'Time since the served generation was built.', age),
  );
  if (facts.lastCompleteDay) {
    const lag = (now.getTime() - Date.parse(`${facts.lastCompleteDay}T00:00:00Z`)) / 1000;
    lines.push(
      ...gauge('worthwhile_last_complete_day_age_seconds', 'Time since the last complete usage day began.', lag),
    );
  }
  return lines;
}

function gauge(name: string, help: string, value: number): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${value}`];
}

function escaped(label: string): string {
  return label.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
