import type { DuckDBConnection } from '@duckdb/node-api';
import { selectRows, sqlText } from '../../core/duckdb.ts';

const FIRST_YEAR = 2000;
const LAST_YEAR = 2060;

interface Shift {
  /** From this instant on, as ISO text, the clock is ahead of UTC by `offset` microseconds (behind where negative). */
  from: string;
  offset: string;
}

/**
 * `billing_day(instant)`: the day on the billing clock, as DuckDB's own `AT TIME ZONE` tells it, at a tenth of its cost: the
 * clock's changes are looked up once and become a tree of comparisons. Instants outside 2000 to 2060 take the slow way.
 */
export async function billingDayMacro(connection: DuckDBConnection, timezone: string): Promise<string> {
  const shifts = await shiftsOf(connection, timezone);
  const [first, end] = [FIRST_YEAR, LAST_YEAR].map((year) => `TIMESTAMPTZ '${year}-01-01 00:00:00+00'`);
  return `CREATE MACRO billing_day(instant) AS CASE
    WHEN instant >= ${first} AND instant < ${end} THEN CAST(make_timestamp(epoch_us(instant) + ${decide(shifts)}) AS DATE)
    ELSE CAST(instant AT TIME ZONE ${sqlText(timezone)} AS DATE) END`;
}

function decide(shifts: Shift[]): string {
  if (shifts.length === 1) return `${shifts[0]!.offset}::BIGINT`;
  const middle = shifts.length >> 1;
  const later = shifts.slice(middle);
  return `CASE WHEN instant < TIMESTAMPTZ ${sqlText(later[0]!.from)} THEN ${decide(shifts.slice(0, middle))} ELSE ${decide(later)} END`;
}

/** Compares the clock day by day, then the days on which it changes quarter hour by quarter hour: no zone shifts in between. */
async function shiftsOf(connection: DuckDBConnection, timezone: string): Promise<Shift[]> {
  return selectRows<Shift>(
    connection,
    `WITH days AS (
       SELECT instant FROM range(TIMESTAMPTZ '${FIRST_YEAR}-01-01 00:00:00+00', TIMESTAMPTZ '${LAST_YEAR}-01-01 00:00:00+00', INTERVAL 1 DAY) AS t(instant)
     ),
     told AS (
       SELECT instant, epoch_us(instant AT TIME ZONE $1::VARCHAR) - epoch_us(instant) AS utc_offset FROM days
     ),
     changing AS (
       SELECT instant FROM told
       QUALIFY lead(utc_offset) OVER (ORDER BY instant) <> utc_offset
     ),
     quarters AS (
       SELECT unnest(range(instant, instant + INTERVAL 24 HOUR + INTERVAL 15 MINUTE, INTERVAL 15 MINUTE)) AS instant FROM changing
     ),
     steps AS (
       SELECT instant, epoch_us(instant AT TIME ZONE $1::VARCHAR) - epoch_us(instant) AS utc_offset FROM quarters
       UNION
       SELECT instant, utc_offset FROM told WHERE instant = TIMESTAMPTZ '${FIRST_YEAR}-01-01 00:00:00+00'
     )
     SELECT instant::VARCHAR AS "from", utc_offset::VARCHAR AS "offset" FROM steps
     QUALIFY coalesce(lag(utc_offset) OVER (ORDER BY instant) <> utc_offset, true)
     ORDER BY instant`,
    [timezone],
  );
}
