import { describe, expect, it } from 'vitest';
import { failureOf, query, workbench } from './workbench.ts';

const NAMES = [
  'BilledCost',
  'EffectiveCost',
  'ListCost',
  'ContractedCost',
  'BillingCurrency',
  'BillingPeriodStart',
  'ChargePeriodStart',
  'ChargeCategory',
  'ServiceName',
  'Tags',
];
const csv = (rows: string[], names = NAMES): string => [names.map((name) => `"${name}"`).join(','), ...rows].join('\n');

describe('FOCUS files', () => {
  it('reads the dialect of the published sample: NULL as text, JSON tags, times without a zone', async () => {
    const bench = workbench('focus');
    bench.write(
      'export/sample.csv',
      csv([
        '0.00000080000,0.00000000000,0.00000080000,NULL,"USD","2024-09-01 00:00:00","2024-09-18 22:00:00","Usage","Amazon SQS",NULL',
        '-0.00000000603,0.00,NULL,NULL,"USD","2024-09-01 00:00:00","2024-09-30 23:00:00","Usage","Object Storage","{""env"": ""prod"", "" org"": ""x""}"',
      ]),
    );

    const report = await bench.ingest();

    expect(report.warnings).toEqual([]);
    expect(bench.batches()[0]).toMatchObject({
      rows: 2,
      sums: {
        USD: {
          BilledCost: '0.000000793970000000',
          EffectiveCost: '0.000000000000000000',
          ContractedCost: '0.000000000000000000',
          ListCost: '0.000000800000000000',
        },
      },
      exportTimeMax: null,
      chargePeriodMin: '2024-09-18',
      chargePeriodMax: '2024-09-30',
    });
  });

  it.each([
    '2024-09-01 00:00:00',
    '2024-09-01T00:00:00Z',
    '2024-09-01T00:00Z',
    '2024-09-01T00:00:00.000Z',
    '2024-09-01T02:00:00+02:00',
    '2024-08-31 17:00:00-0700',
    '2024-09-01 00:00:00 UTC',
    '2024-09-01',
  ])('reads the time %s', async (time) => {
    const bench = workbench('focus');
    bench.write('export/a.csv', csv([`1,1,1,1,USD,${time},${time},Usage,S,`]));

    await bench.ingest();

    expect(bench.batches()[0]!.chargePeriodMin).toBe('2024-09-01');
  });

  it('reads Parquet with doubles, decimals of other scales, days, and tags as a map', async () => {
    const bench = workbench('focus');
    await bench.writeParquet(
      'export/a.parquet',
      `SELECT 0.1::DOUBLE AS BilledCost, 1e-7::DOUBLE AS EffectiveCost, 3::INTEGER AS ListCost, 0.25::DECIMAL(10,4) AS ContractedCost,
         'USD' AS BillingCurrency, DATE '2026-10-01' AS BillingPeriodStart, TIMESTAMP '2026-10-01 05:00:00' AS ChargePeriodStart,
         'Usage' AS ChargeCategory, MAP {'env': 'prod'} AS Tags, 12::BIGINT AS SkuId`,
    );

    await bench.ingest();

    expect(bench.batches()[0]!.sums['USD']).toEqual({
      BilledCost: '0.100000000000000000',
      EffectiveCost: '0.000000100000000000',
      ListCost: '3.000000000000000000',
      ContractedCost: '0.250000000000000000',
    });
    expect(bench.batches()[0]!.chargePeriodMin).toBe('2026-10-01');
  });

  it('rounds amounts of more than 18 places to the 18th and says how many there were', async () => {
    const bench = workbench('focus');
    const rows = ['0.0000000000000000015,0.10000000000000000000,1,1', '2,2,2,2'];
    bench.write('export/a.csv', csv(rows.map((amounts) => `${amounts},USD,2026-10-01,2026-10-01,Usage,S,`)));

    const report = await bench.ingest();

    expect(bench.batches()[0]!.sums['USD']!['BilledCost']).toBe('2.000000000000000002');
    expect(report.warnings).toEqual([expect.stringMatching(/: 1 amounts have more than 18 decimal places/)]);
  });

  it.each([
    'BilledCost',
    'EffectiveCost',
    'BillingCurrency',
    'BillingPeriodStart',
    'ChargePeriodStart',
    'ChargeCategory',
  ])('refuses a file without %s', async (missing) => {
    const bench = workbench('focus');
    const values = ['1', '1', '1', '1', 'USD', '2026-10-01', '2026-10-01', 'Usage', 'S', ''];
    const kept = NAMES.map((name, index) => ({ name, value: values[index]! })).filter(({ name }) => name !== missing);
    bench.write(
      'export/a.csv',
      csv(
        [kept.map(({ value }) => value).join(',')],
        kept.map(({ name }) => name),
      ),
    );

    const failure = await failureOf(bench.ingest());

    expect(failure).toMatchObject({ code: 'SCHEMA_MISSING_COLUMN', on: bench.path('export/a.csv') });
    expect(failure.message).toContain(missing);
  });

  it.each([
    ['NULL,1,1,1,USD,2026-10-01,2026-10-01,Usage,S,', 'BilledCost'],
    ['1,,1,1,USD,2026-10-01,2026-10-01,Usage,S,', 'EffectiveCost'],
    ['1,1,1,1,NULL,2026-10-01,2026-10-01,Usage,S,', 'BillingCurrency'],
    ['1,1,1,1,USD,,2026-10-01,Usage,S,', 'BillingPeriodStart'],
    ['$5,1,1,1,USD,2026-10-01,2026-10-01,Usage,S,', 'BilledCost'],
    ['1,1,free,1,USD,2026-10-01,2026-10-01,Usage,S,', 'ListCost'],
    ['123456789012345678901,1,1,1,USD,2026-10-01,2026-10-01,Usage,S,', 'BilledCost'],
    ['1,1000000000000000000,1,1,USD,2026-10-01,2026-10-01,Usage,S,', 'EffectiveCost'],
    ['1,1,1,1,USD,1026-10-01,2026-10-01,Usage,S,', 'BillingPeriodStart'],
    ['1,1,1,1,USD,2026-10-01,20260-10-01,Usage,S,', 'ChargePeriodStart'],
  ])('refuses the row %s for its %s', async (row, column) => {
    const bench = workbench('focus');
    bench.write('export/a.csv', csv(['1,1,1,1,USD,2026-10-01,2026-10-01,Usage,S,', row]));

    const failure = await failureOf(bench.ingest());

    expect(failure).toMatchObject({ code: 'VALUE_INVALID', on: `${bench.path('export/a.csv')}, row 2` });
    expect(failure.message).toContain(column);
  });

  it("reads Google's native export with its records", async () => {
    const bench = workbench('gcp-focus');
    await bench.writeParquet(
      'export/a.parquet',
      `SELECT 1.5::DECIMAL(38,9) AS BilledCost, 1.5::DECIMAL(38,9) AS EffectiveCost, 2::DECIMAL(38,9) AS ListCost,
         1.75::DECIMAL(38,9) AS ContractedCost, 'EUR' AS BillingCurrency, TIMESTAMPTZ '2026-10-01 07:00:00+00' AS BillingPeriodStart,
         TIMESTAMPTZ '2026-10-03 06:00:00+00' AS ChargePeriodStart, 'Usage' AS ChargeCategory, TIMESTAMPTZ '2026-10-04 00:00:00+00' AS x_ExportTime,
         [{'Key': 'component', 'Value': 'x'}] AS x_Labels, {'Id': 'p', 'Ancestors': [{'ResourceName': 'folders/1', 'DisplayName': 'F'}]} AS x_Project`,
    );

    const report = await bench.ingest();

    expect(report.warnings).toEqual([]);
    expect(bench.batches()[0]).toMatchObject({
      exportTimeMax: '2026-10-04T00:00:00.000000Z',
      chargePeriodMin: '2026-10-02',
      sums: { EUR: { BilledCost: '1.500000000000000000' } },
    });
  });

  it('keeps columns it does not know as text', async () => {
    const bench = workbench('focus');
    bench.write('export/a.csv', csv(['1,1,1,1,USD,2026-10-01,2026-10-01,Usage,S,,007'], [...NAMES, 'x_Team']));

    const report = await bench.ingest();

    expect(report.warnings).toEqual([expect.stringContaining('x_Team')]);
    const { batchId } = bench.batches()[0]!;
    expect(await query(`SELECT x_Team FROM '${bench.path('data/lake/bill')}/${batchId}/data-000.parquet'`)).toEqual([
      { x_Team: '007' },
    ]);
  });
});

describe('typed files whose values are text', () => {
  const asText = (more: Record<string, string> = {}): string =>
    Object.entries({
      BilledCost: "'0.00000080000'",
      EffectiveCost: "'0'",
      ListCost: "'NULL'",
      ContractedCost: "''",
      BillingCurrency: "'USD'",
      BillingPeriodStart: "'2024-09-01 00:00:00'",
      ChargePeriodStart: "'2024-09-18T22:00Z'",
      ChargeCategory: "'Usage'",
      SubAccountId: "'NULL'",
      ...more,
    })
      .map(([name, sql]) => `${sql} AS ${name}`)
      .join(', ');

  it('reads them as strictly as a CSV, and the word NULL as null', async () => {
    const bench = workbench('focus');
    await bench.writeParquet('export/a.parquet', `SELECT ${asText()}`);

    await bench.ingest();

    expect(bench.batches()[0]).toMatchObject({
      sums: { USD: { BilledCost: '0.000000800000000000', ListCost: '0.000000000000000000' } },
      chargePeriodMin: '2024-09-18',
    });
  });

  it.each(['BilledCost', 'ListCost', 'BillingPeriodStart', 'BillingPeriodEnd', 'PricingQuantity'])(
    'refuses the row whose %s cannot be read',
    async (column) => {
      const bench = workbench('focus');
      const bad = asText({ [column]: "'soon'" });
      const good = asText({ [column]: column.endsWith('Start') || column.endsWith('End') ? "'2024-09-01'" : "'1'" });
      const path = await bench.writeParquet('export/a.parquet', `SELECT ${good} UNION ALL SELECT ${bad}`);

      const failure = await failureOf(bench.ingest());

      expect(failure).toMatchObject({ code: 'VALUE_INVALID', on: `${path}, row 2` });
      expect(failure.message).toContain(column);
    },
  );
});
