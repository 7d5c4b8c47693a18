import { filtersOf } from '../search.ts';
import type { Metric } from '../../api/contract/index.ts';
import { addMonths, monthOf } from '../periods.ts';
import { useMeta } from './meta.tsx';
import { useSettings } from './settings.ts';

/** Whose money a page is about, beside the filters in its URL. */
export interface PageScope {
  tribe?: string;
  squad?: string;
  component?: string;
}

interface Scoped extends PageScope {
  currency?: string;
  metric?: Metric;
  system?: string;
  service?: string;
  skuGroup?: string;
  project?: string;
  category?: string;
}

/** The scope part of a question: the URL's filters, and over them the page's own. */
export function useScope(page: PageScope): Scoped {
  const [search] = useSettings();
  return {
    ...(search.currency ? { currency: search.currency } : {}),
    ...(search.metric ? { metric: search.metric } : {}),
    ...filtersOf(search),
    ...page,
  };
}

/** The month a page compares with the one before: chosen, else the last full one, else the running one. Null without data. */
export function useMonth(): string | null {
  const [search] = useSettings();
  const meta = useMeta();
  return search.month ?? meta.lastFullMonth ?? (meta.lastDay ? monthOf(meta.lastDay) : null);
}

/** The billing month of a page about what is booked: chosen, else the last full one, else the newest. Null without data. */
export function useBillingMonth(): string | null {
  const [search] = useSettings();
  const meta = useMeta();
  return search.month ?? meta.lastFullMonth ?? meta.billingPeriods[0]?.month ?? null;
}

/** Usage months with data, newest first; a month is open until all of its days are complete. */
export function useMonths(): { month: string; isOpen: boolean }[] {
  const { firstDay, lastDay, lastFullMonth } = useMeta();
  if (firstDay === null || lastDay === null) return [];
  const months: { month: string; isOpen: boolean }[] = [];
  const first = monthOf(firstDay);
  for (let month = monthOf(lastDay); month >= first; month = addMonths(month, -1)) {
    months.push({ month, isOpen: lastFullMonth === null || month > lastFullMonth });
  }
  return months;
}
