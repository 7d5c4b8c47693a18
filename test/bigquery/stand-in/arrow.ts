import {
  Binary,
  Bool,
  DateDay,
  Decimal,
  Field,
  Float64,
  Int64,
  List,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimestampMicrosecond,
  Utf8,
  type Data,
  type DataType,
} from 'apache-arrow';
import type { BigQueryField } from './schema.ts';
import { microseconds } from './values.ts';

/** What `CreateReadSession` and `ReadRows` carry: Arrow IPC messages, the schema apart from the batches. */
export interface ArrowMessages {
  schema: Uint8Array;
  batches: { bytes: Uint8Array; rows: number }[];
}

const END_OF_STREAM = 8;
const DAY_MS = 86_400_000;

/** Rows in the evaluator's spelling as the Storage Read API encodes them, `batchRows` to a message. */
export function arrowMessages(fields: BigQueryField[], rows: unknown[][], batchRows: number): ArrowMessages {
  const schema = new Schema(fields.map((field) => new Field(field.name, arrowType(field), true)));
  const head = streamOf(schema, []).slice(0, -END_OF_STREAM);
  const batches: ArrowMessages['batches'] = [];
  for (let from = 0; from < rows.length; from += batchRows) {
    const some = rows.slice(from, from + batchRows);
    const children = fields.map((field, index) =>
      arrowData(
        field,
        some.map((row) => row[index]),
      ),
    );
    const data = makeData({ type: new Struct(schema.fields), length: some.length, nullCount: 0, children });
    const stream = streamOf(schema, [new RecordBatch(schema, data)]);
    batches.push({ bytes: stream.slice(head.length, -END_OF_STREAM), rows: some.length });
  }
  return { schema: head, batches };
}

function streamOf(schema: Schema, batches: RecordBatch[]): Uint8Array {
  const writer = new RecordBatchStreamWriter();
  writer.reset(undefined, schema);
  for (const batch of batches) writer.write(batch);
  writer.finish();
  return writer.toUint8Array(true);
}

function arrowType(field: BigQueryField): DataType {
  if (field.mode === 'REPEATED') return new List(new Field('item', arrowType({ ...field, mode: 'NULLABLE' }), true));
  switch (field.type) {
    case 'BOOLEAN':
      return new Bool();
    case 'INTEGER':
      return new Int64();
    case 'FLOAT':
      return new Float64();
    case 'STRING':
      return new Utf8();
    case 'BYTES':
      return new Binary();
    case 'DATE':
      return new DateDay();
    case 'TIMESTAMP':
      return new TimestampMicrosecond('UTC');
    case 'NUMERIC':
      return new Decimal(9, 38, 128);
    case 'RECORD':
      return new Struct(field.fields!.map((part) => new Field(part.name, arrowType(part), true)));
    default:
      throw new Error(`the stand-in does not send ${field.type} as Arrow`);
  }
}

function arrowData(field: BigQueryField, values: unknown[]): Data {
  const length = values.length;
  const type = arrowType(field);
  if (field.mode === 'REPEATED') {
    const lists = values.map((value) => (value as unknown[] | null) ?? []);
    const child = arrowData({ ...field, mode: 'NULLABLE' }, lists.flat(1));
    return makeData({ type: type as List, length, nullCount: 0, valueOffsets: offsetsOf(lists), child });
  }
  const { nullBitmap, nullCount } = validity(values);
  if (field.type === 'RECORD') {
    const children = field.fields!.map((part) =>
      arrowData(
        part,
        values.map((value) => (value as Record<string, unknown> | null)?.[part.name] ?? null),
      ),
    );
    return makeData({ type: type as Struct, length, nullCount, nullBitmap, children });
  }
  if (field.type === 'STRING') {
    const texts = values.map((value) => Buffer.from((value as string | null) ?? '', 'utf8'));
    const data = Buffer.concat(texts);
    return makeData({ type: type as Utf8, length, nullCount, nullBitmap, valueOffsets: offsetsOf(texts), data });
  }
  return makeData({
    type: type as Int64,
    length,
    nullCount,
    nullBitmap,
    data: fixedWidth(field.type, values) as never,
  });
}

function fixedWidth(type: string, values: unknown[]): ArrayBufferView {
  const text = (value: unknown, missing: string): string =>
    value === null || value === undefined ? missing : String(value);
  switch (type) {
    case 'BOOLEAN': {
      const bits = new Uint8Array(Math.ceil(values.length / 8));
      for (const [index, value] of values.entries()) if (value === true) bits[index >> 3]! |= 1 << (index & 7);
      return bits;
    }
    case 'INTEGER':
      return BigInt64Array.from(values, (value) => BigInt(text(value, '0')));
    case 'FLOAT':
      return Float64Array.from(values, (value) => Number(text(value, '0')));
    case 'DATE':
      return Int32Array.from(values, (value) => Date.parse(`${text(value, '1970-01-01')}T00:00:00Z`) / DAY_MS);
    case 'TIMESTAMP':
      return BigInt64Array.from(values, (value) => microseconds(text(value, '1970-01-01T00:00:00Z')));
    default: {
      const words = new BigInt64Array(values.length * 2);
      for (const [index, value] of values.entries()) {
        const nanos = nanosOf(text(value, '0'));
        words[index * 2] = BigInt.asIntN(64, nanos);
        words[index * 2 + 1] = BigInt.asIntN(64, nanos >> 64n);
      }
      return new Uint32Array(words.buffer);
    }
  }
}

function nanosOf(decimal: string): bigint {
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal)!;
  const nanos = BigInt(whole! + fraction.padEnd(9, '0'));
  return sign ? -nanos : nanos;
}

function offsetsOf(parts: ArrayLike<unknown>[]): Int32Array {
  const offsets = new Int32Array(parts.length + 1);
  for (const [index, part] of parts.entries()) offsets[index + 1] = offsets[index]! + part.length;
  return offsets;
}

function validity(values: unknown[]): { nullBitmap: Uint8Array; nullCount: number } {
  const nullBitmap = new Uint8Array(Math.ceil(values.length / 8));
  let nullCount = 0;
  for (const [index, value] of values.entries()) {
    if (value === null || value === undefined) nullCount++;
    else nullBitmap[index >> 3]! |= 1 << (index & 7);
  }
  return { nullBitmap, nullCount };
}
