import { Link } from '@tanstack/react-router';
import type { ReactElement, ReactNode } from 'react';
import type { Metric, SharedCostAnswer } from '../../api/contract/index.ts';
import { useAnswer } from '../ask.ts';
import {
  formatCount,
  formatMoney,
  formatMonth,
  formatShare,
  isNegative,
  isZero,
  precisionOf,
  withoutSign,
} from '../format.ts';
import { methodInWords } from '../pool-words.ts';
import { carried } from '../search.ts';
import { Card } from './card.tsx';
import { PoolLink } from './links.tsx';
import { useMeta } from './meta.tsx';
import { Money } from './money.tsx';
import { useMonth } from './scope.ts';
import { useSettings } from './settings.ts';
import { Answered, Empty, SkeletonRows } from './states.tsx';

interface SharedCostProps {
  of: { squad: string } | { component: string };
}

/** Both directions beside a headline: how much of the spend shown is not the squad's or component's own. */
export function SharedLine({ of, month, metric }: SharedCostProps & { month: string; metric: Metric }): ReactNode {
  const { billingPeriods } = useMeta();
  const [{ currency }] = useSettings();
  const shared = useAnswer(
    'sharedCost',
    { query: { ...of, month, ...(currency ? { currency } : {}) } },
    { enabled: billingPeriods.some((period) => period.month === month) },
  );
  if (!shared.data || shared.data.month !== month || shared.data.pools.length === 0) return null;
  const { total, BillingCurrency } = shared.data;
  const [paid, given] = [total.sharedIn[metric], total.sharedOut[metric]];
  const money = (value: string): string =>
    formatMoney(withoutSign(value), BillingCurrency, { precision: precisionOf(value) });
  return (
    <span className="line">
      {!isZero(paid) && `with ${money(paid)} for shared platforms`}
      {!isZero(paid) && !isZero(given) && ', '}
      {!isZero(given) && `after ${money(given)} that others pay`}
    </span>
  );
}

/** What a squad or component pays for what others run, and what others pay for what it runs. */
export function SharedCost({ of }: SharedCostProps): ReactElement | null {
  const { billingPeriods } = useMeta();
  const [{ currency }] = useSettings();
  const month = useMonth();
  const isBilled = billingPeriods.some((period) => period.month === month);
  const answer = useAnswer(
    'sharedCost',
    { query: { ...of, ...(month ? { month } : {}), ...(currency ? { currency } : {}) } },
    { enabled: isBilled },
  );
  if (!month || !isBilled) return null;
  return (
    <Card
      title="Shared cost"
      note={
        <>
          As billed for {formatMonth(month)}, and part of the spend above, where it has no SKU and no project.{' '}
          <Link to="/pools" search={(current) => ({ ...carried(current), month })}>
            All pools
          </Link>
        </>
      }
      busy={answer.isPlaceholderData}
    >
      <Answered query={answer} loading={<SkeletonRows rows={4} />}>
        {(loaded) => <Directions answer={loaded} who={'squad' in of ? 'squad' : 'component'} />}
      </Answered>
    </Card>
  );
}

const HEADINGS = {
  squad: ['What we pay for shared platforms', 'What others pay for ours'],
  component: ['What it pays for shared platforms', 'What others pay for it'],
} as const;

function Directions({ answer, who }: { answer: SharedCostAnswer; who: 'squad' | 'component' }): ReactElement {
  if (answer.pools.length === 0) {
    return (
      <Empty title="Nothing shared in this month">
        <p>This {who} neither pays for a pool, nor does it run one whose cost is passed on.</p>
      </Empty>
    );
  }
  const { sharedIn, sharedOut } = answer.total;
  return (
    <>
      <p className="shared-words">{inWords(answer, who)}</p>
      <div className="halves">
        <Direction title={HEADINGS[who][0]} answer={answer} side="sharedIn" total={sharedIn.BilledCost} />
        <Direction title={HEADINGS[who][1]} answer={answer} side="sharedOut" total={sharedOut.BilledCost} />
      </div>
    </>
  );
}

/** Both directions and what is left of them, as one sentence. */
function inWords({ total, BillingCurrency }: SharedCostAnswer, who: 'squad' | 'component'): string {
  const money = (value: string): string => formatMoney(withoutSign(value), BillingCurrency);
  const paid = total.sharedIn.BilledCost;
  const given = total.sharedOut.BilledCost;
  const subject = who === 'squad' ? 'The squad' : 'The component';
  if (isZero(given)) return `${subject} is charged ${money(paid)} for shared platforms.`;
  if (isZero(paid)) return `${money(given)} of its cost is charged to those who use it, and taken off here.`;
  const net = total.net.BilledCost;
  const left = isZero(net)
    ? 'the two cancel out'
    : `it is charged ${money(net)} ${isNegative(net) ? 'less' : 'more'} than its own cost`;
  return `${subject} is charged ${money(paid)} for shared platforms; ${money(given)} of its own cost is passed on to those who use it. In all, ${left}.`;
}

interface DirectionProps {
  title: string;
  answer: SharedCostAnswer;
  side: 'sharedIn' | 'sharedOut';
  total: string;
}

function Direction({ title, answer, side, total }: DirectionProps): ReactElement | null {
  const currency = answer.BillingCurrency;
  const lines = answer.pools
    .filter((line) => !isZero(line[side].BilledCost))
    .toSorted((a, b) => Math.abs(Number(b[side].BilledCost)) - Math.abs(Number(a[side].BilledCost)));
  return (
    <div>
      <h3>{title}</h3>
      {lines.length === 0 ? (
        <p className="muted">Nothing.</p>
      ) : (
        <ul className="shared-lines">
          {lines.map((line) => (
            <li key={line.x_PoolId}>
              <span className="what">
                <PoolLink id={line.x_PoolId} title={line.x_PoolTitle} />
                <span className="sub">
                  {side === 'sharedIn'
                    ? `${formatShare(line.share)} of it${isZero(line.sharedOut.BilledCost) ? '' : ', own use'}, ${methodInWords(line.terms)}`
                    : `paid by ${formatCount(line.x_TakerCount, 'squad')}, ${methodInWords(line.terms)}`}
                </span>
              </span>
              <span className="nowrap">
                <Money value={line[side].BilledCost} currency={currency} />
              </span>
            </li>
          ))}
          <li className="sum">
            <span>{side === 'sharedIn' ? 'Shared in' : 'Shared out'}</span>
            <Money value={total} currency={currency} />
          </li>
        </ul>
      )}
    </div>
  );
}
