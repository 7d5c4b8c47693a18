import { readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { detailedRows, failureOf, workbench } from './workbench.ts';

const header = 'billing_account_id,service.id,sku.id,usage_start_time,export_time,cost,currency,invoice.month';
const line = (cost: string, month = '202610'): string =>
  `010101,S,K,2026-10-01 07:00:00 UTC,2026-10-02 00:00:00 UTC,${cost},USD,${month}`;
const json = (fields: Record<string, unknown>): string =>
  JSON.stringify({
    billing_account_id: '010101',
    service: { id: 'S' },
    sku: { id: 'K' },
    usage_start_time: '2026-10-01 07:00:00 UTC',
    export_time: '2026-10-02 00:00:00 UTC',
    cost: 1.5,
    currency: 'USD',
    invoice: { month: '202610' },
    ...fields,
  });

describe('broken files', () => {
  it('names the one corrupt file among ten and leaves the heads as they were', async () => {
    const bench = workbench();
    for (let day = 1; day <= 9; day += 1) await bench.writeParquet(`export/2026-10-0${day}.parquet`, detailedRows());
    const before = await bench.ingest().then(() => bench.batches());
    const corrupt = await bench.writeParquet('export/2026-10-10.parquet', detailedRows());
    truncateSync(corrupt, 500);
    await bench.writeParquet('export/2026-10-09.parquet', detailedRows({ cost: '7.0::DOUBLE' }));

    const failure = await failureOf(bench.ingest());

    expect(failure).toMatchObject({ code: 'FILE_CORRUPT', on: corrupt });
    expect(bench.batches()).toEqual(before);
    expect(readdirSync(bench.path('data/lake'))).toEqual(['bill']);
  });

  it('lands the mended file afterwards, with everything that waited for it', async () => {
    const bench = workbench();
    await bench.writeParquet('export/a.parquet', detailedRows());
    const whole = await bench.writeParquet('export/b.parquet', detailedRows({ cost: '2.0::DOUBLE' }));
    const bytes = readFileSync(whole);
    truncateSync(whole, bytes.length - 9);
    await failureOf(bench.ingest());
    writeFileSync(whole, bytes);

    await bench.ingest();

    expect(bench.batches().map(({ partition, rows }) => [partition, rows])).toEqual([
      ['a.parquet', 3],
      ['b.parquet', 3],
    ]);
  });

  it('names every corrupt file at once', async () => {
    const bench = workbench();
    const first = bench.write('export/one.parquet', 'PAR1 but no more');
    const second = bench.write('export/two.parquet', '');

    const failure = await failureOf(bench.ingest());

    expect(failure.message).toContain(first);
    expect(failure.message).toContain(second);
  });

  it.each([
    ['cut.ndjson', `${json({})}\n${json({}).slice(0, 40)}`, 'FILE_CORRUPT'],
    ['cut.json', `[${json({})},\n${json({}).slice(0, 40)}`, 'FILE_CORRUPT'],
    ['nan.ndjson', json({}).replace('1.5', 'NaN'), 'VALUE_INVALID'],
    ['scalar.ndjson', '5\n"x"\n', 'FILE_CORRUPT'],
    ['quote.csv', `${header}\n${line('1.5')}\n"${line('2')}\n${line('3')}\n`, 'FILE_CORRUPT'],
    ['short.csv', `${header}\n${line('1.5')}\n1,2\n`, 'FILE_CORRUPT'],
    ['long.csv', `${header}\n${line('1.5')},,x\n`, 'FILE_CORRUPT'],
    ['twice.csv', `${header},cost\n${line('1.5')},2\n`, 'FILE_CORRUPT'],
    ['blank.csv', '', 'FILE_CORRUPT'],
    ['latin1.csv', Buffer.from(`${header}\n${line('1.5').replace(',S,', ',caf\xe9,')}\n`, 'latin1'), 'FILE_CORRUPT'],
  ])('refuses %s by name', async (name, content, code) => {
    const bench = workbench();
    const path = bench.write(`export/${name}`, content);

    const failure = await failureOf(bench.ingest());

    expect(failure.code).toBe(code);
    expect(failure.on).toContain(path);
    expect(bench.batches()).toEqual([]);
  });

  it('refuses a gzip file that is cut short or is none', async () => {
    const bench = workbench();
    const whole = gzipSync(`${header}\n${line('1.5')}\n`);
    writeFileSync(bench.write('export/cut.csv.gz', ''), whole.subarray(0, whole.length - 12));

    expect(await failureOf(bench.ingest())).toMatchObject({
      code: 'FILE_CORRUPT',
      on: bench.path('export/cut.csv.gz'),
    });

    writeFileSync(bench.path('export/cut.csv.gz'), 'not gzip at all');
    expect(await failureOf(bench.ingest())).toMatchObject({ code: 'FILE_CORRUPT' });
  });
});

describe('values that no bill can be read from', () => {
  it.each([
    ['cost', 'CASE WHEN i = 1 THEN NULL ELSE 1.0::DOUBLE END', 'row 2'],
    ['cost', "CASE WHEN i = 2 THEN 'NaN'::DOUBLE ELSE 1.0 END", 'row 3'],
    ['cost', "CASE WHEN i = 0 THEN '-Infinity'::DOUBLE ELSE 1.0 END", 'row 1'],
    ['cost', 'CASE WHEN i = 1 THEN 1e35::DOUBLE ELSE 1.0 END', 'row 2'],
    ['cost_at_list', "CASE WHEN i = 1 THEN 'NaN'::DOUBLE ELSE 1.0 END", 'row 2'],
    ['currency', "CASE WHEN i = 2 THEN '' ELSE 'USD' END", 'row 3'],
    ['usage_start_time', 'CASE WHEN i = 1 THEN NULL ELSE now() END', 'row 2'],
    ['invoice', "{'month': CASE WHEN i = 2 THEN '2026-10' ELSE '202610' END}", 'row 3'],
    ['invoice', "CASE WHEN i = 1 THEN NULL ELSE {'month': '202610'} END", 'row 2'],
    ['credits', "[{'name': 'x', 'amount': CASE WHEN i = 1 THEN 'NaN'::DOUBLE ELSE 0 END}]", 'row 2'],
    ['credits', "[{'name': 'x', 'amount': CASE WHEN i = 1 THEN -1e18::DOUBLE ELSE 0 END}]", 'row 2'],
    ['cost', 'CASE WHEN i = 1 THEN -1e18::DOUBLE ELSE 1.0 END', 'row 2'],
    ['cost_at_list', 'CASE WHEN i = 2 THEN 1e18::DOUBLE ELSE 1.0 END', 'row 3'],
    ['usage_start_time', "CASE WHEN i = 1 THEN TIMESTAMPTZ '1999-12-31 23:59:59+00' ELSE now() END", 'row 2'],
    ['usage_start_time', "CASE WHEN i = 1 THEN TIMESTAMPTZ '2100-01-01 00:00:00+00' ELSE now() END", 'row 2'],
    ['usage_start_time', "CASE WHEN i = 1 THEN 'infinity'::TIMESTAMPTZ ELSE now() END", 'row 2'],
    ['invoice', "{'month': CASE WHEN i = 2 THEN '000012' ELSE '202610' END}", 'row 3'],
    ['invoice', "{'month': CASE WHEN i = 2 THEN '210001' ELSE '202610' END}", 'row 3'],
    ['currency', "CASE WHEN i = 1 THEN 'usd' ELSE 'USD' END", 'row 2'],
    ['currency', "CASE WHEN i = 2 THEN 'United States Dollar' ELSE 'USD' END", 'row 3'],
  ])('refuses a Parquet file where %s is %s, naming the row', async (column, sql, row) => {
    const bench = workbench();
    await bench.writeParquet('export/good.parquet', detailedRows());
    const path = await bench.writeParquet('export/bad.parquet', detailedRows({ [column]: sql }));

    const failure = await failureOf(bench.ingest());

    expect(failure).toMatchObject({ code: 'VALUE_INVALID', on: `${path}, ${row}` });
    expect(failure.message).toContain(column);
  });

  it.each([
    ['abc', 'cost'],
    ['', 'cost'],
    ['NULL', 'cost'],
    ['NaN', 'cost'],
    ['Infinity', 'cost'],
    ['"1,000.50"', 'cost'],
    ['1e35', 'cost'],
  ])('refuses a CSV cost of %s, naming the row', async (cost, column) => {
    const bench = workbench();
    const path = bench.write('export/bill.csv', `${header}\n${line('1.5')}\n${line(cost)}\n${line('2')}\n`);

    const failure = await failureOf(bench.ingest());

    expect(failure).toMatchObject({ code: 'VALUE_INVALID', on: `${path}, row 2` });
    expect(failure.message).toContain(column);
  });

  it('refuses dates that are none, in CSV and in JSON', async () => {
    const bench = workbench();
    bench.write('export/bill.csv', `${header}\n${line('1').replace('2026-10-01 07', '2026-13-01 07')}\n`);
    expect(await failureOf(bench.ingest())).toMatchObject({ code: 'VALUE_INVALID' });

    const other = workbench();
    const path = other.write('export/bill.ndjson', `${json({})}\n${json({ usage_start_time: 'yesterday' })}\n`);
    expect(await failureOf(other.ingest())).toMatchObject({ code: 'VALUE_INVALID', on: `${path}, row 2` });
  });

  it('refuses a credit amount in JSON that is no number', async () => {
    const bench = workbench();
    const rows = [json({ credits: [{ amount: '-1' }] }), json({ credits: [{ amount: 'free' }] })];
    const path = bench.write('export/bill.ndjson', rows.join('\n'));

    expect(await failureOf(bench.ingest())).toMatchObject({ code: 'VALUE_INVALID', on: `${path}, row 2` });
  });
});

describe('schemas', () => {
  it.each(['cost', 'currency', 'invoice', 'usage_start_time', 'export_time', 'service', 'sku', 'billing_account_id'])(
    'refuses a file without %s by name',
    async (column) => {
      const bench = workbench();
      const path = await bench.writeParquet('export/bill.parquet', detailedRows({ [column]: null }));

      const failure = await failureOf(bench.ingest());

      expect(failure).toMatchObject({ code: 'SCHEMA_MISSING_COLUMN', on: path });
      expect(failure.message).toContain(column);
    },
  );

  it.each([
    ['cost', "'1.5'"],
    ['usage_start_time', "'2026-10-01'"],
    ['labels', "'component=x'"],
    ['credits', "[{'name': 'x', 'amount': '1'}]"],
    ['project', "'playlists'"],
  ])('refuses a file where %s is %s', async (column, sql) => {
    const bench = workbench();
    const path = await bench.writeParquet('export/bill.parquet', detailedRows({ [column]: sql }));

    expect(await failureOf(bench.ingest())).toMatchObject({ code: 'SCHEMA_WRONG_TYPE', on: path });
  });

  it('takes an optional column that is null throughout, whatever type its writer gave it', async () => {
    const bench = workbench();
    await bench.writeParquet(
      'export/bill.parquet',
      detailedRows({ tags: 'NULL', usage_end_time: 'NULL', credits: 'NULL' }),
    );

    expect((await bench.ingest()).sources[0]!.rows).toBe(3);
  });

  it('warns of a new column and keeps going; optional columns and fields may be absent', async () => {
    const bench = workbench();
    const select = detailedRows({ carbon: '5', labels: null, project: "{'id': 'playlists'}" });
    await bench.writeParquet('export/bill.parquet', select);

    const report = await bench.ingest();

    expect(report.warnings).toEqual([expect.stringContaining('carbon (bill.parquet)')]);
    expect(report.sources[0]!.rows).toBe(3);
    expect(bench.batches()[0]!.columns.map(({ name }) => name)).toContain('carbon');
  });
});

describe('odd but sound files', () => {
  it('takes files without rows: Parquet, a CSV header alone, an empty NDJSON shard', async () => {
    const bench = workbench();
    await bench.writeParquet('export/none.parquet', detailedRows({}, 'range(0) AS t(i)'));
    bench.write('export/header.csv', `${header}\n`);
    bench.write('export/shard.ndjson', '');
    bench.write('export/other-shard.ndjson', '');

    const report = await bench.ingest();

    expect(report.skipped).toEqual([]);
    expect(bench.batches().map(({ rows, sums }) => ({ rows, sums }))).toEqual(
      Array.from({ length: 4 }, () => ({ rows: 0, sums: {} })),
    );
    expect((await bench.ingest()).sources[0]).toMatchObject({ unchanged: 4, landed: [] });
  });

  it('takes a byte order mark, CRLF, blank lines, semicolons and quoted line breaks', async () => {
    const bench = workbench();
    const quoted = line('2').replace(',S,', ',"S\r\n""x""",');
    bench.write('export/a.csv', `\uFEFF${header}\r\n${line('1.5')}\r\n\r\n${quoted}\r\n`);
    bench.write('export/b.csv', `${header}\n${line('4')}\n`.replaceAll(',', ';'));
    bench.write('export/c.ndjson', `\uFEFF${json({})}\r\n\r\n${json({ cost: '0.25' })}\r\n`);

    await bench.ingest();

    expect(bench.batches().map(({ sums }) => sums['USD']!['cost'])).toEqual([
      '3.500000000',
      '4.000000000',
      '1.750000000',
    ]);
  });

  it('leaves out files of no known format and says so', async () => {
    const bench = workbench();
    await bench.writeParquet('export/bill.parquet', detailedRows());
    bench.write('export/notes.txt', 'hello');
    bench.write('export/_SUCCESS', '');

    const report = await bench.ingest();

    expect(report.skipped.map(({ what }) => what)).toEqual([bench.path('export/notes.txt')]);
  });
});
