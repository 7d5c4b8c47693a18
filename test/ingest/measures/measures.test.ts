import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseConfig } from '../../../core/config/load.ts';
import { openDatabase, sqlText } from '../../../core/duckdb.ts';
import { silentEffects } from '../../../core/effects.ts';
import { landedMeasures } from '../../../core/measures.ts';
import { workspaceAt } from '../../../core/workspace.ts';
import { loadMeasures, type MeasuresOutcome, type RunQuery } from '../../../ingest/measures/load-measures.ts';
import { normalForm } from '../../../model/inputs/normal-form.ts';
import { startStandIn } from '../../bigquery/stand-in/server.ts';
import { detailedRows, failureOf, query, workbench, type Workbench } from '../workbench.ts';

const FREE = { bytesProcessed: '0', bytesBilled: '0', priceUsd: '0' };
const DRIVER = "drivers: [{ name: kafka, files: ['./drivers/*'] }]";
const METRIC = "metrics: [{ name: dau, title: Daily users, files: ['./metrics/*'] }]";

interface Bench extends Workbench {
  load: (now?: string) => Promise<MeasuresOutcome>;
  warnings: string[];
  values: (kind?: string) => Promise<Record<string, unknown>[]>;
  folder: string;
}

function bench(extra: string, runQuery: RunQuery = async () => ({ pulled: FREE })): Bench {
  const bench = workbench('focus', extra);
  const workspace = workspaceAt(bench.config.workspace);
  const warnings: string[] = [];
  const load = async (now = '2026-10-05T09:00:00Z'): Promise<MeasuresOutcome> => {
    const database = await openDatabase({ threads: 1 });
    const effects = { ...silentEffects, now: () => new Date(now), warn: (text: string) => void warnings.push(text) };
    try {
      const today = now.slice(0, 10);
      return await loadMeasures(
        { config: bench.config, workspace, database: async () => database.connection, runQuery, today },
        effects,
      );
    } finally {
      database.close();
    }
  };
  const values = async (kind = 'driver-kafka'): Promise<Record<string, unknown>[]> =>
    query(`SELECT * FROM read_parquet(${sqlText(join(workspace.measures, kind, '*.parquet'))}) ORDER BY ALL`);
  return { ...bench, load, warnings, values };
}

const refusal = ({ failures }: MeasuresOutcome): string => failures.map(({ message }) => message).join('\n');

describe('a driver', () => {
  it('lands with its months, consumers in the form of catalog names, and exact decimals', async () => {
    const { write, load, values, config, warnings } = bench(DRIVER);
    write(
      'drivers/kafka.csv.gz',
      'Month,Consumer,Quantity\n2026-08,Playlist_API,12345678901234567890.123456789\n2026-09,component:default/shop,4.2E+13\n2026-09,group:ads/Growth,0\n',
    );

    expect(await load()).toMatchObject({
      reports: [{ kind: 'driver', name: 'kafka', status: 'landed', rows: 3, firstPeriod: '2026-08-01' }],
      failures: [],
      skipped: [],
    });

    expect(await values()).toEqual([
      {
        x_PeriodStart: '2026-08-01',
        x_PeriodEnd: '2026-09-01',
        x_Consumer: 'Playlist_API',
        x_ConsumerScope: 'any',
        x_ConsumerValue: normalForm('Playlist_API'),
        x_Value: '12345678901234567890.123456789',
      },
      expect.objectContaining({
        x_ConsumerScope: 'component',
        x_ConsumerValue: 'shop',
        x_Value: '42000000000000.000000000',
      }),
      expect.objectContaining({ x_ConsumerScope: 'squad', x_ConsumerValue: normalForm('ads/Growth') }),
    ]);
    const [landed] = landedMeasures(workspaceAt(config.workspace), config);
    expect(landed!.manifest).toMatchObject({ unit: 'month', rows: 3, lastPeriod: '2026-09-01' });
    expect(warnings).toEqual([]);
  });

  it('is the same from Parquet with dates as from CSV with days', async () => {
    const csv = bench(DRIVER);
    csv.write('drivers/a.csv', 'date,consumer,quantity\n2026-09-01,a,0.1\n2026-09-02,a,12\n');
    await csv.load();
    const parquet = bench(DRIVER);
    await parquet.writeParquet(
      'drivers/a.parquet',
      "SELECT DATE '2026-09-01' + i AS date, 'a' AS consumer, CASE i WHEN 0 THEN 0.1::DOUBLE ELSE 12 END AS quantity FROM range(2) AS t(i)".replace(
        '+ i AS',
        '+ CAST(i AS INTEGER) AS',
      ),
    );
    await parquet.load();

    expect(await parquet.values()).toEqual(await csv.values());
    const [one, two] = [csv, parquet].map(({ config }) => landedMeasures(workspaceAt(config.workspace), config)[0]!);
    expect(one!.manifest.sha256).toBe(two!.manifest.sha256);
  });

  it('is exact and rounded like a decimal, however a number is written', async () => {
    const written: [string, string][] = [
      ['0.1', '0.100000000'],
      ['+7.', '7.000000000'],
      ['.5', '0.500000000'],
      ['007', '7.000000000'],
      ['999999999999999999.9999999994', '999999999999999999.999999999'],
      ['999999999999999999.9999999995', '1000000000000000000.000000000'],
      ['0.00000000049999999999999', '0.000000000'],
      ['0.0000000005', '0.000000001'],
      ['1234567890123456789.123456789', '1234567890123456789.123456789'],
      ['1e-9', '0.000000001'],
      ['1.5E3', '1500.000000000'],
    ];
    const { write, load, values } = bench(METRIC);
    const day = (index: number): string => `2026-09-${String(index + 1).padStart(2, '0')}`;
    const rows = written.flatMap(([text], index) => [
      `${day(index)},plus,${text}`,
      `${day(index)},minus,-${text.replace('+', '')}`,
    ]);
    write('metrics/dau.csv', `date,squad,value\n${rows.join('\n')}\n`);

    expect((await load()).failures).toEqual([]);

    const read = await values('metric-dau');
    const of = (squad: string): unknown[] =>
      read.filter((row) => row['x_Consumer'] === squad).map((row) => row['x_Value']);
    expect(of('group:plus')).toEqual(written.map(([, value]) => value));
    expect(of('group:minus')).toEqual(written.map(([, value]) => (value === '0.000000000' ? value : `-${value}`)));
  });

  it('that has not changed is left alone; one whose rows stand in another order keeps its digest and time', async () => {
    const { write, load, config } = bench(DRIVER);
    write('drivers/a.csv', 'month,consumer,quantity\n2026-08,a,1\n2026-08,b,2\n');
    await load('2026-10-01T00:00:00Z');
    const manifest = join(config.workspace, 'measures/driver-kafka/manifest.json');
    const before = readFileSync(manifest, 'utf8');

    expect(await load()).toMatchObject({ reports: [{ status: 'unchanged' }] });
    expect(readFileSync(manifest, 'utf8')).toBe(before);
    write('drivers/a.csv', 'month,consumer,quantity\n2026-08,b,2\n2026-08,a,1\n');
    expect(await load()).toMatchObject({ reports: [{ status: 'unchanged' }] });
    expect(JSON.parse(readFileSync(manifest, 'utf8'))).toMatchObject({ pulledAt: '2026-10-01T00:00:00.000Z' });
    write('drivers/a.csv', 'month,consumer,quantity\n2026-08,b,3\n');
    expect(await load()).toMatchObject({ reports: [{ status: 'landed', rows: 1 }] });
    expect(readdirSync(join(config.workspace, 'measures/driver-kafka'))).toHaveLength(2);
    expect(readdirSync(join(config.workspace, 'measures'))).toEqual(['driver-kafka']);
  });

  it.each([
    ['a negative quantity', '2026-08,a,-1', 'row 2: the quantity -1 is negative'],
    ['a quantity that is no number', '2026-08,a,"1,000"', 'row 2: "1,000" is not a number'],
    ['a quantity that is not finite', '2026-08,a,NaN', 'row 2: "NaN" is not a number'],
    ['a quantity too large', `2026-08,a,${'9'.repeat(30)}`, 'is not a number of at most 29 digits'],
    ['no quantity', '2026-08,a,', 'row 2: it has no quantity'],
    ['no consumer', '2026-08,,1', 'row 2: it has no consumer'],
    ['a month that is none', '2026-13,a,1', 'row 2: "2026-13" is not a month such as 2026-09'],
    ['a day where months are', '2026-08-17,a,1', '"2026-08-17" is not a month'],
    ['no month', ',a,1', 'row 2: it has no month'],
    ['a consumer that is there twice', '2026-07,First_One,1', 'row 2: 2026-07 of First_One is already in row 1'],
  ])('is refused for %s, by file and row, and stays as it was', async (_name, line, words) => {
    const { write, load, values } = bench(DRIVER);
    const path = write('drivers/a.csv', 'month,consumer,quantity\n2026-07,first-one,1\n');
    await load();
    write('drivers/a.csv', `month,consumer,quantity\n2026-07,first-one,5\n${line}\n`);

    const outcome = await load();

    expect(refusal(outcome)).toContain(words);
    expect(outcome.failures.map(({ code, message }) => [code, message])).toEqual([
      ['VALUE_INVALID', expect.stringContaining(`driver "kafka" has a row that cannot be taken\n  on: ${path}, row 2`)],
    ]);
    expect((await values()).map((row) => row['x_Value'])).toEqual(['1.000000000']);
  });

  it('names the first five of many rows, over all files, and says where a twin lies', async () => {
    const { write, load } = bench(DRIVER);
    write('drivers/a.csv', `month,consumer,quantity\n${'2026-08,x,-1\n'.repeat(7)}`);
    write('drivers/b.csv', 'month,consumer,quantity\n2026-09,x,1\n');
    write('drivers/c.csv', 'month,consumer,quantity\n2026-09,X,1\n');

    const message = refusal(await load());

    expect(message).toContain('has 8 rows that cannot be taken');
    expect(message).toContain('and 3 more');
    rmSync(join(write('drivers/a.csv', ''), '..', 'a.csv'));
    expect(refusal(await load())).toContain('c.csv, row 1: 2026-09 of X is already in row 1 of another file');
  });

  it.each([
    ['no column for the quantity', 'month,consumer,amount\n', 'no column "quantity"; it has month, consumer, amount'],
    ['no column for the period', 'consumer,quantity\n', 'no column "date"'],
    ['both kinds of period', 'date,month,consumer,quantity\n', 'both "date" and "month"'],
    ['a ragged row', 'month,consumer,quantity\n2026-08,a\n', 'cannot be read: line 2 is `2026-08,a`: Expected'],
  ])('is refused for %s', async (_name, text, words) => {
    const { write, load } = bench(DRIVER);
    const path = write('drivers/a.csv', text);

    const { failures } = await load();

    expect(failures.map(({ message, on }) => [message, on])).toEqual([[expect.stringContaining(words), path]]);
  });

  it('wants days or months, not both', async () => {
    const { write, load } = bench(DRIVER);
    write('drivers/a.csv', 'month,consumer,quantity\n2026-08,a,1\n');
    write('drivers/b.csv', 'date,consumer,quantity\n2026-09-01,a,1\n');

    expect(refusal(await load())).toContain('days in one file and months in another');
  });

  it('warns of a time to come, of rounding, and of columns that it does not read', async () => {
    const { write, load, warnings } = bench(DRIVER);
    write(
      'drivers/a.csv',
      'date,consumer,quantity,note\n2026-10-05,a,0.1234567891,x\n2026-10-06,a,1,y\n2026-11-01,a,1,z\n',
    );

    expect((await load()).failures).toEqual([]);

    expect(warnings).toEqual([
      'driver "kafka": columns that are not read: note',
      'driver "kafka": 1 rows have more than 9 decimal places; rounded to the 9th',
      'driver "kafka": 2 rows are of a time to come, up to 2026-11-01',
    ]);
  });

  it('without files is an error at first; later what was taken in stays, and that is listed', async () => {
    const { write, load, values } = bench(DRIVER);
    expect((await load()).failures.map(({ code }) => code)).toEqual(['SOURCE_EMPTY']);
    const path = write('drivers/a.csv', 'month,consumer,quantity\n2026-08,a,1\n');
    await load();
    for (const gone of [() => write('drivers/a.csv', 'month,consumer,quantity\n'), () => rmSync(path)]) {
      gone();

      expect(await load()).toMatchObject({
        reports: [{ status: 'kept', rows: 1 }],
        skipped: [{ what: 'driver "kafka"', why: expect.stringContaining('what was taken in before stays') }],
        failures: [],
      });
    }
    expect(await values()).toHaveLength(1);
  });

  it.each([
    ['gone', (path: string) => rmSync(path)],
    ['cut short', (path: string) => truncateSync(path, 40)],
  ])('is read again where its stored values are %s, and what a killed run left goes', async (_name, damage) => {
    const { write, load, values, config } = bench(DRIVER);
    write('drivers/a.csv', 'month,consumer,quantity\n2026-08,a,1\n');
    await load();
    const folder = join(config.workspace, 'measures/driver-kafka');
    const [file] = readdirSync(folder).filter((name) => name.endsWith('.parquet'));
    damage(join(folder, file!));
    mkdirSync(join(config.workspace, 'measures/.tmp-1'));
    expect(() => landedMeasures(workspaceAt(config.workspace), config)).toThrow('stored values of the driver "kafka"');

    await load();

    expect(await values()).toHaveLength(1);
    expect(readdirSync(join(config.workspace, 'measures'))).toEqual(['driver-kafka']);
  });
});

describe('a metric', () => {
  it('is a value a day, of the company or by squad or component, and may be negative', async () => {
    const company = bench(METRIC);
    company.write('metrics/dau.csv', 'date,value\n2026-09-01,-8.5\n');
    const squads = bench(METRIC);
    squads.write('metrics/dau.csv', 'date,squad,value\n2026-09-01,Growth,1\n2026-09-01,,2\n');

    expect([await company.load(), await squads.load()].map(({ failures }) => failures)).toEqual([[], []]);

    expect(await company.values('metric-dau')).toMatchObject([
      { x_Consumer: null, x_ConsumerScope: null, x_Value: '-8.500000000' },
    ]);
    expect(await squads.values('metric-dau')).toMatchObject([
      { x_Consumer: 'group:Growth', x_ConsumerScope: 'squad', x_ConsumerValue: 'growth' },
      { x_Consumer: null },
    ]);
  });

  it('is refused with the same day twice', async () => {
    const { write, load } = bench(METRIC);
    write('metrics/dau.csv', 'date,value\n2026-09-01,1\n2026-09-01T00:00:00Z,2\n');

    expect(refusal(await load())).toContain('row 2: 2026-09-01T00:00:00Z is already in row 1');
  });
});

describe('a query', () => {
  const QUERIED = 'drivers: [{ name: kafka, bigquery: { project: p, query: SELECT 1 } }]';

  it('lands as a file does, and equal rows in another order change nothing', async () => {
    let order = 'ASC';
    const { load, values } = bench(QUERIED, async (_query, _label, target) => {
      const rows = "(VALUES (DATE '2026-09-01', 'a', 1.5), (DATE '2026-09-02', 'b', 2)) AS t(date, consumer, quantity)";
      await query(`COPY (FROM ${rows} ORDER BY date ${order}) TO ${sqlText(target)} (FORMAT parquet)`);
      return { pulled: FREE };
    });

    expect(await load()).toMatchObject({
      reports: [{ status: 'landed', rows: 2, bytes: expect.any(Number), pulled: FREE }],
    });
    order = 'DESC';
    expect(await load()).toMatchObject({ reports: [{ status: 'unchanged', rows: 2 }] });
    expect((await values()).map((row) => row['x_Value'])).toEqual(['1.500000000', '2.000000000']);
  });
});

describe('a query in BigQuery', () => {
  it('is run by the real client within its guards; NUMERIC arrives exactly; a failure leaves what was there', async () => {
    const bigquery = await startStandIn();
    onTestFinished(() => bigquery.close());
    await bigquery.tables.create({
      project: 'data',
      dataset: 'usage',
      table: 'kafka',
      partitionColumn: null,
      select:
        "SELECT DATE '2026-09-01' AS day, 'Playlist_API' AS app, 12345678901234567890.123456789::DECIMAL(38,9) AS bytes",
    });
    const { writeParquet, ingest, config } = workbench(
      'gcp-billing-detailed',
      `drivers:
  - name: kafka
    bigquery:
      project: data
      query: SELECT day AS date, app AS consumer, bytes AS quantity FROM \`data.usage.kafka\`
      apiEndpoint: ${bigquery.apiEndpoint}`,
    );
    await writeParquet('export/a.parquet', detailedRows());

    const [measure] = (await ingest()).measures;

    expect(measure).toMatchObject({ status: 'landed', rows: 1, firstPeriod: '2026-09-01' });
    expect(measure!.pulled!.priceUsd).toMatch(/^\d+(\.\d+)?$/);
    const [landed] = landedMeasures(workspaceAt(config.workspace), config);
    expect(await query(`SELECT x_Consumer, x_Value FROM read_parquet(${sqlText(landed!.path)})`)).toEqual([
      { x_Consumer: 'Playlist_API', x_Value: '12345678901234567890.123456789' },
    ]);
    expect((await ingest()).measures[0]).toMatchObject({ status: 'unchanged' });
    bigquery.faults.add({ on: 'dry-run', times: 1, effect: { kind: 'refuse', status: 403, reason: 'accessDenied' } });
    expect(await failureOf(ingest())).toMatchObject({
      code: 'SOURCE_FORBIDDEN',
      message: expect.stringContaining('driver "kafka"'),
    });
    expect(landedMeasures(workspaceAt(config.workspace), config)).toEqual([landed]);
  });
});

describe('a whole run', () => {
  it('takes measures in beside the bill, fails naming a refused one, and lands the others', async () => {
    const { write, writeParquet, ingest, config } = workbench('gcp-billing-detailed', `${DRIVER}\n${METRIC}`);
    await writeParquet('export/a.parquet', detailedRows());
    write('drivers/kafka.csv', 'month,consumer,quantity\n2026-09,a,x\n');
    write('metrics/dau.csv', 'date,value\n2026-09-01,1\n');

    expect(await failureOf(ingest())).toMatchObject({ code: 'VALUE_INVALID' });
    expect(landedMeasures(workspaceAt(config.workspace), config).map(({ manifest }) => manifest.name)).toEqual(['dau']);
    write('drivers/kafka.csv', 'month,consumer,quantity\n2026-09,a,1\n');
    expect((await ingest()).measures.map(({ name, status }) => [name, status])).toEqual([
      ['kafka', 'landed'],
      ['dau', 'unchanged'],
    ]);
  });

  it('makes no folder where no measure is configured', async () => {
    const { writeParquet, ingest, config } = workbench();
    await writeParquet('export/a.parquet', detailedRows());

    expect((await ingest()).measures).toEqual([]);
    expect(existsSync(workspaceAt(config.workspace).measures)).toBe(false);
  });

  it('wants each driver and each metric to have a name of its own', () => {
    const text =
      'sources: [{ name: b, kind: focus, files: [x] }]\ndrivers: [{ name: a, files: [x] }, { name: a, files: [y] }]';

    expect(() => parseConfig(text, '/w.yaml')).toThrow('two drivers are named "a"');
  });
});
