import type { ReactElement } from 'react';
import type { PoolAnswer } from '../../api/contract/index.ts';
import { formatShare, isZero } from '../format.ts';
import { toNumber } from '../series.ts';
import { Bar } from './bar.tsx';
import { ComponentLink, SquadLink } from './links.tsx';
import { Money } from './money.tsx';
import { Scroll } from './scroll.tsx';
import { Empty } from './states.tsx';

/** Who pays for a pool in the end, by squad or component. */
export function Takers({ answer, rows }: { answer: PoolAnswer; rows: PoolAnswer['takers'] }): ReactElement {
  const currency = answer.BillingCurrency;
  if (rows.length === 0) {
    return (
      <Empty title="Nobody pays for it in this month">
        <p>
          {isZero(answer.pool.taken.BilledCost)
            ? 'Nothing fell into it.'
            : 'All of it stayed where it was; above it says why.'}
        </p>
      </Empty>
    );
  }
  const isByComponent = rows.some((row) => row.ComponentId !== null);
  const largest = Math.max(0, ...rows.map((row) => toNumber(row.BilledCost) ?? 0));
  return (
    <Scroll label="Who pays">
      <table className="table">
        <caption className="visually-hidden">Who pays</caption>
        <thead>
          <tr>
            {isByComponent && <th scope="col">Component</th>}
            <th scope="col">Squad</th>
            <th scope="col" className="extra" style={{ width: '30%' }}>
              <span className="visually-hidden">Size</span>
            </th>
            <th scope="col" className="number">
              Billed
            </th>
            <th scope="col" className="number">
              Share
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.SquadId}\n${row.ComponentId}`}>
              {isByComponent && (
                <th scope="row">
                  {row.ComponentId ? (
                    <ComponentLink id={row.ComponentId} name={row.ComponentName} />
                  ) : (
                    <span className="muted">The squad itself</span>
                  )}
                </th>
              )}
              {isByComponent ? (
                <td>
                  <SquadLink id={row.SquadId} name={row.SquadName} />
                </td>
              ) : (
                <th scope="row">
                  <SquadLink id={row.SquadId} name={row.SquadName} />
                </th>
              )}
              <td className="extra">
                <Bar value={row.BilledCost} largest={largest} />
              </td>
              <td className="number">
                <Money value={row.BilledCost} currency={currency} />
              </td>
              <td className="number">{formatShare(row.share)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** Whose cost fell into a pool, and what of it is charged to others. */
export function Givers({ answer }: { answer: PoolAnswer }): ReactElement {
  const currency = answer.BillingCurrency;
  if (answer.givers.length === 0) {
    return (
      <Empty title="Nothing fell into it">
        <p>No charge of this month meets its conditions. If that is not meant, look at `of` in its configuration.</p>
      </Empty>
    );
  }
  return (
    <Scroll label="Whose cost it was">
      <table className="table">
        <caption className="visually-hidden">Whose cost it was</caption>
        <thead>
          <tr>
            <th scope="col">Squad</th>
            <th scope="col">Component</th>
            <th scope="col" className="number">
              Shared
            </th>
            <th scope="col" className="number extra">
              Passed on
            </th>
            <th scope="col" className="number extra">
              Stayed
            </th>
          </tr>
        </thead>
        <tbody>
          {answer.givers.map((row) => (
            <tr key={`${row.SquadId}\n${row.ComponentId}`}>
              <th scope="row">
                {row.SquadId === 'unallocated' ? 'Nobody' : <SquadLink id={row.SquadId} name={row.SquadName} />}
              </th>
              <td>
                {row.ComponentId ? (
                  <ComponentLink id={row.ComponentId} name={row.ComponentName} />
                ) : (
                  <span className="muted">none</span>
                )}
              </td>
              <td className="number">
                <Money value={row.taken.BilledCost} currency={currency} />
              </td>
              <td className="number extra">
                <Money value={row.passedOn.BilledCost} currency={currency} />
              </td>
              <td className="number extra">
                <Money value={row.kept.BilledCost} currency={currency} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
