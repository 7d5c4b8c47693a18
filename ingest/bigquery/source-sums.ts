import type { DuckDBConnection } from '@duckdb/node-api';
import type { BigQueryTable } from '../../core/config/schema.ts';
import { selectRows, sqlName } from '../../core/duckdb.ts';
import type { SourceKind } from '../../core/lake.ts';
import type { ColumnType, ScalarType } from '../../core/source-schemas/column.ts';
import { sourceSchema } from '../../core/source-schemas/source-schemas.ts';
import { parquet } from '../probe.ts';
import { isRepeated, typeName, type TableField } from './field.ts';
import { microsOfCell, type JsonRow } from './json-values.ts';
import { tableSql } from './live-table.ts';
import { columnSql, type TableKind } from './tables.ts';

/** What a partition adds up to, by currency: said by the source, or counted in what was written of it. */
export interface PartitionSums {
  rows: number;
  /** Microseconds; null where no row has an export time. */
  newest: bigint | null;
  /** By currency (empty where the kind has none) and by column: decimal texts without trailing zeros. */
  sums: Map<string, Record<string, string>>;
}

/** A value that is summed on both sides, in each side's SQL. Both give the same decimal, to the last digit. */
interface Summand {
  name: string;
  google: string;
  duckdb: string;
}

const CURRENCY = 'x_currency';
const ROWS = 'x_rows';
const NEWEST = 'x_newest';

/**
 * Every amount of the kind's declaration that the table has. A FLOAT is scaled to billionths and rounded in binary
 * arithmetic first, which IEEE 754 makes the same everywhere; casts of a FLOAT to NUMERIC round differently in the two engines
 * where a double has no nine digits after the point left.
 */
function summands(kind: SourceKind, columns: TableField[]): Summand[] {
  return sourceSchema(kind).columns.flatMap(({ name, type }): Summand[] => {
    const field = columns.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
    if (!field) return [];
    if (isAmount(type)) return exactSum(field.name, columnSql(field.name), sqlName(field.name), field);
    const entry = amountField(type);
    const inner = field.fields?.find((child) => child.name.toLowerCase() === entry?.toLowerCase());
    if (!entry || !inner || !isRepeated(field)) return [];
    const [sum] = exactSum(
      `${field.name}.${inner.name}`,
      `entry.${columnSql(inner.name)}`,
      `entry.${sqlName(inner.name)}`,
      inner,
    );
    if (!sum) return [];
    return [
      {
        name: sum.name,
        google: `(SELECT SUM(${sum.google}) FROM UNNEST(${columnSql(field.name)}) AS entry)`,
        duckdb: `list_sum(list_transform(${sqlName(field.name)}, lambda entry: ${sum.duckdb}))`,
      },
      {
        name: `entries of ${field.name}`,
        google: `ARRAY_LENGTH(${columnSql(field.name)})`,
        duckdb: `len(${sqlName(field.name)})`,
      },
    ];
  });
}

const isAmount = (type: ColumnType): type is ScalarType =>
  typeof type === 'string' && (type === 'FLOAT_MONEY' || type.startsWith('DECIMAL'));

function amountField(type: ColumnType): string | null {
  if (typeof type === 'string' || !('list' in type)) return null;
  if (typeof type.list === 'string' || !('struct' in type.list)) return null;
  return Object.entries(type.list.struct).find(([, inner]) => isAmount(inner))?.[0] ?? null;
}

function exactSum(name: string, google: string, duckdb: string, field: TableField): Summand[] {
  switch (typeName(field)) {
    case 'FLOAT':
      return [
        {
          name,
          google: `SAFE_CAST(ROUND(${google} * 1e9) AS NUMERIC)`,
          duckdb: `CAST(round(${duckdb} * 1e9) AS DECIMAL(38,0))`,
        },
      ];
    case 'NUMERIC':
    case 'BIGNUMERIC':
    case 'INTEGER':
      return [{ name, google, duckdb }];
    default:
      return [];
  }
}

/** What the source itself says of one partition now. */
export function sourceSumsSql(
  kind: SourceKind,
  table: TableKind,
  source: BigQueryTable,
  filter: string,
  columns: TableField[],
): string {
  const values = summands(kind, columns).map(({ google }, index) => `CAST(SUM(${google}) AS STRING) AS sum_${index}`);
  const currency = currencyOf(kind);
  const select = [
    `${currency ? columnSql(currency) : 'CAST(NULL AS STRING)'} AS ${CURRENCY}`,
    `COUNT(*) AS ${ROWS}`,
    `MAX(${columnSql(table.exportTime)}) AS ${NEWEST}`,
  ];
  const query = `SELECT ${[...select, ...values].join(', ')} FROM ${tableSql(source)} WHERE ${filter}`;
  return currency ? `${query} GROUP BY ${CURRENCY}` : query;
}

function currencyOf(kind: SourceKind): string | null {
  return sourceSchema(kind).currency;
}

/** Reads the answer to {@link sourceSumsSql}. */
export function readSourceSums(kind: SourceKind, columns: TableField[], rows: JsonRow[]): PartitionSums {
  const names = summands(kind, columns).map(({ name }) => name);
  return addedUp(
    names,
    rows.map(({ f }) => {
      const [currency, count, newest, ...sums] = f.map(({ v }) => v as string | null);
      return { currency: currency ?? '', rows: Number(count), newest: microsOfCell(newest!), sums };
    }),
  );
}

/** The same of the Parquet files that were written. */
export async function writtenSums(
  connection: DuckDBConnection,
  kind: SourceKind,
  table: TableKind,
  columns: TableField[],
  paths: string[],
): Promise<PartitionSums> {
  const values = summands(kind, columns);
  const currency = currencyOf(kind);
  const exportTime = columns.find(({ name }) => name.toLowerCase() === table.exportTime.toLowerCase());
  const newest = exportTime ? `epoch_us(max(${sqlName(exportTime.name)}))` : 'NULL';
  const rows = await selectRows<Record<string, string | null>>(
    connection,
    `SELECT ${currency ? sqlName(currency) : "''"} AS ${CURRENCY}, count(*) AS ${ROWS}, CAST(${newest} AS VARCHAR) AS ${NEWEST}
       ${values.map(({ duckdb }, index) => `, CAST(sum(${duckdb}) AS VARCHAR) AS sum_${index}`).join('')}
     FROM ${parquet(paths)} GROUP BY ALL`,
  );
  return addedUp(
    values.map(({ name }) => name),
    rows.map((row) => ({
      currency: row[CURRENCY] ?? '',
      rows: Number(row[ROWS]),
      newest: row[NEWEST] == null ? null : BigInt(row[NEWEST]),
      sums: values.map((_, index) => row[`sum_${index}`] ?? null),
    })),
  );
}

function addedUp(
  names: string[],
  groups: { currency: string; rows: number; newest: bigint | null; sums: (string | null)[] }[],
): PartitionSums {
  const total: PartitionSums = { rows: 0, newest: null, sums: new Map() };
  for (const { currency, rows, newest, sums } of groups) {
    total.rows += rows;
    if (newest !== null && (total.newest === null || newest > total.newest)) total.newest = newest;
    total.sums.set(currency, Object.fromEntries(names.map((name, index) => [name, plain(sums[index] ?? '0')])));
  }
  return total;
}

/** The first thing in which what was written differs from what the source says, in words; null where nothing does. */
export function firstDifference(source: PartitionSums, written: PartitionSums): string | null {
  if (source.rows !== written.rows) return `the source has ${source.rows} rows, ${written.rows} arrived`;
  for (const [currency, sums] of source.sums) {
    const found = written.sums.get(currency);
    if (!found) return `no row in ${currency || 'no currency'} arrived`;
    for (const [name, sum] of Object.entries(sums)) {
      if (found[name] !== sum) {
        return `the sum of ${name}${currency ? ` in ${currency}` : ''} is ${sum} at the source and ${found[name]} here`;
      }
    }
  }
  return null;
}

/** A decimal text in its one shortest form: `1.50` and `1.5` are the same sum. */
function plain(text: string): string {
  const trimmed = text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text;
  return trimmed === '-0' ? '0' : trimmed;
}
