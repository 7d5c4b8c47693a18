import type { MiddlewareHandler } from 'hono';
import type { ApiEnv } from './env.ts';
import type { Warehouse } from './warehouse/hub.ts';

/**
 * Holds the current generation for a request from its first query to its last, and stops its queries when the client goes away or
 * the deadline passes.
 */
export function readingCurrentGeneration(warehouse: Warehouse, deadlineMs: number): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const signal = AbortSignal.any([c.req.raw.signal, AbortSignal.timeout(deadlineMs)]);
    await warehouse.read(async (reader) => {
      c.set('reader', reader);
      await next();
    }, signal);
  };
}
