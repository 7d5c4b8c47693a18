import { Link } from '@tanstack/react-router';
import type { ReactElement, ReactNode } from 'react';
import { UNALLOCATED, type ChangesAnswer } from '../../api/contract/index.ts';
import { Spark } from '../charts/spark.tsx';
import { useAnswer } from '../ask.ts';
import { calendarInWords, splitChange } from '../calendar.ts';
import {
  precisionOf,
  formatDay,
  formatMonth,
  formatRatio,
  formatShortDay,
  formatShare,
  formatShortMonth,
} from '../format.ts';
import { judgeOf } from '../needle.ts';
import { addDays, addMonths, monthOf, monthRange } from '../periods.ts';
import { METRIC_LABELS, carried } from '../search.ts';
import { toNumber } from '../series.ts';
import { useMeta } from './meta.tsx';
import { Change, Money } from './money.tsx';
import { NeedleLine } from './needle-line.tsx';
import { useMonth, useScope, type PageScope } from './scope.ts';
import { SharedLine } from './shared-cost.tsx';
import { Answered, SkeletonBlock } from './states.tsx';

interface HeadlineProps {
  page: PageScope;
  /** The month's differences, shared with the list of what changed. */
  changes: ReturnType<typeof useAnswer<'changes'>>;
  /** Says how much found its owner: only where everything is in view. */
  withCoverage?: boolean;
}

/** The month in four figures: spend and its change, the running month, coverage, and whether anything moved the needle. */
export function Headline({ page, changes, withCoverage = false }: HeadlineProps): ReactElement {
  const meta = useMeta();
  const month = useMonth();
  const running = meta.lastDay === null ? null : monthOf(meta.lastDay);
  return (
    <section className="card headline" aria-label="The month at a glance">
      <Answered query={changes} loading={<Waiting first />}>
        {(answer) => <MonthStat answer={answer} page={page} isWhole={withCoverage} />}
      </Answered>
      {running !== null && running !== month && running !== meta.lastFullMonth && (
        <RunningStat page={page} month={running} />
      )}
      {withCoverage && month && <CoverageStat month={month} />}
      <Answered query={changes} loading={<Waiting />}>
        {(answer) => (
          <Stat label="Does anything move the needle?">
            <NeedleLine answer={answer} />
          </Stat>
        )}
      </Answered>
    </section>
  );
}

function Stat({
  label,
  first = false,
  children,
}: {
  label: ReactNode;
  first?: boolean;
  children: ReactNode;
}): ReactElement {
  return (
    <div className={first ? 'stat first' : 'stat'}>
      <span className="label">{label}</span>
      {children}
    </div>
  );
}

function Waiting({ first = false }: { first?: boolean }): ReactElement {
  return (
    <div className={first ? 'stat first' : 'stat'}>
      <SkeletonBlock height={first ? 94 : 70} />
    </div>
  );
}

interface MonthStatProps {
  answer: ChangesAnswer;
  page: PageScope;
  /** Everything is in view, as on the invoice. */
  isWhole: boolean;
}

function MonthStat({ answer, page, isWhole }: MonthStatProps): ReactElement {
  const meta = useMeta();
  const { ranges, total, BillingCurrency: currency } = answer;
  if (!ranges || !total) {
    return (
      <Stat label="Spend" first>
        <span className="figure">–</span>
        <span className="line">No charges yet</span>
      </Stat>
    );
  }
  const month = monthOf(ranges.current.from);
  const split = splitChange(total, ranges);
  const calendar = split && calendarInWords(split, currency);
  const through = ranges.isPartial ? `, through ${formatShortDay(addDays(ranges.current.to, -1))}` : '';
  return (
    <Stat label={`${formatMonth(month)}${through} · ${METRIC_LABELS[answer.metric].toLowerCase()}`} first>
      <span className="figure">
        <Money value={total.current} currency={currency} precision={precisionOf(total.current)} />
      </span>
      <span className="line">
        {total.previous === null ? (
          'No data for the month before'
        ) : (
          <>
            <Change
              change={total.change}
              ratio={total.ratio}
              currency={currency}
              verdict={judgeOf(meta, currency, ranges)(total)}
              judged={split?.beyond}
            />{' '}
            vs {ranges.isPartial ? 'the same days of ' : ''}
            {formatShortMonth(monthOf(ranges.previous.from))}
          </>
        )}
      </span>
      {split && calendar && (
        <span className="line">
          {calendar}; beyond the calendar <Money value={split.beyond} currency={currency} precision="whole" signed />
          {split.ratio !== null && ` (${formatRatio(split.ratio, { signed: true })})`}
        </span>
      )}
      {page.squad && page.squad !== UNALLOCATED && (
        <SharedLine of={{ squad: page.squad }} month={month} metric={answer.metric} />
      )}
      {page.component && <SharedLine of={{ component: page.component }} month={month} metric={answer.metric} />}
      {isWhole && <BilledLine month={month} currency={currency} shown={total.current} />}
      <MonthsSpark page={page} month={month} />
    </Stat>
  );
}

/** What the invoice of that month says, where it is another figure: it counts by invoice month, and before amortisation. */
function BilledLine({ month, currency, shown }: { month: string; currency: string | null; shown: string }): ReactNode {
  const months = useAnswer('chargebackMonths', {});
  const billed = months.data?.months.find((one) => one.month === month && one.BillingCurrency === currency);
  if (!billed || Number(billed.BilledCost) === Number(shown)) return null;
  return (
    <span className="line">
      Billed on the {formatMonth(month)} invoice:{' '}
      <Link to="/chargeback" search={(current) => ({ ...carried(current), month })}>
        <Money value={billed.BilledCost} currency={currency} precision={precisionOf(billed.BilledCost)} />
      </Link>{' '}
      (by invoice month, not by usage day)
    </span>
  );
}

/** Thirteen months up to the one in view. */
function MonthsSpark({ page, month }: { page: PageScope; month: string }): ReactElement | null {
  const scope = useScope(page);
  const months = useAnswer('spend', {
    query: {
      ...scope,
      from: monthRange(addMonths(month, -12)).from,
      to: monthRange(month).to,
      granularity: 'month',
      by: 'none',
    },
  });
  if (!months.data) return null;
  return (
    <span className="spark-box">
      <Spark
        // A month that still runs would look like a fall.
        values={months.data.totals.map((point, index) =>
          months.data.periods[index]?.isPartial ? null : toNumber(point.value),
        )}
        label={`Thirteen months to ${formatMonth(month)}`}
      />
    </span>
  );
}

function RunningStat({ page, month }: { page: PageScope; month: string }): ReactElement {
  const meta = useMeta();
  const scope = useScope(page);
  const changes = useAnswer('changes', { query: { ...scope, month, by: 'service', limit: 1 } });
  return (
    <Answered query={changes} loading={<Waiting />}>
      {({ ranges, total, BillingCurrency: currency }) => (
        <Stat label={`${formatMonth(month)} so far`}>
          <span className="figure">
            {total ? <Money value={total.current} currency={currency} precision={precisionOf(total.current)} /> : '–'}
          </span>
          {ranges && total && (
            <>
              <span className="line">
                <Change
                  change={total.change}
                  ratio={total.ratio}
                  currency={currency}
                  verdict={judgeOf(meta, currency, ranges)(total)}
                  judged={splitChange(total, ranges)?.beyond}
                />
              </span>
              <span className="line">
                complete days to {formatDay(addDays(ranges.current.to, -1))}
                {ranges.isPreviousComplete ? ', vs the same days before' : ''}
              </span>
            </>
          )}
        </Stat>
      )}
    </Answered>
  );
}

/** What is not unallocated; also where nothing at all is allocated, and so has no share of its own. */
const restOf = (share: number | null): number | null => (share === null ? null : 1 - share);

function CoverageStat({ month }: { month: string }): ReactElement {
  const scope = useScope({});
  const coverage = useAnswer('coverage', { query: { month, ...(scope.currency ? { currency: scope.currency } : {}) } });
  return (
    <Answered query={coverage} loading={<Waiting />}>
      {({ unallocated, BillingCurrency: currency }) => (
        <Stat label="Has an owner">
          <span className="figure">{formatShare(restOf(unallocated.shareOfMoney))}</span>
          <span className="line">
            {unallocated.shareOfMoney === null
              ? `No money was billed for ${formatMonth(month)}`
              : `of the money billed for ${formatMonth(month)}`}
          </span>
          <Link to="/unallocated" search={carried} className="line" style={{ color: 'var(--accent)' }}>
            <Money value={unallocated.BilledCost} currency={currency} precision={precisionOf(unallocated.BilledCost)} />{' '}
            unallocated
          </Link>
        </Stat>
      )}
    </Answered>
  );
}
