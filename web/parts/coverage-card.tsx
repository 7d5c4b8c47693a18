import { Link } from '@tanstack/react-router';
import type { CSSProperties, ReactElement } from 'react';
import type { CoverageAnswer } from '../../api/contract/index.ts';
import { useAnswer } from '../ask.ts';
import { formatMonth, formatShare } from '../format.ts';
import { carried } from '../search.ts';
import { colorOf } from '../series.ts';
import { Card } from './card.tsx';
import { Money } from './money.tsx';
import { useMonth, useScope } from './scope.ts';
import { Answered, SkeletonRows } from './states.tsx';
import { Swatch } from './swatch.tsx';
import { reasonTitle, stepTitle } from '../reasons.ts';

/** How the billed month found its owners, by step of attribution, and how that share has moved. */
export function CoverageCard(): ReactElement {
  const month = useMonth();
  const { currency } = useScope({});
  const coverage = useAnswer('coverage', { query: { ...(month ? { month } : {}), ...(currency ? { currency } : {}) } });
  return (
    <Card
      title="How costs found their owner"
      note={coverage.data?.month ? `Share of the money billed for ${formatMonth(coverage.data.month)}` : <>&nbsp;</>}
      busy={coverage.isPlaceholderData}
    >
      <Answered query={coverage} loading={<SkeletonRows rows={5} />}>
        {(answer) => <Coverage answer={answer} />}
      </Answered>
    </Card>
  );
}

function Coverage({ answer }: { answer: CoverageAnswer }): ReactElement {
  const { steps, unallocated, reasons, trend, BillingCurrency: currency } = answer;
  const parts = steps.map((step, place) => ({
    key: step.x_AttributionStep,
    name: stepTitle(step.x_AttributionStep),
    part: step,
    kind: 'value' as const,
    color: colorOf('value', place),
  }));
  const all = [
    ...parts,
    {
      key: 'unallocated',
      name: 'Unallocated',
      part: unallocated,
      kind: 'unallocated' as const,
      color: colorOf('unallocated', 0),
    },
  ];
  const worst = reasons[0];
  const hasBoth = [trend[0], trend.at(-1)].every((one) => typeof one?.allocatedShareOfMoney === 'number');
  return (
    <div style={{ display: 'grid', gap: 12 }}>
      <div className="meter" aria-hidden="true">
        {all.map((one) => (
          <span
            key={one.key}
            data-kind={one.kind}
            style={{ flexGrow: one.part.shareOfMoney ?? 0, flexBasis: 0, '--swatch': one.color } as CSSProperties}
          />
        ))}
      </div>
      <ul style={{ display: 'grid', gap: 5 }}>
        {all.map((one) => (
          <li key={one.key} style={{ display: 'flex', alignItems: 'baseline', gap: 9 }}>
            <Swatch kind={one.kind} color={one.color} />
            <span style={{ flex: 1 }}>
              {one.kind === 'unallocated' ? (
                <Link to="/unallocated" search={carried}>
                  {one.name}
                </Link>
              ) : (
                one.name
              )}
            </span>
            <span className="muted">
              <Money value={one.part.BilledCost} currency={currency} precision="whole" />
            </span>
            <span style={{ width: 56, textAlign: 'right' }}>{formatShare(one.part.shareOfMoney)}</span>
          </li>
        ))}
      </ul>
      {trend.length > 2 && hasBoth && (
        <p className="note">
          Owned share was {formatShare(trend[0]?.allocatedShareOfMoney ?? null)} in {formatMonth(trend[0]?.month ?? '')}
          , {formatShare(trend.at(-1)?.allocatedShareOfMoney ?? null)} in {formatMonth(trend.at(-1)?.month ?? '')}.
        </p>
      )}
      {worst && (
        <p className="note">Most of what is missing: {reasonTitle(worst.x_UnallocatedReason).toLowerCase()}.</p>
      )}
    </div>
  );
}
