import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { MetaAnswer } from '../../api/contract/index.ts';
import { ask } from '../ask.ts';

const LOOK_EVERY = 60_000;
/** Before the first build somebody is probably watching. */
const WAIT_FOR_FIRST = 5_000;

interface Followed {
  query: UseQueryResult<MetaAnswer, Error>;
  /** Set when figures on screen were replaced by those of a newer generation. */
  renewed: number | null;
  dismiss: () => void;
}

/**
 * Asks what is served, again every minute and when the window is looked at. A new generation makes every other answer stale:
 * those on screen are asked again at once, so that one page never shows two generations for long.
 */
export function useGeneration(): Followed {
  const client = useQueryClient();
  const [renewed, setRenewed] = useState<number | null>(null);
  const query = useQuery<MetaAnswer, Error>({
    queryKey: ['meta'],
    queryFn: ({ signal }) => ask('meta', {}, signal),
    refetchInterval: ({ state }) => (state.data ? LOOK_EVERY : WAIT_FOR_FIRST),
    refetchOnWindowFocus: 'always',
  });
  const dismiss = useCallback(() => setRenewed(null), []);
  const seen = useRef<number | null>(null);
  const generation = query.data?.generation ?? null;
  useEffect(() => {
    if (generation === null || generation === seen.current) return;
    if (seen.current !== null) {
      setRenewed(generation);
      void client.invalidateQueries({ predicate: (one) => one.queryKey[0] !== 'meta' });
    }
    seen.current = generation;
  }, [generation, client]);
  return { query, renewed, dismiss };
}
