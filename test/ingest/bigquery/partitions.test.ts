import { describe, expect, it } from 'vitest';
import type { BigQueryTable } from '../../../core/config/schema.ts';
import type { SourceHeads, SourceKind } from '../../../core/lake.ts';
import { assertAffordable, costText, priceOf } from '../../../ingest/bigquery/cost.ts';
import { compareLiveSchema } from '../../../ingest/bigquery/live-table.ts';
import {
  filterOfAll,
  planTable,
  probeSql,
  readProbe,
  type LivePartition,
} from '../../../ingest/bigquery/partitions.ts';
import { selectSql } from '../../../ingest/bigquery/pull.ts';
import { firstDifference, sourceSumsSql, type PartitionSums } from '../../../ingest/bigquery/source-sums.ts';
import { tableKind, type TableKind } from '../../../ingest/bigquery/tables.ts';
import { LIVE_FIELDS } from './fake-bigquery.ts';

const source = { project: 'acme', dataset: 'b', table: 't' } as BigQueryTable;
const kindOf = (kind: SourceKind): TableKind => tableKind(kind)!;
const detailed = kindOf('gcp-billing-detailed');
const micros = (iso: string): string => `${BigInt(Date.parse(iso)) * 1000n}`;

function probe(kind: SourceKind, rows: (string | null)[][], extra: string[] = []): ReturnType<typeof readProbe> {
  const schema = ['partition_value', 'row_count', 'newest', ...extra].map((name) => ({ name, type: 'STRING' }));
  return readProbe(
    kindOf(kind),
    schema,
    rows.map((cells) => ({ f: cells.map((v) => ({ v })) })),
  );
}

const october = [micros('2026-10-01T00:00:00Z'), '3', micros('2026-10-02T01:02:03Z')];

describe('a probe', () => {
  it('is one query over every partition that reads its times alone', () => {
    expect(probeSql(source, detailed)).toBe(
      'SELECT `_PARTITIONTIME` AS partition_value, COUNT(*) AS row_count, MAX(`export_time`) AS newest FROM `acme.b.t` GROUP BY partition_value',
    );
  });

  it('names days, tells their tokens and filters by constants', () => {
    const { partitions, unplaced } = probe('gcp-billing-detailed', [october, [null, '7', october[2]!]]);

    expect(partitions).toMatchObject([
      {
        name: '2026-10-01',
        rows: 3,
        token: '2026-10-02T01:02:03.000000Z 3 rows',
        filter: "`_PARTITIONTIME` = TIMESTAMP '2026-10-01 00:00:00.000000+00'",
      },
    ]);
    expect(unplaced).toBe(7);
    expect(filterOfAll(detailed, partitions)).toBe("`_PARTITIONTIME` IN (TIMESTAMP '2026-10-01 00:00:00.000000+00')");
  });

  it('names a billing period by its beginning, also where that is no midnight', () => {
    const { partitions } = probe('gcp-focus', [[micros('2026-10-01T07:00:00Z'), '1', october[2]!]]);

    expect(partitions[0]!.name).toBe('2026-10-01T07:00:00Z');
  });

  it('keeps the newest price list of each billing account, and reads only the days it lies in', () => {
    const day = (date: string): string => micros(`${date}T00:00:00Z`);
    const list = (date: string, account: string): string[] => [
      day(date),
      '2',
      day(date),
      account,
      day(date),
      day(date),
    ];
    const { partitions } = probe(
      'gcp-pricing',
      [list('2026-10-01', 'A'), list('2026-10-02', 'A'), list('2026-10-01', "B'")],
      ['per', 'first_day', 'last_day'],
    );

    expect(partitions.map(({ name, filter }) => [name, filter.replaceAll(' 00:00:00.000000+00', '')])).toEqual([
      [
        'latest-A',
        "`pricing_as_of_time` = TIMESTAMP '2026-10-02' AND `_PARTITIONTIME` BETWEEN TIMESTAMP '2026-10-02' AND TIMESTAMP '2026-10-02' AND `billing_account_id` = 'A'",
      ],
      [
        "latest-B'",
        "`pricing_as_of_time` = TIMESTAMP '2026-10-01' AND `_PARTITIONTIME` BETWEEN TIMESTAMP '2026-10-01' AND TIMESTAMP '2026-10-01' AND `billing_account_id` = 'B\\''",
      ],
    ]);
    expect(partitions[0]!.token).toBe('2026-10-02T00:00:00.000000Z 2026-10-02T00:00:00.000000Z 2 rows');
  });

  it('keeps the latest day of recommendations', () => {
    const next = [micros('2026-10-02T00:00:00Z'), '5', october[2]!];

    expect(probe('gcp-recommendations', [october, next]).partitions).toMatchObject([{ name: 'latest', rows: 5 }]);
  });
});

describe('planning by token', () => {
  const live = (name: string, token: string): LivePartition => ({
    name,
    token,
    filter: '',
    value: '',
    rows: 1,
    newest: null,
    snapshotOf: null,
  });
  const heads = (tokens: Record<string, string>): SourceHeads => ({
    version: 1,
    source: 's',
    kind: 'gcp-billing-detailed',
    table: 'acme.b.t',
    partitions: Object.fromEntries(
      Object.entries(tokens).map(([name, token]) => [name, { batchId: `batch-${name}`, files: [], token }]),
    ),
  });
  const plan = (more: Partial<Parameters<typeof planTable>[0]>): ReturnType<typeof planTable> =>
    planTable({
      kind: 'gcp-billing-detailed',
      source,
      columns: LIVE_FIELDS,
      live: [live('a', '1'), live('b', '2'), live('c', '3')],
      heads: heads({ a: '1', b: 'other', gone: '1' }),
      usable: () => true,
      expected: () => true,
      full: false,
      ...more,
    });
  const names = (partitions: { name: string }[]): string[] => partitions.map(({ name }) => name);

  it('pulls what is new or has another token, keeps what is gone', () => {
    const { changed, unchanged, missing } = plan({});

    expect([names(changed), unchanged, missing]).toEqual([['b', 'c'], ['a'], ['gone']]);
  });

  it('pulls again what is damaged here, and all of it in full', () => {
    expect(names(plan({ usable: (batchId) => batchId !== 'batch-a' }).changed)).toEqual(['a', 'b', 'c']);
    expect(names(plan({ full: true }).changed)).toEqual(['a', 'b', 'c']);
  });

  it('leaves partitions that are not asked for as they are, also gone ones', () => {
    const { changed, unchanged, missing } = plan({ expected: (name) => name === 'c' });

    expect([names(changed), unchanged, missing]).toEqual([['c'], [], []]);
  });

  it('names a batch before it is pulled: by table, partition, token and columns', () => {
    const id = (more: Partial<Parameters<typeof planTable>[0]>): string =>
      plan({ live: [live('a', '1')], heads: null, ...more }).changed[0]!.batchId;
    const ids = [
      id({}),
      id({ live: [live('a', '2')] }),
      id({ source: { ...source, table: 'u' } }),
      id({ columns: LIVE_FIELDS.slice(1) }),
      id({ kind: 'gcp-billing-standard' }),
    ];

    expect(id({})).toBe(ids[0]);
    expect(ids[0]).toMatch(/^[0-9a-f]{20}$/);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the columns that are selected', () => {
  it('are those that table and kind share; new ones, also within records, are told', () => {
    const live = [
      { name: 'COST_CENTRE', type: 'STRING' },
      ...LIVE_FIELDS.map((field) =>
        field.name === 'sku' ? { ...field, fields: [...field.fields!, { name: 'fresh', type: 'STRING' }] } : field,
      ),
      { name: '_PARTITIONTIME', type: 'TIMESTAMP' },
    ];
    const { selected, unknown } = compareLiveSchema('gcp-billing-detailed', detailed, live, 'acme.b.t');

    expect(unknown).toEqual(['COST_CENTRE', 'sku.fresh']);
    expect(selectSql(source, selected.slice(0, 3), 'TRUE')).toBe(
      'SELECT `billing_account_id`, `service`, `sku` FROM `acme.b.t` WHERE TRUE',
    );
  });

  it('must hold the time that tells of changes', () => {
    const focus = [
      ...['BilledCost', 'EffectiveCost'].map((name) => ({ name, type: 'NUMERIC' })),
      ...['BillingPeriodStart', 'ChargePeriodStart'].map((name) => ({ name, type: 'TIMESTAMP' })),
      ...['BillingCurrency', 'ChargeCategory'].map((name) => ({ name, type: 'STRING' })),
    ];

    expect(() => compareLiveSchema('gcp-focus', kindOf('gcp-focus'), focus, 'acme.b.t')).toThrow(/x_ExportTime/);
  });
});

describe('the sums of a partition', () => {
  const sums = (cost: string, more: Partial<PartitionSums> = {}): PartitionSums => ({
    rows: 2,
    newest: 1n,
    sums: new Map([['USD', { cost }]]),
    ...more,
  });

  it('are asked by currency, floats scaled before they are summed', () => {
    const sql = sourceSumsSql('gcp-billing-detailed', detailed, source, 'TRUE', LIVE_FIELDS);

    expect(sql).toContain('CAST(SUM(SAFE_CAST(ROUND(`cost` * 1e9) AS NUMERIC)) AS STRING) AS sum_0');
    expect(sql).toContain('FROM UNNEST(`credits`) AS entry)');
    expect(sql).toMatch(/WHERE TRUE GROUP BY x_currency$/);
  });

  it('differ in rows, in a currency or in a sum, and say in which', () => {
    expect(firstDifference(sums('1'), sums('1'))).toBeNull();
    expect(firstDifference(sums('1'), sums('1', { rows: 1 }))).toBe('the source has 2 rows, 1 arrived');
    expect(firstDifference(sums('1'), sums('1', { sums: new Map() }))).toBe('no row in USD arrived');
    expect(firstDifference(sums('1'), sums('2'))).toBe('the sum of cost in USD is 1 at the source and 2 here');
  });
});

describe('the price of a dry run', () => {
  it('is reckoned exactly, and shown for a person', () => {
    expect([priceOf(1024n ** 4n, 6.25), priceOf(27n * 1024n ** 3n, 6.25), priceOf(0n, 6.25)]).toEqual([
      '6.250000',
      '0.164795',
      '0.000000',
    ]);
    expect([costText(27n * 1024n ** 3n, 6.25), costText(1024n, 6.25), costText(5n, 0)]).toEqual([
      '27.0 GiB, about $0.16',
      '1.0 KiB, less than $0.01',
      '5 bytes, about $0.00',
    ]);
  });

  it('is held against the limit of the configuration', () => {
    const limit = { maximumBytesBilled: 1024n ** 3n, pricePerTiB: 6.25 };

    expect(() => assertAffordable(1024n ** 3n, limit, 't')).not.toThrow();
    expect(() => assertAffordable(1024n ** 3n + 1n, limit, 't')).toThrow(/`maximumBytesBilled` allows 1\.0 GiB/);
  });
});
