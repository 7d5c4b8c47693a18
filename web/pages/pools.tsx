import type { ReactElement } from 'react';
import type { PoolSummary } from '../../api/contract/index.ts';
import { useAnswer } from '../ask.ts';
import { formatCount, formatMonth, isZero } from '../format.ts';
import { methodInWords, POOL_EXAMPLE, remarksOn, startsLarge, validityInWords } from '../pool-words.ts';
import { BillingMonthControls } from '../parts/billing-month.tsx';
import { Card } from '../parts/card.tsx';
import { PageHead } from '../parts/crumbs.tsx';
import { CompanyLink, PoolLink } from '../parts/links.tsx';
import { useMeta } from '../parts/meta.tsx';
import { Money } from '../parts/money.tsx';
import { MonthGuard } from '../parts/month-guard.tsx';
import { NoData } from '../parts/no-data.tsx';
import { PoolStats } from '../parts/pool-stats.tsx';
import { useBillingMonth } from '../parts/scope.ts';
import { useSettings } from '../parts/settings.ts';
import { ShareBar } from '../parts/share-bar.tsx';
import { Snippet } from '../parts/snippet.tsx';
import { Answered, Empty, SkeletonRows } from '../parts/states.tsx';

/** What everybody uses: pools of a billing month by money, who pays them, and how that was decided. */
export function PoolsPage(): ReactElement {
  const meta = useMeta();
  const month = useBillingMonth();
  return (
    <>
      <PageHead
        title="Shared cost"
        above={[<CompanyLink key="company">{meta.company}</CompanyLink>]}
        lead="What many squads use, and who pays how much of it"
        actions={month && <BillingMonthControls month={month} />}
      />
      {month ? (
        <MonthGuard month={month} months={meta.billingPeriods}>
          <Pools month={month} />
        </MonthGuard>
      ) : (
        <NoData />
      )}
    </>
  );
}

function Pools({ month }: { month: string }): ReactElement {
  const [{ currency }] = useSettings();
  const answer = useAnswer('pools', { query: { month, ...(currency ? { currency } : {}) } });
  const note = answer.data && answer.data.pools.length > 0 && (
    <>
      {formatCount(answer.data.pools.length, 'pool')}, most money first. Billed cost; what a pool passes on is taken off
      where it came from, so that the month stays what was invoiced
    </>
  );
  return (
    <div className="stack">
      {answer.data && answer.data.pools.length > 0 && (
        <PoolStats costs={answer.data.total} currency={answer.data.BillingCurrency} />
      )}
      <Card title={`Pools of ${formatMonth(month)}`} note={note ?? <>&nbsp;</>} flush busy={answer.isPlaceholderData}>
        <Answered query={answer} loading={<SkeletonRows rows={12} />}>
          {({ pools, BillingCurrency }) =>
            pools.length === 0 ? (
              <NoPools />
            ) : (
              <ol>
                {pools.map((pool) => (
                  <PoolLine key={pool.x_PoolId} pool={pool} currency={BillingCurrency} />
                ))}
              </ol>
            )
          }
        </Answered>
      </Card>
    </div>
  );
}

function PoolLine({ pool, currency }: { pool: PoolSummary; currency: string | null }): ReactElement {
  const validity = validityInWords(pool.terms);
  const remarks = remarksOn(pool);
  return (
    <li className="pool">
      <div className="pool-head">
        <div>
          <h3>
            <PoolLink id={pool.x_PoolId} title={pool.x_PoolTitle} />
          </h3>
          <p className="sub">
            {startsLarge(methodInWords(pool.terms))}
            {validity && ` (${validity})`}
          </p>
        </div>
        <div className="pool-figure">
          <span className="figure">
            <Money value={pool.taken.BilledCost} currency={currency} />
          </span>
          {pool.x_TakerCount > 0 && <span className="sub">paid by {formatCount(pool.x_TakerCount, 'squad')}</span>}
        </div>
      </div>
      <ShareBar pool={pool} currency={currency} />
      {(remarks.length > 0 || !isZero(pool.kept.BilledCost)) && (
        <p className="pool-kept">
          {!isZero(pool.kept.BilledCost) && (
            <>
              <strong>
                <Money value={pool.kept.BilledCost} currency={currency} /> stayed.
              </strong>{' '}
            </>
          )}
          {remarks.join(' ')}
        </p>
      )}
    </li>
  );
}

function NoPools(): ReactElement {
  return (
    <Empty title="Nothing is shared yet">
      <p>
        A pool is a cost that many squads cause together: a message bus, a log platform, idle cluster capacity, support.
        It says what falls into it, and how that is passed on: evenly, by fixed shares, in proportion to what squads
        cost directly, or by measured use. The squad that runs it keeps its own line and gets the same amount back
        beside it, so that nothing is hidden and every month still ties to the invoice.
      </p>
      <p>
        Add one to <code>worthwhile.yaml</code> and run <code>npx worthwhile run</code>. It takes effect for every
        month, or from the day given with <code>from</code>.
      </p>
      <Snippet label="configuration of pools" text={POOL_EXAMPLE} />
    </Empty>
  );
}
