import { mkdirSync } from 'node:fs';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';

export interface DatabaseOptions {
  /** `:memory:` or a file. Two instances on one file in one process drop the file's lock, so a file is opened here and nowhere else. */
  path?: string;
  memoryLimit?: string;
  threads?: number;
  spillDirectory?: string;
}

export interface Database {
  instance: DuckDBInstance;
  connection: DuckDBConnection;
  /** Another connection to the same database, for work that goes on beside other work; the caller closes it. */
  connect: () => Promise<DuckDBConnection>;
  close: () => void;
}

/** Opens DuckDB the way this product relies on: UTC sessions, no extension downloads, spilling to a folder of ours. */
export async function openDatabase(options: DatabaseOptions = {}): Promise<Database> {
  const settings: Record<string, string> = {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  };
  if (options.memoryLimit) settings['memory_limit'] = options.memoryLimit;
  if (options.threads) settings['threads'] = String(options.threads);
  if (options.spillDirectory) {
    mkdirSync(options.spillDirectory, { recursive: true });
    settings['temp_directory'] = options.spillDirectory;
  }
  const instance = await DuckDBInstance.create(options.path ?? ':memory:', settings);
  const connect = async (): Promise<DuckDBConnection> => {
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    return connection;
  };
  const connection = await connect();
  return {
    instance,
    connection,
    connect,
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Rows with exact values: DECIMAL, BIGINT and HUGEINT come as strings, dates as ISO text. Safe for money. */
export async function selectRows<Row = Record<string, unknown>>(
  connection: DuckDBConnection,
  sql: string,
  parameters?: Parameters<DuckDBConnection['runAndReadAll']>[1],
): Promise<Row[]> {
  const reader = await connection.runAndReadAll(sql, parameters);
  return reader.getRowObjectsJson() as Row[];
}

/** A text as an SQL string literal, for the few places (file lists, COPY targets) that take no bound parameter. */
export function sqlText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** A text as a quoted SQL identifier. */
export function sqlName(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}
