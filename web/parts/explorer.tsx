import { lazy, Suspense, useMemo, type ReactElement } from 'react';
import { METRICS, type Dimension, type SpendAnswer } from '../../api/contract/index.ts';
import { TrendTable } from '../charts/trend-table.tsx';
import { useAnswer } from '../ask.ts';
import { formatDay, formatMoney } from '../format.ts';
import {
  RANGES,
  RANGE_LABELS,
  addDays,
  naturalGranularity,
  rangeOf,
  type Granularity,
  type RangeName,
} from '../periods.ts';
import { DIMENSION_LABELS } from '../search.ts';
import { chartData } from '../series.ts';
import { Breakdown } from './breakdown.tsx';
import { Card } from './card.tsx';
import { Segments, Select } from './controls.tsx';
import { Icon } from './icons.tsx';
import { useMeta } from './meta.tsx';
import { useScope, type PageScope } from './scope.ts';
import { useSettings } from './settings.ts';
import { Answered, Empty, SkeletonBlock } from './states.tsx';
import { Legend } from './legend.tsx';

const TrendChart = lazy(() => import('../charts/trend.tsx').then((module) => ({ default: module.TrendChart })));

export const METRIC_LABELS = {
  EffectiveCost: 'Effective cost',
  BilledCost: 'Billed cost',
  ListCost: 'List cost',
  ContractedCost: 'Contracted cost',
} as const;
const GRANULARITY_LABELS = { day: 'Day', week: 'Week', month: 'Month' } as const;

interface ExplorerProps {
  page: PageScope;
  dimensions: readonly Dimension[];
  range?: RangeName;
}

/** Spend over time by a dimension, and the same range as a ranked breakdown. All of its settings are in the URL. */
export function Explorer({ page, dimensions, range = '13m' }: ExplorerProps): ReactElement {
  const meta = useMeta();
  const scope = useScope(page);
  const [search, change] = useSettings();
  const free = dimensions.filter((dimension) => scope[dimension] === undefined);
  const by = search.by && free.includes(search.by) ? search.by : (free[0] ?? 'service');
  const name = search.range ?? range;
  const days = rangeOf(name, meta, {
    ...(search.from ? { from: search.from } : {}),
    ...(search.to ? { to: search.to } : {}),
  });
  const granularity: Granularity = search.granularity ?? (days ? naturalGranularity(days) : 'month');
  const asked = { from: days?.from ?? '2000-01-01', to: days?.to ?? '2000-01-02' };
  const spend = useAnswer(
    'spend',
    { query: { ...scope, ...asked, granularity, by, top: 8 } },
    { enabled: days !== null },
  );
  const changes = useAnswer('changes', { query: { ...scope, ...asked, by, limit: 200 } }, { enabled: days !== null });
  const asTable = search.view === 'table';
  return (
    <>
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
        <div className="toolbar" style={{ padding: 0, marginBottom: 14 }}>
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
            value={name}
            options={RANGES.map((value) => ({ value, label: RANGE_LABELS[value] }))}
            onChange={(value) =>
              change({
                range: value,
                granularity: undefined,
                ...(value === 'custom' && days ? days : { from: undefined, to: undefined }),
              })
            }
          />
          <Select
            label="Cost"
            hideLabel
            value={search.metric ?? 'EffectiveCost'}
            options={METRICS.map((value) => ({ value, label: METRIC_LABELS[value] }))}
            onChange={(metric) => change({ metric: metric === 'EffectiveCost' ? undefined : metric })}
          />
          {name === 'custom' && days && (
            <>
              <label className="field">
                From
                <input
                  type="date"
                  value={days.from}
                  max={addDays(days.to, -1)}
                  onChange={(event) => event.target.value && change({ from: event.target.value })}
                />
              </label>
              <label className="field">
                to
                <input
                  type="date"
                  value={addDays(days.to, -1)}
                  min={days.from}
                  onChange={(event) => event.target.value && change({ to: addDays(event.target.value, 1) })}
                />
              </label>
            </>
          )}
        </div>
        <Answered query={spend} loading={<SkeletonBlock height={390} />}>
          {(answer) => <Trend answer={answer} by={by} granularity={granularity} asTable={asTable} />}
        </Answered>
      </Card>
      <Breakdown by={by} spend={spend} changes={changes} />
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
  if (data.series.length === 0) {
    return (
      <Empty title="Nothing was charged here">
        <p>
          There are no charges for these filters between {formatDay(answer.from)} and{' '}
          {formatDay(addDays(answer.to, -1))}. Take a longer range or remove a filter.
        </p>
      </Empty>
    );
  }
  const label = `${METRIC_LABELS[answer.metric]} by ${DIMENSION_LABELS[by].toLowerCase()} and ${granularity}`;
  const toggle = (key: string): void => {
    const next = new Set(hidden);
    if (!next.delete(key)) next.add(key);
    change({ hide: next.size ? [...next].join('|') : undefined });
  };
  return (
    <figure className="chart" aria-label={label}>
      <figcaption className="chart-unit">
        <span>
          {answer.BillingCurrency} per {granularity}, {METRIC_LABELS[answer.metric].toLowerCase()}
        </span>
        <span>
          {formatDay(answer.from)} – {formatDay(addDays(answer.to, -1))}:{' '}
          {formatMoney(answer.total, answer.BillingCurrency)}
        </span>
      </figcaption>
      {asTable ? (
        <TrendTable data={data} currency={answer.BillingCurrency} label={label} />
      ) : (
        <>
          <Suspense
            fallback={
              <div className="chart-area">
                <SkeletonBlock height={300} />
              </div>
            }
          >
            <TrendChart data={data} currency={answer.BillingCurrency} hidden={hidden} label={label} />
          </Suspense>
          <Legend series={data.series} hidden={hidden} toggle={toggle} />
        </>
      )}
      <Notes answer={answer} missing={data.missing} />
    </figure>
  );
}

/** What the reader must know before trusting the chart's edges. */
function Notes({ answer, missing }: { answer: SpendAnswer; missing: number }): ReactElement | null {
  if (answer.provisionalFrom === null && missing === 0) return null;
  return (
    <div style={{ display: 'grid', gap: 2, marginTop: 10 }}>
      {answer.provisionalFrom !== null && (
        <p className="note">
          <Icon name="info" size={14} />
          <span>
            Hatched: from {formatDay(answer.provisionalFrom)} usage is still being reported, so the figures may grow.
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
