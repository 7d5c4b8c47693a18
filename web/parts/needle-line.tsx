import type { ReactElement } from 'react';
import type { ChangesAnswer } from '../../api/contract/index.ts';
import { formatCount, formatMoney } from '../format.ts';
import { asEngineers, materiality, verdictOn } from '../needle.ts';
import { useMeta } from './meta.tsx';

/** One sentence: how many of the month's changes are worth anybody's time, measured in engineers. */
export function NeedleLine({ answer }: { answer: ChangesAnswer }): ReactElement {
  const { decisions } = useMeta();
  const { ranges, rows, BillingCurrency: currency } = answer;
  if (!ranges || !ranges.isPreviousComplete)
    return <p className="words">There is no earlier data to compare with yet.</p>;
  const threshold = materiality(decisions, ranges.current);
  const loud = rows.filter((row) => verdictOn(row.change, threshold) === 'worth-a-look');
  const quiet = rows.length - loud.length + (answer.rest?.count ?? 0);
  const line = formatMoney(threshold.toFixed(0), currency, { precision: 'whole' });
  const top = loud[0];
  return (
    <>
      <p className="words">
        {loud.length === 0 ? (
          <strong>No. Nothing here is worth a look.</strong>
        ) : (
          <>
            <strong>Yes: {formatCount(loud.length, 'change')} worth a look.</strong>
            {top?.change &&
              ` The largest equals ${asEngineers(top.change, decisions, ranges.current).toFixed(1)} engineers.`}
          </>
        )}
      </p>
      <p className="line">
        {formatCount(quiet, 'change')} below {line}, what {decisions.materialityEngineers} engineers cost in that time.
      </p>
    </>
  );
}
