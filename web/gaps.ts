import type { MeasuresAnswer } from '../api/contract/index.ts';

import { formatDay, formatMonth } from './format.ts';
import { addDays, monthOf } from './periods.ts';

type Gap = MeasuresAnswer['gaps'][number];
type Measure = MeasuresAnswer['measures'][number];

/** A period as people say it: a day, or a month by its first day. */
export const formatPeriod = (day: string, unit: Measure['x_PeriodUnit']): string =>
  unit === 'month' ? formatMonth(monthOf(day)) : formatDay(day);

/** A gap in words; the last period of a half-open run is the one before its end. */
export function describeGap(gap: Gap, unit: Measure['x_PeriodUnit']): string {
  const first = formatPeriod(gap.x_GapStart, unit);
  const last = formatPeriod(addDays(gap.x_GapEnd, -1), unit);
  const run = first === last ? first : `${first} to ${last}`;
  if (gap.x_GapKind === 'missing-periods') return run;
  const fault = gap.x_GapKind === 'unknown-consumer' ? 'not in the catalog' : 'means several in the catalog';
  return `${gap.x_Consumer ?? ''}: ${fault} (${run})`;
}

/** What there is to say beside the gaps that are listed: an answer lists only the first of very many. */
export function unlisted({ x_MissingPeriodCount, x_UnknownConsumerCount }: Measure, listed: number): number {
  return Math.max(0, x_MissingPeriodCount + x_UnknownConsumerCount - listed);
}
