import type { DuckDBConnection } from '@duckdb/node-api';
import { selectRows, sqlName } from '../core/duckdb.ts';
import { WorthwhileError } from '../core/errors.ts';
import type { Check } from './graph.ts';
import type { KeyColumn, Reconciliation } from './relation.ts';

interface Checked {
  name: string;
  key: KeyColumn[];
  reconcilesWith?: Reconciliation[];
}

const ROWS_SHOWN = 5;

/**
 * Runs what the headers promise (key unique and filled, sums equal to the relation they reconcile with) and every check
 * file. Returns how many held; throws CHECK_FAILED for the first that does not, with its name and first offending rows.
 */
export async function runChecks(connection: DuckDBConnection, relations: Checked[], checks: Check[]): Promise<number> {
  let passed = 0;
  for (const relation of relations) {
    await checkKey(connection, relation);
    passed++;
  }
  const sums = sumTables(relations);
  for (const { table, relation, by, on } of sums.values()) {
    const columns = [...by.map(sqlName), ...[...on].map((column) => `sum(${sqlName(column)}) AS ${sqlName(column)}`)];
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE ${table} AS SELECT ${columns.join(', ')} FROM ${sqlName(relation)} GROUP BY ALL`,
    );
  }
  for (const relation of relations) {
    for (const reconciliation of relation.reconcilesWith ?? []) {
      const pair = [relation.name, reconciliation.relation].map(
        (name) => sums.get(sumKey(name, reconciliation.by))!.table,
      );
      await expectNoRows(
        connection,
        `${relation.name} reconciles with ${reconciliation.relation}`,
        differencesSql(pair[0]!, pair[1]!, reconciliation),
      );
      passed++;
    }
  }
  for (const check of checks) {
    await expectNoRows(connection, check.name, check.sql);
    passed++;
  }
  return passed;
}

/** One pass over the key's hashes decides; only where they repeat is the key itself grouped, to tell rows from collisions. */
async function checkKey(connection: DuckDBConnection, relation: Checked): Promise<void> {
  const columns = relation.key.map(({ name }) => sqlName(name)).join(', ');
  const required = relation.key.filter(({ nullable }) => !nullable).map(({ name }) => `${sqlName(name)} IS NULL`);
  const isMissing = required.join(' OR ') || 'false';
  const [found] = await selectRows<{ repeated: boolean; missing: boolean }>(
    connection,
    `SELECT count(DISTINCT hash(${columns})) <> count(*) AS repeated, coalesce(bool_or(${isMissing}), false) AS missing
     FROM ${sqlName(relation.name)}`,
  );
  if (found!.missing) {
    await expectNoRows(
      connection,
      `${relation.name} has its key filled`,
      `SELECT ${columns} FROM ${sqlName(relation.name)} WHERE ${isMissing}`,
    );
  }
  if (found!.repeated) {
    await expectNoRows(
      connection,
      `${relation.name} has a unique key`,
      `SELECT ${columns}, count(*) AS "rows" FROM ${sqlName(relation.name)} GROUP BY ALL HAVING count(*) > 1`,
    );
  }
}

interface SumTable {
  table: string;
  relation: string;
  by: string[];
  on: Set<string>;
}

const sumKey = (relation: string, by: string[]): string => JSON.stringify([relation, by]);

/** Each relation is summed once for all reconciliations that look at it by the same columns. */
function sumTables(relations: Checked[]): Map<string, SumTable> {
  const tables = new Map<string, SumTable>();
  for (const relation of relations) {
    for (const { relation: other, by, on } of relation.reconcilesWith ?? []) {
      for (const name of [relation.name, other]) {
        const key = sumKey(name, by);
        const table = tables.get(key) ?? { table: `reconciled_sums_${tables.size}`, relation: name, by, on: new Set() };
        for (const column of on) table.on.add(column);
        tables.set(key, table);
      }
    }
  }
  return tables;
}

/** Groups whose sums differ; a group that only one side has counts as zero on the other. */
function differencesSql(actual: string, expected: string, { by, on }: Reconciliation): string {
  const keys = by.map(sqlName).join(', ');
  const side = (table: string, own: string, other: string): string =>
    `SELECT ${keys}, ${on.map((c) => `${sqlName(c)} AS "${own} ${c}", 0 AS "${other} ${c}"`).join(', ')} FROM ${table}`;
  const sums = on.flatMap((c) => ['actual', 'expected'].map((s) => `coalesce(sum("${s} ${c}"), 0) AS "${s} ${c}"`));
  return `SELECT * FROM (
    SELECT ${keys}, ${sums.join(', ')}
    FROM (${side(actual, 'actual', 'expected')} UNION ALL BY NAME ${side(expected, 'expected', 'actual')})
    GROUP BY ALL
  ) WHERE ${on.map((c) => `"actual ${c}" <> "expected ${c}"`).join(' OR ')}`;
}

async function expectNoRows(connection: DuckDBConnection, name: string, sql: string): Promise<void> {
  const rows = await selectRows(
    connection,
    `SELECT *, count(*) OVER () AS x_OffendingRows FROM (${sql}\n) LIMIT ${ROWS_SHOWN}`,
  );
  if (rows.length === 0) return;
  const shown = rows.map((row) => JSON.stringify({ ...row, x_OffendingRows: undefined }));
  throw new WorthwhileError('CHECK_FAILED', `the check "${name}" does not hold; nothing was published`, {
    on: `${String(rows[0]!['x_OffendingRows'])} rows, the first of them:\n    ${shown.join('\n    ')}`,
    fix: 'the generation before is still served; look at these rows in the source, or report the check if they are right',
  });
}
