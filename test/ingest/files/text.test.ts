import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCsvHeader } from '../../../ingest/files/csv-header.ts';
import { quoteLongNumbers } from '../../../ingest/files/long-numbers.ts';
import { dayOfPartition, formatOf, partitionOf } from '../../../ingest/files/source-file.ts';

async function quoted(text: string, chunkSize = 7): Promise<string> {
  const bytes = Buffer.from(text);
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += chunkSize) yield bytes.subarray(at, at + chunkSize);
  }
  const parts: Buffer[] = [];
  for await (const part of quoteLongNumbers(chunks())) parts.push(part);
  return Buffer.concat(parts).toString();
}

describe('long numbers in JSON', () => {
  it.each([
    ['{"a":1.5,"b":-2e-7}', '{"a":1.5,"b":-2e-7}'],
    ['{"a":-12345678901.123456789}', '{"a":"-12345678901.123456789"}'],
    ['{"a":"12345678901234567890\\"1234567890123456"}', '{"a":"12345678901234567890\\"1234567890123456"}'],
    ['[1234567890123456,1.23456789012345e+10]', '["1234567890123456","1.23456789012345e+10"]'],
    ['12345678901234567', '"12345678901234567"'],
  ])('%s becomes %s, however it is cut into chunks', async (text, expected) => {
    for (const size of [1, 2, 5, 1000]) expect(await quoted(text, size)).toBe(expected);
  });

  it('changes nothing that JSON.parse reads, except long numbers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.integer({ min: 1, max: 40 }), async (text, size) => {
        const asText = (value: unknown): unknown =>
          JSON.parse(JSON.stringify(value), (_, v) => (typeof v === 'number' ? String(v) : v));
        const revived = JSON.parse(await quoted(text, size), (_, v) =>
          typeof v === 'string' && /^-?[\d.e+-]{16,}$/.test(v) ? String(Number(v)) : v,
        );
        expect(asText(revived)).toEqual(asText(JSON.parse(text)));
      }),
    );
  });
});

describe('CSV headers', () => {
  it.each([
    ['a,b\n1,2', ['a', 'b'], ','],
    ['\uFEFF"a";"b;c"\r\n', ['a', 'b;c'], ';'],
    ['a\tb', ['a', 'b'], '\t'],
    ['"x ""y""",z', ['x "y"', 'z'], ','],
    ['only\n', ['only'], ','],
    ['', [], ','],
  ])('%j', (text, names, delimiter) => {
    expect(parseCsvHeader(text)).toEqual({ names, delimiter });
  });
});

describe('file names', () => {
  it.each([
    ['a/b.parquet', 'a/b.parquet'],
    ['export_day=2026-10-01/part-0.parquet', 'export_day=2026-10-01'],
    ['x/year=2026/month=10/deep/part.csv', 'x/year=2026/month=10'],
    ['a=b.parquet', 'a=b.parquet'],
  ])('%s belongs to partition %s', (path, partition) => {
    expect(partitionOf(path)).toBe(partition);
  });

  it('knows formats by extension, gzip or not, in any case', () => {
    expect(formatOf('A.PARQUET')).toEqual({ format: 'parquet', gzipped: false });
    expect(formatOf('a.snappy.parquet.gz')).toEqual({ format: 'parquet', gzipped: true });
    expect(formatOf('a.jsonl')).toEqual({ format: 'ndjson', gzipped: false });
    expect(formatOf('a.gz')).toBeNull();
  });

  it('finds the day in a partition name', () => {
    expect(dayOfPartition('export_day=2026-10-01')).toBe('2026-10-01');
    expect(dayOfPartition('bill_20261001.csv')).toBe('2026-10-01');
    expect(dayOfPartition('bill-000000000012.csv')).toBeNull();
  });
});
