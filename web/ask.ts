import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import {
  problem,
  questions,
  type AnswerOf,
  type ParamsOf,
  type Problem,
  type QueryOf,
  type QuestionName,
} from '../api/contract/index.ts';

/** A question the API refused or could not answer, with its next step. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(facts: Problem) {
    super(facts.detail);
    this.name = 'ProblemError';
    this.problem = facts;
  }
}

/** The server could not be reached at all. */
export class UnreachableError extends Error {}

export interface Asked<Name extends QuestionName> {
  params?: ParamsOf<Name>;
  query?: QueryOf<Name>;
}

/**
 * Asks the API one question and parses the answer with the contract.
 *
 * @throws {ProblemError} with the server's reason and next step
 * @throws {UnreachableError} when there is no server
 */
export async function ask<Name extends QuestionName>(
  name: Name,
  asked: Asked<Name>,
  signal?: AbortSignal,
): Promise<AnswerOf<Name>> {
  const response = await reach(urlOf(name, asked), signal);
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw new ProblemError(asProblem(body, response.status));
  const answer = questions[name].answer.safeParse(body);
  if (!answer.success) {
    throw new ProblemError({
      type: 'urn:worthwhile:problem:unexpected-answer',
      title: 'The server answered in a form this page does not know',
      status: response.status,
      detail: answer.error.issues
        .slice(0, 3)
        .map((issue) => `${issue.path.join('.')}: ${issue.message}`)
        .join('; '),
      fix: 'Reload the page; dashboard and server may be of different versions.',
    });
  }
  return answer.data as AnswerOf<Name>;
}

/** Address of a question; what is undefined is left out. */
export function urlOf<Name extends QuestionName>(name: Name, asked: Asked<Name>): string {
  const path = questions[name].path.replace(/\{(\w+)\}/g, (_, key: string) =>
    encodeURIComponent(String((asked.params as Record<string, unknown>)[key])),
  );
  return path + searchOf(asked.query ?? {});
}

/** `?a=b`, or nothing; what is undefined is left out, the rest in alphabetical order so that equal questions are equal texts. */
export function searchOf(query: object): string {
  const entries = Object.entries(query as Record<string, unknown>).filter(
    ([, value]) => value !== undefined && value !== '',
  );
  const search = new URLSearchParams(entries.map(([key, value]) => [key, String(value)]));
  search.sort();
  return search.size ? `?${search}` : '';
}

async function reach(url: string, signal?: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { headers: { accept: 'application/json' }, ...(signal ? { signal } : {}) });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new UnreachableError('The server does not answer.', { cause });
  }
}

function asProblem(body: unknown, status: number): Problem {
  const parsed = problem.safeParse(body);
  if (parsed.success) return parsed.data;
  return {
    type: 'about:blank',
    title: status >= 500 ? 'The server failed' : 'The server refused the question',
    status,
    detail: `It answered with status ${status} and no explanation.`,
    fix: 'Try again; if it stays, look at the log of worthwhile serve.',
  };
}

/** A question as React state. While another question of the same shape loads, the answer before stays on screen. */
export function useAnswer<Name extends QuestionName>(
  name: Name,
  asked: Asked<Name>,
  options: { enabled?: boolean } = {},
): UseQueryResult<AnswerOf<Name>, Error> {
  return useQuery<AnswerOf<Name>, Error>({
    queryKey: [name, urlOf(name, asked)],
    queryFn: ({ signal }) => ask(name, asked, signal),
    placeholderData: keepPreviousData,
    ...options,
  });
}
