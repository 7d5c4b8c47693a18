import { useMemo, type ReactElement } from 'react';
import type { ChangesAnswer, Dimension, MetaAnswer, SpendAnswer } from '../../api/contract/index.ts';
import { useAnswer } from '../ask.ts';
import { splitChange } from '../calendar.ts';
import { formatCount, formatDay, formatMoney, formatMonth, formatShare } from '../format.ts';
import { judgeOf } from '../needle.ts';
import { addDays, monthOf, type DayRange } from '../periods.ts';
import { DIMENSION_LABELS, dimensionInText } from '../search.ts';
import { breakdown, byMoney, longestOf, shareOf, type BreakdownRow } from '../series.ts';
import { Bar } from './bar.tsx';
import { Card } from './card.tsx';
import { Segments } from './controls.tsx';
import type { Exploring } from './exploring.ts';
import { ValueLink } from './links.tsx';
import { useMeta } from './meta.tsx';
import { Change, Money } from './money.tsx';
import { useScope, type PageScope } from './scope.ts';
import { useSettings } from './settings.ts';
import { Answered, SkeletonRows } from './states.tsx';
import { Swatch } from './swatch.tsx';
import { Table, type Column } from './table.tsx';

/** Where the money went, ranked: in the month against the one before, or in the trend's whole range. */
export function Breakdown({ page, exploring }: { page: PageScope; exploring: Exploring }): ReactElement {
  const { by, days, spend, changes: ofMonth } = exploring;
  const scope = useScope(page);
  const [search, change] = useSettings();
  const isRange = search.span === 'range';
  const asked = days ?? { from: '2000-01-01', to: '2000-01-02' };
  const ofRange = useAnswer(
    'changes',
    { query: { ...scope, ...asked, by, limit: 200 } },
    { enabled: isRange && days !== null },
  );
  const changes = isRange ? ofRange : ofMonth;
  const month = ofMonth.data?.ranges?.current.from;
  return (
    <Card
      title={`By ${dimensionInText(by)}`}
      note={<Compared answer={changes.data} isRange={isRange} />}
      flush
      busy={changes.isPlaceholderData}
      actions={
        <Segments
          label="Days"
          value={isRange ? 'range' : 'month'}
          options={[
            { value: 'month', label: month ? formatMonth(month) : 'Month' },
            { value: 'range', label: 'Range of the trend' },
          ]}
          onChange={(span) => change({ span: span === 'range' ? 'range' : undefined })}
        />
      }
    >
      <Answered query={changes} loading={<SkeletonRows rows={8} />}>
        {(answer) => <BreakdownTable by={by} changes={answer} drawn={spend.data ?? null} isRange={isRange} />}
      </Answered>
    </Card>
  );
}

function Compared({ answer, isRange }: { answer: ChangesAnswer | undefined; isRange: boolean }): ReactElement {
  const ranges = answer?.ranges;
  if (!ranges) return <>&nbsp;</>;
  const text = (range: DayRange): string =>
    isRange || ranges.isPartial
      ? `${formatDay(range.from)} – ${formatDay(addDays(range.to, -1))}`
      : formatMonth(monthOf(range.from));
  if (!ranges.isPreviousComplete) return <>{text(ranges.current)}. Data does not reach back far enough to compare it</>;
  return (
    <>
      {text(ranges.current)} against {text(ranges.previous)}
    </>
  );
}

interface BreakdownTableProps {
  by: Dimension;
  changes: ChangesAnswer;
  /** What the chart draws, for its colours. */
  drawn: SpendAnswer | null;
  isRange: boolean;
}

function BreakdownTable({ by, changes, drawn, isRange }: BreakdownTableProps): ReactElement {
  const meta = useMeta();
  const [search, change] = useSettings();
  const { BillingCurrency: currency, total, rest } = changes;
  const rows = useMemo(() => breakdown(changes, drawn, isRange), [changes, drawn, isRange]);
  const columns = useMemo(() => columnsOf(by, changes, rows, meta), [by, changes, rows, meta]);
  const hasChange = columns.some((column) => column.key === 'change');
  return (
    <>
      <Table
        label={`Cost by ${dimensionInText(by)}`}
        columns={columns}
        rows={rows}
        keyOf={(row) => `${row.kind}:${row.key}`}
        sort={search.sort ?? '-current'}
        onSort={(sort) => change({ sort })}
        foot={
          total && (
            <tr>
              <th scope="row">Total</th>
              <td className="number">
                <Money value={total.current} currency={currency} />
              </td>
              <td className="extra" />
              <td className="extra" />
              {hasChange && (
                <td className="number">
                  <Change
                    show="columns"
                    change={total.change}
                    ratio={total.ratio}
                    currency={currency}
                    verdict="noise"
                  />
                </td>
              )}
            </tr>
          )
        }
      />
      {rest && (
        <p className="quiet-list">
          {formatCount(rest.count, 'more')}, together {formatMoney(rest.current, currency)}: those that changed least.
        </p>
      )}
    </>
  );
}

function columnsOf(
  by: Dimension,
  changes: ChangesAnswer,
  rows: BreakdownRow[],
  meta: MetaAnswer,
): Column<BreakdownRow>[] {
  const { BillingCurrency: currency, ranges, total } = changes;
  const largest = longestOf(rows.map((row) => row.current));
  const judge = judgeOf(meta, currency, ranges);
  const columns: Column<BreakdownRow>[] = [
    {
      key: 'name',
      title: DIMENSION_LABELS[by],
      order: (a, b) => a.name.localeCompare(b.name),
      cell: (row) => (
        <span className="name-cell">
          <Swatch kind={row.kind} color={row.color} />
          <ValueLink by={by} row={row} />
          {row.isNew && <span className="tag accent">new</span>}
          {row.isGone && <span className="tag">gone</span>}
        </span>
      ),
    },
    {
      key: 'current',
      title: 'Cost',
      isNumber: true,
      order: (a, b) => byMoney(a.current, b.current),
      cell: (row) => <Money value={row.current} currency={currency} />,
    },
    {
      key: 'bar',
      isExtra: true,
      title: 'Size',
      isTitleHidden: true,
      width: '26%',
      cell: (row) => <Bar value={row.current} largest={largest} />,
    },
    {
      key: 'share',
      isExtra: true,
      title: 'Share',
      isNumber: true,
      cell: (row) => <span className="muted">{formatShare(shareOf(row.current, total?.current ?? null))}</span>,
    },
  ];
  if (!ranges?.isPreviousComplete) return columns;
  return [
    ...columns,
    {
      key: 'change',
      title: 'Change',
      isNumber: true,
      order: (a, b) => byMoney(a.change ?? '0', b.change ?? '0'),
      cell: (row) => (
        <Change
          show="columns"
          change={row.change}
          ratio={row.isNew ? null : row.ratio}
          currency={currency}
          verdict={judge(row)}
          judged={(ranges && splitChange(row, ranges)?.beyond) ?? undefined}
        />
      ),
    },
  ];
}
