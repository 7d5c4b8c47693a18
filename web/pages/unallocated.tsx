import type { ReactElement } from 'react';
import type { UnallocatedAnswer } from '../../api/contract/index.ts';
import { formatCount, formatMoney, formatMonth, formatShare } from '../format.ts';
import { rankHeaps, reasonTitle, reasonWhy, type RankedHeap } from '../reasons.ts';
import { linesToReach, toNumber } from '../series.ts';
import { Bar } from '../parts/bar.tsx';
import { Card } from '../parts/card.tsx';
import { PageHead } from '../parts/crumbs.tsx';
import { CurrencyPicker, Filters } from '../parts/filters.tsx';
import { CompanyLink } from '../parts/links.tsx';
import { useListed } from '../parts/listed.ts';
import { useMeta } from '../parts/meta.tsx';
import { Money } from '../parts/money.tsx';
import { MonthGuard } from '../parts/month-guard.tsx';
import { MonthPicker } from '../parts/month-picker.tsx';
import { More } from '../parts/more.tsx';
import { NoData } from '../parts/no-data.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { useSettings } from '../parts/settings.ts';
import { Empty, Failed, SkeletonRows } from '../parts/states.tsx';
import { UnallocatedLine } from './unallocated-line.tsx';

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
    limit: 50,
  });
  const first = listed.pages[0];
  const rows = listed.pages.flatMap((page) => page.rows);
  const currency = first?.BillingCurrency ?? null;
  const { label, decide } = rankHeaps(rows, first?.reasons ?? []);
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
      ) : (
        <MonthGuard month={month} months={meta.billingPeriods}>
          {listed.error ? (
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
              {!first ? (
                <Card title="Label these" flush>
                  <SkeletonRows rows={10} />
                </Card>
              ) : rows.length === 0 ? (
                <Card title="Label these" flush>
                  <Empty title={`Everything in ${formatMonth(month)} has an owner`}>
                    <p>Nothing to do here. Take another month or remove the filter to check.</p>
                  </Empty>
                </Card>
              ) : (
                <>
                  <Heaps title="Label these" heaps={label} currency={currency} />
                  <Heaps title="Needs a decision: a rule, or leave it central" heaps={decide} currency={currency} />
                </>
              )}
              <More listed={listed} shown={rows.length} />
            </div>
          )}
        </MonthGuard>
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
    <Scroll label="Reasons">
      <table className="table">
        <caption className="visually-hidden">Unallocated money by reason</caption>
        <thead>
          <tr>
            <th scope="col">Reason</th>
            <th scope="col" className="number">
              Billed
            </th>
            <th scope="col" className="extra" style={{ width: '24%' }}>
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
                <td className="extra">
                  <Bar value={one.x_AbsoluteBilledCost} largest={largest} />
                </td>
                <td className="number">{formatShare(one.share)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}

interface HeapsProps {
  title: string;
  heaps: RankedHeap<Row>[];
  currency: string | null;
}

/** Heaps that ask for the same kind of work, by money. */
function Heaps({ title, heaps, currency }: HeapsProps): ReactElement | null {
  if (heaps.length === 0) return null;
  return (
    <Card title={title} note={<HowFar heaps={heaps} />} flush>
      <ol>
        {heaps.map(({ row, cumulativeShare }, index) => (
          <UnallocatedLine
            key={keyOf(row)}
            row={row}
            rank={index + 1}
            currency={currency}
            cumulativeShare={cumulativeShare}
            shareBefore={heaps[index - 1]?.cumulativeShare ?? 0}
          />
        ))}
      </ol>
    </Card>
  );
}

const ENOUGH = 0.8;

/** How many lines are worth doing before the rest is small. */
function HowFar({ heaps }: { heaps: RankedHeap<Row>[] }): ReactElement {
  const lines = linesToReach(
    heaps.map((one) => one.cumulativeShare),
    ENOUGH,
  );
  if (lines === null) return <>Largest first; the share on each line counts every line of this list down to it</>;
  return (
    <>
      Largest first. The first {lines === 1 ? 'line is' : `${lines} lines are`}{' '}
      {formatShare(heaps[lines - 1]?.cumulativeShare ?? null)} of this list; the share on each line counts every line
      down to it
    </>
  );
}

const keyOf = (row: Row): string =>
  [row.x_UnallocatedReason, row.x_LabelKey, row.x_LabelValue, row.SubAccountId, row.ServiceName].join('\n');
