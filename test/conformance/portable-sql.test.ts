import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGoogleSql, type GoogleSql } from '../googlesql/evaluator.ts';
import { analyseAll, compareEngines, portableNames } from './portable-model.ts';
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
        for (const { name, columns, rows } of await compareEngines(company, google)) {
          expect(rows.google, `rows of ${name}`).toEqual(rows.duckdb);
          expect(columns.google, `columns of ${name}`).toEqual(columns.duckdb);
          compared[name] = (compared[name] ?? 0) + rows.google.length;
        }
      }),
      { numRuns: 12 },
    );
    expect(Object.keys(compared).sort()).toEqual([...portableNames].sort());
    expect(Object.entries(compared).filter(([, rows]) => rows === 0)).toEqual([]);
  }, 120_000);
});
