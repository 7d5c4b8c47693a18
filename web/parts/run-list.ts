import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Run, RunsAnswer } from '../../api/contract/index.ts';
import { ask, urlOf } from '../ask.ts';
import { askAgainAfter } from '../run-words.ts';

interface RunList {
  /** Newest first; null while the first page is on its way. */
  runs: Run[] | null;
  schedule: RunsAnswer['schedule'];
  count: number | null;
  more: (() => void) | null;
  isLoadingMore: boolean;
  /** Set where there is nothing to show but this. */
  error: Error | null;
  retry: () => void;
  /** When what is shown was true, in milliseconds since 1970. */
  asOf: number;
}

const PAGE = 25;

/** The run history, asked for again and again, since it changes without a new generation. A new generation is asked for at once. */
export function useRuns(served: number | null): RunList {
  const client = useQueryClient();
  const list = useInfiniteQuery({
    queryKey: ['runs', 'pages', urlOf('runs', { query: { limit: PAGE } })],
    queryFn: ({ pageParam, signal }) =>
      ask('runs', { query: { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    staleTime: 0,
    refetchOnWindowFocus: 'always',
    refetchInterval: ({ state }) => askAgainAfter(state.data?.pages[0]),
  });
  const pages = list.data?.pages;
  const newest = pages?.[0];
  const published = newest?.runs.find(({ build }) => build?.published)?.build?.generation ?? null;
  useEffect(() => {
    if (published !== null && published > (served ?? 0)) void client.invalidateQueries({ queryKey: ['meta'] });
  }, [published, served, client]);
  return {
    runs: pages ? unique(pages.flatMap(({ runs }) => runs)) : null,
    schedule: newest?.schedule ?? null,
    count: newest?.count ?? null,
    more: list.hasNextPage ? () => void list.fetchNextPage() : null,
    isLoadingMore: list.isFetchingNextPage,
    error: list.isError && !pages ? list.error : null,
    retry: () => void list.refetch(),
    asOf: list.dataUpdatedAt,
  };
}

/** Pages that were asked for at different times may overlap by the runs that began in between. */
function unique(runs: Run[]): Run[] {
  return [...new Map(runs.map((run) => [run.id, run])).values()];
}
