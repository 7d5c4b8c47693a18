import type { BigQueryField } from './schema.ts';

/** A result in the evaluator's canonical spelling: exact text for numbers and moments, records by field name. */
export interface ResultSet {
  fields: BigQueryField[];
  rows: unknown[][];
  /** How many times over the rows are served: many rows for the price of a few. */
  repeat: number;
}

export const totalRows = ({ rows, repeat }: ResultSet): number => rows.length * repeat;

/** Microseconds since 1970 of a canonical moment (`2026-10-01T08:00:00.123456000Z`). */
export function microseconds(moment: string): bigint {
  const [, whole, fraction = ''] = /^(.{19})(?:\.(\d+))?/.exec(moment)!;
  return BigInt(Date.parse(`${whole}Z`)) * 1000n + BigInt(fraction.padEnd(6, '0').slice(0, 6));
}

/** One row as `tabledata.list` and `getQueryResults` write it. */
export function restRow(fields: BigQueryField[], row: unknown[], useInt64Timestamp: boolean): object {
  return { f: fields.map((field, index) => ({ v: restValue(field, row[index], useInt64Timestamp) })) };
}

function restValue(field: BigQueryField, value: unknown, useInt64Timestamp: boolean): unknown {
  if (field.mode === 'REPEATED') {
    const element: BigQueryField = { ...field, mode: 'NULLABLE' };
    return ((value as unknown[] | null) ?? []).map((item) => ({ v: restValue(element, item, useInt64Timestamp) }));
  }
  if (value === null || value === undefined) return null;
  if (field.type === 'RECORD') {
    const record = value as Record<string, unknown>;
    return restRow(
      field.fields!,
      field.fields!.map(({ name }) => record[name]),
      useInt64Timestamp,
    );
  }
  if (field.type !== 'TIMESTAMP') return String(value);
  const micros = microseconds(String(value));
  // Without the option BigQuery writes seconds as a float, which cannot hold every microsecond.
  return useInt64Timestamp ? String(micros) : (Number(micros) / 1e6).toExponential().replace('e+', 'E');
}
