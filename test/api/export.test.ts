import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chargebackExportJson, EXPORT_FORMATS, type ExportFormat } from '../../api/contract/index.ts';
import { exportChargeback } from '../../api/export/chargeback.ts';
import { deliverToFile, deliverToStream } from '../../api/export/deliver.ts';
import { openDatabase, selectRows, sqlText } from '../../core/duckdb.ts';
import { startTestApi, type TestApi } from './client.ts';
import { HOSTILE_NAME } from './warehouse.ts';

const COLUMNS = [
  'BillingPeriod',
  'SquadId',
  'SquadName',
  'CostCentre',
  'ComponentId',
  'ServiceName',
  'ChargeKind',
  'BillingCurrency',
  'ListCost',
  'ContractedCost',
  'BilledCost',
  'EffectiveCost',
];

let api: TestApi;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'worthwhile-export-test-'));
  api = await startTestApi({
    after: [
      "update fct_chargeback set SquadName = '@sum(A1)', CostCentre = chr(9) || 'tab' where SquadId = 'playback'",
      "update fct_chargeback set SquadName = chr(13) || 'two' || chr(10) || 'lines, \"quoted\"' where SquadId = 'sales/ads'",
      "update fct_chargeback set SquadName = '-1', CostCentre = '1-1' where SquadId = 'unallocated'",
    ],
  });
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

async function download(
  format: ExportFormat,
  query = '',
): Promise<{ response: Response; bytes: Buffer; path: string }> {
  const response = await api.get(`/api/v1/chargeback/export?month=2026-08&format=${format}${query}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  const path = join(folder, `download.${format}`);
  writeFileSync(path, bytes);
  return { response, bytes, path };
}

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const database = await openDatabase();
  const rows = await selectRows(database.connection, sql);
  database.close();
  return rows;
}

/** The parts of a zip file, found by its central directory. */
function unzip(bytes: Buffer): Map<string, string> {
  const parts = new Map<string, string>();
  const end = bytes.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const data = bytes.subarray(start, start + bytes.readUInt32LE(at + 20));
    parts.set(name, (bytes.readUInt16LE(at + 10) === 0 ? data : inflateRawSync(data)).toString('utf8'));
    at += 46 + nameLength + extraLength + commentLength;
  }
  return parts;
}

interface SheetCell {
  text: string;
  isNumber: boolean;
}

/** Rows of a sheet; shared strings resolved. */
function sheetRows(parts: Map<string, string>, sheet: string): SheetCell[][] {
  const unescaped = (xml: string): string =>
    xml
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&apos;', "'")
      .replaceAll('&amp;', '&');
  const shared = [...(parts.get('xl/sharedStrings.xml') ?? '').matchAll(/<si>.*?<t[^>]*>([\s\S]*?)<\/t>/g)].map((m) =>
    unescaped(m[1]!),
  );
  return [...parts.get(`xl/worksheets/${sheet}.xml`)!.matchAll(/<row [^>]*?(?:\/>|>([\s\S]*?)<\/row>)/g)].map((row) =>
    [...(row[1] ?? '').matchAll(/<c ([^>]*?)(?:\/>|>([\s\S]*?)<\/c>)/g)].map(([, attributes, content]) => {
      const value = /<(?:v|t)[^>]*>([\s\S]*?)<\/(?:v|t)>/.exec(content ?? '')?.[1] ?? '';
      const isShared = attributes!.includes('t="s"');
      return {
        text: isShared ? shared[Number(value)]! : unescaped(value),
        isNumber: !/ t="(?!n")/.test(` ${attributes}`) && content !== undefined,
      };
    }),
  );
}

describe('the chargeback export', () => {
  it.each(EXPORT_FORMATS)('as %s says what it is and how long', async (format) => {
    const { response, bytes } = await download(format);

    expect(response.headers.get('Content-Disposition')).toBe(`attachment; filename="chargeback-2026-08.${format}"`);
    expect(response.headers.get('Content-Length')).toBe(String(bytes.byteLength));
    expect(response.headers.get('Cache-Control')).toBe('no-store');
  });

  it('has the columns of the design in their order, in every format', async () => {
    const csv = (await download('csv')).bytes.toString().split('\n')[0]!.split(',');
    const json = chargebackExportJson.parse(JSON.parse((await download('json')).bytes.toString()));
    const parquet = await query(`describe select * from ${sqlText((await download('parquet')).path)}`);
    const xlsx = sheetRows(unzip((await download('xlsx')).bytes), 'sheet1')[0]!;

    expect(csv).toEqual(COLUMNS);
    expect(Object.keys(json[0]!)).toEqual(COLUMNS);
    expect(parquet.map((column) => column['column_name'])).toEqual(COLUMNS);
    expect(xlsx.map((cell) => cell.text)).toEqual(COLUMNS);
  });

  it('ties to the reconciliation in every exact format, to the last place', async () => {
    const { rows } = await api.ask('reconciliation', { month: '2026-08', currency: 'USD' });
    const readers = {
      csv: `read_csv(${sqlText((await download('csv')).path)}, all_varchar = true)`,
      json: `read_json(${sqlText((await download('json')).path)}, columns = {BilledCost: 'VARCHAR', BillingCurrency: 'VARCHAR'})`,
      parquet: sqlText((await download('parquet')).path),
    };

    for (const [format, from] of Object.entries(readers)) {
      const [sum] = await query(
        `select sum(BilledCost::decimal(38, 9)) as total from ${from} where BillingCurrency = 'USD'`,
      );
      expect(sum!['total'], format).toBe(rows[0]!.x_Actual);
    }
  });

  it('keeps decimals as DECIMAL(38,9) in Parquet and as text in JSON', async () => {
    const types = await query(`describe select BilledCost from ${sqlText((await download('parquet')).path)}`);
    const json = JSON.parse((await download('json')).bytes.toString()) as {
      SquadId: string;
      ServiceName: string;
      BilledCost: unknown;
    }[];

    expect(types[0]!['column_type']).toBe('DECIMAL(38,9)');
    expect(json.find((row) => row.ServiceName === 'Cloud Storage')?.BilledCost).toBe('31.000000031');
  });

  it('keeps a spreadsheet from running text as a formula, and leaves numbers alone', async () => {
    const path = (await download('csv')).path;
    const rows = await query(
      `select distinct SquadId, SquadName, CostCentre from read_csv(${sqlText(path)}, all_varchar = true) order by SquadId`,
    );
    const negative = await query(
      `select BilledCost from read_csv(${sqlText(path)}, all_varchar = true) where ServiceName = 'Support'`,
    );

    expect(rows).toEqual([
      { SquadId: 'playback', SquadName: "'@sum(A1)", CostCentre: "'\ttab" },
      { SquadId: 'sales/ads', SquadName: '\'\rtwo\nlines, "quoted"', CostCentre: null },
      { SquadId: 'search', SquadName: `'${HOSTILE_NAME}`, CostCentre: 'CC-1' },
      { SquadId: 'unallocated', SquadName: "'-1", CostCentre: '1-1' },
    ]);
    expect(negative).toEqual([{ BilledCost: '-3.100000000' }]);
  });

  it('does not escape where nothing runs formulas', async () => {
    const json = (await download('json')).bytes.toString();
    const [parquet] = await query(
      `select SquadName from ${sqlText((await download('parquet')).path)} where SquadId = 'playback'`,
    );

    expect(json).toContain('"@sum(A1)"');
    expect(parquet).toEqual({ SquadName: '@sum(A1)' });
  });

  it('opens as a workbook whose money cells are numbers and whose texts are escaped', async () => {
    const rows = sheetRows(unzip((await download('xlsx')).bytes), 'sheet1');
    const storage = rows.find((row) => row[5]?.text === 'Cloud Storage')!;

    expect(rows).toHaveLength(11);
    expect(storage[10]).toEqual({ text: '31.000000031', isNumber: true });
    expect(storage[2]).toEqual({ text: `'${HOSTILE_NAME}`, isNumber: false });
    expect(rows.slice(1).every((row) => row.slice(8).every((cell) => cell.isNumber))).toBe(true);
  });

  it('has exact totals by kind and the reconciliation on a sheet of their own, and a frozen header', async () => {
    const parts = unzip((await download('xlsx')).bytes);
    const summary = sheetRows(parts, 'sheet2').map((row) => row.map((cell) => cell.text));

    expect(parts.get('xl/worksheets/sheet1.xml')).toContain('state="frozen"');
    expect(parts.get('xl/workbook.xml')).toMatch(/name="Chargeback".*name="Summary"/s);
    expect(summary).toContainEqual(['Tax', 'USD', '1', '15.540000000', '7.770000000', '7.770000000', '7.770000000']);
    expect(summary).toContainEqual([
      'Total',
      'USD',
      '9',
      '1295.840000062',
      '647.920000031',
      '647.920000031',
      '647.920000031',
    ]);
    expect(summary).toContainEqual([
      'chargeback = staging',
      'USD',
      'BilledCost',
      '647.920000031',
      '647.920000031',
      '0.000000000',
      'yes',
    ]);
  });

  it('as a workbook is written by a thread of its own, so that nobody waits for it', async () => {
    const threads: unknown[] = [];
    const onWorker = (worker: unknown): void => void threads.push(worker);
    process.on('worker', onWorker);
    await download('csv');
    const before = threads.length;
    await download('xlsx');
    process.off('worker', onWorker);

    expect([before, threads.length]).toEqual([0, 1]);
  });

  it('as a workbook that cannot be written fails with the reason', async () => {
    const exportFolder = join(folder, 'gone');
    const asked = api.warehouse.read((reader) =>
      exportChargeback({ ...reader, exportFolder }, { month: '2026-08', format: 'xlsx' }),
    );

    await expect(asked).rejects.toThrow('ENOENT');
  });

  it('of one squad and one currency has only their rows', async () => {
    const { bytes, response } = await download('csv', '&squad=sales%2Fads&currency=USD');

    expect(bytes.toString()).toContain('BigQuery');
    expect(bytes.toString()).not.toContain('playback');
    expect(response.headers.get('Content-Disposition')).toContain('chargeback-2026-08-sales_ads-USD.csv');
  });

  it('comes out the same each time', async () => {
    for (const format of ['csv', 'json', 'parquet'] as const) {
      expect((await download(format)).bytes.equals((await download(format)).bytes), format).toBe(true);
    }
  });

  it('leaves no file behind: not when read, not when abandoned, not for HEAD', async () => {
    const exportFolder = await api.warehouse.read(async (reader) => reader.exportFolder);
    const path = '/api/v1/chargeback/export?month=2026-08';

    await (await api.get(path)).body!.cancel();
    await api.app.request(path, { method: 'HEAD' });
    await api.get(`${path}&squad=nobody`);
    await download('xlsx');

    expect(readdirSync(exportFolder)).toEqual([]);
  });
});

describe('an export on the command line', () => {
  it('replaces its target whole, in a folder that it makes', async () => {
    const target = join(folder, 'deep', 'er', 'out.csv');
    const file = await api.warehouse.read((reader) => exportChargeback(reader, { month: '2026-08', format: 'csv' }));

    await deliverToFile(file.path, target);
    await deliverToFile(file.path, target);

    expect(readFileSync(target).byteLength).toBe(file.bytes);
    expect(readdirSync(join(folder, 'deep', 'er'))).toEqual(['out.csv']);
  });

  it('says which file it could not write', async () => {
    const blocked = join(folder, 'a-file');
    writeFileSync(blocked, '');
    const file = await api.warehouse.read((reader) => exportChargeback(reader, { month: '2026-08', format: 'csv' }));

    await expect(deliverToFile(file.path, join(blocked, 'out.csv'))).rejects.toMatchObject({
      on: join(blocked, 'out.csv'),
    });
  });

  it('goes to a stream and leaves it open', async () => {
    const output = new PassThrough();
    const file = await api.warehouse.read((reader) => exportChargeback(reader, { month: '2026-08', format: 'csv' }));
    const received = textOf(output);

    await deliverToStream(file.path, output);
    output.end('after');

    expect(await received).toMatch(/^BillingPeriod,[\s\S]*after$/);
  });

  it('of a month without charges names the months there are', async () => {
    const asked = api.warehouse.read((reader) => exportChargeback(reader, { month: '2025-01', format: 'csv' }));

    await expect(asked).rejects.toMatchObject({ code: 'NOT_FOUND', fix: expect.stringContaining('2026-09, 2026-08') });
  });
});
