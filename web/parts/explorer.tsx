import { lazy, Suspense, useMemo, type ReactElement } from 'react';
import { METRICS, type Dimension, type SpendAnswer } from '../../api/contract/index.ts';
import type { TrendChart as TrendChartType } from '../charts/trend.tsx';
import { TrendTable } from '../charts/trend-table.tsx';
import { formatDay, formatMoney } from '../format.ts';
import { RANGES, RANGE_LABELS, addDays, type DayRange, type Granularity } from '../periods.ts';
import { DIMENSION_LABELS, METRIC_LABELS, dimensionInText } from '../search.ts';
import { chartData, type ChartData } from '../series.ts';
import { Card } from './card.tsx';
import { Segments, Select } from './controls.tsx';
import type { Exploring } from './exploring.ts';
import { Icon } from './icons.tsx';
import { Legend } from './legend.tsx';
import { useSettings } from './settings.ts';
import { Answered, Empty, SkeletonBlock } from './states.tsx';

/** The drawing library is most of the dashboard's weight: it comes after the page is there. */
const loadTrend = (): Promise<{ default: typeof TrendChartType }> =>
  import('../charts/trend.tsx').then((module) => ({ default: module.TrendChart }));
const TrendChart = lazy(loadTrend);
const GRANULARITY_LABELS = { day: 'Day', week: 'Week', month: 'Month' } as const;

/** Spend over time by a dimension. All of its settings are in the URL. */
export function Explorer({ exploring }: { exploring: Exploring }): ReactElement {
  const { by, granularity, spend } = exploring;
  const [search, change] = useSettings();
  const asTable = search.view === 'table';
  return (
    <Card
      title="Spend over time"
      busy={spend.isPlaceholderData}
      actions={
        <Segments
          label="Show as"
          value={asTable ? 'table' : 'chart'}
          options={[
            { value: 'chart', label: 'Chart' },
            { value: 'table', label: 'Table' },
          ]}
          onChange={(view) => change({ view: view === 'table' ? 'table' : undefined })}
        />
      }
    >
      <Toolbar exploring={exploring} />
      <Answered query={spend} loading={<SkeletonBlock height={390} />}>
        {(answer) => <Trend answer={answer} by={by} granularity={granularity} asTable={asTable} />}
      </Answered>
    </Card>
  );
}

function Toolbar({ exploring }: { exploring: Exploring }): ReactElement {
  const { by, free, range, days, granularity } = exploring;
  const [search, change] = useSettings();
  return (
    <div className="toolbar inside">
      <Segments
        label="Break down by"
        value={by}
        options={free.map((value) => ({ value, label: DIMENSION_LABELS[value] }))}
        onChange={(value) => change({ by: value, hide: undefined, sort: undefined })}
      />
      <Segments
        label="Granularity"
        value={granularity}
        options={(['day', 'week', 'month'] as const).map((value) => ({ value, label: GRANULARITY_LABELS[value] }))}
        onChange={(value) => change({ granularity: value })}
      />
      <Select
        label="Range"
        hideLabel
        value={range}
        options={RANGES.map((value) => ({ value, label: RANGE_LABELS[value] }))}
        onChange={(value) =>
          change({ range: value, granularity: undefined, ...bounds(value === 'custom' ? days : null) })
        }
      />
      <Select
        label="Cost"
        hideLabel
        value={search.metric ?? 'EffectiveCost'}
        options={METRICS.map((value) => ({ value, label: METRIC_LABELS[value] }))}
        onChange={(metric) => change({ metric: metric === 'EffectiveCost' ? undefined : metric })}
      />
      {range === 'custom' && days && <CustomRange days={days} />}
    </div>
  );
}

const bounds = (days: DayRange | null): { from: string | undefined; to: string | undefined } => ({
  from: days?.from,
  to: days?.to,
});

/** Both ends as people mean them: the last day is part of the range. */
function CustomRange({ days }: { days: DayRange }): ReactElement {
  const [, change] = useSettings();
  return (
    <>
      <label className="field">
        From
        <input
          type="date"
          value={days.from}
          max={addDays(days.to, -1)}
          onChange={({ target }) => target.value && change({ from: target.value, to: days.to, granularity: undefined })}
        />
      </label>
      <label className="field">
        to
        <input
          type="date"
          value={addDays(days.to, -1)}
          min={days.from}
          onChange={({ target }) =>
            target.value && change({ from: days.from, to: addDays(target.value, 1), granularity: undefined })
          }
        />
      </label>
    </>
  );
}

interface TrendProps {
  answer: SpendAnswer;
  by: Dimension;
  granularity: Granularity;
  asTable: boolean;
}

function Trend({ answer, by, granularity, asTable }: TrendProps): ReactElement {
  const [search, change] = useSettings();
  const data = useMemo(() => chartData(answer), [answer]);
  const hidden = useMemo(() => new Set(search.hide?.split('|') ?? []), [search.hide]);
  const span = `${formatDay(answer.from)} – ${formatDay(addDays(answer.to, -1))}`;
  if (data.series.length === 0) {
    return (
      <Empty title="Nothing was charged here">
        <p>There are no charges for these filters in {span}. Take a longer range or remove a filter.</p>
      </Empty>
    );
  }
  const label = `${METRIC_LABELS[answer.metric]} by ${dimensionInText(by)} and ${granularity}`;
  const toggle = (key: string): void => {
    const next = new Set(hidden);
    if (!next.delete(key)) next.add(key);
    change({ hide: next.size > 0 ? [...next].join('|') : undefined });
  };
  return (
    <figure className="chart" aria-label={label}>
      <figcaption className="chart-unit">
        <span>
          {answer.BillingCurrency} per {granularity}, {METRIC_LABELS[answer.metric].toLowerCase()}
        </span>
        <span>
          {span}: {formatMoney(answer.total, answer.BillingCurrency)}
        </span>
      </figcaption>
      {asTable ? (
        <TrendTable data={data} currency={answer.BillingCurrency} label={label} />
      ) : (
        <>
          <Suspense fallback={<div className="chart-area" />}>
            <TrendChart data={data} currency={answer.BillingCurrency} hidden={hidden} label={label} />
          </Suspense>
          <Legend series={data.series} hidden={hidden} toggle={toggle} />
        </>
      )}
      <Notes answer={answer} data={data} isHatched={!asTable} />
    </figure>
  );
}

/** What the reader must know before trusting the chart's edges. */
function Notes({
  answer,
  data,
  isHatched,
}: {
  answer: SpendAnswer;
  data: ChartData;
  isHatched: boolean;
}): ReactElement {
  const { missing } = data;
  const cut = data.rows.filter((row) => row.isPartial && row.total !== null);
  return (
    <div className="notes">
      {answer.provisionalFrom !== null && (
        <p className="note">
          <Icon name="info" size={14} />
          <span>
            {isHatched ? 'Hatched: usage' : 'Usage'} from {formatDay(answer.provisionalFrom)} on is still being
            reported, so the figures may grow.
          </span>
        </p>
      )}
      {cut.length > 0 && (
        <p className="note">
          <Icon name="info" size={14} />
          <span>
            {isHatched ? 'Lighter, and not a fall' : 'Not a fall'}:{' '}
            {cut.map((row) => `${row.title} is ${row.part ?? 'cut'}`).join('; ')}.
          </span>
        </p>
      )}
      {missing > 0 && (
        <p className="note">
          <Icon name="alert" size={14} />
          <span>
            {missing} of {answer.periods.length} periods have no data. That is a gap in the data, not zero spend.
          </span>
        </p>
      )}
    </div>
  );
}
