import type { UseQueryResult } from '@tanstack/react-query';
import type { ChangesAnswer, Dimension, SpendAnswer } from '../../api/contract/index.ts';
import { useAnswer } from '../ask.ts';
import { naturalGranularity, rangeOf, type DayRange, type Granularity, type RangeName } from '../periods.ts';
import { useMeta } from './meta.tsx';
import { useMonth, useScope, type PageScope } from './scope.ts';
import { useSettings } from './settings.ts';

export interface ExploredPage {
  page: PageScope;
  /** What it can be broken down by; the first is the start. */
  dimensions: readonly Dimension[];
  /** Where the trend begins to look. */
  range: RangeName;
}

export interface Exploring {
  /** Dimensions that are not held fixed by the page or a filter. */
  free: Dimension[];
  by: Dimension;
  range: RangeName;
  /** Null while there are no charges at all. */
  days: DayRange | null;
  granularity: Granularity;
  spend: UseQueryResult<SpendAnswer, Error>;
  /** The month's differences, by the same dimension. */
  changes: UseQueryResult<ChangesAnswer, Error>;
}

/** What a page of spend looks at now, read from its URL, with the two answers that most of its sections share. */
export function useExploring({ page, dimensions, range: start }: ExploredPage): Exploring {
  const meta = useMeta();
  const month = useMonth();
  const scope = useScope(page);
  const [search] = useSettings();
  const free = dimensions.filter((dimension) => scope[dimension] === undefined);
  const by = search.by && free.includes(search.by) ? search.by : (free[0] ?? 'service');
  const range = search.range ?? start;
  const custom = { ...(search.from ? { from: search.from } : {}), ...(search.to ? { to: search.to } : {}) };
  const days = rangeOf(range, meta, custom);
  const granularity = search.granularity ?? (days ? naturalGranularity(days) : 'month');
  const asked = days ?? { from: '2000-01-01', to: '2000-01-02' };
  const spend = useAnswer('spend', { query: { ...scope, ...asked, granularity, by } }, { enabled: days !== null });
  const changes = useAnswer('changes', { query: { ...scope, by, limit: 200, ...(month ? { month } : {}) } });
  return { free, by, range, days, granularity, spend, changes };
}
