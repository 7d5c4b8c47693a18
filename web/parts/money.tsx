import type { ReactElement } from 'react';
import { formatMoney, formatRatio, isNegative, isZero, withoutSign, type MoneyPrecision } from '../format.ts';
import type { Verdict } from '../needle.ts';
import { Icon } from './icons.tsx';

/** An amount; hovering shows all its decimals. */
export function Money(props: {
  value: string;
  currency: string | null;
  precision?: MoneyPrecision;
  signed?: boolean;
}): ReactElement {
  const { value, currency, precision = 'cents', signed = false } = props;
  return (
    <span title={formatMoney(value, currency, { precision: 'exact' })}>
      {formatMoney(value, currency, { precision, signed })}
    </span>
  );
}

interface ChangeProps {
  change: string | null;
  ratio: number | null;
  currency: string | null;
  /** Only what is worth a look has a colour; noise stays quiet. */
  verdict: Verdict;
  /** What the verdict is on, where that is not the change itself: where they point apart, colour would mislead. */
  judged?: string | undefined;
  precision?: MoneyPrecision;
  /** `columns` lines up below its like in a table. */
  show?: 'both' | 'columns';
}

/** A difference with its direction; a dash where there is nothing to compare with. */
export function Change({
  change,
  ratio,
  currency,
  verdict,
  judged = change ?? '0',
  precision = 'whole',
  show = 'both',
}: ChangeProps): ReactElement {
  if (change === null)
    return (
      <span className="muted" title="There is no earlier data to compare with">
        –
      </span>
    );
  if (isZero(change)) return <span className="change">no change</span>;
  const falls = isNegative(change);
  const loud = verdict === 'worth-a-look' && isNegative(judged) === falls;
  return (
    <span
      className="change"
      {...(loud ? { 'data-direction': falls ? 'down' : 'up' } : {})}
      title={formatMoney(change, currency, { precision: 'exact', signed: true })}
    >
      <Icon name={falls ? 'down' : 'up'} size={11} />
      <span>{formatMoney(change, currency, { precision, signed: true })}</span>
      {show === 'both' && ratio !== null && <span>({formatRatio(ratio, { signed: true })})</span>}
      {show === 'columns' && (
        <span className="ratio">{ratio === null ? '' : formatRatio(ratio, { signed: true })}</span>
      )}
    </span>
  );
}

/** `rose by $1,200 to $9,000`, for sentences. */
export function inWords(change: string, current: string, currency: string | null): string {
  const verb = isNegative(change) ? 'fell' : 'rose';
  const by = formatMoney(withoutSign(change), currency, { precision: 'whole' });
  return `${verb} by ${by} to ${formatMoney(current, currency, { precision: 'whole' })}`;
}
