import { randomUUID } from 'node:crypto';
import {
  DuckDBDataChunk,
  type DuckDBAppender,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { sqlName } from '../../core/duckdb.ts';
import { writeParquet } from '../files/write-parquet.ts';

export interface SpoolColumn {
  name: string;
  type: DuckDBType;
}

export interface SpooledFile {
  path: string;
  sha256: string;
  bytes: number;
  rows: number;
}

/** Rows that go to one Parquet file. What is held in memory at once grows with it, not with the partition. */
const FILE_ROWS = 32_768;
const CHUNK_ROWS = 2048;

/**
 * Takes rows column by column and writes them as Parquet files of bounded size, in order. What has not been written yet is
 * held in a table of the connection's database.
 */
export class ParquetSpool {
  readonly files: SpooledFile[] = [];
  rows = 0;
  readonly #connection: DuckDBConnection;
  readonly #columns: SpoolColumn[];
  readonly #target: string;
  readonly #table = `spool_${randomUUID().replaceAll('-', '')}`;
  readonly #chunk: DuckDBDataChunk;
  #appender: DuckDBAppender | null = null;
  #held = 0;

  /** Files are named `<target>-000.parquet` and on. */
  constructor(connection: DuckDBConnection, columns: SpoolColumn[], target: string) {
    this.#connection = connection;
    this.#columns = columns;
    this.#target = target;
    this.#chunk = DuckDBDataChunk.create(columns.map(({ type }) => type));
  }

  /** Appends `count` rows; `valuesOf` gives the values of one column for the rows from `from` to before `to`. */
  async append(count: number, valuesOf: (column: number, from: number, to: number) => DuckDBValue[]): Promise<void> {
    for (let from = 0; from < count;) {
      const to = Math.min(count, from + CHUNK_ROWS, from + FILE_ROWS - this.#held);
      this.#appender ??= await this.#newTable();
      this.#chunk.reset();
      this.#chunk.rowCount = to - from;
      for (let column = 0; column < this.#columns.length; column += 1) {
        this.#chunk.setColumnValues(column, valuesOf(column, from, to));
      }
      this.#appender.appendDataChunk(this.#chunk);
      this.#held += to - from;
      this.rows += to - from;
      from = to;
      if (this.#held >= FILE_ROWS) await this.#writeFile();
    }
  }

  /** Writes what is left; at least one file, so that an empty result has its columns too. */
  async finish(): Promise<SpooledFile[]> {
    if (this.#held > 0 || this.files.length === 0) {
      this.#appender ??= await this.#newTable();
      await this.#writeFile();
    }
    return this.files;
  }

  /** Lets go of the table; after a failure the files are the caller's to remove. */
  async discard(): Promise<void> {
    if (this.#appender) {
      this.#appender.closeSync();
      this.#appender = null;
    }
    await this.#connection.run(`DROP TABLE IF EXISTS ${sqlName(this.#table)}`);
  }

  async #newTable(): Promise<DuckDBAppender> {
    const columns = this.#columns.map(({ name, type }) => `${sqlName(name)} ${type.toString()}`);
    await this.#connection.run(`CREATE TABLE ${sqlName(this.#table)} (${columns.join(', ')})`);
    return this.#connection.createAppender(this.#table);
  }

  async #writeFile(): Promise<void> {
    this.#appender!.closeSync();
    this.#appender = null;
    const path = `${this.#target}-${String(this.files.length).padStart(3, '0')}.parquet`;
    const written = await writeParquet(this.#connection, `SELECT * FROM ${sqlName(this.#table)}`, path);
    await this.#connection.run(`DROP TABLE ${sqlName(this.#table)}`);
    this.files.push({ ...written, rows: this.#held });
    this.#held = 0;
  }
}
