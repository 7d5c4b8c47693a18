import type { ReactElement } from 'react';
import type { MeasuresAnswer } from '../../api/contract/index.ts';
import { useAnswer } from '../ask.ts';
import { formatCount, formatInstant, formatNumber } from '../format.ts';
import { describeGap, formatPeriod, unlisted } from '../gaps.ts';
import { Card } from './card.tsx';
import { Scroll } from './scroll.tsx';
import { Snippet } from './snippet.tsx';
import { Answered, Empty, SkeletonRows } from './states.tsx';

type Measure = MeasuresAnswer['measures'][number];
type Gap = MeasuresAnswer['gaps'][number];

/** So many gaps of one measure are named in the table; of more, the number. */
const NAMED_GAPS = 5;

/** What the business counts and who uses what is shared: how much of it there is, of when, and what it lacks. */
export function Measures(): ReactElement {
  const measures = useAnswer('measures', {});
  return (
    <Card title="Drivers and metrics" note="Who uses what is shared, and what the business counts" flush>
      <Answered query={measures} loading={<SkeletonRows rows={3} />}>
        {(answer) => (answer.measures.length === 0 ? <NotConfigured /> : <MeasureTable answer={answer} />)}
      </Answered>
    </Card>
  );
}

const EXAMPLE = `drivers:
  - { name: kafka-bytes, files: ['./drivers/kafka-bytes.csv'] }
metrics:
  - { name: dau, title: Daily active users, files: ['./metrics/dau.csv'] }`;

function NotConfigured(): ReactElement {
  return (
    <Empty title="No driver or metric has been taken in">
      <p>
        A driver says who used how much of what is shared (columns month or date, consumer, quantity), a metric what the
        business counts a day (columns date, value). Name their files, or a BigQuery query, in worthwhile.yaml, then run{' '}
        <code>npx worthwhile run</code>.
      </p>
      <Snippet label="configuration of drivers and metrics" text={EXAMPLE} />
    </Empty>
  );
}

function MeasureTable({ answer }: { answer: MeasuresAnswer }): ReactElement {
  const gapsOf = (measure: Measure): Gap[] =>
    answer.gaps.filter(
      (gap) => gap.x_MeasureKind === measure.x_MeasureKind && gap.x_MeasureName === measure.x_MeasureName,
    );
  return (
    <Scroll label="Drivers and metrics">
      <table className="table">
        <caption className="visually-hidden">Drivers and metrics</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Gaps</th>
            <th scope="col">First</th>
            <th scope="col">Last</th>
            <th scope="col">Last changed</th>
            <th scope="col" className="number">
              Consumers
            </th>
            <th scope="col" className="number">
              Rows
            </th>
          </tr>
        </thead>
        <tbody>
          {answer.measures.map((measure) => (
            <tr key={`${measure.x_MeasureKind} ${measure.x_MeasureName}`}>
              <th scope="row">
                {measure.x_Title}
                <span className="sub">
                  {measure.x_MeasureKind} by {measure.x_PeriodUnit}
                  {measure.x_Title !== measure.x_MeasureName && `, ${measure.x_MeasureName}`}
                </span>
              </th>
              <td>
                <Gaps measure={measure} gaps={gapsOf(measure)} />
              </td>
              <td className="nowrap">{period(measure.x_FirstPeriod, measure)}</td>
              <td className="nowrap">{period(measure.x_LastPeriod, measure)}</td>
              <td className="nowrap">{formatInstant(measure.x_PulledAt)}</td>
              <td className="number">
                {measure.x_ConsumerCount === 0 ? 'whole company' : formatNumber(measure.x_ConsumerCount)}
              </td>
              <td className="number">{formatNumber(measure.x_RowCount)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

const period = (day: string | null, { x_PeriodUnit }: Measure): string =>
  day === null ? 'none' : formatPeriod(day, x_PeriodUnit);

function Gaps({ measure, gaps }: { measure: Measure; gaps: Gap[] }): ReactElement {
  const { x_MissingPeriodCount: missing, x_UnknownConsumerCount: unknown, x_PeriodUnit: unit } = measure;
  if (missing + unknown === 0) return <span className="tag good">none</span>;
  const named = gaps.slice(0, NAMED_GAPS);
  const more = unlisted(measure, named.length);
  return (
    <>
      {missing > 0 && <span className="tag warn">{unit}s missing</span>}{' '}
      {unknown > 0 && <span className="tag warn">{formatCount(unknown, 'consumer')} not known</span>}
      {named.map((gap) => (
        <span key={`${gap.x_GapKind} ${gap.x_GapStart} ${gap.x_Consumer}`} className="sub">
          {describeGap(gap, unit)}
        </span>
      ))}
      {more > 0 && <span className="sub">and {formatNumber(more)} more</span>}
    </>
  );
}
