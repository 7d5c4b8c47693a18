import { useInfiniteQuery } from '@tanstack/react-query';
import type { AnswerOf, ParamsOf, QueryOf } from '../../api/contract/index.ts';
import { ask, urlOf } from '../ask.ts';

type ListName = 'components' | 'chargeback' | 'unallocated' | 'projects' | 'pool' | 'poolWeights';

export interface Listed<Name extends ListName> {
  pages: AnswerOf<Name>[];
  /** Rows on all pages; null while the first is on its way. */
  count: number | null;
  more: (() => void) | null;
  isLoadingMore: boolean;
  error: Error | null;
  retry: () => void;
}

/** A long list, page by page. */
export function useListed<Name extends ListName>(
  name: Name,
  query: QueryOf<Name>,
  params?: ParamsOf<Name>,
): Listed<Name> {
  const of = params === undefined ? {} : { params };
  const list = useInfiniteQuery({
    queryKey: [name, 'pages', urlOf(name, { ...of, query })],
    queryFn: ({ pageParam, signal }) =>
      ask(name, { ...of, query: { ...query, ...(pageParam ? { cursor: pageParam } : {}) } }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: (before) => before,
  });
  const pages = list.data?.pages ?? [];
  return {
    pages,
    count: pages[0]?.count ?? null,
    more: list.hasNextPage ? () => void list.fetchNextPage() : null,
    isLoadingMore: list.isFetchingNextPage,
    error: list.isError && pages.length === 0 ? list.error : null,
    retry: () => void list.refetch(),
  };
}
