import type { ReactElement } from 'react';
import type { PoolSummary } from '../../api/contract/index.ts';
import { formatCount, formatShare } from '../format.ts';
import { colorOf, toNumber } from '../series.ts';
import { SquadLink } from './links.tsx';
import { Money } from './money.tsx';
import { Swatch } from './swatch.tsx';

/** Who pays how much of a pool, as one length; the list under it says the same in figures. */
export function ShareBar({ pool, currency }: { pool: PoolSummary; currency: string | null }): ReactElement | null {
  const taken = toNumber(pool.taken.BilledCost) ?? 0;
  if (taken <= 0 || pool.payers.some(({ share }) => (share ?? 0) < 0)) return null;
  const passedOn = Math.min(1, Math.max(0, (toNumber(pool.passedOn.BilledCost) ?? 0) / taken));
  const named = pool.payers.reduce((sum, { share }) => sum + (share ?? 0), 0);
  const others = pool.x_TakerCount - pool.payers.length;
  return (
    <>
      <span className="share-bar" aria-hidden="true">
        {pool.payers.map(({ SquadId, share }, place) => (
          <span
            key={SquadId}
            style={{ width: `${(share ?? 0) * passedOn * 100}%`, background: colorOf('value', place) }}
          />
        ))}
        {others > 0 && (
          <span style={{ width: `${Math.max(0, 1 - named) * passedOn * 100}%`, background: colorOf('other', 0) }} />
        )}
      </span>
      <ul className="share-legend" aria-label="Who pays most">
        {pool.payers.map((payer, place) => (
          <li key={payer.SquadId}>
            <Swatch kind="value" color={colorOf('value', place)} />
            <SquadLink id={payer.SquadId} name={payer.SquadName} />
            <Money value={payer.BilledCost} currency={currency} precision="whole" />
            <span className="muted">{formatShare(payer.share)}</span>
          </li>
        ))}
        {others > 0 && (
          <li>
            <Swatch kind="other" color={colorOf('other', 0)} />
            <span>{formatCount(others, 'other squad')}</span>
            <span className="muted">{formatShare(Math.max(0, 1 - named))}</span>
          </li>
        )}
      </ul>
    </>
  );
}
