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

/** One column of an Arrow record batch as it lies in memory (`apache-arrow`'s `Data`). */
export interface ArrowColumn {
  type: { children?: { name: string }[] | null };
  offset: number;
  length: number;
  nullCount: number;
  values: unknown;
  valueOffsets: Int32Array;
  children: ArrowColumn[];
  getValid: (index: number) => boolean;
}

/** The value of one row, exactly: nothing passes through a JavaScript number that may not hold it. */
export type ReadRow = (row: number) => DuckDBValue;

/** How one field is read from its Arrow column. Throws VALUE_INVALID for a BIGNUMERIC of more digits than it lands with. */
export function arrowReader(field: TableField, column: ArrowColumn): ReadRow {
  if (!isRepeated(field)) return nullable(column, elementReader(field, column));
  const element = arrowReader({ ...field, mode: 'NULLABLE' }, column.children[0]!);
  const offsets = column.valueOffsets;
  return (row) => {
    if (!column.getValid(row)) return new DuckDBListValue([]);
    const items: DuckDBValue[] = [];
    for (let at = offsets[row]!; at < offsets[row + 1]!; at += 1) items.push(element(at));
    return new DuckDBListValue(items);
  };
}

function nullable(column: ArrowColumn, read: ReadRow): ReadRow {
  return column.nullCount === 0 ? read : (row) => (column.getValid(row) ? read(row) : null);
}

function elementReader(field: TableField, column: ArrowColumn): ReadRow {
  const type = typeName(field);
  if (type === 'RECORD') return recordReader(field, column);
  const { values } = column;
  switch (type) {
    case 'INTEGER': {
      const numbers = values as BigInt64Array;
      return (row) => numbers[row]!;
    }
    case 'FLOAT': {
      const numbers = values as Float64Array;
      return (row) => numbers[row]!;
    }
    case 'NUMERIC': {
      const words = wordsOf(values);
      return (row) => new DuckDBDecimalValue(signed128(words, row * 2), 38, 9);
    }
    case 'BIGNUMERIC': {
      const words = wordsOf(values);
      return (row) => new DuckDBDecimalValue(narrowed(signed256(words, row * 4), field.name), 38, BIGNUMERIC_SCALE);
    }
    case 'BOOLEAN': {
      const bits = values as Uint8Array;
      return (row) => (bits[(column.offset + row) >> 3]! & (1 << ((column.offset + row) & 7))) !== 0;
    }
    case 'TIMESTAMP': {
      const micros = longsOf(values);
      return (row) => new DuckDBTimestampTZValue(micros[row]!);
    }
    case 'DATETIME': {
      const micros = longsOf(values);
      return (row) => new DuckDBTimestampValue(micros[row]!);
    }
    case 'TIME': {
      const micros = longsOf(values);
      return (row) => new DuckDBTimeValue(micros[row]!);
    }
    case 'DATE': {
      const days = values as Int32Array;
      return (row) => new DuckDBDateValue(days[row]!);
    }
    default: {
      const bytes = bufferOf(values as Uint8Array);
      const offsets = column.valueOffsets;
      if (type === 'BYTES') {
        return (row) => new DuckDBBlobValue(bytes.subarray(offsets[row]!, offsets[row + 1]!));
      }
      return (row) => bytes.utf8Slice(offsets[row]!, offsets[row + 1]!);
    }
  }
}

function recordReader(field: TableField, column: ArrowColumn): ReadRow {
  const names = (column.type.children ?? []).map(({ name }) => name);
  const children = (field.fields ?? []).map((child) => ({
    name: child.name,
    read: arrowReader(child, column.children[names.indexOf(child.name)]!),
  }));
  return (row) => {
    const entries: Record<string, DuckDBValue> = {};
    for (const { name, read } of children) entries[name] = read(row);
    return new DuckDBStructValue(entries);
  };
}

type TextBuffer = Buffer & { utf8Slice: (start: number, end: number) => string };

function bufferOf(bytes: Uint8Array): TextBuffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) as TextBuffer;
}

function longsOf(values: unknown): BigInt64Array {
  if (values instanceof BigInt64Array) return values;
  const { buffer, byteOffset, byteLength } = values as Int32Array;
  return new BigInt64Array(buffer, byteOffset, byteLength / 8);
}

function wordsOf(values: unknown): BigUint64Array {
  const { buffer, byteOffset, byteLength } = values as Uint32Array;
  return new BigUint64Array(buffer, byteOffset, byteLength / 8);
}

function signed128(words: BigUint64Array, at: number): bigint {
  return (BigInt.asIntN(64, words[at + 1]!) << 64n) | words[at]!;
}

function signed256(words: BigUint64Array, at: number): bigint {
  return (BigInt.asIntN(64, words[at + 3]!) << 192n) | (words[at + 2]! << 128n) | (words[at + 1]! << 64n) | words[at]!;
}

/** BIGNUMERIC has 38 digits after the point; here it lands with fewer, and only where nothing is lost by it. */
function narrowed(value: bigint, column: string): bigint {
  const step = 10n ** BigInt(38 - BIGNUMERIC_SCALE);
  const scaled = value / step;
  if (scaled * step === value && scaled < 10n ** 38n && scaled > -(10n ** 38n)) return scaled;
  throw new WorthwhileError(
    'VALUE_INVALID',
    `${column} has a BIGNUMERIC that does not fit DECIMAL(38,${BIGNUMERIC_SCALE})`,
    {
      on: column,
      fix: 'cast the column in a view to a type that holds it, and name the view',
    },
  );
}
