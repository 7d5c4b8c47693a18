import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase, selectRows, type Database } from '../../core/duckdb.ts';
import { canonicalColumns } from '../../core/source-schemas/projection.ts';
import { startGoogleSql, type GoogleSql } from '../googlesql/evaluator.ts';
import { googleType } from '../googlesql/types.ts';
import { canonicalValue } from '../googlesql/values.ts';

let google: GoogleSql;
let database: Database;
beforeAll(async () => {
  google = await startGoogleSql();
  database = await openDatabase({ threads: 1 });
});
afterAll(async () => {
  database.close();
  await google.close();
});

const amount = fc.oneof(
  fc.double({ min: -1e15, max: 1e15, noNaN: true }),
  fc.double({ min: -10, max: 10, noNaN: true }),
  fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }).map((units) => units / 1e9),
  fc.integer({ min: 1, max: 2_000_000_000 }).map((units) => 4_194_304 + units / 1e9),
);
const KNOWN = [9007199.254740993, 123456789012.34, -98765432.10987654, 4194304, 1e-10, 5e-10, -0.1, 0];

it('reads a FLOAT of money as Google casts it to NUMERIC, to the last digit and at any size', async () => {
  const cost = canonicalColumns('gcp-billing-detailed', [{ name: 'cost', type: 'DOUBLE' }]).find(
    ({ name }) => name === 'cost',
  )!;
  await fc.assert(
    fc.asyncProperty(fc.array(amount, { minLength: 30, maxLength: 60 }), async (drawn) => {
      const amounts = [...KNOWN, ...drawn].filter((value) => !isTie(value));
      const ours = await selectRows<{ money: string }>(
        database.connection,
        `SELECT ${cost.sql} AS money FROM (SELECT unnest(from_json($1::VARCHAR, '["DOUBLE"]')) AS "cost")`,
        [JSON.stringify(amounts)],
      );
      const columns = [
        { name: 'i', type: 'BIGINT' },
        { name: 'cost', type: 'DOUBLE' },
      ];
      const rows = amounts.map((value, i) => ({ i: String(i), cost: value }));
      const theirs = await google.evaluate('SELECT CAST(cost AS NUMERIC) FROM t ORDER BY i', [
        { name: 't', columns, rows },
      ]);

      const numeric = googleType('DECIMAL(38,9)');
      expect(ours.map(({ money }) => canonicalValue(money, numeric))).toEqual(theirs.rows.map(([money]) => money));
    }),
    { numRuns: 10 },
  );
}, 60_000);

/** Half a nano-unit to within what a double can tell: which side such a value lies on is a matter of its last bit. */
function isTie(value: number): boolean {
  const units = Math.abs(value % 1) * 1e9;
  return value !== 0 && Math.abs((units % 1) - 0.5) < 1e-6;
}
