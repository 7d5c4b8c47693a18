import type { ReactElement } from 'react';
import { formatNumber } from '../format.ts';

interface MoreProps {
  listed: { count: number | null; more: (() => void) | null; isLoadingMore: boolean };
  shown: number;
}

/** How much of a long list is shown, and the next page of it. */
export function More({ listed, shown }: MoreProps): ReactElement | null {
  if (listed.count === null || !listed.more) return null;
  return (
    <div className="more">
      <button type="button" className="button" disabled={listed.isLoadingMore} onClick={listed.more}>
        {listed.isLoadingMore ? 'Loading…' : `Show more (${formatNumber(shown)} of ${formatNumber(listed.count)})`}
      </button>
    </div>
  );
}
