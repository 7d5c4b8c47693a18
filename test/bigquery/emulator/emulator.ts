import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { selectRows } from '../../../core/duckdb.ts';
import { googleType } from '../../googlesql/types.ts';
import { fieldOf, type BigQueryField } from '../stand-in/schema.ts';
import { EMULATOR_BINARY } from './binary.ts';
import { googleLiteral, typeText } from './literal.ts';

export interface EmulatedTable {
  project: string;
  dataset: string;
  table: string;
  /** A SELECT in DuckDB's SQL over `connection`; of a table partitioned by arrival with a column `_PARTITIONTIME`. */
  select: string;
  /** Made by `tables.insert` with this; by a CREATE TABLE statement where left out, which is what its Storage Read needs. */
  timePartitioning?: { type: 'DAY' | 'MONTH'; field?: string };
}

export interface Emulator {
  apiEndpoint: string;
  storageEndpoint: string;
  create: (connection: DuckDBConnection, table: EmulatedTable) => Promise<void>;
  query: (sql: string) => Promise<void>;
  close: () => Promise<void>;
}

const ROWS_PER_INSERT = 200;

/**
 * Starts goccy's bigquery-emulator. Tables are filled by INSERT statements: at v0.8.1 its load jobs and `tabledata.insertAll`
 * mix up the fields of repeated records, and its Parquet loader reads every NUMERIC as 0. It replaces a bare `_PARTITIONTIME`
 * by the current time and leaves a quoted one alone, so that the pseudo-column is a real column of that name here.
 */
export async function startEmulator(project: string): Promise<Emulator> {
  const [http, grpc] = [await freePort(), await freePort()];
  const options = [
    `--project=${project}`,
    '--host=127.0.0.1',
    `--port=${http}`,
    `--grpc-port=${grpc}`,
    '--log-level=error',
  ];
  const server = spawn(EMULATOR_BINARY, options, { stdio: 'ignore' });
  const apiEndpoint = `http://127.0.0.1:${http}`;
  const call = async (path: string, body: object): Promise<void> => {
    const response = await fetch(`${apiEndpoint}/bigquery/v2/projects/${project}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${(await response.text()).slice(0, 600)}`);
  };
  await ready(apiEndpoint, project, () => server.exitCode !== null);
  const datasets = new Set<string>();
  const query = (sql: string): Promise<void> => call('queries', { query: sql, useLegacySql: false });
  return {
    apiEndpoint,
    storageEndpoint: `127.0.0.1:${grpc}`,
    query,
    create: async (connection, { dataset, table, select, timePartitioning }) => {
      if (!datasets.has(dataset)) {
        datasets.add(dataset);
        await call('datasets', { datasetReference: { projectId: project, datasetId: dataset }, location: 'EU' });
      }
      const described = await selectRows<{ column_name: string; column_type: string }>(
        connection,
        `DESCRIBE ${select}`,
      );
      const types = described.map(({ column_name: name, column_type: type }) => ({ name, type: googleType(type) }));
      if (timePartitioning) {
        await call(`datasets/${dataset}/tables`, {
          tableReference: { projectId: project, datasetId: dataset, tableId: table },
          schema: { fields: types.map(({ name, type }) => named64(fieldOf(name, type))) },
          timePartitioning,
        });
      } else {
        const definitions = types.map(({ name, type }) => `\`${name}\` ${typeText(type)}`);
        await query(`CREATE TABLE \`${project}.${dataset}.${table}\` (${definitions.join(', ')})`);
      }
      const rows = await selectRows(connection, select);
      const columns = types.map(({ name }) => `\`${name}\``).join(', ');
      for (let from = 0; from < rows.length; from += ROWS_PER_INSERT) {
        const values = rows
          .slice(from, from + ROWS_PER_INSERT)
          .map((row) => `(${types.map(({ name, type }) => googleLiteral(row[name], type)).join(', ')})`);
        await query(`INSERT INTO \`${project}.${dataset}.${table}\` (${columns}) VALUES ${values.join(',\n')}`);
      }
    },
    close: async () => {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
    },
  };
}

/** The emulator takes `FLOAT`, BigQuery's older name of FLOAT64, for a 32-bit number. */
function named64(field: BigQueryField): BigQueryField {
  return {
    ...field,
    type: field.type === 'FLOAT' ? 'FLOAT64' : field.type,
    ...(field.fields && { fields: field.fields.map(named64) }),
  };
}

async function ready(apiEndpoint: string, project: string, hasEnded: () => boolean): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const answered = await fetch(`${apiEndpoint}/bigquery/v2/projects/${project}/datasets`).then(
      () => true,
      () => false,
    );
    if (answered) return;
    if (hasEnded()) break;
    await pause(100);
  }
  throw new Error('the emulator did not start');
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
