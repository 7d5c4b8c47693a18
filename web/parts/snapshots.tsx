import type { ReactElement } from 'react';
import type { FreshnessAnswer } from '../../api/contract/index.ts';
import { formatAgo, formatCount, formatInstant, formatNumber } from '../format.ts';
import { Scroll } from './scroll.tsx';
import { Empty } from './states.tsx';

/** Google writes both lists once a day; a price list may take two days to arrive for the first time. */
const STALE_AFTER = 3 * 24 * 3_600_000;

const KIND_WORDS: Record<string, string> = {
  'gcp-pricing': 'Price list',
  'gcp-recommendations': 'Recommendations',
};

/** How new the lists beside the charges are, and where list prices come from. */
export function Snapshots({ answer, now }: { answer: FreshnessAnswer; now: number }): ReactElement {
  const publicLists = answer.priceLists.filter(({ x_PriceSource }) => x_PriceSource === 'sku-catalog');
  if (answer.snapshots.length + publicLists.length === 0) {
    return (
      <Empty title="No list has arrived">
        <p>
          Savings need prices: configure Google&apos;s pricing export as a source of kind <code>gcp-pricing</code>, or{' '}
          <code>cloudBilling</code> for public list prices, and its recommendations export as{' '}
          <code>gcp-recommendations</code>.
        </p>
      </Empty>
    );
  }
  return (
    <Scroll label="Prices and recommendations">
      <table className="table">
        <caption className="visually-hidden">Prices and recommendations</caption>
        <thead>
          <tr>
            <th scope="col">List</th>
            <th scope="col">State</th>
            <th scope="col">As of</th>
            <th scope="col">Last loaded</th>
            <th scope="col" className="number">
              Rows
            </th>
          </tr>
        </thead>
        <tbody>
          {answer.snapshots.map((list) => (
            <tr key={list.x_SourceName}>
              <th scope="row">
                {KIND_WORDS[list.x_SourceKind] ?? list.x_SourceKind}
                <span className="sub">{list.x_SourceName}</span>
              </th>
              <td className="told">
                <State list={list} now={now} />
              </td>
              <td className="nowrap">
                {list.x_SnapshotTime ? (
                  <>
                    {formatInstant(list.x_SnapshotTime)}
                    <span className="sub">{formatAgo(Date.parse(list.x_SnapshotTime), now)}</span>
                  </>
                ) : (
                  'not known'
                )}
              </td>
              <td className="nowrap">{list.x_LastPulledAt ? formatInstant(list.x_LastPulledAt) : 'never'}</td>
              <td className="number">{formatNumber(list.x_RowCount)}</td>
            </tr>
          ))}
          {publicLists.map((list) => (
            <tr key={`${list.x_PriceSource} ${list.BillingCurrency}`}>
              <th scope="row">
                Google&apos;s public price list
                <span className="sub">in {list.BillingCurrency}, of the services in use</span>
              </th>
              <td className="told">
                <span className="tag">list prices alone</span>
                <span className="sub">Contract prices need the pricing export, kind gcp-pricing.</span>
              </td>
              <td className="nowrap">{list.x_AsOf ? formatInstant(list.x_AsOf) : 'not known'}</td>
              <td className="nowrap">once a day</td>
              <td className="number">{formatCount(list.x_SkuCount, 'SKU')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function State({ list, now }: { list: FreshnessAnswer['snapshots'][number]; now: number }): ReactElement {
  if (list.x_RowCount === 0) return <span className="tag warn">empty</span>;
  if (list.x_SnapshotTime && now - Date.parse(list.x_SnapshotTime) > STALE_AFTER) {
    return (
      <>
        <span className="tag warn">stale</span>
        <span className="sub">See that the export still arrives</span>
      </>
    );
  }
  if (list.x_MissingPartitionCount > 0) {
    return (
      <>
        <span className="tag warn">gone</span>
        <span className="sub">No longer at the source; the last list is kept</span>
      </>
    );
  }
  return <span className="tag good">up to date</span>;
}
