import type { DuckDBConnection } from '@duckdb/node-api';
import type { CatalogLoad } from '../../core/catalog.ts';
import type { Close, MonthState } from '../../core/closes.ts';
import type { Config } from '../../core/config/schema.ts';
import { selectRows } from '../../core/duckdb.ts';
import { sha256Of } from '../../core/ledger.ts';
import type { BatchMonths } from '../months/changed-months.ts';

/** What charges follow from, besides batches. */
export interface Basis {
  config: Pick<Config, 'attribution' | 'pools'>;
  loads: CatalogLoad[];
  modelHash: string;
}

/** Hashes over what the charges of each month (`YYYY-MM`) follow from; reads the drivers from the connection's input tables. */
export async function monthStates(
  connection: DuckDBConnection,
  months: string[],
  batches: BatchMonths[],
  { config, loads }: Pick<Basis, 'config' | 'loads'>,
): Promise<Record<string, MonthState>> {
  const states: Record<string, MonthState> = {};
  for (const month of months) {
    const from = `${month}-01`;
    const ofMonth = batches.filter(({ billingPeriods }) => billingPeriods.includes(from));
    const [drivers] = await selectRows<{ hash: string | null }>(
      connection,
      `SELECT md5(string_agg(line, chr(10) ORDER BY line)) AS hash FROM (
         SELECT CAST(v AS VARCHAR) AS line FROM inp_measure_values v WHERE v.x_MeasureKind = 'driver'
         AND v.x_PeriodStart <= last_day($1::VARCHAR::DATE) AND v.x_PeriodEnd > $1::VARCHAR::DATE)`,
      [from],
    );
    states[month] = {
      batches: sha256Of(ofMonth.map(({ source, batchId }) => JSON.stringify([source, batchId])).sort()),
      // The first load stands for all days before it too.
      catalog: sha256Of(loads.filter(({ validFrom }, index) => index === 0 || validFrom < dayAfter(month)).map(idOf)),
      drivers: config.pools.some(({ driver }) => driver) ? (drivers!.hash ?? '') : '',
      attribution: sha256Of(asUntil(config.attribution, dayAfter(month))),
      pools: sha256Of(asUntil(config.pools, dayAfter(month))),
    };
  }
  return states;
}

/** How a closed month's charges may have come to differ since its true-ups were last sealed. */
export interface MonthChanges {
  hasOtherRows: boolean;
  /** What else differs, for people; null where nothing does. */
  changed: string | null;
}

/**
 * What differs for a closed month between the state it was last trued up to and now. Whoever closed a later month sealed its
 * true-ups with it.
 */
export function changesOf(month: string, closes: Close[], now: MonthState, { modelHash }: Basis): MonthChanges {
  const last = closes.findLast((close) => close.month >= month && close.states[month]);
  if (!last) return { hasOtherRows: false, changed: null };
  const before = last.states[month]!;
  const changed = [
    before.catalog !== now.catalog && 'catalog',
    before.attribution !== now.attribution && 'attribution',
    before.pools !== now.pools && 'pools',
    before.drivers !== now.drivers && 'drivers',
    last.modelHash !== modelHash && 'model',
  ].filter((name) => name !== false);
  return {
    hasOtherRows: before.batches !== now.batches,
    changed: changed.length > 0 ? changed.join(', ') : null,
  };
}

/** A part of the configuration as it holds for days before `day`: without what begins later, and without ends that come later. */
export function asUntil(part: unknown, day: string): unknown {
  const begins = (item: unknown): string => (item as { from?: string } | null)?.from ?? '';
  if (Array.isArray(part)) return part.filter((item) => begins(item) < day).map((item) => asUntil(item, day));
  if (part === null || typeof part !== 'object') return part;
  const kept = Object.entries(part).filter(
    ([name, value]) => !(name === 'to' && typeof value === 'string' && value >= day),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, asUntil(value, day)]));
}

/** First day after a month. */
export function dayAfter(month: string): string {
  return new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 1)).toISOString().slice(0, 10);
}

const idOf = ({ validFrom, sha256 }: CatalogLoad): [string, string] => [validFrom, sha256];
