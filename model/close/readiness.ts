import type { DuckDBConnection } from '@duckdb/node-api';
import type { Config } from '../../core/config/schema.ts';
import { selectRows } from '../../core/duckdb.ts';
import type { LakeBatch } from '../../core/lake.ts';
import type { BatchMonths } from '../months/changed-months.ts';
import { dayAfter } from './month-states.ts';

/** `refused`: the month cannot be closed. `warning`: it can, by someone who says that it may be. */
export interface Readiness {
  what: 'reconciliation' | 'coverage' | 'freshness' | 'still to come';
  status: 'ok' | 'warning' | 'refused';
  detail: string;
}

/** Above this part of a month's charges without an owner, closing needs a yes. */
const HIGH_UNALLOCATED_PER_CENT = 10;
/** Where the exports do not tell how late rows come, a month is taken to be moving for this many days after its end. */
const USUAL_LATE_DAYS = 7;
const RECENT_DAYS = 2;
/** A batch over more days than this does not tell of which month its newest rows are. */
const LONGEST_TELLING_BATCH_DAYS = 100;
const DAY_MS = 86_400_000;

/** Whether a month of the attached generation is fit to be closed, and what may still come. */
export async function readinessOf(
  connection: DuckDBConnection,
  month: string,
  given: { config: Config; batches: LakeBatch[]; months: BatchMonths[]; now: Date },
): Promise<Readiness[]> {
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: given.config.timezone }).format(given.now);
  const age = daysBetween(dayAfter(month), today);
  if (age < 0) {
    const detail = `${month} is not over: its last day is ${dayBefore(dayAfter(month))}, and it is ${today}`;
    return [{ what: 'freshness', status: 'refused', detail }];
  }
  return [
    await reconciliation(connection, month),
    ...(await coverage(connection, month)),
    await lastDays(connection, month, age),
    stillToCome(month, age, given),
  ];
}

async function reconciliation(connection: DuckDBConnection, month: string): Promise<Readiness> {
  const rows = await selectRows<{ name: string; difference: string; holds: boolean }>(
    connection,
    `SELECT x_Reconciliation || ', ' || x_CostColumn AS name, CAST(x_Difference AS VARCHAR) || ' ' || BillingCurrency AS difference,
       x_Holds AS holds FROM fct_reconciliation WHERE BillingPeriodStart = $1::VARCHAR::DATE OR BillingPeriodStart IS NULL ORDER BY 1`,
    [`${month}-01`],
  );
  const broken = rows.find(({ holds }) => !holds);
  const what = 'reconciliation';
  if (broken) return { what, status: 'refused', detail: `${broken.name} is off by ${broken.difference}` };
  return { what, status: 'ok', detail: `${rows.length} sums tie exactly` };
}

async function coverage(connection: DuckDBConnection, month: string): Promise<Readiness[]> {
  const rows = await selectRows<{ currency: string; share: string }>(
    connection,
    `SELECT BillingCurrency AS currency, CAST(coalesce(round(100 * sum(x_AbsoluteBilledCost)
       FILTER (WHERE x_AttributionStep = 'unallocated') / nullif(sum(x_AbsoluteBilledCost), 0), 1), 0) AS VARCHAR) AS share
     FROM fct_coverage WHERE BillingPeriodStart = $1::VARCHAR::DATE GROUP BY 1 ORDER BY 1`,
    [`${month}-01`],
  );
  return rows.map(({ currency, share }) => ({
    what: 'coverage',
    status: Number(share) > HIGH_UNALLOCATED_PER_CENT ? 'warning' : 'ok',
    detail: `${share} % of ${currency} spend has no owner`,
  }));
}

async function lastDays(connection: DuckDBConnection, month: string, age: number): Promise<Readiness> {
  const [row] = await selectRows<{ day: string | null }>(
    connection,
    'SELECT CAST(x_LastCompleteDay AS VARCHAR) AS day FROM meta_generation',
  );
  const lastDay = dayBefore(dayAfter(month));
  const complete = row?.day ?? null;
  const ended = `it ended ${age} days ago`;
  if (complete !== null && complete >= lastDay)
    return { what: 'freshness', status: 'ok', detail: `${ended}, and usage is complete up to ${complete}` };
  const known = complete === null ? 'no day of usage is complete yet' : `usage is complete only up to ${complete}`;
  return { what: 'freshness', status: 'warning', detail: `${ended}, but ${known}` };
}

function stillToCome(
  month: string,
  age: number,
  { batches, months, now }: { batches: LakeBatch[]; months: BatchMonths[]; now: Date },
): Readiness {
  const what = 'still to come';
  const arrivals = arrivalsOf(batches, months);
  const newest = arrivals.get(month)?.newest;
  const silent = newest ? Math.floor((now.getTime() - Date.parse(newest)) / DAY_MS) : null;
  if (newest && silent! < RECENT_DAYS)
    return { what, status: 'warning', detail: `rows of it arrived as late as ${newest.slice(0, 10)}` };
  const earlier = [...arrivals].filter(([of]) => of < month).slice(-6);
  if (earlier.length === 0) {
    const detail = `the exports do not tell how late rows of a month come; taken to be ${USUAL_LATE_DAYS} days`;
    return { what, status: age < USUAL_LATE_DAYS ? 'warning' : 'ok', detail };
  }
  const latest = Math.max(...earlier.map(([, { lateDays }]) => lateDays));
  const detail = `rows of earlier months came up to ${latest} days after their end (${earlier.length} looked at)`;
  return { what, status: age <= latest ? 'warning' : 'ok', detail };
}

/** For each month, oldest first, the newest export with rows of it, and how many days after the month's end that was. */
function arrivalsOf(batches: LakeBatch[], months: BatchMonths[]): Map<string, { newest: string; lateDays: number }> {
  const monthsOf = new Map(months.map((batch) => [`${batch.source} ${batch.batchId}`, batch.billingPeriods]));
  const arrivals = new Map<string, { newest: string; lateDays: number }>();
  for (const { manifest } of batches) {
    const { exportTimeMax, chargePeriodMin, chargePeriodMax } = manifest;
    if (!exportTimeMax || !chargePeriodMin || !chargePeriodMax) continue;
    if (daysBetween(chargePeriodMin.slice(0, 10), chargePeriodMax.slice(0, 10)) > LONGEST_TELLING_BATCH_DAYS) continue;
    const newest = new Date(exportTimeMax).toISOString();
    for (const period of monthsOf.get(`${manifest.source} ${manifest.batchId}`) ?? []) {
      const month = period.slice(0, 7);
      if (newest <= (arrivals.get(month)?.newest ?? '')) continue;
      const lateDays = Math.max(0, daysBetween(dayAfter(month), newest.slice(0, 10)) + 1);
      arrivals.set(month, { newest, lateDays });
    }
  }
  return new Map([...arrivals].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

function dayBefore(day: string): string {
  return new Date(Date.parse(day) - DAY_MS).toISOString().slice(0, 10);
}
