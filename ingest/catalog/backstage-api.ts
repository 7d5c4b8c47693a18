import { setTimeout as sleep } from 'node:timers/promises';
import type { CatalogClient } from '@backstage/catalog-client';
import { z } from 'zod';
import type { BackstageConfig } from '../../core/config/schema.ts';
import { WorthwhileError } from '../../core/errors.ts';
import { backstageFault, isPassing, retryAfterMs } from './backstage-faults.ts';

/** How long the API is waited for: pauses between attempts, and the limit for one answer. */
export interface Patience {
  delaysMs: readonly number[];
  timeoutMs: number;
  /** Waits; real time where left out. */
  pause?: (milliseconds: number) => Promise<unknown>;
}

export const USUAL_PATIENCE: Patience = { delaysMs: [1_000, 4_000, 10_000], timeoutMs: 60_000 };

/** What is remembered of a page, so that the API can say that it has not changed; none of its entities are. */
export const pageMark = z.object({
  request: z.string(),
  etag: z.string(),
  totalItems: z.number().nullable(),
  nextCursor: z.string().nullable(),
});
export type PageMark = z.infer<typeof pageMark>;

export interface BackstagePages {
  /** Entities as the API gives them, each once. */
  entities: unknown[];
  /** Empty where the API gave no ETag on any one page. */
  marks: PageMark[];
}

const KINDS = ['Component', 'Resource', 'System', 'Domain', 'Group', 'User'];

/**
 * What the normaliser reads. Owners and parents are taken from `spec`, as in YAML: `relations` are made of it by the backend, and
 * would give another answer where a processor adds to them.
 */
const FIELDS = [
  'apiVersion',
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.title',
  'metadata.annotations',
  ...['type', 'lifecycle', 'owner', 'system', 'domain', 'parent', 'children', 'members', 'memberOf'].map(
    (name) => `spec.${name}`,
  ),
  'spec.profile.displayName',
];

const PAGE_ENTITIES = 500;

const page = z.object({
  items: z.array(z.looseObject({})),
  totalItems: z.number().int().optional(),
  pageInfo: z.object({ nextCursor: z.string().optional() }),
});
type Page = z.infer<typeof page>;

/**
 * Every entity of the six kinds, over the catalog API's cursor pages (`GET /api/catalog/entities/by-query`, Backstage 1.11 and
 * later), or null where each page is as `known` (If-None-Match). It is all of them or none: a stream that ends early is read once
 * more, then refused. Throws SOURCE_UNREACHABLE, SOURCE_FORBIDDEN, SOURCE_NOT_FOUND, SOURCE_INCOMPLETE or SECRET_MISSING.
 */
export async function readPages(
  backstage: BackstageConfig,
  known: PageMark[],
  patience: Patience,
): Promise<BackstagePages | null> {
  const connection = await connect(backstage, patience);
  if (known.length > 0 && (await isUnchanged(connection, known))) return null;
  const read = await everyPage(connection);
  if (read.complete) return read;
  const again = await everyPage(connection);
  if (again.complete) return again;
  throw new WorthwhileError(
    'SOURCE_INCOMPLETE',
    `the catalog API spoke of ${again.total} entities and gave ${again.entities.length}`,
    { on: backstage.url, fix: 'run again; if it stays, see the log of the Backstage backend' },
  );
}

/** How many entities the API would give, by asking for one. Throws as {@link readPages}. */
export async function countEntities(backstage: BackstageConfig, patience: Patience): Promise<number | null> {
  const connection = await connect(backstage, patience);
  const { totalItems } = await ask(connection, { limit: 1 });
  return totalItems ?? null;
}

interface Connection {
  backstage: BackstageConfig;
  client: CatalogClient;
  token: string | null;
  patience: Patience;
  /** Pages asked for with If-None-Match, by request. */
  conditional: Map<string, PageMark>;
  /** Facts of the last answer that the client does not hand on. */
  last: { request: string; etag: string | null; unchanged: boolean; retryAfterMs: number | null };
}

async function connect(backstage: BackstageConfig, patience: Patience): Promise<Connection> {
  const token = tokenOf(backstage);
  const { CatalogClient } = await import('@backstage/catalog-client');
  const base = backstage.url.replace(/\/+$/, '').replace(/\/api(\/catalog)?$/, '');
  const connection: Omit<Connection, 'client'> = {
    backstage,
    token,
    patience,
    conditional: new Map(),
    last: { request: '', etag: null, unchanged: false, retryAfterMs: null },
  };
  const client = new CatalogClient({
    discoveryApi: { getBaseUrl: async (plugin) => `${base}/api/${plugin}` },
    fetchApi: { fetch: (input, init) => fetchWhole(connection, String(input), init) },
  });
  return Object.assign(connection, { client });
}

function tokenOf({ url, tokenEnv }: BackstageConfig): string | null {
  if (tokenEnv === undefined) return null;
  const token = process.env[tokenEnv]?.trim() ?? '';
  if (token !== '') return token;
  throw new WorthwhileError('SECRET_MISSING', `the environment variable ${tokenEnv} holds no token for Backstage`, {
    on: url,
    fix: `set ${tokenEnv} where worthwhile runs, or take \`tokenEnv\` out of catalog.backstage if the API asks for none`,
  });
}

/** Reads the whole body inside the time limit, and answers an unchanged page from what is remembered of it. */
async function fetchWhole(
  connection: Omit<Connection, 'client'>,
  request: string,
  init: RequestInit | undefined,
): Promise<Response> {
  const mark = connection.conditional.get(request);
  const headers = new Headers(init?.headers);
  if (mark) headers.set('If-None-Match', mark.etag);
  const signal = AbortSignal.timeout(connection.patience.timeoutMs);
  const response = await fetch(request, { ...init, headers, signal });
  const text = await response.text();
  const unchanged = response.status === 304 && mark !== undefined;
  const etag = response.headers.get('etag');
  connection.last = { request, etag, unchanged, retryAfterMs: retryAfterMs(response.headers) };
  if (unchanged) {
    const { totalItems, nextCursor } = mark;
    return Response.json({
      items: [],
      ...(totalItems !== null && { totalItems }),
      pageInfo: nextCursor === null ? {} : { nextCursor },
    });
  }
  const { status, statusText } = response;
  return new Response(text === '' ? null : text, { status, statusText, headers: response.headers });
}

async function isUnchanged(connection: Connection, known: PageMark[]): Promise<boolean> {
  connection.conditional = new Map(known.map((mark) => [mark.request, mark]));
  try {
    let cursor: string | undefined;
    for (let asked = 0; asked < known.length; asked++) {
      const { pageInfo } = await ask(connection, cursor === undefined ? {} : { cursor });
      if (!connection.last.unchanged) return false;
      cursor = pageInfo.nextCursor;
      if (cursor === undefined) return true;
    }
    return false;
  } finally {
    connection.conditional.clear();
  }
}

async function everyPage(
  connection: Connection,
): Promise<BackstagePages & { complete: boolean; total: number | null }> {
  const entities = new Map<string, unknown>();
  const marks: PageMark[] = [];
  const followed = new Set<string>();
  let total: number | null = null;
  let cursor: string | undefined;
  do {
    if (cursor !== undefined) followed.add(cursor);
    const { items, totalItems, pageInfo } = await ask(connection, cursor === undefined ? {} : { cursor });
    for (const item of items) entities.set(identityOf(item, entities.size), item);
    if (cursor === undefined) total = totalItems ?? null;
    const { request, etag } = connection.last;
    cursor = pageInfo.nextCursor;
    if (etag !== null) marks.push({ request, etag, totalItems: totalItems ?? null, nextCursor: cursor ?? null });
  } while (cursor !== undefined && !followed.has(cursor));
  const marked = marks.length === followed.size + 1;
  return {
    entities: [...entities.values()],
    marks: marked ? marks : [],
    total,
    complete: cursor === undefined && (total === null || entities.size >= total),
  };
}

/** Entities that change while pages are read may come twice. */
function identityOf(item: Record<string, unknown>, index: number): string {
  const { name, namespace } = (item['metadata'] ?? {}) as { name?: unknown; namespace?: unknown };
  if (typeof name !== 'string' || typeof item['kind'] !== 'string') return `#${index}`;
  return `${item['kind']}:${typeof namespace === 'string' ? namespace : 'default'}/${name}`.toLowerCase();
}

async function ask(connection: Connection, { cursor, limit }: { cursor?: string; limit?: number }): Promise<Page> {
  const { client, token, patience, backstage } = connection;
  const shared = { fields: FIELDS, limit: limit ?? PAGE_ENTITIES };
  const request = cursor === undefined ? { ...shared, filter: { kind: KINDS } } : { ...shared, cursor };
  for (let attempt = 0; ; attempt++) {
    try {
      connection.last.retryAfterMs = null;
      return page.parse(await client.queryEntities(request, token === null ? {} : { token }));
    } catch (error) {
      const delay = patience.delaysMs[attempt];
      if (delay === undefined || !isPassing(error)) throw backstageFault(error, backstage);
      await (patience.pause ?? sleep)(Math.max(delay, connection.last.retryAfterMs ?? 0));
    }
  }
}
