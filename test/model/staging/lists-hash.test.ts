import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase, selectRows, type Database } from '../../../core/duckdb.ts';
import { prepareModelSession } from '../../../model/engine/duckdb.ts';

/** Label sets that a segment takes for one are charged as one, so two that differ must never share the hash they are grouped by. */
let database: Database;
beforeAll(async () => {
  database = await openDatabase({ threads: 1 });
  await prepareModelSession(database.connection, 'America/Los_Angeles');
});
afterAll(() => database.close());

async function hashes(sets: object[]): Promise<string[]> {
  const rows = await selectRows<{ hash: string }>(
    database.connection,
    `SELECT lists_hash(item.labels, item.tags, item.project, item.ancestors) AS "hash"
     FROM (SELECT unnest(from_json($1::VARCHAR, $2::VARCHAR)) AS item)`,
    [JSON.stringify(sets), JSON.stringify([{ labels: ENTRIES, tags: ENTRIES, project: ENTRIES, ancestors: ENTRIES }])],
  );
  return rows.map((row) => row.hash);
}

const ENTRIES = [{ key: 'VARCHAR', value: 'VARCHAR' }];
const entry = fc.record({
  key: fc.constantFrom('app', 'component', 'squad'),
  value: fc.constantFrom('api', 'web', ''),
});
const list = fc.array(entry, { maxLength: 3 });
const set = fc.record({ labels: list, tags: list, project: list, ancestors: list });

test('a label of the resource is not a label of the project, whatever stands around it', async () => {
  const [app, component] = [
    { key: 'app', value: 'api' },
    { key: 'component', value: 'web' },
  ];

  const [resource, both] = await hashes([
    { labels: [app, component], tags: [], project: [], ancestors: [] },
    { labels: [app], tags: [], project: [component], ancestors: [] },
  ]);

  expect(resource).not.toBe(both);
});

test('sets hash alike exactly where they are alike', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(set, { minLength: 200, maxLength: 200 }), async (sets) => {
      const found = await hashes(sets);

      const textByHash = new Map<string, string>();
      for (const [index, hash] of found.entries()) {
        const text = JSON.stringify(sets[index]);
        expect(textByHash.get(hash) ?? text).toBe(text);
        textByHash.set(hash, text);
      }
    }),
    { numRuns: 10 },
  );
});
