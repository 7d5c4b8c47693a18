/**
 * What the pull bench times, each in a process of its own: `product <config>` is an ingest, `paged <api>` and
 * `storage <api> <storage>` read the same rows by Google's clients alone. The last line printed is JSON.
 */
import { BigQuery } from '@google-cloud/bigquery';
import { BigQueryReadClient } from '@google-cloud/bigquery-storage';
import { grpc } from 'google-gax';
import { loadConfig } from '../../core/config/load.ts';
import { ingest } from '../../ingest/ingest.ts';

process.env['METADATA_SERVER_DETECTION'] = 'none';

const PARTITIONS = ['2026-07-01', '2026-07-02', '2026-07-03', '2026-07-04', '2026-07-05'];

const [task, ...args] = process.argv.slice(2);
const started = performance.now();
let rows = 0;

if (task === 'product') {
  const report = await ingest(loadConfig(args[0]!));
  rows = report.sources[0]!.rows;
} else if (task === 'paged') await paged(args[0]!);
else if (task === 'storage') await streamed(args[0]!, args[1]!);
else throw new Error(`unknown bench task ${task}`);

console.log(JSON.stringify({ rows, seconds: (performance.now() - started) / 1000 }));

async function paged(apiEndpoint: string): Promise<void> {
  const client = new BigQuery({ projectId: 'data', apiEndpoint });
  for (const day of PARTITIONS) {
    const [job] = await client.createQueryJob({ query: selectOf(day) });
    for await (const _row of job.getQueryResultsStream()) rows++;
  }
}

async function streamed(apiEndpoint: string, storageEndpoint: string): Promise<void> {
  const client = new BigQuery({ projectId: 'data', apiEndpoint });
  const [host, port] = storageEndpoint.split(':') as [string, string];
  const sslCreds = grpc.credentials.createInsecure();
  const reader = new BigQueryReadClient({ apiEndpoint: host, port: Number(port), projectId: 'data', sslCreds });
  for (const day of PARTITIONS) {
    const [job] = await client.createQueryJob({ query: selectOf(day) });
    const { projectId, datasetId, tableId } = job.metadata.configuration.query.destinationTable;
    const table = `projects/${projectId}/datasets/${datasetId}/tables/${tableId}`;
    const request = {
      parent: 'projects/data',
      readSession: { table, dataFormat: 'ARROW' as const },
      maxStreamCount: 1,
    };
    const [session] = await reader.createReadSession(request);
    for await (const answer of reader.readRows({ readStream: session.streams![0]!.name! }))
      rows += Number(answer.rowCount);
  }
  await reader.close();
}

function selectOf(day: string): string {
  return `SELECT * FROM \`data.billing.export\` WHERE _PARTITIONTIME = TIMESTAMP '${day} 00:00:00+00'`;
}
