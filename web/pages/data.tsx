import { useMemo, type ReactElement } from 'react';
import type { FreshnessAnswer, ReconciliationAnswer } from '../../api/contract/index.ts';
import { useAnswer } from '../ask.ts';
import { formatAgo, formatCount, formatDay, formatInstant, formatMoney, formatMonth, formatNumber } from '../format.ts';
import { byMonth } from '../reconciled.ts';
import { Card } from '../parts/card.tsx';
import { PageHead } from '../parts/crumbs.tsx';
import { Icon } from '../parts/icons.tsx';
import { CompanyLink } from '../parts/links.tsx';
import { Measures } from '../parts/measures.tsx';
import { useMeta } from '../parts/meta.tsx';
import { ProjectCoverage } from '../parts/project-coverage.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { Snapshots } from '../parts/snapshots.tsx';
import { Answered, Empty, SkeletonRows } from '../parts/states.tsx';
import { ReconciliationTable } from '../parts/tie.tsx';

/** After this long without a new export a source is called stale; Google's export arrives several times a day. */
const STALE_AFTER = 48 * 3_600_000;

/** Where the figures come from, how new they are, and that they tie. */
export function DataPage(): ReactElement {
  const meta = useMeta();
  const freshness = useAnswer('freshness', {});
  const reconciliation = useAnswer('reconciliation', { query: {} });
  return (
    <>
      <PageHead
        title="Data"
        above={[<CompanyLink key="company">{meta.company}</CompanyLink>]}
        lead={`Generation ${meta.generation}, built ${formatInstant(meta.builtAt)}${meta.lastCompleteDay ? `; usage complete to ${formatDay(meta.lastCompleteDay)}` : ''}`}
      />
      <div className="stack">
        <Card title="Sources" note="How new each source's data is" flush>
          <Answered query={freshness} loading={<SkeletonRows rows={3} />}>
            {(answer) => <Sources answer={answer} now={freshness.dataUpdatedAt} />}
          </Answered>
        </Card>
        <ProjectCoverage />
        <Card title="Prices and recommendations" note="Lists beside the charges; the newest of each counts" flush>
          <Answered query={freshness} loading={<SkeletonRows rows={2} />}>
            {(answer) => <Snapshots answer={answer} now={freshness.dataUpdatedAt} />}
          </Answered>
        </Card>
        <Measures />
        <Card title="Reconciliation" note={<Verdict answer={reconciliation.data} />} flush>
          <Answered query={reconciliation} loading={<SkeletonRows rows={10} />}>
            {(answer) => <Reconciliations answer={answer} />}
          </Answered>
        </Card>
      </div>
    </>
  );
}

function Sources({ answer, now }: { answer: FreshnessAnswer; now: number }): ReactElement {
  if (answer.sources.length === 0) {
    return (
      <Empty title="No source has delivered anything">
        <p>
          Name your billing files under <code>sources</code> in worthwhile.yaml, then run{' '}
          <code>npx worthwhile run</code>.
        </p>
      </Empty>
    );
  }
  return (
    <Scroll label="Sources">
      <table className="table">
        <caption className="visually-hidden">Sources</caption>
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">State</th>
            <th scope="col">Newest usage day</th>
            <th scope="col">Last export by the provider</th>
            <th scope="col">Last loaded</th>
            <th scope="col" className="number">
              Batches
            </th>
            <th scope="col" className="number">
              Rows
            </th>
          </tr>
        </thead>
        <tbody>
          {answer.sources.map((source) => (
            <tr key={source.x_SourceName}>
              <th scope="row">
                {source.x_SourceName}
                <span className="sub">{source.x_SourceKind}</span>
              </th>
              <td>
                <State source={source} now={now} />
              </td>
              <td className="nowrap">{source.x_LastChargeDay ? formatDay(source.x_LastChargeDay) : 'none'}</td>
              <td className="nowrap">
                {source.x_ExportTimeMax ? formatInstant(source.x_ExportTimeMax) : 'not stated by this kind'}
              </td>
              <td className="nowrap">
                {source.x_LastPulledAt ? (
                  <>
                    {formatInstant(source.x_LastPulledAt)}
                    <span className="sub">{formatAgo(Date.parse(source.x_LastPulledAt), now)}</span>
                  </>
                ) : (
                  'never'
                )}
              </td>
              <td className="number">{formatNumber(source.x_BatchCount)}</td>
              <td className="number">{formatNumber(source.x_RowCount)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function State({ source, now }: { source: FreshnessAnswer['sources'][number]; now: number }): ReactElement {
  const isGone = source.x_MissingPartitionCount > 0;
  const isStale = source.x_ExportTimeMax && now - Date.parse(source.x_ExportTimeMax) > STALE_AFTER;
  if (!isGone && !isStale) return <span className="tag good">up to date</span>;
  return (
    <>
      {isStale && (
        <>
          <span className="tag warn">stale</span>
          <span className="sub">Last export {formatAgo(Date.parse(source.x_ExportTimeMax!), now)}</span>
        </>
      )}
      {isGone && (
        <>
          <span className="tag warn">{formatCount(source.x_MissingPartitionCount, 'partition')} gone</span>
          <span className="sub">No longer at the source. Their rows are kept and still counted.</span>
        </>
      )}
    </>
  );
}

function Verdict({ answer }: { answer: ReconciliationAnswer | undefined }): ReactElement {
  if (!answer) return <>&nbsp;</>;
  const broken = answer.rows.filter((row) => !row.x_Holds).length;
  if (answer.rows.length === 0) return <>Nothing to reconcile yet</>;
  return broken === 0 ? (
    <>All {formatNumber(answer.rows.length)} sums agree with the stage before them, to the last unit</>
  ) : (
    <>{formatCount(broken, 'sum')} differ, in the months that come first</>
  );
}

/** One line a month that says what ties; its rows unfold. What does not tie comes first, and open. */
function Reconciliations({ answer }: { answer: ReconciliationAnswer }): ReactElement {
  const months = useMemo(() => byMonth(answer.rows), [answer]);
  if (months.length === 0) return <Empty title="Nothing to reconcile yet" />;
  return (
    <div>
      {months.map((one) => (
        <details key={one.key} className="tie-month" open={one.broken > 0}>
          <summary>
            {one.broken === 0 ? (
              <span className="tag good">
                <Icon name="check" size={13} />
                ties
              </span>
            ) : (
              <span className="tag bad">
                <Icon name="alert" size={13} />
                {formatCount(one.broken, 'sum')} of {formatNumber(one.rows.length)} differ
              </span>
            )}
            <strong>{one.month ? formatMonth(one.month) : 'All months'}</strong>
            <span className="muted">
              {one.billed && `${formatMoney(one.billed, one.currency)} billed; `}
              {one.broken === 0
                ? `${formatCount(one.rows.length, 'sum')} agree to the last unit`
                : 'do not book it yet'}
              {!one.billed && `, ${one.currency}`}
            </span>
          </summary>
          <ReconciliationTable rows={one.rows} />
        </details>
      ))}
    </div>
  );
}
