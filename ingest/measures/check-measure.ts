import type { DuckDBConnection } from '@duckdb/node-api';
import { selectRows } from '../../core/duckdb.ts';
import { WorthwhileError } from '../../core/errors.ts';
import type { ConfiguredMeasure } from './configured-measure.ts';
import { MEASURE_TEXT, type MeasureFile } from './measure-text.ts';

/** The table that {@link checkMeasure} makes, with the columns of `MEASURE_COLUMNS` and the file and row of each. */
export const MEASURE_VALUES = 'measure_values';

const FAULTS_SHOWN = 5;

const NUMBER = `'^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?$'`;
/**
 * The text as a decimal of 9 places, rounded half away from zero. DuckDB takes some 30 µs to read one DECIMAL(38,9) from text (1.5.6), so
 * what has up to 18 digits before the point is read as two 64-bit numbers; digits after the 18th place cannot change the 9th.
 */
const PLAIN_NUMBER = `'^[+-]?[0-9]{1,18}([.][0-9]*)?$'`;
const DIGITS = `ltrim(text_value, '+-')`;
const MAGNITUDE = `CAST(CAST(split_part(${DIGITS}, '.', 1) AS BIGINT) AS DECIMAL(38,9))
  + CAST(CAST('0.' || left(split_part(${DIGITS}, '.', 2), 18) AS DECIMAL(18,18)) AS DECIMAL(38,9))`;
const VALUE = `CASE
  WHEN regexp_matches(text_value, ${PLAIN_NUMBER}) THEN
    CAST(CASE WHEN starts_with(text_value, '-') THEN -(${MAGNITUDE}) ELSE ${MAGNITUDE} END AS DECIMAL(38,9))
  WHEN regexp_matches(text_value, ${NUMBER}) THEN TRY_CAST(text_value AS DECIMAL(38,9)) END`;
/** A day, also as a timestamp of its midnight in UTC, as Parquet and spreadsheets write it. */
const DAY = `'^([0-9]{4}-[0-9]{2}-[0-9]{2})([T ]00:00(:00([.]0+)?)?(Z|[+]00(:?00)?)?)?$'`;
const MONTH = `'^([0-9]{4}-[0-9]{2})(-01([T ]00:00(:00([.]0+)?)?(Z|[+]00(:?00)?)?)?)?$'`;

/**
 * Reads the texts as days, names and decimals of 9 places. Throws VALUE_INVALID with the first rows that cannot be taken, each with
 * file, row (from 1, without the header) and reason; rows of the same period and consumer among them, for nobody can say which counts.
 */
export async function checkMeasure(
  connection: DuckDBConnection,
  { measure, files, unit }: { measure: ConfiguredMeasure; files: MeasureFile[]; unit: 'day' | 'month' },
): Promise<{ roundedRows: number }> {
  const day = `TRY_CAST(nullif(regexp_extract(text_period, ${unit === 'day' ? DAY : MONTH}, 1), '')${unit === 'day' ? '' : " || '-01'"} AS DATE)`;
  const bare = `regexp_replace(regexp_replace(text_consumer, '^(component|resource|group):', '', 'i'), '^default/', '', 'i')`;
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${MEASURE_VALUES} AS
     SELECT file_index, row_index, text_period, text_value, text_consumer AS x_Consumer, x_PeriodStart,
       CAST(x_PeriodStart + INTERVAL 1 ${unit} AS DATE) AS x_PeriodEnd,
       CASE WHEN text_consumer IS NULL THEN NULL
         WHEN regexp_matches(text_consumer, '^(component|resource):', 'i') THEN 'component'
         WHEN regexp_matches(text_consumer, '^group:', 'i') THEN 'squad' ELSE 'any' END AS x_ConsumerScope,
       -- As normalForm in model/inputs/normal-form.ts: the form in which catalog names are compared.
       regexp_replace(lower(trim(${bare})), '[_./ ]', '-', 'g') AS x_ConsumerValue,
       ${VALUE} AS x_Value
     FROM (SELECT *, ${day} AS x_PeriodStart FROM ${MEASURE_TEXT})`,
  );
  const faults = await faultsOf(connection, measure, unit);
  if (faults.length > 0) throw refused(measure, files, faults);
  const [rounded] = await selectRows<{ rows: string }>(
    connection,
    `SELECT count(*) AS "rows" FROM ${MEASURE_VALUES} WHERE regexp_matches(text_value, '[.][0-9]{9}[0-9]*[1-9]')`,
  );
  return { roundedRows: Number(rounded!.rows) };
}

interface Fault {
  file: number;
  row: string;
  why: string;
  total: string;
}

async function faultsOf(connection: DuckDBConnection, { kind }: ConfiguredMeasure, unit: string): Promise<Fault[]> {
  const example = unit === 'day' ? '2026-09-01' : '2026-09';
  return selectRows<Fault>(
    connection,
    `WITH judged AS (
       SELECT file_index, row_index, CASE
         WHEN text_period IS NULL THEN 'it has no ${unit === 'day' ? 'date' : 'month'}'
         WHEN x_PeriodStart IS NULL THEN '"' || text_period || '" is not a ${unit} such as ${example}'
         WHEN ${kind === 'driver' ? 'x_Consumer IS NULL' : 'false'} THEN 'it has no consumer'
         WHEN text_value IS NULL THEN 'it has no ${kind === 'driver' ? 'quantity' : 'value'}'
         WHEN x_Value IS NULL THEN '"' || text_value || '" is not a number of at most 29 digits before the point'
         WHEN ${kind === 'driver' ? 'x_Value < 0' : 'false'} THEN 'the quantity ' || text_value || ' is negative'
         WHEN x_first_row IS NOT NULL AND x_order > 1 THEN
           text_period || coalesce(' of ' || x_Consumer, '') || ' is already in row ' || x_first_row || x_first_file
       END AS why
       FROM (
         SELECT *,
           row_number() OVER same AS x_order,
           first_value(row_index) OVER same AS x_first_row,
           CASE WHEN first_value(file_index) OVER same = file_index THEN '' ELSE ' of another file' END AS x_first_file
         FROM ${MEASURE_VALUES}
         WINDOW same AS (PARTITION BY x_PeriodStart, x_ConsumerScope, x_ConsumerValue ORDER BY file_index, row_index)
       )
     )
     SELECT file_index AS file, row_index AS "row", why, count(*) OVER () AS total FROM judged WHERE why IS NOT NULL
     ORDER BY file_index, row_index LIMIT ${FAULTS_SHOWN}`,
  );
}

function refused({ label }: ConfiguredMeasure, files: MeasureFile[], faults: Fault[]): WorthwhileError {
  const total = Number(faults[0]!.total);
  const listed = faults.map(({ file, row, why }) => `${files[Number(file)]!.origin}, row ${row}: ${why}`);
  const more = total > faults.length ? [`and ${total - faults.length} more`] : [];
  const what = total === 1 ? 'a row that cannot be taken' : `${total} rows that cannot be taken`;
  return new WorthwhileError('VALUE_INVALID', `${label} has ${what}`, {
    on: listed.length === 1 ? listed[0]! : `\n    ${[...listed, ...more].join('\n    ')}`,
    fix: 'mend these rows and run again; what was taken in before stays',
  });
}
