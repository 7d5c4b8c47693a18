import type { ReactElement } from 'react';
import type { UnallocatedAnswer } from '../../api/contract/index.ts';
import { formatCount, formatMoney, formatMonth, formatShare } from '../format.ts';
import { adviceOn, reasonTitle, reasonWhy } from '../reasons.ts';
import { barShare, toNumber } from '../series.ts';
import { Bar } from '../parts/bar.tsx';
import { Card } from '../parts/card.tsx';
import { PageHead } from '../parts/crumbs.tsx';
import { CurrencyPicker, Filters } from '../parts/filters.tsx';
import { CompanyLink, ComponentLink, SquadLink } from '../parts/links.tsx';
import { useListed } from '../parts/listed.ts';
import { useMeta } from '../parts/meta.tsx';
import { Money } from '../parts/money.tsx';
import { MonthPicker } from '../parts/month-picker.tsx';
import { More } from '../parts/more.tsx';
import { NoData } from '../parts/no-data.tsx';
import { useSettings } from '../parts/settings.ts';
import { Snippet } from '../parts/snippet.tsx';
import { Empty, Failed, SkeletonRows } from '../parts/states.tsx';

type Row = UnallocatedAnswer['rows'][number];

/** What no squad owns, ranked by money: what to label first, and how. */
export function UnallocatedPage(): ReactElement {
  const meta = useMeta();
  const [search, change] = useSettings();
  const month = search.month ?? meta.lastFullMonth ?? meta.billingPeriods[0]?.month;
  const listed = useListed('unallocated', {
    ...(month ? { month } : {}),
    ...(search.currency ? { currency: search.currency } : {}),
    ...(search.reason ? { reason: search.reason } : {}),
    ...(search.project ? { project: search.project } : {}),
    ...(search.service ? { service: search.service } : {}),
    limit: 25,
  });
  const first = listed.pages[0];
  const rows = listed.pages.flatMap((page) => page.rows);
  const currency = first?.BillingCurrency ?? null;
  return (
    <>
      <PageHead
        title="Unallocated"
        above={[<CompanyLink key="company">{meta.company}</CompanyLink>]}
        lead="Money that no squad owns yet, and what to label first"
        actions={
          month && (
            <>
              <CurrencyPicker />
              <MonthPicker
                label="Billing month"
                month={month}
                months={meta.billingPeriods}
                onChange={(value) => change({ month: value })}
              />
            </>
          )
        }
      />
      {!month ? (
        <NoData />
      ) : listed.error ? (
        <div className="card">
          <Failed error={listed.error} retry={listed.retry} />
        </div>
      ) : (
        <div className="stack">
          <Filters />
          <Card
            title="Why it has no owner"
            note={first ? <Headline answer={first} month={month} /> : <>&nbsp;</>}
            flush
          >
            {first ? <Reasons answer={first} /> : <SkeletonRows rows={4} />}
          </Card>
          <Card
            title="What to label first"
            note="Largest first; the share on the right is how much is solved once you are through to that line"
            flush
          >
            {!first ? (
              <SkeletonRows rows={10} />
            ) : rows.length === 0 ? (
              <Empty title={`Everything in ${formatMonth(month)} has an owner`}>
                <p>Nothing to do here. Take another month or remove the filter to check.</p>
              </Empty>
            ) : (
              <ol>
                {rows.map((row, index) => (
                  <Line
                    key={index}
                    row={row}
                    rank={index + 1}
                    currency={currency}
                    largest={toNumber(rows[0]?.x_AbsoluteBilledCost ?? '0') ?? 0}
                  />
                ))}
              </ol>
            )}
            <More listed={listed} shown={rows.length} />
          </Card>
        </div>
      )}
    </>
  );
}

function Headline({ answer, month }: { answer: UnallocatedAnswer; month: string }): ReactElement {
  return (
    <>
      {formatMoney(answer.total.BilledCost, answer.BillingCurrency)} billed for {formatMonth(month)} in{' '}
      {formatCount(answer.total.x_ChargeCount, 'charge')}
    </>
  );
}

function Reasons({ answer }: { answer: UnallocatedAnswer }): ReactElement {
  const [search, change] = useSettings();
  const largest = Math.max(0, ...answer.reasons.map((one) => toNumber(one.x_AbsoluteBilledCost) ?? 0));
  return (
    <div className="table-scroll" role="region" aria-label="Reasons" tabIndex={0}>
      <table className="table">
        <caption className="visually-hidden">Unallocated money by reason</caption>
        <thead>
          <tr>
            <th scope="col">Reason</th>
            <th scope="col" className="number">
              Billed
            </th>
            <th scope="col" style={{ width: '24%' }}>
              <span className="visually-hidden">Size</span>
            </th>
            <th scope="col" className="number">
              Share
            </th>
          </tr>
        </thead>
        <tbody>
          {answer.reasons.map((one) => {
            const isChosen = search.reason === one.x_UnallocatedReason;
            return (
              <tr key={one.x_UnallocatedReason}>
                <th scope="row">
                  <button
                    type="button"
                    className="link-button"
                    aria-pressed={isChosen}
                    onClick={() => change({ reason: isChosen ? undefined : one.x_UnallocatedReason })}
                  >
                    {reasonTitle(one.x_UnallocatedReason)}
                  </button>
                  {isChosen && (
                    <span className="tag accent" style={{ marginLeft: 8 }}>
                      shown below; press again for all
                    </span>
                  )}
                  <span className="sub">{reasonWhy(one.x_UnallocatedReason)}</span>
                </th>
                <td className="number">
                  <Money value={one.BilledCost} currency={answer.BillingCurrency} />
                </td>
                <td>
                  <Bar value={one.x_AbsoluteBilledCost} largest={largest} />
                </td>
                <td className="number">{formatShare(one.share)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Line({
  row,
  rank,
  currency,
  largest,
}: {
  row: Row;
  rank: number;
  currency: string | null;
  largest: number;
}): ReactElement {
  const advice = adviceOn(row);
  return (
    <li className="advice">
      <div className="advice-head">
        <span className="rank">{rank}</span>
        <div>
          <strong>{titleOf(row)}</strong> <span className="tag">{reasonTitle(row.x_UnallocatedReason)}</span>
          <p className="sub">
            {row.x_ResourceCount > 0 && `${formatCount(row.x_ResourceCount, 'resource')}, `}
            {formatCount(row.x_ChargeCount, 'charge')}
            {row.x_SuggestedComponentId && (
              <>
                {' · looks like '}
                <ComponentLink id={row.x_SuggestedComponentId} name={null} />
              </>
            )}
            {row.x_SuggestedSquadId && (
              <>
                {row.x_SuggestedComponentId ? ' of ' : ' · looks like '}
                <SquadLink id={row.x_SuggestedSquadId} name={null} />
              </>
            )}
          </p>
        </div>
        <div>
          <p className="figure">
            <Money value={row.BilledCost} currency={currency} />
          </p>
          <p className="cumulative">
            <span style={{ width: 72, display: 'inline-block' }}>
              <Bar value={String(row.cumulativeShare ?? 0)} largest={1} />
            </span>
            {formatShare(row.cumulativeShare)}
          </p>
        </div>
      </div>
      <p className="todo">{advice.todo}</p>
      {advice.snippet && (
        <details open={barShare(row.x_AbsoluteBilledCost, largest) === 1}>
          <summary className="muted">Text to paste ({advice.snippet.label})</summary>
          <Snippet text={advice.snippet.text} label={advice.snippet.label} />
        </details>
      )}
    </li>
  );
}

function titleOf(row: Row): string {
  const where = row.SubAccountName ?? row.SubAccountId;
  const label = row.x_LabelKey && row.x_LabelValue ? `${row.x_LabelKey}=${row.x_LabelValue}` : row.x_LabelValue;
  return [label, row.ServiceName, where && `in ${where}`].filter(Boolean).join(' · ');
}
