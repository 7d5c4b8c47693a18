import type { ReactElement } from 'react';
import type { UnallocatedAnswer } from '../../api/contract/index.ts';
import { formatCount, formatShare } from '../format.ts';
import { adviceOn, reasonTitle } from '../reasons.ts';
import { Bar } from '../parts/bar.tsx';
import { ComponentLink, SquadLink } from '../parts/links.tsx';
import { Money } from '../parts/money.tsx';
import { Snippet } from '../parts/snippet.tsx';

type Row = UnallocatedAnswer['rows'][number];

interface UnallocatedLineProps {
  row: Row;
  rank: number;
  currency: string | null;
  /** Share of the list that this line and those above make up. */
  cumulativeShare: number | null;
  /** The share down to the line above. */
  shareBefore: number;
}

/** Once the lines above make up this share, the rest does not move the needle. */
const NEARLY_ALL = 0.95;

/** One heap of money without an owner, and what to do about it. */
export function UnallocatedLine({
  row,
  rank,
  currency,
  cumulativeShare,
  shareBefore,
}: UnallocatedLineProps): ReactElement {
  const isSmall = shareBefore >= NEARLY_ALL;
  const advice = adviceOn(row);
  return (
    <li className="advice" data-small={isSmall}>
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
          {cumulativeShare !== null && (
            <p className="cumulative">
              <span style={{ width: 72, display: 'inline-block' }}>
                <Bar value={String(cumulativeShare)} largest={1} />
              </span>
              {formatShare(cumulativeShare)}
            </p>
          )}
        </div>
      </div>
      <p className="todo">
        {isSmall ? `Too small to matter: only if you are there anyway. ${advice.todo}` : advice.todo}
      </p>
      {advice.snippet && (
        <details open={rank === 1}>
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
