import type { ReactElement } from 'react';
import type { ChangesAnswer, Dimension } from '../../api/contract/index.ts';
import type { useAnswer } from '../ask.ts';
import { calendarInWords, splitChange, type SplitChange } from '../calendar.ts';
import { formatCount, formatDay, formatMoney, formatMonth, isZero, withoutSign } from '../format.ts';
import { materiality, verdictOn } from '../needle.ts';
import { addDays, daysIn, monthOf } from '../periods.ts';
import { byMoney } from '../series.ts';
import { Card } from './card.tsx';
import { ValueLink } from './links.tsx';
import { useMeta } from './meta.tsx';
import { Change, inWords } from './money.tsx';
import { Answered, Empty, SkeletonRows } from './states.tsx';

type Row = ChangesAnswer['rows'][number];
interface Moved {
  row: Row;
  split: SplitChange;
}
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
      {daysIn(ranges.current) !== daysIn(ranges.previous) && ', at the same number of days'}
    </span>
  );
}

function ChangeList({ answer, by }: { answer: ChangesAnswer; by: Dimension }): ReactElement {
  const meta = useMeta();
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
  const threshold = materiality(meta, currency, ranges.current);
  const moved = rows
    .flatMap((row) => {
      const split = splitChange(row, ranges);
      return split && !isZero(split.change) ? [{ row, split }] : [];
    })
    .sort((a, b) => byMoney(withoutSign(b.split.beyond), withoutSign(a.split.beyond)));
  if (threshold === null) return <Unjudged moved={moved} rest={rest?.count ?? 0} by={by} currency={currency} />;
  const loud = moved.filter(({ split }) => verdictOn(split.beyond, threshold) === 'worth-a-look');
  const quiet = moved.slice(loud.length);
  const count = quiet.length + (rest?.count ?? 0);
  const line = formatMoney(threshold.toFixed(0), currency, { precision: 'whole' });
  return (
    <>
      {loud.length > 0 ? (
        <ul className="change-list">
          {loud.map((one) => (
            <Told key={one.row.key} {...one} by={by} currency={currency} />
          ))}
        </ul>
      ) : (
        <Empty title="No change here is worth a look">
          <p>{count > 0 ? `Every change is below ${line}.` : 'Nothing changed.'}</p>
        </Empty>
      )}
      {count > 0 && (
        <details className="quiet-list">
          <summary>
            {formatCount(count, 'change')} within noise (below {line}): not worth a look
          </summary>
          <QuietList moved={quiet} rest={rest?.count ?? 0} by={by} currency={currency} />
        </details>
      )}
    </>
  );
}

interface QuietListProps {
  moved: Moved[];
  /** How many more there are. */
  rest: number;
  by: Dimension;
  currency: string | null;
}

function QuietList({ moved, rest, by, currency }: QuietListProps): ReactElement {
  const more = Math.max(0, moved.length - MOST_QUIET) + rest;
  return (
    <ul>
      {moved.slice(0, MOST_QUIET).map(({ row, split }) => (
        <li key={row.key}>
          <ValueLink by={by} row={row} />
          <Change change={split.beyond} ratio={null} currency={currency} verdict="noise" />
        </li>
      ))}
      {more > 0 && <li>and {formatCount(more, 'smaller one')}</li>}
    </ul>
  );
}

/** Where an engineer has no price in the currency: what changed, and no verdict on it. */
function Unjudged(props: QuietListProps): ReactElement {
  const { moved, rest, currency } = props;
  if (moved.length + rest === 0) return <Empty title="Nothing changed" />;
  return (
    <div className="quiet-list">
      <p>No price of an engineer in {currency ?? 'this currency'}, so no verdict.</p>
      <QuietList {...props} />
    </div>
  );
}

function Told({ row, split, by, currency }: Moved & { by: Dimension; currency: string | null }): ReactElement {
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
        <span className="sub">{tell(row, split, currency)}</span>
      </span>
      <Change
        change={split.beyond}
        ratio={row.isNew || row.isGone ? null : split.ratio}
        currency={currency}
        verdict="worth-a-look"
      />
    </li>
  );
}

function tell(row: Row, split: SplitChange, currency: string | null): string {
  const whole = (value: string): string => formatMoney(value, currency, { precision: 'whole' });
  if (row.isNew) return `first charges: ${whole(row.current)}`;
  if (row.isGone) return `no more charges; was ${whole(row.previous ?? '0')}`;
  const calendar = calendarInWords(split, currency);
  return inWords(split.change, row.current, currency) + (calendar ? `, ${calendar}` : '');
}
