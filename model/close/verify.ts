import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { closesFolder, closesInForce, closesOf, sealOf, type Close } from '../../core/closes.ts';
import type { Config } from '../../core/config/schema.ts';
import { selectRows } from '../../core/duckdb.ts';
import { WorthwhileError } from '../../core/errors.ts';
import { readLedger, sha256Of, type Ledger } from '../../core/ledger.ts';
import { workspaceAt, type Workspace } from '../../core/workspace.ts';
import { currentGeneration } from '../generation.ts';
import { readingPublished } from './published.ts';
import { publishedRows, readSealed, type DamagedRow, type SealedRow } from './sealed-rows.ts';

/** `warning`: nothing is wrong, and somebody should know. */
export interface Verified {
  what: string;
  status: 'ok' | 'warning' | 'failed';
  detail: string;
}

/**
 * Recomputes every seal and the chains between them, holds the published months against what was sealed, and adds up what is
 * published once more. Says of each difference which file, row and bytes it is in. Changes nothing and takes no lock.
 */
export async function verify(config: Config): Promise<Verified[]> {
  const workspace = workspaceAt(config.workspace);
  const ledger = readLedger(workspace);
  const findings = ledgerFindings(ledger);
  let closes: Close[];
  let inForce: Close[];
  try {
    closes = closesOf(ledger.entries);
    inForce = closesInForce(ledger.entries);
  } catch (error) {
    if (!(error instanceof WorthwhileError)) throw error;
    return [...findings, failed('ledger', `${error.reason}: ${error.on}`)];
  }
  findings.push(...strayFiles(workspace, closes));
  const served = currentGeneration(workspace);
  if (!served) return [...findings, ...sealFindings(workspace, closes, new Map())];
  return readingPublished(served.path, async (connection) => {
    const published = new Map<string, SealedRow[]>();
    for (const { month } of inForce) published.set(month, await publishedRows(connection, month));
    return [
      ...findings,
      ...sealFindings(workspace, closes, published),
      ...(await publishedFindings(connection, workspace, inForce, published)),
      ...(await reconciliation(connection)),
    ];
  });
}

function ledgerFindings({ entries, damage, unfinished }: Ledger): Verified[] {
  const findings: Verified[] = damage.map(({ file, what }) => failed('ledger', `${file} ${what}`));
  if (unfinished.length > 0)
    findings.push(
      warning(
        'ledger',
        `left by a process that died while it wrote; no decision is in it alone: ${unfinished.join(', ')}`,
      ),
    );
  if (damage.length > 0) return findings;
  const chain = entries.length === 1 ? '1 decision, whole' : `${entries.length} decisions follow from each other`;
  return [...findings, ok('ledger', chain)];
}

function strayFiles(workspace: Workspace, closes: Close[]): Verified[] {
  const folder = closesFolder(workspace);
  if (!existsSync(folder)) return [];
  const named = new Set(closes.map(({ rows }) => rows.file));
  return readdirSync(folder)
    .filter((name) => !named.has(name))
    .map((name) =>
      warning('ledger', `no decision names ${join(folder, name)}; it is of a close that was not finished`),
    );
}

/** Every version of every closed month against its seal. */
function sealFindings(workspace: Workspace, closes: Close[], published: Map<string, SealedRow[]>): Verified[] {
  return closes.flatMap((close, index) => {
    const what = `seal of ${close.month}, version ${close.version}`;
    const differences: string[] = [];
    if (sealOf(close) !== close.seal) differences.push('the facts in the ledger do not give the seal they bear');
    if (close.previousSeal !== (closes[index - 1]?.seal ?? null))
      differences.push('it does not follow from the close before it');
    differences.push(...rowDifferences(workspace, close, published.get(close.month) ?? []));
    return differences.length > 0
      ? differences.map((difference) => failed(what, difference))
      : [ok(what, `${close.rows.count} rows, ${close.seal}`)];
  });
}

function rowDifferences(workspace: Workspace, { rows, totals }: Close, published: SealedRow[]): string[] {
  const path = join(closesFolder(workspace), rows.file);
  if (!existsSync(path)) return [`${path} is gone`];
  const text = readFileSync(path, 'utf8');
  if (sha256Of(text) === rows.sha256) {
    const told = JSON.stringify(totalsOf(readSealed(text).rows));
    return told === JSON.stringify(totals)
      ? []
      : [`the rows of ${path} add up to ${told}, and sealed is ${JSON.stringify(totals)}`];
  }
  const { rows: intact, damaged } = readSealed(text);
  if (damaged)
    return [
      `${path} differs from row ${damaged.row} on (bytes ${damaged.from} to ${damaged.to})${says(damaged, published)}`,
    ];
  const bytes = Buffer.byteLength(text);
  return [
    `${path} has ${intact.length} rows in ${bytes} bytes, and sealed are ${rows.count} in ${rows.bytes}: it was cut off, added to or written anew`,
  ];
}

/** What a changed row says against what is published of it, if it is still published. */
function says({ row, says: now }: DamagedRow, published: SealedRow[]): string {
  const was = published[row - 1];
  if (now === null) return ', which cannot be read as a row';
  if (!was) return '';
  const columns = Object.keys({ ...was, ...now }).filter((column) => was[column] !== now[column]);
  return columns.map((column) => `; ${column} is ${quoted(now[column])}, published is ${quoted(was[column])}`).join('');
}

const quoted = (value: string | null | undefined): string => JSON.stringify(value ?? null);

function totalsOf(rows: SealedRow[]): Close['totals'] {
  const sums = new Map<string, bigint[]>();
  for (const row of rows.filter((one) => one['x_Table'] === 'chargeback')) {
    const currency = row['BillingCurrency']!;
    const before = sums.get(currency) ?? COSTS.map(() => 0n);
    sums.set(
      currency,
      before.map((sum, index) => sum + BigInt(row[COSTS[index]!]!.replace('.', ''))),
    );
  }
  return Object.fromEntries(
    [...sums]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([currency, of]) => {
        const [ListCost, ContractedCost, BilledCost, EffectiveCost] = of.map(decimal) as [
          string,
          string,
          string,
          string,
        ];
        return [currency, { ListCost, ContractedCost, BilledCost, EffectiveCost }];
      }),
  );
}

const COSTS = ['ListCost', 'ContractedCost', 'BilledCost', 'EffectiveCost'];

function decimal(nanos: bigint): string {
  const digits = (nanos < 0n ? -nanos : nanos).toString().padStart(10, '0');
  return `${nanos < 0n ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

/** What is published of closed months against the seals that hold. */
async function publishedFindings(
  connection: DuckDBConnection,
  workspace: Workspace,
  inForce: Close[],
  published: Map<string, SealedRow[]>,
): Promise<Verified[]> {
  const findings: Verified[] = [];
  const told = await selectRows<{ month: string; seal: string }>(
    connection,
    "SELECT strftime(BillingPeriodStart, '%Y-%m') AS month, x_Seal AS seal FROM fct_closes ORDER BY 1",
  );
  for (const { month, seal } of told) {
    if (inForce.some((close) => close.seal === seal)) continue;
    const detail = `published with seal ${seal}, which no close in the ledger bears that holds`;
    findings.push(
      failed(`published ${month}`, `${detail}; run \`worthwhile build\` if it was reopened, or restore the ledger`),
    );
  }
  for (const close of inForce) {
    const what = `published ${close.month}`;
    const path = join(closesFolder(workspace), close.rows.file);
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    // Of a file that is not as sealed there is nothing to hold the published rows against.
    if (sha256Of(text) !== close.rows.sha256) continue;
    const difference = firstDifference(readSealed(text).rows, published.get(close.month)!);
    if (difference) findings.push(failed(what, `not as sealed: ${difference}`));
    else if (told.some(({ seal }) => seal === close.seal)) findings.push(ok(what, 'as sealed, row by row'));
    else findings.push(warning(what, 'as sealed, but not yet published as closed: run `worthwhile build`'));
  }
  return findings;
}

function firstDifference(sealed: SealedRow[], published: SealedRow[]): string | null {
  for (let index = 0; index < Math.max(sealed.length, published.length); index++) {
    const [a, b] = [sealed[index], published[index]];
    if (!a || !b) return `${sealed.length} rows are sealed and ${published.length} published`;
    const column = Object.keys(a).find((name) => a[name] !== b[name]);
    if (column)
      return `row ${index + 1} (${a['SquadId']}, ${a['ComponentId'] ?? 'no component'}, ${a['ServiceName'] ?? 'no service'}): ${column} is ${quoted(b[column])}, sealed is ${quoted(a[column])}`;
  }
  return null;
}

async function reconciliation(connection: DuckDBConnection): Promise<Verified[]> {
  const what = 'reconciliation';
  const broken = await selectRows<{ text: string }>(
    connection,
    `SELECT x_Reconciliation || coalesce(' of ' || strftime(BillingPeriodStart, '%Y-%m'), '') || ', ' || x_CostColumn || ' is off by '
       || CAST(x_Difference AS VARCHAR) || ' ' || BillingCurrency AS text
     FROM fct_reconciliation WHERE NOT x_Holds OR x_Actual - x_Expected <> x_Difference ORDER BY 1`,
  );
  // Added up once more from the published rows: what is charged in all months is what the bills of all months say.
  const sums = COSTS.map((column) => `sum(${column})`).join(', ');
  const apart = await selectRows<{ currency: string }>(
    connection,
    `SELECT coalesce(c.currency, n.currency) AS currency
     FROM (SELECT BillingCurrency AS currency, row(${sums}) AS sums FROM fct_chargeback GROUP BY 1) c
     FULL JOIN (SELECT BillingCurrency AS currency, row(${sums}) AS sums FROM fct_computed_chargeback GROUP BY 1) n
       ON n.currency = c.currency
     WHERE c.sums IS DISTINCT FROM n.sums ORDER BY 1`,
  );
  if (broken.length + apart.length === 0)
    return [ok(what, 'every sum ties, and what is charged over all months is what was billed')];
  return [
    ...broken.map(({ text }) => failed(what, text)),
    ...apart.map(({ currency }) =>
      failed(what, `what is charged over all months in ${currency} is not what was billed`),
    ),
  ];
}

const ok = (what: string, detail: string): Verified => ({ what, status: 'ok', detail });
const warning = (what: string, detail: string): Verified => ({ what, status: 'warning', detail });
const failed = (what: string, detail: string): Verified => ({ what, status: 'failed', detail });
