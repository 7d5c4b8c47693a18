import type { UseQueryResult } from '@tanstack/react-query';
import type { ErrorComponentProps } from '@tanstack/react-router';
import type { ReactElement, ReactNode } from 'react';
import { Prose } from './prose.tsx';
import { ProblemError, UnreachableError } from '../ask.ts';

/** Grey lines in the shape of what will stand here. */
export function SkeletonRows({ rows = 6 }: { rows?: number }): ReactElement {
  return (
    <output className="skeleton-rows" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => (
        <span key={index} className="skeleton" style={{ width: `${92 - ((index * 17) % 40)}%` }} />
      ))}
    </output>
  );
}

export function SkeletonBlock({ height }: { height: number }): ReactElement {
  return <output className="skeleton" style={{ height }} aria-label="Loading" />;
}

/** Nothing to show, why, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }): ReactElement {
  return (
    <div className="state">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

interface Told {
  title: string;
  detail: string;
  fix: string | undefined;
}

/** Only what has a name can be searched for: not a month, not a currency. */
const ABOUT_AN_ENTITY = /\b(squad|tribe|component|system)\b/;
const SEARCH = 'Press Ctrl K (⌘K) and search for its name.';

function tell(error: Error): Told {
  if (error instanceof ProblemError) {
    const { title, status, detail, fix } = error.problem;
    // The server's next step is meant for callers of the API.
    if (status === 404)
      return { title, detail: asSentence(detail), fix: ABOUT_AN_ENTITY.test(detail) ? SEARCH : undefined };
    return { title, detail: asSentence(detail), fix: fix && asSentence(fix) };
  }
  if (error instanceof UnreachableError) {
    return {
      title: 'Worthwhile does not answer',
      detail: navigator.onLine
        ? 'The server cannot be reached.'
        : 'This machine is offline, and the server cannot be reached.',
      fix: 'Check the connection and that `worthwhile serve` runs, then try again.',
    };
  }
  return { title: 'This part of the page failed', detail: error.message, fix: 'Reload the page.' };
}

const asSentence = (text: string): string => {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
};

/** What failed, on what, the next step, and a way to try again. */
export function Failed({
  error,
  retry,
  page = false,
}: {
  error: Error;
  retry?: () => void;
  page?: boolean;
}): ReactElement {
  const { title, detail, fix } = tell(error);
  return (
    <div className={page ? 'card state page-state' : 'state'} role="alert">
      <h2>{title}</h2>
      <p>
        <Prose text={detail} />
      </p>
      {fix && (
        <p className="fix">
          <Prose text={fix} />
        </p>
      )}
      {retry && (
        <button type="button" className="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** The router's last resort. */
export function PageFailed({ error, reset }: ErrorComponentProps): ReactElement {
  return <Failed page error={error instanceof Error ? error : new Error(String(error))} retry={reset} />;
}

interface AnsweredProps<Answer> {
  query: UseQueryResult<Answer, Error>;
  loading: ReactNode;
  children: (answer: Answer) => ReactNode;
}

/** Loading, failed and answered, told apart. An answer that is there stays while a newer one is on its way. */
export function Answered<Answer>({ query, loading, children }: AnsweredProps<Answer>): ReactNode {
  if (query.data !== undefined) return children(query.data);
  if (query.isError && !query.isFetching) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return loading;
}
