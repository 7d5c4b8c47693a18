import { describe, expect, it } from 'vitest';
import { openDatabase, selectRows } from '../../../core/duckdb.ts';
import { parsePhysicalType } from '../../../core/source-schemas/physical-type.ts';
import { compareWithSchema } from '../../../core/source-schemas/compare.ts';
import type { LandedColumn } from '../../../core/source-schemas/fit.ts';
import { canonicalSelect } from '../../../core/source-schemas/projection.ts';
import type { SourceKind } from '../../../core/lake.ts';

/** The canonical row of a kind that a one-row SELECT is read as, with its column types. */
async function readAs(
  kind: SourceKind,
  select: string,
): Promise<{ row: Record<string, unknown>; types: Record<string, string> }> {
  const { connection, close } = await openDatabase({ threads: 1 });
  try {
    await connection.run(`CREATE TABLE landed AS ${select}`);
    const columns = await describeTable('landed');
    const projected = canonicalSelect(kind, columns);
    await connection.run(`CREATE TABLE canonical AS SELECT ${projected} FROM landed`);
    const [row] = await selectRows(connection, 'SELECT * FROM canonical');
    const types = Object.fromEntries((await describeTable('canonical')).map(({ name, type }) => [name, type]));
    return { row: row!, types };
  } finally {
    close();
  }

  async function describeTable(name: string): Promise<LandedColumn[]> {
    const rows = await selectRows<{ column_name: string; column_type: string }>(connection, `DESCRIBE ${name}`);
    return rows.map((column) => ({ name: column.column_name, type: column.column_type }));
  }
}

describe('reading a file as canonical columns', () => {
  it('fills absent columns and fields with null, keeps their types, drops what is unknown', async () => {
    const { row, types } = await readAs(
      'gcp-billing-detailed',
      "SELECT 0.1::DOUBLE AS \"cost\", {'id': 'p', 'new': 1} AS project, 5 AS surprise",
    );

    expect(row).toMatchObject({
      cost: '0.100000000',
      project: { id: 'p', name: null, labels: null },
      labels: null,
      price: null,
    });
    expect(row).not.toHaveProperty('surprise');
    expect(types).toMatchObject({
      cost: 'DECIMAL(38,9)',
      labels: 'STRUCT("key" VARCHAR, "value" VARCHAR)[]',
      usage_start_time: 'TIMESTAMP WITH TIME ZONE',
    });
  });

  it('keeps a null record null', async () => {
    const { row } = await readAs('gcp-billing-detailed', 'SELECT CAST(NULL AS STRUCT(id VARCHAR)) AS project');

    expect(row['project']).toBeNull();
  });

  it("unwraps the three-level lists of BigQuery's older Parquet exports", async () => {
    const { row } = await readAs(
      'gcp-billing-detailed',
      "SELECT {'list': [{'element': {'key': 'team', 'value': 'x'}}]} AS labels",
    );

    expect(row['labels']).toEqual([{ key: 'team', value: 'x' }]);
  });

  it.each([
    ["MAP {'a': 'b'}", '{"a":"b"}'],
    ["[{'key': 'a', 'value': 'say \"b\"'}, {'key': 'c', 'value': NULL}]", '{"a":"say \\"b\\"","c":null}'],
    ["{'a': 1}", '{"a":1}'],
    ['\'{"a": 1}\'', '{"a": 1}'],
  ])('reads tags %s as JSON text', async (sql, expected) => {
    const { row } = await readAs('focus', `SELECT ${sql} AS Tags`);

    expect(row['Tags']).toBe(expected);
  });

  it('lets a missing list or contracted cost stand on the cost below it', async () => {
    const { row } = await readAs('focus', 'SELECT 1.5::DECIMAL(38,9) AS EffectiveCost, NULL::DOUBLE AS ContractedCost');

    expect(row).toMatchObject({
      ListCost: '1.500000000000000000',
      ContractedCost: '1.500000000000000000',
      BilledCost: null,
    });
  });

  it('reads money in 32-bit floats by their exact value, as a cast of the same value in a double does', async () => {
    const { row } = await readAs(
      'gcp-billing-detailed',
      "SELECT 5.1::FLOAT AS cost, [{'amount': CAST(-12345.67 AS FLOAT)}] AS credits",
    );

    expect(row).toMatchObject({ cost: '5.099999905', credits: [{ amount: '-12345.669921875' }] });
  });

  it('reads a time without a zone as UTC', async () => {
    const { row } = await readAs(
      'focus',
      "SELECT TIMESTAMP '2026-10-01 00:00:00' AS ChargePeriodStart, DATE '2026-10-01' AS BillingPeriodStart",
    );

    expect(row).toMatchObject({
      ChargePeriodStart: '2026-10-01 00:00:00+00',
      BillingPeriodStart: '2026-10-01 00:00:00+00',
    });
  });
});

describe('comparing a file with its kind', () => {
  it('reports missing required columns and fields, wrong types at any depth, and unknown columns', () => {
    const columns = [
      { name: 'cost', type: 'VARCHAR' },
      { name: 'invoice', type: 'STRUCT(publisher_type VARCHAR)' },
      { name: 'credits', type: 'STRUCT(amount VARCHAR)[]' },
      { name: 'CURRENCY', type: 'VARCHAR' },
      { name: 'extra', type: 'BIGINT' },
    ];

    const { missingRequired, wrongType, unknown } = compareWithSchema('gcp-billing-standard', columns);

    expect(missingRequired).toEqual([
      'billing_account_id',
      'service',
      'sku',
      'usage_start_time',
      'export_time',
      'invoice.month',
    ]);
    expect(wrongType.map(({ path, found }) => [path, found])).toEqual([
      ['cost', 'VARCHAR'],
      ['credits.amount', 'VARCHAR'],
    ]);
    expect(unknown).toEqual(['extra']);
  });

  it('reads type text with quoted names, precisions, arrays and maps', () => {
    expect(
      parsePhysicalType('STRUCT("a, b" DECIMAL(38,9), m MAP(VARCHAR, INTEGER)[], t TIMESTAMP WITH TIME ZONE)[3]'),
    ).toEqual({
      list: {
        struct: [
          { name: 'a, b', type: { scalar: 'DECIMAL(38,9)' } },
          { name: 'm', type: { list: { map: [{ scalar: 'VARCHAR' }, { scalar: 'INTEGER' }] } } },
          { name: 't', type: { scalar: 'TIMESTAMP WITH TIME ZONE' } },
        ],
      },
    });
  });
});
