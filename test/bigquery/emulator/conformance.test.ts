import { afterAll, beforeAll, describe } from 'vitest';
import { conformanceSuite, type Given } from '../conformance/suite.ts';
import { DATASET, edgeWorld, PROJECT, slicedCompany, type World } from '../conformance/world.ts';
import { hasEmulator } from './binary.ts';
import { startEmulator, type Emulator } from './emulator.ts';

describe.skipIf(!hasEmulator)('against goccy/bigquery-emulator', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator(PROJECT);
  });
  afterAll(() => emulator.close());

  const paged: Given = {
    name: 'the emulator, paged',
    transfer: 'paged',
    origin: ({ table }) => ({
      bigquery: { project: PROJECT, dataset: DATASET, table, apiEndpoint: emulator.apiEndpoint },
    }),
  };

  /** The world's files as a table of the emulator. */
  async function asTable(world: World): Promise<World> {
    const { table, select, connection } = world;
    const timePartitioning = { type: 'DAY' as const };
    await emulator.create(connection, { project: PROJECT, dataset: DATASET, table, select, timePartitioning });
    return world;
  }

  conformanceSuite('values at the edges of their types', {
    make: async () => asTable(await edgeWorld()),
    ways: [paged],
    marts: [],
  });

  // At v0.8.1 the emulator's SQL engine ends at 2 GiB of memory, which some thousand such rows take; `npm test` pulls all of them.
  conformanceSuite('a slice of the small sample company', {
    make: async () => asTable(await slicedCompany(8, 50)),
    ways: [paged],
    marts: ['fct_chargeback', 'fct_cost_daily', 'fct_cost_monthly', 'fct_reconciliation'],
  });
});
