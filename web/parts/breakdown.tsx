import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo, type ReactElement } from 'react';
import type { ChangesAnswer, Dimension, SpendAnswer } from '../../api/contract/index.ts';
import { formatCount, formatDay, formatMoney } from '../format.ts';
import { materiality, verdictOn } from '../needle.ts';
import { addDays } from '../periods.ts';
import { DIMENSION_LABELS } from '../search.ts';
import { breakdown, byMoney, toNumber, type BreakdownRow } from '../series.ts';
import { Bar } from './bar.tsx';
import { Card } from './card.tsx';
import { ValueLink } from './links.tsx';
import { useMeta } from './meta.tsx';
import { Change, Money } from './money.tsx';
import { useSettings } from './settings.ts';
import { Answered, Failed, SkeletonRows } from './states.tsx';
import { Swatch } from './swatch.tsx';
import { Table, type Column } from './table.tsx';

interface BreakdownProps {
  by: Dimension;
  spend: UseQueryResult<SpendAnswer, Error>;
  changes: UseQueryResult<ChangesAnswer, Error>;
}

/** The range's money, ranked, against the equally long range before. */
export function Breakdown({ by, spend, changes }: BreakdownProps): ReactElement {
  return (
    <Card
      title={`By ${DIMENSION_LABELS[by].toLowerCase()}`}
      note={<RangeNote changes={changes.data} />}
      flush
      busy={changes.isPlaceholderData}
    >
      {spend.isError ? (
        <Failed error={spend.error} retry={() => void spend.refetch()} />
      ) : (
        <Answered query={changes} loading={<SkeletonRows rows={8} />}>
          {(answer) =>
            spend.data ? <BreakdownTable by={by} changes={answer} spend={spend.data} /> : <SkeletonRows rows={8} />
          }
        </Answered>
      )}
    </Card>
  );
}

function RangeNote({ changes }: { changes: ChangesAnswer | undefined }): ReactElement {
  const ranges = changes?.ranges;
  if (!ranges) return <span>&nbsp;</span>;
  const text = (range: { from: string; to: string }): string =>
    `${formatDay(range.from)} – ${formatDay(addDays(range.to, -1))}`;
  return (
    <span>
      {text(ranges.current)}
      {ranges.isPreviousComplete
        ? ` against ${text(ranges.previous)}`
        : '. Data does not reach back far enough for a fair comparison'}
    </span>
  );
}

function BreakdownTable({
  by,
  changes,
  spend,
}: {
  by: Dimension;
  changes: ChangesAnswer;
  spend: SpendAnswer;
}): ReactElement {
  const meta = useMeta();
  const [search, change] = useSettings();
  const currency = changes.BillingCurrency;
  const rows = useMemo(() => breakdown(changes, spend), [changes, spend]);
  const compare = changes.ranges?.isPreviousComplete ?? false;
  const columns = useMemo((): Column<BreakdownRow>[] => {
    const largest = Math.max(0, ...rows.map((row) => Math.abs(toNumber(row.current) ?? 0)));
    const threshold = changes.ranges ? materiality(meta.decisions, changes.ranges.current) : 0;
    const all: Column<BreakdownRow>[] = [
      {
        key: 'name',
        title: DIMENSION_LABELS[by],
        order: (a, b) => a.name.localeCompare(b.name),
        cell: (row) => (
          <span className="name-cell">
            <Swatch kind={row.kind} color={row.color} />
            <ValueLink by={by} row={row} />
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
      { key: 'bar', title: '', width: '22%', cell: (row) => <Bar value={row.current} largest={largest} /> },
    ];
    if (!compare) return all;
    return [
      ...all,
      {
        key: 'change',
        title: 'Change',
        isNumber: true,
        order: (a, b) => byMoney(a.change ?? '0', b.change ?? '0'),
        cell: (row) => (
          <Change
            change={row.change}
            ratio={row.isNew ? null : row.ratio}
            currency={currency}
            verdict={verdictOn(row.change, threshold)}
          />
        ),
      },
    ];
  }, [rows, by, currency, compare, changes.ranges, meta.decisions]);
  return (
    <>
      <Table
        label={`Cost by ${DIMENSION_LABELS[by].toLowerCase()}`}
        columns={columns}
        rows={rows}
        keyOf={(row) => `${row.kind}:${row.key}`}
        sort={search.sort ?? '-current'}
        onSort={(sort) => change({ sort })}
        foot={
          changes.total && (
            <tr>
              <th scope="row">Total</th>
              <td className="number">
                <Money value={changes.total.current} currency={currency} />
              </td>
              <td />
              {compare && (
                <td className="number">
                  <Change
                    change={changes.total.change}
                    ratio={changes.total.ratio}
                    currency={currency}
                    verdict="noise"
                  />
                </td>
              )}
            </tr>
          )
        }
      />
      {changes.rest && (
        <p className="quiet-list">
          {formatCount(changes.rest.count, 'more')}, together {formatMoney(changes.rest.current, currency)}: the ones
          that changed least.
        </p>
      )}
    </>
  );
}
