import { describe, expect, it } from 'vitest';
import { canonicalSelect } from '../../core/source-schemas/projection.ts';
import { workspaceAt } from '../../core/workspace.ts';
import { currentBatches, newestSnapshots, type LakeBatch } from '../../core/lake.ts';
import { failureOf, query, workbench, type Workbench } from './workbench.ts';

const rates = (usd: string): object => ({
  aggregation_info: { aggregation_level: 'ACCOUNT', aggregation_interval: 'ONE_MONTH' },
  tiered_rates: [
    { pricing_unit_quantity: 1, start_usage_amount: 0, usd_amount: usd, account_currency_amount: usd },
    { pricing_unit_quantity: 1, start_usage_amount: 5.5, usd_amount: '0.000000001', account_currency_amount: '0.01' },
  ],
});

/** A row of Google's pricing export, as BigQuery's JSON has it; `changes` replaces columns. */
function priced(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    export_time: '2026-10-02 14:00:00.000001 UTC',
    pricing_as_of_time: '2026-10-02 07:00:00.123456 UTC',
    billing_account_id: '010101-F0FFF0-61C528',
    business_entity_name: 'GCP',
    service: { id: '6F81-5844-456A', description: 'Compute Engine' },
    sku: { id: '2E27-4F75-95CD', description: 'N1 Predefined Instance Core', destination_migration_mappings: ['X'] },
    product_taxonomy: ['GCP', 'Compute'],
    geo_taxonomy: { type: 'REGIONAL', regions: ['us-central1'] },
    pricing_unit: 'h',
    account_currency_code: 'USD',
    currency_conversion_rate: '1.25',
    list_price: rates('0.031611'),
    billing_account_price: {
      ...rates('0.02'),
      price_info: { price_reason: 'FIXED_DISCOUNT', discount_percent: '36.7' },
    },
    consumption_model_prices: [
      { consumption_model_id: 'D', list_price: rates('0.031611'), billing_account_price: rates('0.02') },
      { consumption_model_id: 'F', list_price: rates('0.0227'), billing_account_price: null },
    ],
    ...changes,
  };
}

const recommended: Record<string, unknown> = {
  cloud_entity_type: 'PROJECT_NUMBER',
  cloud_entity_id: '1',
  name: 'projects/1/locations/l/recommenders/r/recommendations/1',
  location: 'us-central1-b',
  recommender: 'google.compute.instance.IdleResourceRecommender',
  recommender_subtype: 'STOP_VM',
  target_resources: ['//compute.googleapis.com/projects/p/zones/z/instances/i'],
  description: 'Stop it',
  last_refresh_time: '2026-10-02 06:12:44 UTC',
  primary_impact: {
    category: 'COST',
    cost_projection: {
      cost: { currency_code: 'USD', units: '-9007199254740993', nanos: -500_000_000 },
      duration: { seconds: 2_592_000, nanos: 0 },
    },
  },
  state: 'ACTIVE',
  ancestors: { organization_id: '9', folder_ids: ['1', '2'] },
  associated_insights: [],
  recommendation_details: '{"overview":{}}',
  priority: 'P2',
};

function csv(row: Record<string, unknown>): string {
  const cell = (value: unknown): string => {
    const text = typeof value === 'string' ? value.replace(' UTC', '+00') : JSON.stringify(value);
    return `"${text.replaceAll('"', '""')}"`;
  };
  return `${Object.keys(row).join(',')}\n${Object.values(row).map(cell).join(',')}\n`;
}

/** The canonical row that the bench's one batch is read as. */
async function landedRow(bench: Workbench, kind: 'gcp-pricing' | 'gcp-recommendations'): Promise<unknown> {
  await bench.ingest();
  const [batch] = currentBatches(workspaceAt(bench.config.workspace));
  const [row] = await query(
    `SELECT ${canonicalSelect(kind, batch!.manifest.columns)} FROM read_parquet('${batch!.files[0]}')`,
  );
  return row;
}

describe.each([
  ['gcp-pricing', priced()],
  ['gcp-recommendations', recommended],
] as const)('files of kind %s', (kind, row) => {
  const ndjson = JSON.stringify(row);
  it.each([
    ['json', `[${ndjson}]`],
    ['csv', csv(row)],
    ['csv.gz', csv(row)],
  ])('in %s read as newline-delimited JSON does', async (format, content) => {
    const [expected, actual] = [workbench(kind), workbench(kind)];
    expected.write('export/a.ndjson', ndjson);
    actual.write(`export/a.${format}`, content);

    expect(await landedRow(actual, kind)).toEqual(await landedRow(expected, kind));
  });

  it("in BigQuery's Parquet, with FLOAT quantities and INT64 units, read alike", async () => {
    const [expected, actual] = [workbench(kind), workbench(kind)];
    expected.write('export/a.ndjson', ndjson);
    await landedRow(expected, kind);
    const [batch] = currentBatches(workspaceAt(expected.config.workspace));
    await actual.writeParquet(
      'export/a.parquet',
      `SELECT * REPLACE (${
        kind === 'gcp-pricing'
          ? `CAST(list_price AS STRUCT(aggregation_info STRUCT(aggregation_level VARCHAR, aggregation_interval VARCHAR),
               tiered_rates STRUCT(pricing_unit_quantity DOUBLE, start_usage_amount DOUBLE, usd_amount DECIMAL(38,9),
               account_currency_amount DECIMAL(38,9))[])) AS list_price`
          : `{'category': 'COST', 'cost_projection': {'cost': {'currency_code': 'USD', 'units': -9007199254740993,
               'nanos': -500000000}, 'cost_in_local_currency': {'currency_code': NULL::VARCHAR, 'units': NULL::BIGINT,
               'nanos': NULL::BIGINT}, 'duration': {'seconds': 2592000, 'nanos': 0}}} AS primary_impact`
      }) FROM read_parquet('${batch!.files[0]}')`,
    );

    expect(await landedRow(actual, kind)).toEqual(await landedRow(expected, kind));
  });
});

describe('a price list', () => {
  it('lands with its newest time, its rows, and neither sums nor charge days', async () => {
    const bench = workbench('gcp-pricing');
    bench.write('export/day=2026-10-02/a.ndjson', `${JSON.stringify(priced())}\n${JSON.stringify(priced())}`);
    await bench.ingest();

    expect(bench.batches()).toMatchObject([
      {
        kind: 'gcp-pricing',
        partition: 'day=2026-10-02',
        rows: 2,
        sums: {},
        exportTimeMax: '2026-10-02T07:00:00.123456Z',
        chargePeriodMin: null,
        chargePeriodMax: null,
      },
    ]);
  });

  it('keeps exact prices and reads the rate as a text or as a number', async () => {
    const bench = workbench('gcp-pricing');
    bench.write('export/a.ndjson', JSON.stringify(priced()));

    expect(await landedRow(bench, 'gcp-pricing')).toMatchObject({
      currency_conversion_rate: 1.25,
      list_price: {
        tiered_rates: [
          { start_usage_amount: '0.000000000', usd_amount: '0.031611000' },
          { start_usage_amount: '5.500000000', usd_amount: '0.000000001' },
        ],
      },
      consumption_model_prices: [{ consumption_model_id: 'D' }, { billing_account_price: { tiered_rates: null } }],
    });
    const [number] = await query(
      `SELECT ${canonicalSelect('gcp-pricing', [{ name: 'currency_conversion_rate', type: 'DECIMAL(38,9)' }])}
       FROM (SELECT CAST(1.25 AS DECIMAL(38,9)) AS currency_conversion_rate)`,
    );
    expect(number!['currency_conversion_rate']).toBe(1.25);
  });

  it.each([
    ['no time', { pricing_as_of_time: null }, 'pricing_as_of_time is empty or unreadable'],
    ['no currency', { account_currency_code: '' }, 'account_currency_code is empty'],
    ['a time of another century', { pricing_as_of_time: '1926-10-02 07:00:00 UTC' }, 'is outside 2000 to 2100'],
    ['an unreadable price', { list_price: rates('dear') }, 'list_price is not a'],
  ])('refuses a row with %s, by its number', async (_, changes, reason) => {
    const bench = workbench('gcp-pricing');
    bench.write('export/a.ndjson', `${JSON.stringify(priced())}\n${JSON.stringify(priced(changes))}`);
    const failure = await failureOf(bench.ingest());

    expect(failure).toMatchObject({ code: 'VALUE_INVALID', on: `${bench.path('export/a.ndjson')}, row 2` });
    expect(failure.message).toContain(reason);
  });
});

describe('the newest of several lists', () => {
  const batch = (
    kind: 'gcp-pricing' | 'gcp-recommendations',
    [source, partition]: [string, string],
    exportTimeMax: string | null,
    rows = 1,
  ): LakeBatch =>
    ({ manifest: { kind, source, partition, exportTimeMax, rows }, folder: '', files: [] }) as unknown as LakeBatch;
  const tips = (name: [string, string], time: string | null, rows = 1) =>
    batch('gcp-recommendations', name, time, rows);
  const prices = (name: [string, string], time: string | null, rows = 1) => batch('gcp-pricing', name, time, rows);
  const partitions = (batches: LakeBatch[]): string[] =>
    newestSnapshots(batches).map(({ manifest }) => `${manifest.source} ${manifest.partition}`);

  it('of recommendations is told by the day in the partition, else by the time in the rows, of each source', () => {
    expect(
      partitions([
        tips(['a', 'day=2026-10-01'], '2026-10-05T00:00:00Z'),
        tips(['a', 'day=2026-10-02'], '2026-10-01T00:00:00Z'),
        tips(['b', 'first.parquet'], '2026-09-02T07:00:00Z'),
        tips(['b', 'second.parquet'], '2026-09-01T07:00:00Z'),
      ]),
    ).toEqual(['a day=2026-10-02', 'b first.parquet']);
  });

  it('of prices is told by the time in the rows', () => {
    expect(
      partitions([
        prices(['a', 'day=2026-10-03'], '2026-10-01T07:00:00Z'),
        prices(['a', 'day=2026-10-02'], '2026-10-02T07:00:00Z'),
      ]),
    ).toEqual(['a day=2026-10-02']);
  });

  it('of prices that are replaced in place is each, as the accounts of one table need not be of one day', () => {
    expect(
      partitions([
        prices(['a', 'latest-010101-F0FFF0-61C528'], '2026-10-02T07:00:00Z'),
        prices(['a', 'latest-201012-01FFF0-61C528'], '2026-10-01T07:00:00Z'),
        prices(['a', 'day=2026-09-30'], '2026-09-30T07:00:00Z'),
      ]),
    ).toEqual(['a latest-010101-F0FFF0-61C528', 'a latest-201012-01FFF0-61C528']);
  });

  it('passes over a day that has no rows, and keeps several files of the same day', () => {
    expect(
      partitions([
        tips(['a', 'x_20261001.parquet'], null),
        tips(['a', 'y_20261001.parquet'], null),
        tips(['a', 'x_20261002.parquet'], null, 0),
      ]),
    ).toEqual(['a x_20261001.parquet', 'a y_20261001.parquet']);
  });
});
