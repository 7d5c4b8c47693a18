import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { WorthwhileError } from '../core/errors.ts';
import type { Problem } from './contract/index.ts';

export interface ProblemFacts {
  status: 400 | 404 | 405 | 421 | 422 | 500 | 503 | 504 | 409;
  /** Last part of the problem's `type` URN; stable, for programs. */
  kind: string;
  title: string;
  detail: string;
  fix?: string | undefined;
  retryAfterSeconds?: number;
  errors?: NonNullable<Problem['errors']>;
}

/** A refusal that is about the request or the server's state, not about the data; `onError` turns it into problem+json. */
export class ApiProblem extends Error {
  readonly facts: ProblemFacts;

  constructor(facts: ProblemFacts) {
    super(`${facts.title}: ${facts.detail}`);
    this.name = 'ApiProblem';
    this.facts = facts;
  }
}

/** What a client is told of an error. Anything not meant for clients becomes a 500 without internals. */
export function problemOf(error: unknown): ProblemFacts {
  if (error instanceof ApiProblem) return error.facts;
  if (error instanceof WorthwhileError) return problemOfOurs(error);
  if (error instanceof HTTPException && error.status < 500) {
    return { status: 400, kind: 'bad-request', title: 'The request cannot be understood', detail: error.message };
  }
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return {
      status: 504,
      kind: 'deadline',
      title: 'The answer took too long',
      detail: 'the query was stopped at its deadline',
      fix: 'ask for a shorter range or fewer dimensions, or try again when the server is less busy',
    };
  }
  if (error instanceof DOMException && error.name === 'AbortError') {
    return { status: 503, kind: 'aborted', title: 'The client went away', detail: 'the query was stopped' };
  }
  return {
    status: 500,
    kind: 'internal',
    title: 'Something is wrong in the server',
    detail: 'the answer could not be made; the server log has the reason under this request id',
  };
}

function problemOfOurs(error: WorthwhileError): ProblemFacts {
  const said = { detail: error.reason, fix: error.fix };
  if (error.code === 'NOT_FOUND') return { status: 404, kind: 'not-found', title: 'Not found', ...said };
  if (error.code === 'USAGE')
    return { status: 400, kind: 'bad-request', title: 'The request cannot be answered', ...said };
  if (error.code === 'NOT_BUILT') {
    return { status: 503, kind: 'not-built', title: 'There is no data yet', retryAfterSeconds: 5, ...said };
  }
  if (error.code === 'OUTDATED') {
    return { status: 503, kind: 'outdated', title: 'The published data is of an earlier version', ...said };
  }
  return problemOf(undefined);
}

/** The problem as a response; every error of the API leaves through here. */
export function problemResponse(c: Context, facts: ProblemFacts): Response {
  const requestId = c.get('requestId') as string | undefined;
  const body: Problem = {
    type: `urn:worthwhile:problem:${facts.kind}`,
    title: facts.title,
    status: facts.status,
    detail: facts.detail,
    ...(facts.fix && { fix: facts.fix }),
    ...(requestId && { requestId }),
    ...(facts.errors && { errors: facts.errors }),
  };
  return c.body(JSON.stringify(body), facts.status, {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    ...(facts.retryAfterSeconds && { 'Retry-After': String(facts.retryAfterSeconds) }),
  });
}
