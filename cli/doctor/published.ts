import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Config } from '../../core/config/schema.ts';
import { openDatabase, selectRows, sqlText } from '../../core/duckdb.ts';
import type { Effects } from '../../core/effects.ts';
import { workspaceAt } from '../../core/workspace.ts';
import { checkProjectCoverage, checkSnapshots } from './cloud-billing.ts';
import { failed, ok, warning, type Finding } from './finding.ts';
import { checkMeasureGaps } from './measures.ts';

const STALE_DAYS = 3;
const DAY_MS = 86_400_000;

/** What the served generation says of itself: age, freshness, coverage, reconciliation. */
export async function checkPublished(config: Config, effects: Effects): Promise<Finding[]> {
  const workspace = workspaceAt(config.workspace);
  const fix = 'run `worthwhile run`';
  if (!existsSync(workspace.currentPointer)) return [warning('generation', 'nothing has been published yet', fix)];
  const path = join(workspace.warehouse, readFileSync(workspace.currentPointer, 'utf8').trim());
  if (!existsSync(path)) return [failed('generation', `the served file ${path} is gone`, fix)];
  const database = await openDatabase();
  try {
    const { connection } = database;
    await connection.run(`ATTACH ${sqlText(path)} AS published (READ_ONLY)`);
    await connection.run('USE published');
    return [
      ...(await checkGeneration(connection)),
      ...(await checkFreshness(connection, effects.now())),
      ...(await checkSnapshots(connection, effects.now())),
      ...(await checkProjectCoverage(connection, effects.now())),
      ...(await checkMeasureGaps(connection)),
      ...(await checkCoverage(connection)),
      ...(await checkReconciliation(connection)),
    ];
  } finally {
    database.close();
  }
}

async function checkGeneration(connection: DuckDBConnection): Promise<Finding[]> {
  const rows = await selectRows<{ x_Generation: string; built: string }>(
    connection,
    "SELECT x_Generation, strftime(x_BuiltAt, '%Y-%m-%d %H:%M') AS built FROM meta_generation",
  );
  return rows.map((row) => ok('generation', `${row.x_Generation}, built ${row.built} UTC`));
}

async function checkFreshness(connection: DuckDBConnection, now: Date): Promise<Finding[]> {
  const rows = await selectRows<{ name: string; lastDay: string | null; batches: string; missing: string }>(
    connection,
    `SELECT x_SourceName AS name, CAST(x_LastChargeDay AS VARCHAR) AS "lastDay", CAST(x_BatchCount AS VARCHAR) AS batches,
       CAST(x_MissingPartitionCount AS VARCHAR) AS missing
     FROM fct_freshness ORDER BY 1`,
  );
  return rows.map(({ name, lastDay, batches, missing }) => {
    const what = `freshness of ${name}`;
    const gone = missing === '0' ? '' : `; ${missing} partitions are no longer at the source (their rows are kept)`;
    if (lastDay === null)
      return warning(what, `no charge in ${batches} batches${gone}`, 'see that its files hold rows');
    const age = Math.floor((now.getTime() - Date.parse(lastDay)) / DAY_MS);
    const detail = `last charge of ${lastDay}, ${age} days ago; ${batches} batches${gone}`;
    return age > STALE_DAYS
      ? warning(what, detail, 'see that the export still arrives, then `worthwhile run`')
      : ok(what, detail);
  });
}

/** Below this, most of what a squad sees is not what it spends. */
const LOW_COVERAGE_PER_CENT = 50;

async function checkCoverage(connection: DuckDBConnection): Promise<Finding[]> {
  const rows = await selectRows<{ month: string; currency: string; share: string | null }>(
    connection,
    `SELECT strftime(BillingPeriodStart, '%Y-%m') AS month, BillingCurrency AS currency,
       CAST(round(100 * sum(x_AbsoluteBilledCost) FILTER (WHERE x_AttributionStep <> 'unallocated')
         / nullif(sum(x_AbsoluteBilledCost), 0), 1) AS VARCHAR) AS share
     FROM fct_coverage WHERE BillingPeriodStart = (SELECT max(BillingPeriodStart) FROM fct_coverage)
     GROUP BY ALL ORDER BY ALL`,
  );
  return rows.map(({ month, currency, share }) => {
    const detail = `${share ?? '0.0'} % of ${currency} spend of ${month} has an owner`;
    return Number(share ?? 0) < LOW_COVERAGE_PER_CENT
      ? warning('coverage', detail, 'the Unallocated page ranks what to label first by the money behind it')
      : ok('coverage', detail);
  });
}

async function checkReconciliation(connection: DuckDBConnection): Promise<Finding[]> {
  const rows = await selectRows<{ name: string; difference: string; holds: boolean }>(
    connection,
    `SELECT x_Reconciliation || coalesce(' of ' || strftime(BillingPeriodStart, '%Y-%m'), '') || ', ' || x_CostColumn AS name,
       CAST(x_Difference AS VARCHAR) || ' ' || BillingCurrency AS difference, x_Holds AS holds FROM fct_reconciliation ORDER BY 1`,
  );
  const broken = rows.filter(({ holds }) => !holds);
  if (broken.length === 0) return [ok('reconciliation', `${rows.length} sums tie exactly`)];
  return broken.map(({ name, difference }) =>
    failed(
      'reconciliation',
      `${name} is off by ${difference}`,
      'run `worthwhile build --force`; if it stays, report it',
    ),
  );
}
