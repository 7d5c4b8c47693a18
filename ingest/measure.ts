import type { DuckDBConnection } from '@duckdb/node-api';
import { selectRows, sqlName, sqlText } from '../core/duckdb.ts';
import type { WorthwhileError } from '../core/errors.ts';
import type { SourceKind } from '../core/lake.ts';
import { canonicalColumns, type CanonicalColumn } from '../core/source-schemas/projection.ts';
import { sourceSchema } from '../core/source-schemas/source-schemas.ts';
import { explainFault } from './explain-fault.ts';
import { parquet, type ProbedFile, type SchemaGroup } from './probe.ts';
import { rowRules, valueColumns } from './sources/row-rules.ts';

/** What a batch's manifest says of one file. Sums are exact decimal strings; times are ISO text, null where there is no row. */
export interface FileMeasure {
  rows: number;
  sums: Record<string, Record<string, string>>;
  exportTimeMax: string | null;
  chargePeriodMin: string | null;
  chargePeriodMax: string | null;
}

/**
 * Exact sums, row counts and periods of many files in one query, each row cast before it is summed. Rows that no bill can be
 * read from (no amount, currency, day or month; NaN; infinite) refuse their file, naming the first such row.
 * `dayZone` is the clock on which a charge's day is told.
 */
export async function measureGroup(
  connection: DuckDBConnection,
  kind: SourceKind,
  group: SchemaGroup,
  dayZone: string,
): Promise<{ measures: Map<string, FileMeasure>; refused: WorthwhileError[] }> {
  const columns = canonicalColumns(kind, group.columns);
  const query = (files: ProbedFile[]): Promise<MeasureRow[]> =>
    selectRows<MeasureRow>(connection, measureSql(kind, columns, files, dayZone));
  const refused: WorthwhileError[] = [];
  const rows: MeasureRow[] = [];
  for (const outcome of await tryTogether(group.files, query)) {
    if ('rows' in outcome) rows.push(...outcome.rows);
    else refused.push(await explainFault(connection, kind, columns, outcome.file, outcome.cause));
  }
  const measures = new Map<string, FileMeasure>(group.files.map((file) => [file.path, emptyMeasure()]));
  const faulty = new Set<string>();
  for (const row of rows) {
    if (Number(row.faults) > 0) faulty.add(row.x_file);
    else addRow(measures.get(row.x_file)!, row, Object.keys(sourceSchema(kind).sums));
  }
  for (const file of group.files.filter(({ path }) => faulty.has(path))) {
    refused.push(await explainFault(connection, kind, columns, file, null));
  }
  return { measures, refused };
}

interface MeasureRow extends Record<string, string | null> {
  x_file: string;
  x_currency: string;
  rows: string;
  faults: string;
}

type Outcome = { rows: MeasureRow[] } | { file: ProbedFile; cause: unknown };

/** One query over all files; only if it fails is each file asked alone, to learn which one it was. */
async function tryTogether(
  files: ProbedFile[],
  query: (files: ProbedFile[]) => Promise<MeasureRow[]>,
): Promise<Outcome[]> {
  try {
    return [{ rows: await query(files) }];
  } catch (cause) {
    if (files.length === 1) return [{ file: files[0]!, cause }];
    const outcomes: Outcome[] = [];
    for (const file of files) outcomes.push(...(await tryTogether([file], query)));
    return outcomes;
  }
}

function measureSql(kind: SourceKind, columns: CanonicalColumn[], files: ProbedFile[], dayZone: string): string {
  const { sums, currency, exportTime, chargeStart } = sourceSchema(kind);
  const day = (aggregate: string): string =>
    chargeStart
      ? `CAST(CAST(${aggregate}(${sqlName(chargeStart)}) AT TIME ZONE ${sqlText(dayZone)} AS DATE) AS VARCHAR)`
      : 'NULL';
  const faults = rowRules(kind).map(({ faulty }) => `(${faulty})`);
  // Counting a converted value makes DuckDB convert it, so that no NaN or overflow is left for the model to find.
  const values = new Set(valueColumns(kind));
  const converted = columns.filter(({ name, reading }) => reading === 'converted' && values.has(name));
  return `
    SELECT x_file, ${currency ? `coalesce(${sqlName(currency)}, '')` : "''"} AS x_currency, count(*) AS rows,
      count(*) FILTER (WHERE ${faults.join(' OR ')}) AS faults,
      ${Object.entries(sums)
        .map(([name, sql]) => `CAST(coalesce(sum(${sql}), 0) AS VARCHAR) AS ${sqlName(`sum ${name}`)},`)
        .join('\n      ')}
      ${exportTime ? `strftime(max(${sqlName(exportTime)}) AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')` : 'NULL'} AS "exportTimeMax",
      ${day('min')} AS "chargePeriodMin", ${day('max')} AS "chargePeriodMax"
      ${converted.map(({ name }) => `, count(${sqlName(name)}) AS ${sqlName(`count ${name}`)}`).join('')}
    FROM (
      SELECT x_file, ${columns.map(({ name, sql }) => `${sql} AS ${sqlName(name)}`).join(', ')}
      FROM ${parquet(
        files.map(({ path }) => path),
        ["filename = 'x_file'"],
      )}
    )
    GROUP BY ALL`;
}

function emptyMeasure(): FileMeasure {
  return { rows: 0, sums: {}, exportTimeMax: null, chargePeriodMin: null, chargePeriodMax: null };
}

function addRow(measure: FileMeasure, row: MeasureRow, sumNames: string[]): void {
  measure.rows += Number(row.rows);
  if (sumNames.length > 0)
    measure.sums[row.x_currency] = Object.fromEntries(sumNames.map((name) => [name, row[`sum ${name}`]!]));
  measure.exportTimeMax = later(measure.exportTimeMax, row['exportTimeMax'] ?? null);
  measure.chargePeriodMax = later(measure.chargePeriodMax, row['chargePeriodMax'] ?? null);
  measure.chargePeriodMin = earlier(measure.chargePeriodMin, row['chargePeriodMin'] ?? null);
}

/** The later of two ISO texts of one shape; null stands for none. */
export function later(a: string | null, b: string | null): string | null {
  return a === null || (b !== null && b > a) ? b : a;
}

/** The earlier of two ISO texts of one shape; null stands for none. */
export function earlier(a: string | null, b: string | null): string | null {
  return a === null || (b !== null && b < a) ? b : a;
}
