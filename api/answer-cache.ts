import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Context, MiddlewareHandler } from 'hono';
import type { ApiEnv } from './env.ts';
import type { Warehouse } from './warehouse/hub.ts';

interface Answer {
  body: Buffer;
  gzipped: Buffer | null;
  etag: string;
}

const GZIP_FROM_BYTES = 1024;
const compress = promisify(gzip);

/**
 * Answers of one generation never change, so each is made once: requests for the same URL share one making, and the bytes are kept
 * up to `capacityBytes`, least recently used out first. Sets ETag (identity of the generation and digest of the body) and answers 304.
 */
export function answerCache(warehouse: Warehouse, capacityBytes: number): MiddlewareHandler<ApiEnv> {
  const kept = answerStore(capacityBytes);
  const making = new Map<string, Promise<Answer | null>>();

  return async (c, next) => {
    const identity = warehouse.identity();
    if (identity === null) return next();
    const url = new URL(c.req.url);
    const path = `${url.pathname}${url.search}`;
    const key = `${identity} ${path}`;
    for (;;) {
      const answer = kept.get(key) ?? (await making.get(key));
      if (answer) return respond(c, answer);
      // The maker failed or went away: whoever waited makes it anew, one of them at a time.
      if (!making.has(key)) break;
    }
    let settle: (answer: Answer | null) => void = () => {};
    making.set(key, new Promise((resolve) => (settle = resolve)));
    try {
      await next();
      // The generation may have changed on the way here; the answer is of the one that was read.
      const read = c.var.reader?.identity;
      const answer = read === undefined ? null : await answerOf(c, read);
      if (answer) {
        kept.put(`${read} ${path}`, answer);
        c.res = respond(c, answer);
      }
      settle(answer);
    } finally {
      making.delete(key);
      settle(null);
    }
    return undefined;
  };
}

async function answerOf(c: Context<ApiEnv>, identity: string): Promise<Answer | null> {
  if (c.res.status !== 200) return null;
  const body = Buffer.from(await c.res.arrayBuffer());
  return {
    body,
    gzipped: body.byteLength >= GZIP_FROM_BYTES ? await compress(body) : null,
    etag: `W/"${identity}-${createHash('sha256').update(body).digest('base64url').slice(0, 16)}"`,
  };
}

function respond(c: Context<ApiEnv>, answer: Answer): Response {
  const headers = { ETag: answer.etag, 'Cache-Control': 'no-cache', Vary: 'Accept-Encoding' };
  if (matches(c.req.header('If-None-Match'), answer.etag)) return c.body(null, 304, headers);
  const zipped = answer.gzipped && /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(c.req.header('Accept-Encoding') ?? '');
  const body = zipped ? answer.gzipped! : answer.body;
  return c.body(new Uint8Array(body), 200, {
    ...headers,
    'Content-Type': 'application/json',
    'Content-Length': String(body.byteLength),
    ...(zipped && { 'Content-Encoding': 'gzip' }),
  });
}

function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const weak = (tag: string): string => tag.trim().replace(/^W\//, '');
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((tag) => weak(tag) === weak(etag));
}

function answerStore(capacityBytes: number) {
  const answers = new Map<string, Answer>();
  let bytes = 0;
  const sizeOf = (answer: Answer): number => answer.body.byteLength + (answer.gzipped?.byteLength ?? 0);
  const drop = (key: string): void => {
    const answer = answers.get(key);
    if (!answer) return;
    answers.delete(key);
    bytes -= sizeOf(answer);
  };
  return {
    get: (key: string): Answer | null => {
      const answer = answers.get(key);
      if (!answer) return null;
      answers.delete(key);
      answers.set(key, answer);
      return answer;
    },
    put: (key: string, answer: Answer): void => {
      drop(key);
      answers.set(key, answer);
      bytes += sizeOf(answer);
      for (const oldest of answers.keys()) {
        if (bytes <= capacityBytes) break;
        drop(oldest);
      }
    },
  };
}
