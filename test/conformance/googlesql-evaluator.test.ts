import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { startGoogleSql, type GoogleSql } from '../googlesql/evaluator.ts';
import { googleType } from '../googlesql/types.ts';
import { canonicalValue } from '../googlesql/values.ts';

let google: GoogleSql;
beforeAll(async () => {
  google = await startGoogleSql();
});
afterAll(() => google.close());

const decimal = fc.bigInt({ min: -(10n ** 37n), max: 10n ** 37n }).map((units) => {
  const digits = (units < 0n ? -units : units).toString().padStart(10, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`;
});

describe("Google's evaluator", () => {
  it('gives back every kind of value exactly as it was sent', async () => {
    const row = fc.record(
      {
        money: fc.option(decimal),
        count: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)),
        name: fc.option(fc.string({ unit: 'grapheme' })),
        day: fc.option(
          fc
            .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
            .map((d) => d.toISOString().slice(0, 10)),
        ),
        moment: fc.option(
          fc
            .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
            .map((d) => d.toISOString().replace('T', ' ').replace('Z', '+00')),
        ),
        holds: fc.option(fc.boolean()),
        tags: fc.array(fc.string({ minLength: 1 })),
      },
      { noNullPrototype: true },
    );
    const columns = [
      { name: 'money', type: 'DECIMAL(38,9)' },
      { name: 'count', type: 'BIGINT' },
      { name: 'name', type: 'VARCHAR' },
      { name: 'day', type: 'DATE' },
      { name: 'moment', type: 'TIMESTAMP WITH TIME ZONE' },
      { name: 'holds', type: 'BOOLEAN' },
      { name: 'tags', type: 'VARCHAR[]' },
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 20 }), async (rows) => {
        const names = columns.map(({ name }) => name).join(', ');
        const sent = await google.evaluate(`SELECT ${names} FROM sent`, [{ name: 'sent', columns, rows }]);
        const expected = rows.map((sentRow) =>
          columns.map(({ name, type }) => canonicalValue(sentRow[name as keyof typeof sentRow], googleType(type))),
        );
        expect(sent.rows.map((r) => JSON.stringify(r)).sort()).toEqual(expected.map((r) => JSON.stringify(r)).sort());
      }),
      { numRuns: 25 },
    );
  });

  it('adds money without a float anywhere', async () => {
    const columns = [{ name: 'x_Cost', type: 'DECIMAL(38,9)' }];
    const rows = [{ x_Cost: '0.100000000' }, { x_Cost: '0.200000000' }, { x_Cost: '1234567890123456789.000000001' }];
    const sum = await google.evaluate('SELECT SUM(x_Cost) AS x_Sum FROM charges', [{ name: 'charges', columns, rows }]);
    expect(sum.rows).toEqual([['1234567890123456789.300000001']]);
    expect(sum.columns[0]?.type.type_kind).toBe('TYPE_NUMERIC');
  });

  it('refuses what BigQuery refuses, in its words', async () => {
    await expect(
      google.analyse('SELECT nope FROM charges', [{ name: 'charges', columns: [], rows: [] }]),
    ).rejects.toThrow(/Unrecognized name: nope/);
    await expect(google.analyse('SELECT list_sum([1])', [])).rejects.toThrow(/Function not found: list_sum/);
  });

  it('reads UTC where a query leaves the zone open', async () => {
    const answer = await google.evaluate("SELECT EXTRACT(HOUR FROM TIMESTAMP '2026-01-01 00:30:00') AS h", []);
    expect(answer.rows).toEqual([['0']]);
  });
});
