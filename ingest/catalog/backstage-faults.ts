import type { BackstageConfig } from '../../core/config/schema.ts';
import { WorthwhileError } from '../../core/errors.ts';

const PASSING_STATUS = new Set([408, 425, 429, 500, 502, 503, 504]);
const LONGEST_RETRY_AFTER_MS = 60_000;

/** Whether asking again may help: the network, a time limit, too many requests, or a server that is not itself. */
export function isPassing(error: unknown): boolean {
  const status = statusOf(error);
  return status === null ? isNetwork(error) : PASSING_STATUS.has(status);
}

/** What the API asks to wait (`Retry-After` in seconds), at most a minute; null where it says nothing. */
export function retryAfterMs(headers: Headers): number | null {
  const seconds = /^\d+$/.exec(headers.get('retry-after') ?? '');
  return seconds ? Math.min(Number(seconds[0]) * 1_000, LONGEST_RETRY_AFTER_MS) : null;
}

/**
 * A failed question in words. Nothing that the server wrote is repeated, and the failure is not kept as the cause: either could
 * hold the token that was sent.
 */
export function backstageFault(error: unknown, { url, tokenEnv }: BackstageConfig): WorthwhileError {
  const status = statusOf(error);
  const on = url;
  if (status === 401) {
    return new WorthwhileError('SOURCE_FORBIDDEN', 'the catalog API asks for a valid token (HTTP 401)', {
      on,
      fix: tokenEnv
        ? `put a valid token into the environment variable ${tokenEnv}; this one has expired or is not known there`
        : 'name the environment variable with a token as `catalog.backstage.tokenEnv`',
    });
  }
  if (status === 403) {
    return new WorthwhileError('SOURCE_FORBIDDEN', 'the catalog API does not let this token read entities (HTTP 403)', {
      on,
      fix: 'give it read access to the catalog (`backend.auth.externalAccess` of the Backstage backend)',
    });
  }
  if (status === 404) {
    return new WorthwhileError('SOURCE_NOT_FOUND', 'there is no catalog API at this address (HTTP 404)', {
      on,
      fix: 'set `catalog.backstage.url` to where the Backstage backend (1.11 or later) answers, without `/api/catalog`',
    });
  }
  if (status !== null) {
    return new WorthwhileError('SOURCE_UNREACHABLE', `the catalog API answers with HTTP ${status}`, {
      on,
      fix: 'see the log of the Backstage backend, then run again',
    });
  }
  if (isNetwork(error)) {
    const { name, cause } = error as { name: string; cause?: { code?: string } };
    const why = name === 'TimeoutError' ? 'no answer in time' : (cause?.code ?? 'the connection broke');
    return new WorthwhileError('SOURCE_UNREACHABLE', `the catalog API cannot be reached (${why})`, {
      on,
      fix: 'see that the address is right and that Backstage is up, then run again',
    });
  }
  return new WorthwhileError('SOURCE_UNREACHABLE', 'what answers there is not the Backstage catalog API', {
    on,
    fix: 'see that `catalog.backstage.url` is the backend itself and not a login page or a proxy in front of it',
  });
}

/** The client's own errors carry the HTTP status of the answer; what a body says of its status is not asked. */
function statusOf(error: unknown): number | null {
  const { name, response } = (error ?? {}) as { name?: string; response?: { status?: number } };
  return name === 'ResponseError' && typeof response?.status === 'number' ? response.status : null;
}

function isNetwork(error: unknown): boolean {
  const { name } = (error ?? {}) as { name?: string };
  return error instanceof TypeError || name === 'TimeoutError' || name === 'AbortError';
}
