import type { ReactElement } from 'react';
import type { ChangesAnswer, Dimension } from '../../api/contract/index.ts';
import type { useAnswer } from '../ask.ts';
import { formatCount, formatDay, formatMoney, formatMonth } from '../format.ts';
import { materiality, verdictOn } from '../needle.ts';
import { addDays, monthOf } from '../periods.ts';
import { Card } from './card.tsx';
import { ValueLink } from './links.tsx';
import { useMeta } from './meta.tsx';
import { Change, inWords } from './money.tsx';
import { Answered, Empty, SkeletonRows } from './states.tsx';

type Row = ChangesAnswer['rows'][number];
const MOST_QUIET = 12;

/** What changed in the month, in words: first what is worth a look, and quietly the rest. */
export function Changes({
  changes,
  by,
}: {
  changes: ReturnType<typeof useAnswer<'changes'>>;
  by: Dimension;
}): ReactElement {
  return (
    <Card title="What changed" note={<Ranges answer={changes.data} />} flush busy={changes.isPlaceholderData}>
      <Answered query={changes} loading={<SkeletonRows rows={6} />}>
        {(answer) => <ChangeList answer={answer} by={by} />}
      </Answered>
    </Card>
  );
}

function Ranges({ answer }: { answer: ChangesAnswer | undefined }): ReactElement {
  const ranges = answer?.ranges;
  if (!ranges) return <span>&nbsp;</span>;
  if (ranges.isPartial)
    return (
      <span>
        {formatMonth(monthOf(ranges.current.from))} to {formatDay(addDays(ranges.current.to, -1))}, against the same
        days of the month before
      </span>
    );
  return (
    <span>
      {formatMonth(monthOf(ranges.current.from))} against {formatMonth(monthOf(ranges.previous.from))}
    </span>
  );
}

function ChangeList({ answer, by }: { answer: ChangesAnswer; by: Dimension }): ReactElement {
  const { decisions } = useMeta();
  const { ranges, rows, rest, BillingCurrency: currency } = answer;
  if (!ranges || !ranges.isPreviousComplete) {
    return (
      <Empty title="Nothing to compare with">
        <p>
          The month before has no complete data. Once two months are loaded, this says what rose, fell, appeared and
          went away.
        </p>
      </Empty>
    );
  }
  const threshold = materiality(decisions, ranges.current);
  const moved = rows.filter((row) => row.change !== null && Number(row.change) !== 0);
  const loud = moved.filter((row) => verdictOn(row.change, threshold) === 'worth-a-look');
  const quiet = moved.filter((row) => !loud.includes(row));
  const count = quiet.length + (rest?.count ?? 0);
  const line = formatMoney(threshold.toFixed(0), currency, { precision: 'whole' });
  return (
    <>
      {loud.length > 0 ? (
        <ul className="change-list">
          {loud.map((row) => (
            <Told key={row.key} row={row} by={by} currency={currency} />
          ))}
        </ul>
      ) : (
        <Empty title="Nothing moved the needle">
          <p>Every change is below {line}. Spend the time on something else.</p>
        </Empty>
      )}
      {count > 0 && (
        <details className="quiet-list">
          <summary>
            {formatCount(count, 'change')} within noise (below {line}): not worth a look
          </summary>
          <ul>
            {quiet.slice(0, MOST_QUIET).map((row) => (
              <li key={row.key}>
                <ValueLink by={by} row={row} />
                <Change change={row.change} ratio={null} currency={currency} verdict="noise" />
              </li>
            ))}
            {count > MOST_QUIET && (
              <li>and {formatCount(count - Math.min(MOST_QUIET, quiet.length), 'smaller one')}</li>
            )}
          </ul>
        </details>
      )}
    </>
  );
}

function Told({ row, by, currency }: { row: Row; by: Dimension; currency: string | null }): ReactElement {
  return (
    <li>
      <span className="what">
        <strong>
          <ValueLink by={by} row={row} />
        </strong>
        {row.isNew && (
          <span className="tag accent" style={{ marginLeft: 8 }}>
            new
          </span>
        )}
        {row.isGone && (
          <span className="tag" style={{ marginLeft: 8 }}>
            gone
          </span>
        )}
        <span className="sub">{tell(row, currency)}</span>
      </span>
      <Change
        change={row.change}
        ratio={row.isNew || row.isGone ? null : row.ratio}
        currency={currency}
        verdict="worth-a-look"
      />
    </li>
  );
}

function tell(row: Row, currency: string | null): string {
  const whole = (value: string): string => formatMoney(value, currency, { precision: 'whole' });
  if (row.isNew) return `first charges: ${whole(row.current)}`;
  if (row.isGone) return `no more charges; was ${whole(row.previous ?? '0')}`;
  return inWords(row.change ?? '0', row.current, currency);
}
