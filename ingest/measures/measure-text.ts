import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Config } from '../../core/config/schema.ts';
import { selectRows, sqlName, sqlText } from '../../core/duckdb.ts';
import { WorthwhileError } from '../../core/errors.ts';
import { headOf, parseCsvHeader } from '../files/csv-header.ts';
import { filesOf } from '../files/discover.ts';
import { formatOf, type SourceFile } from '../files/source-file.ts';
import { stageFile } from '../files/stage.ts';
import type { ConfiguredMeasure } from './configured-measure.ts';

/** A file that holds values of a measure: where it lies now, and what it is called in messages. */
export interface MeasureFile {
  /** Unpacked copy, CSV or Parquet. */
  path: string;
  format: 'csv' | 'parquet';
  /** The file at the source, or what stands for a query. */
  origin: string;
  sha256: string;
}

/** The table that {@link readMeasureText} makes: every value as text, with the file and row it came from. */
export const MEASURE_TEXT = 'measure_text';

/** Copies a measure's files into `staging`, unpacked and hashed. Throws SOURCE_EMPTY, FILE_UNREADABLE, FILE_CORRUPT or DISK_FULL. */
export async function stageMeasureFiles(
  measure: ConfiguredMeasure,
  config: Config,
  staging: string,
): Promise<MeasureFile[]> {
  const found = await Promise.all(measure.files!.map((pattern) => filesOf(pattern, dirname(config.path))));
  const paths = [...new Set(found.flat().map(({ path }) => path))].sort();
  if (paths.length === 0) {
    throw new WorthwhileError('SOURCE_EMPTY', `${measure.label} has no files`, {
      on: measure.files!.join(', '),
      fix: 'correct its `files` (relative paths start at the configuration file), or put the file there',
    });
  }
  const staged: MeasureFile[] = [];
  for (const [index, path] of paths.entries()) {
    const known = formatOf(path);
    if (known?.format !== 'csv' && known?.format !== 'parquet') {
      throw new WorthwhileError('FILE_UNREADABLE', `${measure.label} names a file that is neither CSV nor Parquet`, {
        on: path,
        fix: 'name .csv, .csv.gz or .parquet files',
      });
    }
    const file = { ...fileAt(path), ...known };
    const { path: copy, sourceSha256 } = await stageFile(file, join(staging, `${index}.${known.format}`), false);
    staged.push({ path: copy, format: known.format, origin: path, sha256: sourceSha256 });
  }
  return staged;
}

function fileAt(path: string): Omit<SourceFile, 'format' | 'gzipped'> {
  try {
    const { size, mtimeMs, ctimeMs } = statSync(path);
    return { path, partition: path, size, mtimeMs, ctimeMs };
  } catch (cause) {
    throw new WorthwhileError('FILE_UNREADABLE', 'the file cannot be read', {
      on: path,
      fix: 'check that it exists and that this user may read it',
      cause,
    });
  }
}

/**
 * Puts the rows of all files into {@link MEASURE_TEXT}. Returns the length of a period and the columns that are not read.
 * Throws SCHEMA_MISSING_COLUMN or FILE_CORRUPT naming the file.
 */
export async function readMeasureText(
  connection: DuckDBConnection,
  measure: ConfiguredMeasure,
  files: MeasureFile[],
): Promise<{ unit: 'day' | 'month'; ignored: string[] }> {
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${MEASURE_TEXT} (file_index INTEGER, row_index BIGINT, text_period VARCHAR, text_consumer VARCHAR, text_value VARCHAR)`,
  );
  const units = new Set<'day' | 'month'>();
  const ignored = new Set<string>();
  for (const [index, file] of files.entries()) {
    try {
      const { from, names } = await relationOf(connection, file);
      const columns = columnsOf(measure, names, file.origin);
      units.add(columns.unit);
      for (const name of columns.ignored) ignored.add(name);
      const text = (name: string | null): string =>
        name === null ? 'NULL::VARCHAR' : `nullif(trim(CAST(${sqlName(name)} AS VARCHAR)), '')`;
      const consumer = columns.scope
        ? `CASE WHEN ${text(columns.consumer)} IS NOT NULL AND NOT contains(${text(columns.consumer)}, ':')
             THEN ${sqlText(`${columns.scope}:`)} || ${text(columns.consumer)} ELSE ${text(columns.consumer)} END`
        : text(columns.consumer);
      await connection.run(
        `INSERT INTO ${MEASURE_TEXT}
         SELECT ${index}, row_number() OVER (), ${text(columns.period)}, ${consumer}, ${text(columns.value)} FROM ${from}`,
      );
    } catch (cause) {
      if (cause instanceof WorthwhileError) throw cause;
      throw new WorthwhileError('FILE_CORRUPT', `${measure.label} cannot be read: ${faultInWords(cause)}`, {
        on: file.origin,
        fix: 'mend the file, or export it again; what was taken in before stays',
        cause,
      });
    }
  }
  if (units.size > 1) {
    throw new WorthwhileError('SCHEMA_WRONG_TYPE', `${measure.label} has days in one file and months in another`, {
      on: files.map(({ origin }) => origin).join(', '),
      fix: 'use `date` in all of them, or `month` in all of them',
    });
  }
  return { unit: [...units][0]!, ignored: [...ignored] };
}

async function relationOf(
  connection: DuckDBConnection,
  { path, format }: MeasureFile,
): Promise<{ from: string; names: string[] }> {
  if (format === 'parquet') {
    const from = `read_parquet(${sqlText(path)}, hive_partitioning = false)`;
    const described = await selectRows<{ column_name: string }>(connection, `DESCRIBE SELECT * FROM ${from}`);
    return { from, names: described.map(({ column_name: name }) => name) };
  }
  const { names, delimiter } = parseCsvHeader(headOf(path, HEADER_BYTES));
  const shapes = names.map((name) => `${sqlText(name)}: 'VARCHAR'`).join(', ');
  const options = `auto_detect = false, header = true, delim = ${sqlText(delimiter)}, quote = '"', escape = '"', null_padding = false`;
  return { from: `read_csv(${sqlText(path)}, ${options}, columns = {${shapes}})`, names };
}

interface MeasureColumns {
  period: string;
  unit: 'day' | 'month';
  consumer: string | null;
  /** What a column named `component` or `squad` says its values are. */
  scope: 'component' | 'group' | null;
  value: string;
  ignored: string[];
}

/**
 * A driver has `date` or `month`, `consumer` and `quantity`; a metric `date`, `value` and, where it is not the company's as a whole, one
 * of `squad` and `component`. Case does not count.
 */
function columnsOf({ kind, label }: ConfiguredMeasure, names: string[], origin: string): MeasureColumns {
  const find = (wanted: string): string | null => names.find((name) => name.trim().toLowerCase() === wanted) ?? null;
  const needed = (wanted: string): string => {
    const name = find(wanted);
    if (name !== null) return name;
    throw missing(label, `no column "${wanted}"`, { origin, names, kind });
  };
  const month = kind === 'driver' ? find('month') : null;
  const day = find('date');
  const [squad, component] = kind === 'metric' ? [find('squad'), find('component')] : [null, null];
  if (month !== null && day !== null) throw missing(label, 'both "date" and "month"', { origin, names, kind });
  if (squad !== null && component !== null)
    throw missing(label, 'both "squad" and "component"', { origin, names, kind });
  const columns = {
    period: month ?? needed('date'),
    unit: month === null ? ('day' as const) : ('month' as const),
    consumer: kind === 'driver' ? needed('consumer') : (squad ?? component),
    scope: squad !== null ? ('group' as const) : component !== null ? ('component' as const) : null,
    value: needed(kind === 'driver' ? 'quantity' : 'value'),
  };
  const used = new Set<string | null>([columns.period, columns.consumer, columns.value]);
  return { ...columns, ignored: names.filter((name) => !used.has(name)) };
}

function missing(
  label: string,
  what: string,
  { origin, names, kind }: { origin: string; names: string[]; kind: ConfiguredMeasure['kind'] },
): WorthwhileError {
  return new WorthwhileError('SCHEMA_MISSING_COLUMN', `${label} has ${what}; it has ${names.join(', ') || 'none'}`, {
    on: origin,
    fix:
      kind === 'driver'
        ? 'give it the columns date (or month), consumer, quantity'
        : 'give it the columns date, value and, if it is counted by squad or component, squad or component',
  });
}

const HEADER_BYTES = 1 << 16;
const LINE_SHOWN = 80;

/** DuckDB says where on the first line and what on the next two, then lists settings of its own. */
function faultInWords(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  const [, line, original, why] = /CSV Error on Line: (\d+)\nOriginal Line: (.*)\n(.*)/.exec(text) ?? [];
  if (!line) return text.split('\n')[0]!;
  return `line ${line} is \`${original!.slice(0, LINE_SHOWN)}\`: ${why}`;
}
