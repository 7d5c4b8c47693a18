import { Link, useParams } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { PoolAnswer } from '../../api/contract/index.ts';
import { formatCount, formatMonth, formatShare } from '../format.ts';
import { methodInWords, remarksOn, validityInWords } from '../pool-words.ts';
import { carried } from '../search.ts';
import { BillingMonthControls } from '../parts/billing-month.tsx';
import { Card } from '../parts/card.tsx';
import { Segments } from '../parts/controls.tsx';
import { PageHead } from '../parts/crumbs.tsx';
import { Facts } from '../parts/facts.tsx';
import { CompanyLink, PoolLink } from '../parts/links.tsx';
import { useListed } from '../parts/listed.ts';
import { useMeta } from '../parts/meta.tsx';
import { MonthGuard } from '../parts/month-guard.tsx';
import { More } from '../parts/more.tsx';
import { NoData } from '../parts/no-data.tsx';
import { PoolStats } from '../parts/pool-stats.tsx';
import { Givers, Takers } from '../parts/pool-tables.tsx';
import { PoolWeights } from '../parts/pool-weights.tsx';
import { useBillingMonth } from '../parts/scope.ts';
import { useSettings } from '../parts/settings.ts';
import { Failed, SkeletonRows } from '../parts/states.tsx';

export function PoolPage(): ReactElement {
  const { poolId } = useParams({ from: '/pools/$poolId' });
  const month = useBillingMonth();
  const meta = useMeta();
  if (month) return <Pool key={poolId} poolId={poolId} month={month} />;
  return (
    <>
      <PageHead title={poolId} above={[<CompanyLink key="company">{meta.company}</CompanyLink>]} />
      <NoData />
    </>
  );
}

/** One pool in a billing month: whose cost it was, who pays it, and how it was divided. */
function Pool({ poolId, month }: { poolId: string; month: string }): ReactElement {
  const meta = useMeta();
  const [{ currency, by: chosen }, change] = useSettings();
  const by = chosen === 'component' ? 'component' : 'squad';
  const asked = { month, ...(currency ? { currency } : {}) };
  const listed = useListed('pool', { ...asked, by, limit: 50 }, { PoolId: poolId });
  const first = listed.pages[0];
  const pool = first?.pool;
  const remarks = pool ? remarksOn(pool) : [];
  return (
    <>
      <PageHead
        title={pool?.x_PoolTitle ?? poolId}
        above={[
          <CompanyLink key="company">{meta.company}</CompanyLink>,
          <Link key="pools" to="/pools" search={carried}>
            Shared cost
          </Link>,
        ]}
        lead={
          pool ? (
            <Facts
              facts={[
                ['Passed on', methodInWords(pool.terms)],
                ['In force', validityInWords(pool.terms)],
              ]}
            />
          ) : (
            <>&nbsp;</>
          )
        }
        actions={<BillingMonthControls month={month} />}
      />
      <MonthGuard month={month} months={meta.billingPeriods}>
        {listed.error ? (
          <Failed page error={listed.error} retry={listed.retry} />
        ) : (
          <div className="stack">
            {first && <PoolStats costs={first.pool} currency={first.BillingCurrency} />}
            {first && remarks.length > 0 && (
              <section className="card tie" aria-label="What to know of this month">
                {remarks.map((remark) => (
                  <p key={remark}>{remark}</p>
                ))}
              </section>
            )}
            <Card
              title="Who pays"
              note={first ? <Paying answer={first} month={month} /> : <>&nbsp;</>}
              flush
              actions={
                <Segments
                  label="Who pays by"
                  value={by}
                  options={[
                    { value: 'squad', label: 'Squad' },
                    { value: 'component', label: 'Component' },
                  ]}
                  onChange={(value) => change({ by: value === 'squad' ? undefined : value })}
                />
              }
            >
              {first ? <Takers answer={first} rows={listed.pages.flatMap((page) => page.takers)} /> : <SkeletonRows />}
              <More listed={listed} shown={listed.pages.reduce((sum, page) => sum + page.takers.length, 0)} />
            </Card>
            <Card title="Whose cost it was" note="The amount passed on is taken off there, as Shared out" flush>
              {first ? <Givers answer={first} /> : <SkeletonRows rows={3} />}
            </Card>
            {first && <PoolWeights poolId={poolId} asked={asked} pool={first} />}
          </div>
        )}
      </MonthGuard>
    </>
  );
}

function Paying({ answer, month }: { answer: PoolAnswer; month: string }): ReactElement {
  const { pool, feeds, fedBy } = answer;
  if (pool.x_TakerCount === 0) return <>Nobody in {formatMonth(month)}</>;
  return (
    <>
      {formatCount(pool.x_TakerCount, 'squad')} in {formatMonth(month)}, charged as Shared in
      <Neighbours before="Part of it is used by" after=", which pass it on" rows={feeds} />
      <Neighbours before="It uses" after=" itself" rows={fedBy} />
    </>
  );
}

interface NeighboursProps {
  before: string;
  after: string;
  rows: PoolAnswer['feeds'];
}

function Neighbours({ before, after, rows }: NeighboursProps): ReactElement | null {
  if (rows.length === 0) return null;
  return (
    <>
      {'. '}
      {before}{' '}
      {rows.map((row, index) => (
        <span key={row.x_PoolId}>
          {index > 0 && (index === rows.length - 1 ? ' and ' : ', ')}
          <PoolLink id={row.x_PoolId} title={row.x_PoolTitle} /> ({formatShare(row.x_Ratio)})
        </span>
      ))}
      {after}
    </>
  );
}
