import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase, selectRows, type Database } from '../../../core/duckdb.ts';
import { prepareModelSession } from '../../../model/engine/duckdb.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase({ threads: 1 });
  await prepareModelSession(database.connection, 'America/Los_Angeles');
});
afterAll(() => database.close());

test.each([
  ['BigQuery', 'Analysis (us-central1)', 'Analysis'],
  ['BigQuery', 'Active Logical Storage (us-central1)', 'Storage'],
  ['BigQuery', 'Streaming Insert (us)', 'Streaming'],
  ['BigQuery Reservation API', 'BigQuery Enterprise Edition for Europe', 'Slots'],
  ['Cloud Run', 'Services CPU (Request-based billing) in us-central1', 'Compute cores'],
  ['Cloud Run', 'Services Memory (Request-based billing) in us-central1', 'Memory'],
  ['Cloud Run', 'Requests', 'Operations'],
  ['Cloud Storage', 'Standard Storage US Regional', 'Object storage'],
  ['Cloud Storage', 'Class A Request Regional Storage', 'Operations'],
  ['Cloud Logging', 'Log Storage cost', 'Storage'],
  ['Cloud SQL', 'Cloud SQL for PostgreSQL: Zonal - vCPU in Europe', 'Compute cores'],
  ['Compute Engine', 'N2 Instance Core running in EMEA', 'Compute cores'],
  ['Compute Engine', 'N2 Instance Ram running in EMEA', 'Memory'],
  ['Compute Engine', 'Storage PD Capacity in Netherlands', 'Disk'],
  ['Compute Engine', 'Storage PD Snapshot in Europe', 'Backup'],
  ['Compute Engine', 'Static Ip Charge in Europe', 'Network'],
  ['Compute Engine', 'Commitment v1: N2 Cpu in EMEA for 1 Year', 'Commitment fees'],
  ['Compute Engine', 'Nvidia L4 GPU running in Americas', 'GPUs'],
  ['Networking', 'Network Inter Region Data Transfer Out from EMEA to EMEA', 'Network'],
  ['Support', 'Enhanced Support', 'Support'],
  ['Amazon Simple Queue Service', '$0.40 per million Amazon SQS standard requests in Tier1', 'Operations'],
  ['Fastly Next-Gen WAF', 'Monthly plan', 'Other'],
])('%s: "%s" is of the group %s', async (service, description, group) => {
  const [row] = await selectRows<{ group: string }>(
    database.connection,
    `SELECT sku_group($1::VARCHAR, $2::VARCHAR, 'Usage') AS "group"`,
    [service, description],
  );

  expect(row!.group).toBe(group);
});

test('tax and adjustments are groups of their own, whatever their service', async () => {
  const rows = await selectRows<{ group: string }>(
    database.connection,
    `SELECT sku_group('Compute Engine', 'N2 Instance Core', unnest(['Tax', 'Adjustment'])) AS "group"`,
  );

  expect(rows.map((row) => row.group)).toEqual(['Tax', 'Adjustments']);
});
