import { afterAll, beforeAll } from 'vitest';
import { startStandIn, type StandIn } from '../stand-in/server.ts';
import { conformanceSuite, type Given } from './suite.ts';
import { DATASET, edgeWorld, FILES, PROJECT, sampleCompany, type World } from './world.ts';

let standIn: StandIn;
beforeAll(async () => {
  standIn = await startStandIn();
});
afterAll(() => standIn.close());

const ways: Given[] = [
  { name: 'files', transfer: null, origin: () => FILES },
  { name: 'the stand-in, paged', transfer: 'paged', origin: ({ table }) => inStandIn(table, { storageRead: 'never' }) },
  {
    name: 'the stand-in, Storage Read',
    transfer: 'storage-read',
    origin: ({ table }) => inStandIn(table, { storageEndpoint: standIn.storageEndpoint }),
  },
];

function inStandIn(table: string, more: object): { bigquery: Record<string, unknown> } {
  return { bigquery: { project: PROJECT, dataset: DATASET, table, apiEndpoint: standIn.apiEndpoint, ...more } };
}

/** The world's files as a table of the stand-in. */
async function asTable(world: World): Promise<World> {
  const { table, select } = world;
  await standIn.tables.create({ project: PROJECT, dataset: DATASET, table, select, requirePartitionFilter: false });
  return world;
}

conformanceSuite('values at the edges of their types', {
  make: async () => asTable(await edgeWorld()),
  ways,
  marts: [],
});

conformanceSuite('the small sample company', {
  make: async () => asTable(await sampleCompany()),
  ways: ways.slice(1),
  marts: ['fct_chargeback', 'fct_cost_daily', 'fct_cost_monthly', 'fct_reconciliation'],
});
