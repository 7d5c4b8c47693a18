import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export type Entity = Record<string, unknown> & { kind: string; metadata: Record<string, unknown> };

/** Answers one request in the place of the catalog API; true where it did. */
type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

/** The catalog API of a Backstage backend: `entities/by-query` with filter, fields, limit and cursor, as 1.40 answers. */
export interface StandIn {
  url: string;
  entities: Entity[];
  /** Entities that the first page speaks of beyond those it has. */
  phantom: number;
  /** Sends ETags and answers If-None-Match, as Express does. */
  etags: boolean;
  /** Asked before each answer; the next ones are taken off the front. */
  faults: Fault[];
  /** Every request: path with query, and what it bore. */
  requests: { url: string; authorization: string | null; status: number }[];
}

export async function standIn(entities: Entity[], pageSize = 3): Promise<StandIn> {
  const facts: StandIn = { url: '', entities: [...entities], phantom: 0, etags: false, faults: [], requests: [] };
  const server = createServer((request, response) => {
    response.on('close', () => {
      const authorization = request.headers.authorization ?? null;
      facts.requests.push({ url: request.url!, authorization, status: response.statusCode });
    });
    if (facts.faults.shift()?.(request, response)) return;
    answer(facts, pageSize, request, response);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  facts.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return facts;
}

function answer(facts: StandIn, pageSize: number, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url!, facts.url);
  if (url.pathname !== '/api/catalog/entities/by-query') {
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{"name":"NotFoundError"}}');
    return;
  }
  const cursor = url.searchParams.get('cursor');
  const state = cursor
    ? (JSON.parse(Buffer.from(cursor, 'base64').toString()) as { filter: string[]; from: number })
    : { filter: url.searchParams.getAll('filter'), from: 0 };
  const kinds = state.filter.flatMap((text) => text.split(',').map((part) => part.replace(/^kind=/, '').toLowerCase()));
  const matching = facts.entities.filter(({ kind }) => kinds.includes(kind.toLowerCase()));
  const size = Math.min(pageSize, Number(url.searchParams.get('limit') ?? 20));
  const fields = url.searchParams.get('fields')?.split(',') ?? null;
  const items = matching
    .slice(state.from, state.from + size)
    .map((entity) => (fields ? picked(entity, fields) : entity));
  const from = state.from + size;
  const nextCursor = Buffer.from(JSON.stringify({ ...state, from })).toString('base64');
  const body = JSON.stringify({
    items,
    totalItems: matching.length + facts.phantom,
    pageInfo: from < matching.length ? { nextCursor } : {},
  });
  const etag = `W/"${createHash('sha1').update(body).digest('base64')}"`;
  if (facts.etags && request.headers['if-none-match'] === etag) {
    response.writeHead(304, { etag }).end();
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json', ...(facts.etags && { etag }) }).end(body);
}

/** What the backend leaves of an entity: the named paths that it has. */
function picked(entity: Entity, fields: string[]): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const field of fields) {
    const path = field.split('.');
    const value = path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], entity);
    if (value === undefined) continue;
    let at = result;
    for (const key of path.slice(0, -1)) at = (at[key] ??= {}) as Record<string, unknown>;
    at[path.at(-1)!] = value;
  }
  return result;
}

export const status =
  (code: number, headers: Record<string, string> = {}, body = '{"error":{"name":"X"}}'): Fault =>
  (_request, response) => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(body);
    return true;
  };

/** The connection breaks in the middle of a page. */
export const cut: Fault = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '9999' });
  response.write('{"items":[{"kind":"Comp', () => response.destroy());
  return true;
};

/** No answer ever comes. */
export const silence: Fault = () => true;

/** The usual answer; holds a place in the queue of faults. */
export const fine: Fault = () => false;

export const html = status(200, { 'content-type': 'text/html' }, '<html>Sign in</html>');
