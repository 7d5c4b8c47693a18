import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import { WorthwhileError } from '../../core/errors.ts';
import { BIGNUMERIC_SCALE, isRepeated, typeName, type TableField } from './field.ts';

/** A cell of BigQuery's JSON rows: text, a record `{f: […]}`, a list of cells, or null. */
export type JsonCell = string | null | { f: { v: JsonCell }[] } | { v: JsonCell }[];
export interface JsonRow {
  f: { v: JsonCell }[];
}

export type ReadCell = (cell: JsonCell) => DuckDBValue;

/**
 * How one field's JSON cells are read, without passing through a JavaScript number where that would lose a digit: INT64 and
 * TIMESTAMP (microseconds, `formatOptions.useInt64Timestamp`) as bigint, NUMERIC as its scaled integer. A list that BigQuery
 * leaves null is empty, as it is in BigQuery.
 */
export function jsonReader(field: TableField): ReadCell {
  const element = elementReader(field);
  if (!isRepeated(field)) return (cell) => (cell === null || cell === undefined ? null : element(cell));
  return (cell) =>
    new DuckDBListValue(((cell ?? []) as { v: JsonCell }[]).map(({ v }) => (v === null ? null : element(v))));
}

function elementReader(field: TableField): ReadCell {
  const type = typeName(field);
  if (type === 'RECORD') {
    const children = (field.fields ?? []).map((child) => ({ name: child.name, read: jsonReader(child) }));
    return (cell) => {
      const cells = (cell as { f: { v: JsonCell }[] }).f;
      const entries: Record<string, DuckDBValue> = {};
      for (let at = 0; at < children.length; at += 1) entries[children[at]!.name] = children[at]!.read(cells[at]!.v);
      return new DuckDBStructValue(entries);
    };
  }
  const read = SCALARS[type];
  return read ? (cell) => read(cell as string, field.name) : (cell) => cell as string;
}

const SCALARS: Record<string, (text: string, column: string) => DuckDBValue> = {
  INTEGER: (text) => BigInt(text),
  FLOAT: (text, column) => readDouble(text, column),
  NUMERIC: (text, column) => new DuckDBDecimalValue(scaledDecimal(text, 9, column), 38, 9),
  BIGNUMERIC: (text, column) =>
    new DuckDBDecimalValue(scaledDecimal(text, BIGNUMERIC_SCALE, column), 38, BIGNUMERIC_SCALE),
  BOOLEAN: (text) => String(text) === 'true',
  TIMESTAMP: (text, column) => new DuckDBTimestampTZValue(microsOfTimestamp(text, column)),
  DATETIME: (text) => new DuckDBTimestampValue(microsOfIso(`${text.replace(' ', 'T')}Z`)),
  DATE: (text) => new DuckDBDateValue(daysOf(text)),
  TIME: (text) => new DuckDBTimeValue(microsOfIso(`1970-01-01T${text}Z`)),
  BYTES: (text) => new DuckDBBlobValue(Buffer.from(text, 'base64')),
};

function readDouble(text: string, column: string): number {
  const special: Record<string, number> = {
    NaN: Number.NaN,
    Infinity,
    '-Infinity': -Infinity,
    inf: Infinity,
    '-inf': -Infinity,
  };
  if (text in special) return special[text]!;
  const value = Number(text);
  if (text === '' || Number.isNaN(value)) throw unreadable(text, column, 'number');
  return value;
}

/** A decimal text, also one with an exponent, as an integer scaled by 10^scale. Throws VALUE_INVALID where digits would be lost. */
export function scaledDecimal(text: string, scale: number, column: string): bigint {
  const found = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(String(text).trim());
  if (!found || (found[2] === '' && found[3] === '')) throw unreadable(text, column, 'decimal');
  const [, sign, whole = '', fraction = '', exponent = '0'] = found;
  const shift = scale - fraction.length + Number(exponent);
  const digits = BigInt(whole + fraction || '0');
  const scaled = shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift);
  const lost = shift < 0 && scaled * 10n ** BigInt(-shift) !== digits;
  if (lost || scaled >= 10n ** 38n) throw unreadable(text, column, `DECIMAL(38,${scale})`);
  return sign === '-' ? -scaled : scaled;
}

/** Microseconds since 1970: a whole number as asked for, or seconds with a fraction or exponent, as servers without the option send. */
function microsOfTimestamp(text: string, column: string): bigint {
  if (/^-?\d+$/.test(text)) return BigInt(text);
  if (/^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?$/.test(text)) return scaledDecimal(text, 6, column);
  if (/^\d{4}-\d\d-\d\d/.test(text)) return microsOfIso(text.replace(' ', 'T').replace(/ ?(UTC|\+00(:?00)?)$/, 'Z'));
  throw unreadable(text, column, 'timestamp');
}

/** A TIMESTAMP cell of a small query, null for null. */
export function microsOfCell(cell: JsonCell): bigint | null {
  return cell === null || cell === undefined ? null : microsOfTimestamp(cell as string, 'a time');
}

function microsOfIso(text: string): bigint {
  const [, seconds = '', fraction = ''] = /^(.*?)(?:\.(\d{1,6})\d*)?Z?$/.exec(text)!;
  return BigInt(Date.parse(`${seconds}Z`)) * 1000n + BigInt(fraction.padEnd(6, '0'));
}

function daysOf(text: string): number {
  return Math.round(Date.parse(`${text}T00:00:00Z`) / 86_400_000);
}

function unreadable(text: string, column: string, type: string): WorthwhileError {
  return new WorthwhileError('VALUE_INVALID', `${column} is not a ${type}: ${String(text).slice(0, 80)}`, {
    on: column,
    fix: 'cast the column in a view to a type that holds it, and name the view',
  });
}

/** Microseconds since 1970 as ISO text with six decimals, as manifests write times. */
export function isoOfMicros(micros: bigint): string {
  const seconds = micros >= 0n ? micros / 1_000_000n : -((-micros + 999_999n) / 1_000_000n);
  const rest = micros - seconds * 1_000_000n;
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `${whole}.${rest.toString().padStart(6, '0')}Z`;
}
