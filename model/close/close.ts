import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { writeFileAtomic } from '../../core/atomic-file.ts';
import { closesFolder, closesInForce, closesOf, sealOf, type Close, type SealedFacts } from '../../core/closes.ts';
import type { Config } from '../../core/config/schema.ts';
import { selectRows } from '../../core/duckdb.ts';
import type { Effects } from '../../core/effects.ts';
import { WorthwhileError } from '../../core/errors.ts';
import { appendDecision, ledgerEntries, sha256Of, type LedgerEntry } from '../../core/ledger.ts';
import { workspaceAt, type Workspace } from '../../core/workspace.ts';
import { fingerprintOf, readInputs, type BuildInputs } from '../build-inputs.ts';
import { currentGeneration, type Generation, type GenerationFacts } from '../generation.ts';
import { loadMeasureValues } from '../inputs/measure-rows.ts';
import { inputTables } from '../inputs/tables.ts';
import { monthStates } from './month-states.ts';
import { readingPublished } from './published.ts';
import { readinessOf, type Readiness } from './readiness.ts';
import { publishedRows, sealedText } from './sealed-rows.ts';

export interface CloseRequest {
  /** `YYYY-MM`. */
  month: string;
  by: string;
  reason: string | null;
  /** Close although there are warnings. */
  accept: boolean;
  /** Look only; nothing is sealed. */
  check: boolean;
}

export interface CloseReport {
  month: string;
  checks: Readiness[];
  /** Null where nothing was sealed, because that was all that was asked. */
  closed: Close | null;
}

const COSTS = ['ListCost', 'ContractedCost', 'BilledCost', 'EffectiveCost'] as const;

/**
 * Seals a month's chargeback as it is published: rows into a file that never changes, and what they were made from into the ledger.
 * The caller holds the workspace, and builds afterwards. Throws CLOSE_REFUSED saying what stands against it, NOT_BUILT where what is
 * published is not what the workspace would give, LEDGER_CORRUPT.
 */
export async function closeMonth(
  config: Config,
  request: CloseRequest,
  effects: Effects,
  modelFolder = join(import.meta.dirname, '..'),
): Promise<CloseReport> {
  const { month } = request;
  const inputs = readInputs(config, modelFolder);
  const served = servedGeneration(config, inputs);
  const entries = ledgerEntries(inputs.workspace);
  return readingPublished(served.path, async (connection) => {
    await refuseOutOfTurn(connection, month, closesInForce(entries));
    const given = { config, batches: inputs.batches, months: served.facts.months.batches, now: effects.now() };
    const checks = await readinessOf(connection, month, given);
    const refusal = checks.find(({ status }) => status === 'refused');
    if (refusal) throw refused(month, refusal.detail, 'nothing was closed');
    if (request.check) return { month, checks, closed: null };
    const doubts = checks.filter(({ status }) => status === 'warning').map(({ what, detail }) => `${what}: ${detail}`);
    if (doubts.length > 0 && !request.accept)
      throw refused(
        month,
        `there is reason to wait; ${doubts.join('; ')}`,
        'nothing was closed; close it with --yes, and say why with --reason, if it may be closed all the same',
      );
    const closed = await seal(connection, { config, inputs, served, entries, doubts, request }, effects);
    return { month, checks, closed };
  });
}

type Served = Generation & { facts: GenerationFacts };

/** The served generation, if it is what a build of the workspace would give now. */
function servedGeneration(config: Config, inputs: BuildInputs): Served {
  const served = currentGeneration(inputs.workspace);
  if (served?.facts && served.facts.fingerprint === fingerprintOf(config, inputs))
    return { ...served, facts: served.facts };
  throw new WorthwhileError(
    'NOT_BUILT',
    'what is published is not made from what lies in the workspace and the configuration now',
    { on: inputs.workspace.warehouse, fix: 'run `worthwhile build`, look at the month, and close it then' },
  );
}

async function refuseOutOfTurn(connection: DuckDBConnection, month: string, closes: Close[]): Promise<void> {
  const already = closes.find((close) => close.month === month);
  if (already)
    throw refused(
      month,
      `it is closed already, as version ${already.version}, on ${already.at.slice(0, 10)} by ${already.by}`,
      `what differs since is charged in the month after the last closed one; to change it, \`worthwhile reopen ${month} --reason "..."\``,
    );
  const charged = (
    await selectRows<{ month: string }>(
      connection,
      "SELECT DISTINCT strftime(BillingPeriodStart, '%Y-%m') AS month FROM fct_chargeback ORDER BY 1",
    )
  ).map((row) => row.month);
  if (!charged.includes(month))
    throw refused(month, 'it has no charges', `months with charges: ${charged.join(', ') || 'none'}`);
  const newest = closes.reduce((latest, close) => (close.month > latest ? close.month : latest), '');
  const first = newest && charged.find((one) => one > newest && one < month);
  if (first)
    throw refused(
      month,
      `${first} comes before it and is open`,
      `months are closed in their order, since true-ups go to the month after the last closed one: \`worthwhile close ${first}\``,
    );
}

interface Sealing {
  config: Config;
  inputs: BuildInputs;
  served: Served;
  entries: LedgerEntry[];
  doubts: string[];
  request: CloseRequest;
}

async function seal(connection: DuckDBConnection, sealing: Sealing, effects: Effects): Promise<Close> {
  const { config, inputs, served, entries, doubts, request } = sealing;
  const { month, by, reason } = request;
  const { workspace, loads, modelHash } = inputs;
  const before = closesOf(entries);
  const version = 1 + before.filter((close) => close.month === month).length;
  const rows = await publishedRows(connection, month);
  const text = sealedText(rows);
  await connection.run(`CREATE TABLE memory.main.inp_measure_values (${inputTables.inp_measure_values})`);
  await loadMeasureValues(connection, inputs.measures);
  const closedByThen = [...closesInForce(entries).map((close) => close.month), month];
  const file = `${month}-v${version}.jsonl`;
  const facts: SealedFacts = {
    month,
    version,
    rows: { file, count: rows.length, bytes: Buffer.byteLength(text), sha256: sha256Of(text) },
    totals: await totalsOf(connection, month),
    generation: served.number,
    builtAt: served.facts.builtAt,
    modelHash,
    attribution: sha256Of(config.attribution),
    pools: sha256Of(config.pools),
    catalogLoads: loads.map(({ validFrom, sha256 }) => ({ validFrom, sha256 })),
    states: await monthStates(connection, closedByThen, served.facts.months.batches, { config, loads }),
    accepted: doubts,
    previousSeal: before.at(-1)?.seal ?? null,
  };
  // A file of this name that no decision names is left from a process that died before it decided.
  writeFileAtomic(join(closesFolder(workspace), file), text);
  effects.assertHeld?.();
  const what = { ...facts, seal: sealOf(facts) };
  const entry = appendDecision(
    workspace,
    (now) => {
      if (now.length !== entries.length)
        throw refused(month, 'somebody else decided something meanwhile', 'look again, and close it then');
      return { by, kind: 'close', why: reason, what };
    },
    effects,
  );
  return { ...what, number: entry.number, at: entry.at, by, why: reason };
}

async function totalsOf(connection: DuckDBConnection, month: string): Promise<SealedFacts['totals']> {
  const sums = COSTS.map((column) => `CAST(CAST(sum(${column}) AS DECIMAL(38, 9)) AS VARCHAR) AS ${column}`);
  const rows = await selectRows<{ currency: string } & Record<(typeof COSTS)[number], string>>(
    connection,
    `SELECT BillingCurrency AS currency, ${sums.join(', ')} FROM fct_chargeback
     WHERE BillingPeriodStart = $1::VARCHAR::DATE GROUP BY 1 ORDER BY 1`,
    [`${month}-01`],
  );
  return Object.fromEntries(rows.map(({ currency, ...costs }) => [currency, costs]));
}

/**
 * Opens a closed month again; its sealed rows and its seal stay. The caller holds the workspace, and builds afterwards. Throws
 * CLOSE_REFUSED where it is not closed, or where a later closed month holds true-ups of it.
 */
export function reopenMonth(
  config: Config,
  { month, by, reason }: { month: string; by: string; reason: string },
  effects: Effects,
): LedgerEntry {
  const workspace = workspaceAt(config.workspace);
  effects.assertHeld?.();
  return appendDecision(
    workspace,
    (entries) => {
      const closes = closesInForce(entries);
      const close = closes.find((one) => one.month === month);
      if (!close) throw refused(month, 'it is not closed', 'nothing was reopened');
      const holder = closes.find((other) => holdsTrueUpsOf(workspace, other, month));
      if (holder)
        throw refused(
          month,
          `${holder.month} is closed and holds true-ups of it`,
          `reopen that first: \`worthwhile reopen ${holder.month} --reason "..."\``,
        );
      return { by, kind: 'reopen', why: reason, what: { month, version: close.version, seal: close.seal } };
    },
    effects,
  );
}

function holdsTrueUpsOf(workspace: Workspace, { rows }: Close, month: string): boolean {
  const text = readFileSync(join(closesFolder(workspace), rows.file), 'utf8');
  return text.split('\n').some((line) => line.includes(`"x_TrueUpOf":"${month}-01"`));
}

function refused(month: string, why: string, fix: string): WorthwhileError {
  return new WorthwhileError('CLOSE_REFUSED', why, { on: `billing month ${month}`, fix });
}
