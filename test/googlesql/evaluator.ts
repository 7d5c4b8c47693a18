import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { googleType, type GoogleType } from './types.ts';
import { decodeValue, encodeValue, type GoogleValue } from './values.ts';

/** A table that a query may read: DuckDB's column types and its rows as JSON values (exact text). */
export interface GoogleTable {
  name: string;
  /** A pseudo-column answers to its name and is left out of `*`. */
  columns: { name: string; type: string; isPseudo?: boolean }[];
  rows: Record<string, unknown>[];
}

/** A named query parameter; its value spelled as a table's values are. */
export interface GoogleParameter {
  name: string;
  type: GoogleType;
  value: unknown;
}

export interface GoogleResult {
  columns: { name: string; type: GoogleType }[];
  /** Rows by position, each value in its canonical spelling. */
  rows: unknown[][];
}

export interface GoogleSql {
  /** Names, types and signatures alone, milliseconds. Rejects with Google's own message. */
  analyse: (sql: string, tables: GoogleTable[]) => Promise<void>;
  /** Runs one query over the tables' rows. The request, rows and all, must stay under 4 MiB. */
  evaluate: (sql: string, tables: GoogleTable[], parameters?: GoogleParameter[]) => Promise<GoogleResult>;
  close: () => Promise<void>;
}

type Call = (request: object, answer: (error: Error | null, response: never) => void) => void;
type Service = Record<'analyze' | 'evaluateQuery' | 'getLanguageOptions', Call> & { close: () => void };

const PACKAGE = '@fivetrandevelopers/zetasql';
const UNLIMITED = { 'grpc.max_send_message_length': -1, 'grpc.max_receive_message_length': -1 };

/** Starts Google's reference implementation of GoogleSQL on a free port. Ready in about 0.3 s. */
export async function startGoogleSql(): Promise<GoogleSql> {
  const require = createRequire(import.meta.url);
  const folder = join(dirname(require.resolve(`${PACKAGE}/package.json`)), 'lib', 'zetasql');
  const port = await freePort();
  const server = spawn(join(folder, serverName()), ['localhost', String(port)], { stdio: 'ignore' });
  const service = connect(require, join(folder, 'protos'), port);
  const language = await languageOptions(service, server);
  const options = { default_timezone: 'UTC', language_options: language, error_message_mode: 'ERROR_MESSAGE_ONE_LINE' };
  return {
    analyse: async (sql, tables) => {
      await call(service, 'analyze', { sql_statement: sql, options, simple_catalog: catalogOf(tables, language) });
    },
    evaluate: async (sql, tables, parameters = []) => {
      const response = await call<EvaluateResponse>(service, 'evaluateQuery', {
        sql,
        options: { ...options, query_parameters: parameters.map(({ name, type }) => ({ name, type })) },
        params: parameters.map(({ name, type, value }) => ({ name, value: encodeValue(value, type) })),
        simple_catalog: catalogOf(tables, language),
        table_content: Object.fromEntries(tables.map((table) => [table.name, contentOf(table)])),
      });
      return resultOf(response);
    },
    close: async () => {
      service.close();
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
    },
  };
}

function serverName(): string {
  return `remote_server${process.arch === 'arm64' ? '_arm' : ''}${process.platform === 'darwin' ? '' : '.so'}`;
}

function connect(require: NodeJS.Require, protos: string, port: number): Service {
  const fromPackage = createRequire(require.resolve(`${PACKAGE}/package.json`));
  const grpc = fromPackage('@grpc/grpc-js');
  const definition = fromPackage('@grpc/proto-loader').loadSync('local_service.proto', {
    keepCase: true,
    longs: String,
    enums: String,
    oneofs: true,
    includeDirs: [protos],
  });
  const { ZetaSqlLocalService } = grpc.loadPackageDefinition(definition).zetasql.local_service;
  return new ZetaSqlLocalService(`localhost:${port}`, grpc.credentials.createInsecure(), UNLIMITED) as Service;
}

function call<Response>(service: Service, method: 'analyze' | 'evaluateQuery' | 'getLanguageOptions', request: object) {
  return new Promise<Response>((resolve, reject) => {
    service[method](request, (error, response) => (error ? reject(error) : resolve(response as Response)));
  });
}

interface LanguageOptions {
  enabled_language_features: string[];
}

/** BigQuery's mode with the features it has; asked until the server answers. */
async function languageOptions(service: Service, server: ChildProcess): Promise<object> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      const all = await call<LanguageOptions>(service, 'getLanguageOptions', { maximum_features: true });
      const features = all.enabled_language_features.filter((feature) => !feature.startsWith('FEATURE_V_1_4'));
      return { ...all, enabled_language_features: features, product_mode: 'PRODUCT_EXTERNAL' };
    } catch (error) {
      if (server.exitCode !== null || Date.now() > deadline) throw error;
      await pause(50);
    }
  }
}

function catalogOf(tables: GoogleTable[], language: object): object {
  return {
    name: 'warehouse',
    builtin_function_options: { language_options: language },
    table: tables.map((table, index) => ({
      name: table.name,
      serialization_id: index + 1,
      column: table.columns.map(({ name, type, isPseudo }) => ({
        name,
        type: googleType(type),
        is_pseudo_column: isPseudo ?? false,
      })),
    })),
  };
}

function contentOf(table: GoogleTable): object {
  const columns = table.columns.map(({ name, type }) => ({ name, type: googleType(type) }));
  return {
    table_data: {
      row: table.rows.map((row) => ({ cell: columns.map((column) => encodeValue(row[column.name], column.type)) })),
    },
  };
}

interface EvaluateResponse {
  content?: { table_data?: { row?: { cell?: GoogleValue[] }[] } };
  prepared?: { columns?: { name?: string; type: GoogleType }[] };
}

function resultOf(response: EvaluateResponse): GoogleResult {
  const columns = (response.prepared?.columns ?? []).map(({ name, type }) => ({ name: name ?? '', type }));
  const rows = (response.content?.table_data?.row ?? []).map((row) =>
    columns.map((column, index) => decodeValue(row.cell?.[index] ?? {}, column.type)),
  );
  return { columns, rows };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
