import type { MiddlewareHandler } from 'hono';
import { ApiProblem } from './problems.ts';

/** An address of this machine alone. 127.0.0.0/8 is RFC 1122, section 3.2.1.3. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/i;

/** Whether a server that listens on `host` can be reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/**
 * Refuses requests for names that are not this machine's. A web page may point its own name at 127.0.0.1 (DNS rebinding) and
 * would then read a server without a login as its own origin; the Host header still tells that name.
 */
export function refuseForeignHosts(): MiddlewareHandler {
  return async (c, next) => {
    const host = c.req.header('Host') ?? new URL(c.req.url).host;
    const name = host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
    if (!isLoopback(name)) throw foreignHost(host);
    await next();
  };
}

function foreignHost(host: string): ApiProblem {
  return new ApiProblem({
    status: 421,
    kind: 'foreign-host',
    title: 'This server answers on loopback names only',
    detail: `it listens on loopback, and the request is for ${JSON.stringify(host)}`,
    fix: 'ask at http://localhost; a proxy in front has to send that as Host, or listen with --host on another address',
  });
}
