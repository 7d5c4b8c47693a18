import type { DuckDBConnection } from '@duckdb/node-api';
import { readAccount } from '../../core/cloud-billing.ts';
import type { Config } from '../../core/config/schema.ts';
import { selectRows } from '../../core/duckdb.ts';
import { workspaceAt } from '../../core/workspace.ts';
import { accountAccess } from '../../ingest/cloud-billing/access.ts';
import { failed, ok, warning, type Finding } from './finding.ts';

const PATIENCE = { delaysMs: [], timeoutMs: 10_000 };
const NAMED = 5;
const STALE_DAYS = 3;
const DAY_MS = 86_400_000;

/** Whether Cloud Billing lets each configured account be read, and what it says of it; nothing where none is configured. */
export async function checkCloudBilling(config: Config): Promise<Finding[]> {
  if (!config.cloudBilling) return [];
  const access = await accountAccess(config.cloudBilling, PATIENCE);
  return access.map(({ accountId, fault }) => {
    const what = `billing account ${accountId}`;
    if (fault) return failed(what, fault.reason, fault.fix ?? 'see the message');
    const known = readAccount(workspaceAt(config.workspace), accountId);
    if (!known) return warning(what, 'may be read, and has not been yet', 'run `worthwhile run`');
    return ok(what, `may be read; ${known.projects.length} linked projects on ${known.fetchedAt.slice(0, 10)}`);
  });
}

interface PublishedAccount {
  id: string;
  name: string;
  isOpen: boolean;
  currency: string | null;
  charged: string | null;
  matches: boolean;
  fetched: string;
}

/** What the served generation knows of billing accounts: open or not, their currency, and whether every project is in the bill. */
export async function checkProjectCoverage(connection: DuckDBConnection, now: Date): Promise<Finding[]> {
  const accounts = await selectRows<PublishedAccount>(
    connection,
    `SELECT BillingAccountId AS id, x_BillingAccountName AS name, x_IsOpen AS "isOpen", BillingCurrency AS currency,
       x_ChargedCurrencies AS charged, x_CurrencyMatches AS matches, strftime(x_FetchedAt, '%Y-%m-%d') AS fetched
     FROM dim_billing_accounts ORDER BY 1`,
  );
  if (accounts.length === 0) return [];
  return [...accounts.map((account) => stateOf(account, now)), ...(await standings(connection))];
}

function stateOf({ id, name, isOpen, currency, charged, matches, fetched }: PublishedAccount, now: Date): Finding {
  const what = `state of ${name || id}`;
  const asOf = `as of ${fetched}`;
  if (!isOpen)
    return warning(what, `closed, ${asOf}`, 'reopen it in Google Cloud, or take it out of `cloudBilling.accounts`');
  if (charged === null)
    return warning(what, `open, and no charge of it has arrived, ${asOf}`, 'name its billing export under `sources`');
  if (!matches) {
    return warning(
      what,
      `bills in ${currency}, its newest month has ${charged.replaceAll(',', ' and ')}, ${asOf}`,
      'see that the sources hold the export of this account alone; currencies are never added up',
    );
  }
  if (now.getTime() - Date.parse(fetched) > STALE_DAYS * DAY_MS)
    return warning(what, `open, ${asOf}`, 'see above why it could not be read since, then `worthwhile run`');
  return ok(what, `open, ${currency ?? 'currency not stated'}, ${asOf}`);
}

/** By status: how a finding puts it, and what to do; without a next step it is only said. */
const STANDINGS: readonly [status: string, says: string, fix: string | null][] = [
  [
    'missing',
    'linked with billing on, and not one charge has arrived',
    'fine where they cost nothing; otherwise see that the export of their account is a source',
  ],
  [
    'unlinked',
    'charged within 60 days, and no longer linked to a configured account',
    'see whether they were shut down; if they moved, name their new account in `cloudBilling.accounts` and its export under `sources`',
  ],
  ['moved', 'now linked to another configured account', 'see that the export of that account is a source too'],
  ['disabled', 'linked with billing off', 'switch billing on again, or unlink them'],
  ['new', 'first charged within 30 days', null],
];

async function standings(connection: DuckDBConnection): Promise<Finding[]> {
  const rows = await selectRows<{ status: string; names: string[] }>(
    connection,
    `SELECT x_ProjectStatus AS status,
       list(SubAccountId ORDER BY abs(BilledCost) DESC NULLS LAST, SubAccountId) AS names
     FROM fct_project_coverage GROUP BY 1`,
  );
  const byStatus = new Map(rows.map(({ status, names }) => [status, names]));
  const findings = STANDINGS.flatMap(([status, says, fix]) => {
    const names = byStatus.get(status);
    if (!names) return [];
    const detail = `${names.length} ${says}: ${listed(names)}`;
    return [fix ? warning(`${status} projects`, detail, fix) : ok(`${status} projects`, detail)];
  });
  const covered = byStatus.get('covered')?.length ?? 0;
  return [...findings, ok('covered projects', `${covered} linked and charged`)];
}

function listed(names: string[]): string {
  const more = names.length - NAMED;
  return names.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** How new the newest price list and recommendations are. */
export async function checkSnapshots(connection: DuckDBConnection, now: Date): Promise<Finding[]> {
  const rows = await selectRows<{ name: string; kind: string; day: string | null; rows: string }>(
    connection,
    `SELECT x_SourceName AS name, x_SourceKind AS kind, strftime(x_SnapshotTime, '%Y-%m-%d') AS day,
       CAST(x_RowCount AS VARCHAR) AS "rows"
     FROM fct_snapshots ORDER BY 1`,
  );
  return rows.map(({ name, kind, day, rows: count }) => {
    const what = `freshness of ${name}`;
    const detail = `${kind === 'gcp-pricing' ? 'price list' : 'recommendations'} of ${day ?? 'no known day'}, ${count} rows`;
    const isStale = day === null || now.getTime() - Date.parse(day) > STALE_DAYS * DAY_MS;
    return isStale || count === '0'
      ? warning(what, detail, 'see that the export still arrives, then `worthwhile run`')
      : ok(what, detail);
  });
}
