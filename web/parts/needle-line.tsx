import type { ReactElement } from 'react';
import type { ChangesAnswer } from '../../api/contract/index.ts';
import { daysInWords, splitChange } from '../calendar.ts';
import { formatCount, formatMoney, withoutSign } from '../format.ts';
import { asEngineers, materiality, verdictOn } from '../needle.ts';
import { byMoney } from '../series.ts';
import { useMeta } from './meta.tsx';

/** One sentence: how many of the month's changes are worth anybody's time, measured in engineers and beside the calendar. */
export function NeedleLine({ answer }: { answer: ChangesAnswer }): ReactElement {
  const meta = useMeta();
  const { ranges, rows, BillingCurrency: currency } = answer;
  if (!ranges || !ranges.isPreviousComplete)
    return <p className="words">There is no earlier data to compare with yet.</p>;
  const threshold = materiality(meta, currency, ranges.current);
  if (threshold === null)
    return <p className="line">No price of an engineer in {currency ?? 'this currency'}, so no verdict.</p>;
  const splits = rows.flatMap((row) => splitChange(row, ranges) ?? []);
  const loud = splits
    .filter((split) => verdictOn(split.beyond, threshold) === 'worth-a-look')
    .sort((a, b) => byMoney(withoutSign(b.beyond), withoutSign(a.beyond)));
  const quiet = splits.filter((split) => Number(split.change) !== 0).length - loud.length + (answer.rest?.count ?? 0);
  const line = formatMoney(threshold.toFixed(0), currency, { precision: 'whole' });
  const engineers = loud[0] ? asEngineers(loud[0].beyond, meta, currency, ranges.current) : null;
  const days = splits[0]?.days ?? 0;
  return (
    <>
      <p className="words">
        {loud.length === 0 ? (
          <strong>No change here is worth a look.</strong>
        ) : (
          <>
            <strong>{formatCount(loud.length, 'change')} worth a look.</strong>
            {engineers !== null && ` The largest equals ${engineers.toFixed(1)} engineers.`}
          </>
        )}
      </p>
      {quiet > 0 && (
        <p className="line">
          {formatCount(quiet, 'change')} below {line}, what {meta.decisions.materialityEngineers} engineers cost in that
          time.
        </p>
      )}
      {days !== 0 && <p className="line">Judged per day: the month has {daysInWords(days)} than the one before.</p>}
    </>
  );
}
