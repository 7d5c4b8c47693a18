import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGoogleSql, type GoogleSql } from '../googlesql/evaluator.ts';
import { analyseAll, compareEngines, portableNames, type Comparison } from './portable-model.ts';
import { sampleGround } from './portable-sample.ts';
import { ground } from './portable-world.ts';

let google: GoogleSql;
let refusals: Record<string, string | null>;
beforeAll(async () => {
  google = await startGoogleSql();
  refusals = await analyseAll(google);
});
afterAll(() => google.close());

describe('every file of model/intermediate and model/marts', () => {
  it.each(portableNames)('%s is a statement that Google accepts, byte for byte', (name) => {
    expect(refusals[name]).toBeNull();
  });

  it("gives the same rows on Google's evaluator as on DuckDB, decimal by decimal, on generated companies", async () => {
    const compared: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(ground, async (company) => {
        for (const comparison of await compareEngines(company, google)) {
          expectEqual(comparison);
          compared[comparison.name] = (compared[comparison.name] ?? 0) + comparison.rows.google.length;
        }
      }),
      { numRuns: 12 },
    );
    expect(Object.keys(compared).sort()).toEqual([...portableNames].sort());
    expect(Object.entries(compared).filter(([, rows]) => rows === 0)).toEqual([]);
  }, 120_000);

  it('gives the same rows on both for charges of the sample company, as the product lands and stages them', async () => {
    for (const comparison of await compareEngines(await sampleGround(), google)) expectEqual(comparison);
  }, 120_000);
});

function expectEqual({ name, columns, rows }: Comparison): void {
  expect(rows.google, `rows of ${name}`).toEqual(rows.duckdb);
  expect(columns.google, `columns of ${name}`).toEqual(columns.duckdb);
}
