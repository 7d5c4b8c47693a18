import type { DuckDBConnection } from '@duckdb/node-api';
import { selectRows, sqlName } from '../../core/duckdb.ts';
import { sha256Of } from '../../core/ledger.ts';
import { CLOSED_CHARGEBACK, CLOSED_TRUE_UPS } from '../inputs/tables.ts';

/** A published row as exact text, with the table it is of first. */
export type SealedRow = Record<string, string | null>;

interface SealedTable {
  name: 'chargeback' | 'true-up';
  mart: string;
  columns: string[];
  key: string[];
}

const namesOf = (columns: string): string[] => columns.split(/,\s+/).map((column) => column.split(' ')[0]!);

const LINE_KEY = ['BillingCurrency', 'SquadId', 'ComponentId', 'ServiceName'];

/** What is sealed of a month: all columns of these marts, by their keys. */
export const SEALED_TABLES: readonly SealedTable[] = [
  { name: 'chargeback', mart: 'fct_chargeback', columns: namesOf(CLOSED_CHARGEBACK), key: [...LINE_KEY, 'ChargeKind'] },
  {
    name: 'true-up',
    mart: 'fct_true_ups',
    columns: namesOf(CLOSED_TRUE_UPS),
    key: ['x_TrueUpOf', ...LINE_KEY, 'x_TrueUpKind'],
  },
];

/** The rows of a month (`YYYY-MM`) as the attached generation publishes them, in canonical order. */
export async function publishedRows(connection: DuckDBConnection, month: string): Promise<SealedRow[]> {
  const rows: SealedRow[] = [];
  for (const { name, mart, columns, key } of SEALED_TABLES) {
    const texts = columns.map((column) => `CAST(${sqlName(column)} AS VARCHAR) AS ${sqlName(column)}`);
    const found = await selectRows<SealedRow>(
      connection,
      `SELECT ${texts.join(', ')} FROM ${mart} f WHERE f.BillingPeriodStart = $1::VARCHAR::DATE
       ORDER BY ${key.map((column) => `f.${sqlName(column)} NULLS FIRST`).join(', ')}`,
      [`${month}-01`],
    );
    rows.push(...found.map((row) => ({ x_Table: name, ...row })));
  }
  return rows;
}

/**
 * The rows as JSON lines. Each ends with `x_Chain`, the SHA-256 of the line before's and of its own JSON without it: where a line
 * was changed, it is the first that does not match.
 */
export function sealedText(rows: SealedRow[]): string {
  let chain = '';
  return rows
    .map((row) => {
      chain = chained(chain, row);
      return `${JSON.stringify({ ...row, x_Chain: chain })}\n`;
    })
    .join('');
}

const chained = (chain: string, row: SealedRow): string => sha256Of(`${chain}\n${JSON.stringify(row)}`);

/** The first line of a sealed file that is not as it was written, by number and byte from 1 and 0. */
export interface DamagedRow {
  row: number;
  from: number;
  to: number;
  /** What the line says now; null where it is no row. */
  says: SealedRow | null;
}

/** The rows of a sealed file up to the first that was changed, and that one; null where each follows from the one before. */
export function readSealed(text: string): { rows: SealedRow[]; damaged: DamagedRow | null } {
  const rows: SealedRow[] = [];
  let chain = '';
  let from = 0;
  for (const line of text.split('\n')) {
    const to = from + Buffer.byteLength(line);
    if (line === '' && to === Buffer.byteLength(text)) break;
    const { x_Chain: told = null, ...row } = rowOf(line) ?? {};
    chain = chained(chain, row);
    if (told !== chain || line !== JSON.stringify({ ...row, x_Chain: told }))
      return { rows, damaged: { row: rows.length + 1, from, to, says: told === null ? null : row } };
    rows.push(row);
    from = to + 1;
  }
  return { rows, damaged: null };
}

function rowOf(line: string): SealedRow | null {
  try {
    return JSON.parse(line) as SealedRow;
  } catch {
    return null; // a line that is cut off or overwritten; the caller says where
  }
}
