import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { closesFolder, type Close } from '../../core/closes.ts';
import { sqlName, sqlText } from '../../core/duckdb.ts';
import { WorthwhileError } from '../../core/errors.ts';
import type { Workspace } from '../../core/workspace.ts';
import { changesOf, monthStates, type Basis } from '../close/month-states.ts';
import { SEALED_TABLES } from '../close/sealed-rows.ts';
import type { BatchMonths } from '../months/changed-months.ts';
import { insertRows } from './load.ts';
import { inputTables } from './tables.ts';

const TABLES = { chargeback: 'inp_closed_chargeback', 'true-up': 'inp_closed_true_ups' } as const;

/**
 * Fills the tables of closed months, with what their months' batches and the rest of the inputs say of why they may differ now.
 * Throws LEDGER_CORRUPT where a sealed file is not as it was sealed.
 */
export async function loadCloses(
  connection: DuckDBConnection,
  {
    workspace,
    closes,
    batches,
    basis,
  }: { workspace: Workspace; closes: Close[]; batches: BatchMonths[]; basis: Basis },
): Promise<void> {
  if (closes.length === 0) return;
  const months = closes.map(({ month }) => month);
  const states = await monthStates(connection, months, batches, basis);
  await insertRows(
    connection,
    'inp_closes',
    closes.map(({ month, version, at, by, why, seal, generation }) => {
      const { hasOtherRows, changed } = changesOf(month, closes, states[month]!, basis);
      return {
        BillingPeriodStart: `${month}-01`,
        x_CloseVersion: version,
        x_ClosedAt: at,
        x_ClosedBy: by,
        x_CloseReason: why,
        x_Seal: seal,
        x_SealedGeneration: generation,
        x_HasOtherRows: hasOtherRows,
        x_Changed: changed,
      };
    }),
  );
  const files = closes.map((close) => sqlText(sealedFile(workspace, close)));
  for (const { name, columns } of SEALED_TABLES) {
    const table = TABLES[name];
    const types = new Map(inputTables[table].split(/,\s+/).map((column) => column.split(' ') as [string, string]));
    const read = ['x_Table', ...columns].map((column) => `${sqlName(column)}: 'VARCHAR'`);
    await connection.run(
      `INSERT INTO ${table} BY NAME
       SELECT ${columns.map((column) => `CAST(${sqlName(column)} AS ${types.get(column)}) AS ${sqlName(column)}`).join(', ')}
       FROM read_json([${files.join(', ')}], format = 'newline_delimited', columns = {${read.join(', ')}})
       WHERE x_Table = ${sqlText(name)}`,
    );
  }
}

function sealedFile(workspace: Workspace, { rows, month }: Close): string {
  const path = join(closesFolder(workspace), rows.file);
  const isWhole = existsSync(path) && createHash('sha256').update(readFileSync(path)).digest('hex') === rows.sha256;
  if (isWhole) return path;
  throw new WorthwhileError('LEDGER_CORRUPT', `the sealed rows of ${month} are not as they were sealed`, {
    on: path,
    fix: 'restore the file from a backup; `worthwhile verify` says which row differs',
  });
}
