import { Decimal, Field, Float64, Int64, List, makeData, Struct, Utf8, vectorFromArray, type Data } from 'apache-arrow';
import { DuckDBDecimalValue, DuckDBListValue, DuckDBStructValue, DuckDBTimestampTZValue } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { arrowReader, type ArrowColumn } from '../../../ingest/bigquery/arrow-values.ts';
import { landedColumns, type TableField } from '../../../ingest/bigquery/field.ts';
import { isoOfMicros, jsonReader, scaledDecimal } from '../../../ingest/bigquery/json-values.ts';

const field = (type: string, more: Partial<TableField> = {}): TableField => ({ name: 'x', type, ...more });
const record = field('RECORD', {
  fields: [field('STRING', { name: 'id' }), field('INT64', { name: 'n', mode: 'REPEATED' })],
});

describe('the type a field lands with', () => {
  it.each([
    [field('FLOAT64'), 'DOUBLE'],
    [field('INT64', { mode: 'REPEATED' }), 'BIGINT[]'],
    [field('NUMERIC'), 'DECIMAL(38,9)'],
    [field('BIGNUMERIC'), 'DECIMAL(38,18)'],
    [field('TIMESTAMP'), 'TIMESTAMP WITH TIME ZONE'],
    [field('DATETIME'), 'TIMESTAMP'],
    [{ ...record, mode: 'REPEATED' }, 'STRUCT("id" VARCHAR, n BIGINT[])[]'],
  ])('%j', (live, type) => {
    expect(landedColumns([live])[0]!.type.replaceAll('"', '')).toBe(type.replaceAll('"', ''));
  });

  it('is refused by name for what cannot be read', () => {
    expect(() => landedColumns([field('RANGE')])).toThrow(/column x is of type RANGE/);
  });
});

describe('a value of a JSON page', () => {
  it.each([
    ['INT64', '9223372036854775807', 9223372036854775807n],
    ['INTEGER', '-9007199254740993', -9007199254740993n],
    ['FLOAT', '0.30000000000000004', 0.1 + 0.2],
    ['FLOAT', '5e-324', 5e-324],
    ['FLOAT', '-Infinity', -Infinity],
    ['FLOAT', 'NaN', Number.NaN],
    ['BOOL', 'true', true],
    ['STRING', 'NULL', 'NULL'],
    ['NUMERIC', '-99999999999999999999999999999.999999999', new DuckDBDecimalValue(-(10n ** 38n) + 1n, 38, 9)],
    ['TIMESTAMP', '1790844123000001', new DuckDBTimestampTZValue(1790844123000001n)],
    ['TIMESTAMP', '-1', new DuckDBTimestampTZValue(-1n)],
    ['TIMESTAMP', '1.790844123000001E9', new DuckDBTimestampTZValue(1790844123000001n)],
    ['TIMESTAMP', '2026-10-01 08:02:03.000001 UTC', new DuckDBTimestampTZValue(1790841723000001n)],
  ])('%s %s is exact', (type, text, value) => {
    expect(jsonReader(field(type))(text)).toEqual(value);
  });

  it('keeps null apart from a record of nulls, and gives an empty list for none', () => {
    const read = jsonReader(record);

    expect(read(null)).toBeNull();
    expect(read({ f: [{ v: null }, { v: [] }] })).toEqual(
      new DuckDBStructValue({ id: null, n: new DuckDBListValue([]) }),
    );
    expect(jsonReader({ ...record, mode: 'REPEATED' })(null)).toEqual(new DuckDBListValue([]));
  });

  it.each([
    ['NUMERIC', '1e400'],
    ['NUMERIC', 'abc'],
    ['BIGNUMERIC', '0.0000000000000000001'],
    ['FLOAT', 'abc'],
    ['TIMESTAMP', 'yesterday'],
  ])('%s %s is refused, not rounded', (type, text) => {
    expect(() => jsonReader(field(type))(text)).toThrow(/^x is not a/);
  });

  it('reads decimals with and without an exponent', () => {
    expect(['1', '-0.5', '1.5e3', '25E-1', '.5'].map((text) => scaledDecimal(text, 2, 'x'))).toEqual([
      100n,
      -50n,
      150000n,
      250n,
      50n,
    ]);
  });

  it('tells a time before 1970 as it tells one after', () => {
    expect([0n, -1n, 1790841723000001n].map(isoOfMicros)).toEqual([
      '1970-01-01T00:00:00.000000Z',
      '1969-12-31T23:59:59.999999Z',
      '2026-10-01T08:02:03.000001Z',
    ]);
  });
});

describe('a value of an Arrow batch', () => {
  const columnOf = (data: Data): ArrowColumn => data as unknown as ArrowColumn;

  it('is exact for integers, doubles, text and null', () => {
    const integers = vectorFromArray([9007199254740993n, null, -1n], new Int64());
    const doubles = vectorFromArray([0.1 + 0.2, null, -0], new Float64());
    const texts = vectorFromArray(['größe', null, ''], new Utf8());
    const values = (type: string, data: Data): unknown[] =>
      [0, 1, 2].map((row) => arrowReader(field(type), columnOf(data))(row));

    expect(values('INT64', integers.data[0]!)).toEqual([9007199254740993n, null, -1n]);
    expect(values('FLOAT64', doubles.data[0]!)).toEqual([0.1 + 0.2, null, -0]);
    expect(values('STRING', texts.data[0]!)).toEqual(['größe', null, '']);
  });

  it('reads 128 and 256 bits of a decimal, negative ones too', () => {
    const words = (value: bigint, count: number): bigint[] =>
      Array.from({ length: count }, (_, index) => BigInt.asUintN(64, value >> BigInt(64 * index)));
    const decimals = (bits: number, scale: number, values: bigint[]): ArrowColumn => {
      const data = new Uint32Array(BigUint64Array.from(values.flatMap((value) => words(value, bits / 64))).buffer);
      return columnOf(makeData({ type: new Decimal(scale, 38, bits), length: values.length, data }));
    };
    const numeric = decimals(128, 9, [123456789012345678901234567890n, -1n]);
    const big = decimals(256, 38, [-15n * 10n ** 37n, 10n ** 57n]);

    expect([0, 1].map((row) => arrowReader(field('NUMERIC'), numeric)(row))).toEqual([
      new DuckDBDecimalValue(123456789012345678901234567890n, 38, 9),
      new DuckDBDecimalValue(-1n, 38, 9),
    ]);
    expect([0, 1].map((row) => arrowReader(field('BIGNUMERIC'), big)(row))).toEqual([
      new DuckDBDecimalValue(-15n * 10n ** 17n, 38, 18),
      new DuckDBDecimalValue(10n ** 37n, 38, 18),
    ]);
    expect(() => arrowReader(field('BIGNUMERIC'), decimals(256, 38, [1n]))(0)).toThrow(/does not fit/);
  });

  it('reads records within lists, whatever the order of their fields', () => {
    const child = new Struct([new Field('n', new Int64(), true), new Field('id', new Utf8(), true)]);
    const type = new List(new Field('item', child, true));
    const rows = vectorFromArray(
      [
        [
          { n: 1n, id: 'a' },
          { n: null, id: null },
        ],
        [],
        null,
      ],
      type,
    );
    const live = field('RECORD', {
      mode: 'REPEATED',
      fields: [field('STRING', { name: 'id' }), field('INT64', { name: 'n' })],
    });
    const read = arrowReader(live, columnOf(rows.data[0]!));

    expect([read(0), read(1), read(2)]).toEqual([
      new DuckDBListValue([new DuckDBStructValue({ id: 'a', n: 1n }), new DuckDBStructValue({ id: null, n: null })]),
      new DuckDBListValue([]),
      new DuckDBListValue([]),
    ]);
  });
});
