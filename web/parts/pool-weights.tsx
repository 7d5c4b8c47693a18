import type { ReactElement } from 'react';
import type { PoolAnswer, PoolRun, PoolSummary, PoolTerm, PoolWeightsAnswer } from '../../api/contract/index.ts';
import { formatCount, formatMoney, formatNumber, formatShare } from '../format.ts';
import { daysInWords, fallbackInWords, methodInWords, startsLarge, weightTitle } from '../pool-words.ts';
import { Card } from './card.tsx';
import { Select } from './controls.tsx';
import { ComponentLink, PoolLink, SquadLink } from './links.tsx';
import { useListed } from './listed.ts';
import { More } from './more.tsx';
import { Scroll } from './scroll.tsx';
import { useSettings } from './settings.ts';
import { Empty, Failed, SkeletonRows } from './states.tsx';

interface PoolWeightsProps {
  poolId: string;
  asked: { month: string; currency?: string };
  pool: PoolAnswer;
}

/** How a pool was divided at first hand over a run of days: every target with its quantity and ratio. */
export function PoolWeights({ poolId, asked, pool: { pool, runs } }: PoolWeightsProps): ReactElement {
  const [search, change] = useSettings();
  // The last run is the month's own; earlier ones may be of late charges for the month before.
  const run = runs.find(({ ValidFrom }) => ValidFrom === search.from) ?? runs.at(-1);
  const day = run ? { day: run.ValidFrom } : {};
  const listed = useListed('poolWeights', { ...asked, ...day, limit: 50 }, { PoolId: poolId });
  const first = listed.pages[0];
  const rows = listed.pages.flatMap((page) => page.weights);
  return (
    <Card
      title="How it was divided"
      note={run ? <Decided run={run} pool={pool} /> : <>&nbsp;</>}
      flush
      actions={
        run &&
        runs.length > 1 && (
          <Select
            label="Usage days"
            value={run.ValidFrom}
            options={runs.map((one) => ({ value: one.ValidFrom, label: daysInWords(one) }))}
            onChange={(from) => change({ from })}
          />
        )
      }
    >
      {listed.error ? (
        <Failed error={listed.error} retry={listed.retry} />
      ) : !first ? (
        <SkeletonRows />
      ) : rows.length === 0 ? (
        <Empty title="Nothing was divided">
          <p>The pool was not in force in this month, or nothing fell into any pool.</p>
        </Empty>
      ) : (
        <Weights rows={rows} terms={pool.terms} currency={first.BillingCurrency} />
      )}
      <More listed={listed} shown={rows.length} />
    </Card>
  );
}

/** Which days, among how many, by what was measured when. */
function Decided({ run, pool }: { run: PoolRun; pool: PoolSummary }): ReactElement {
  const { x_FallbackUsed, x_DriverPeriodStart } = run;
  return (
    <>
      Usage of {daysInWords(run)}, {formatCount(run.x_TargetCount, 'target')}.{' '}
      {x_FallbackUsed
        ? fallbackInWords({ ...run, x_FallbackUsed, x_DriverPeriodStart }, pool.terms)
        : `${startsLarge(methodInWords(pool.terms))}.`}{' '}
      A pool among these passes its part on, and joint owners split theirs
    </>
  );
}

type Row = PoolWeightsAnswer['weights'][number];

function Weights({
  rows,
  terms,
  currency,
}: {
  rows: Row[];
  terms: readonly PoolTerm[];
  currency: string | null;
}): ReactElement {
  const keyOf = (row: Row): string => [row.ValidFrom, row.x_TargetKind, row.x_Target].join('\n');
  return (
    <Scroll label="How it was divided">
      <table className="table">
        <caption className="visually-hidden">How it was divided</caption>
        <thead>
          <tr>
            <th scope="col">Goes to</th>
            <th scope="col" className="number">
              {weightTitle(terms)}
            </th>
            <th scope="col" className="number">
              Share
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              <th scope="row">
                <TargetName row={row} />
              </th>
              <td className="number">{weightText(row, currency)}</td>
              <td className="number">{formatShare(row.x_Ratio)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function weightText(row: Row, currency: string | null): string {
  if (row.x_FallbackUsed === 'keep') return '–';
  if (row.x_Method === 'proportional' && row.x_FallbackUsed === null) return formatMoney(row.x_Weight, currency);
  return formatNumber(row.x_Weight, 2);
}

function TargetName({ row }: { row: Row }): ReactElement {
  if (row.x_Target === null) {
    return (
      <>
        Stayed where it was
        <span className="sub">
          {row.x_FallbackUsed === 'keep' ? 'nobody had a share' : 'consumers not in the catalog'}
        </span>
      </>
    );
  }
  if (row.x_TargetKind === 'pool') {
    return (
      <>
        <PoolLink id={row.x_Target} title={row.x_TargetName ?? row.x_Target} />
        <span className="sub">a pool itself: passes it on</span>
      </>
    );
  }
  if (row.x_TargetKind === 'component') return <ComponentLink id={row.x_Target} name={row.x_TargetName} />;
  return <SquadLink id={row.x_Target} name={row.x_TargetName} />;
}
