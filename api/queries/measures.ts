import { MOST_GAPS, measuresAnswer, type MeasuresAnswer } from '../contract/index.ts';
import type { Reader } from '../warehouse/reader.ts';

const ISO = "'%Y-%m-%dT%H:%M:%SZ'";

/** Drivers, then metrics, by name; gaps in the same order, missing periods first. */
export async function measures(reader: Reader): Promise<MeasuresAnswer> {
  const [listed, gaps] = await Promise.all([
    reader.select(
      measuresAnswer.shape.measures.element,
      `select x_MeasureKind, x_MeasureName, x_Title, x_Format, x_PeriodUnit, x_FirstPeriod, x_LastPeriod, x_RowCount, x_ConsumerCount,
              x_MissingPeriodCount, x_UnknownConsumerCount, strftime(x_PulledAt, ${ISO}) as x_PulledAt
       from dim_measures order by x_MeasureKind, x_MeasureName`,
    ),
    reader.select(
      measuresAnswer.shape.gaps.element,
      `select x_MeasureKind, x_MeasureName, x_GapKind, x_GapStart, x_GapEnd, x_Consumer from fct_measure_gaps
       order by x_MeasureKind, x_MeasureName, x_GapKind <> 'missing-periods', x_GapStart, x_Consumer limit ${MOST_GAPS}`,
    ),
  ]);
  return { measures: listed, gaps };
}
