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

/** Opens another connection to one database, with a session of its own. */
export type Connect = () => Promise<DuckDBConnection>;

/**
 * Takes rows column by column and writes them as Parquet files of bounded size, in order. Rows that have not been written yet
 * are held in a table; while one file is written, the rows of the next arrive.
 */
export class ParquetSpool {
  readonly files: SpooledFile[] = [];
  rows = 0;
  readonly #connect: Connect;
  readonly #columns: SpoolColumn[];
  readonly #target: string;
  readonly #chunk: DuckDBDataChunk;
  /** Appending on a connection ends every other query there, so writing has another. */
  #appending: DuckDBConnection | null = null;
  #writer: DuckDBConnection | null = null;
  #appender: { table: string; appender: DuckDBAppender } | null = null;
  #writing: Promise<void> = Promise.resolve();
  #held = 0;
  #begun = 0;

  /** Files are named `<target>-000.parquet` and on. */
  constructor(connect: Connect, columns: SpoolColumn[], target: string) {
    this.#connect = connect;
    this.#columns = columns;
    this.#target = target;
    this.#chunk = DuckDBDataChunk.create(columns.map(({ type }) => type));
  }

  /** Appends `count` rows; `valuesOf` gives the values of one column for the rows from `from` to before `to`. */
  async append(count: number, valuesOf: (column: number, from: number, to: number) => DuckDBValue[]): Promise<void> {
    for (let from = 0; from < count;) {
      const to = Math.min(count, from + CHUNK_ROWS, from + FILE_ROWS - this.#held);
      const { appender } = (this.#appender ??= await this.#newTable());
      this.#chunk.reset();
      this.#chunk.rowCount = to - from;
      for (let column = 0; column < this.#columns.length; column += 1) {
        this.#chunk.setColumnValues(column, valuesOf(column, from, to));
      }
      appender.appendDataChunk(this.#chunk);
      this.#held += to - from;
      this.rows += to - from;
      from = to;
      if (this.#held >= FILE_ROWS) await this.#beginFile();
    }
  }

  /** Writes what is left; at least one file, so that an empty result has its columns too. */
  async finish(): Promise<SpooledFile[]> {
    if (this.#held > 0 || this.#begun === 0) {
      this.#appender ??= await this.#newTable();
      await this.#beginFile();
    }
    await this.#writing;
    return this.files;
  }

  /** Lets go of everything but the files, which after a failure are the caller's to remove. Never throws. */
  async discard(): Promise<void> {
    await this.#writing.catch(() => {}); // told where it was waited for, or overtaken by an earlier failure
    const table = this.#appender?.table;
    try {
      this.#appender?.appender.closeSync();
      if (table) await this.#appending?.run(`DROP TABLE IF EXISTS ${sqlName(table)}`);
    } catch {
      // A table of a database in memory goes with the run.
    }
    this.#appender = null;
    this.#appending?.closeSync();
    this.#writer?.closeSync();
  }

  async #newTable(): Promise<{ table: string; appender: DuckDBAppender }> {
    this.#appending ??= await this.#connect();
    const table = `spool_${randomUUID().replaceAll('-', '')}`;
    const columns = this.#columns.map(({ name, type }) => `${sqlName(name)} ${type.toString()}`);
    await this.#appending.run(`CREATE TABLE ${sqlName(table)} (${columns.join(', ')})`);
    return { table, appender: await this.#appending.createAppender(table) };
  }

  /** Hands the table over to be written, once the file before is done: at most two tables are held. */
  async #beginFile(): Promise<void> {
    const { table, appender } = this.#appender!;
    const rows = this.#held;
    appender.closeSync();
    this.#appender = null;
    this.#held = 0;
    await this.#writing;
    const path = `${this.#target}-${String(this.#begun).padStart(3, '0')}.parquet`;
    this.#begun += 1;
    this.#writing = this.#writeFile(table, path, rows);
    this.#writing.catch(() => {}); // waited for at the next file or at the end; a failure meanwhile must not count as unhandled
  }

  async #writeFile(table: string, path: string, rows: number): Promise<void> {
    this.#writer ??= await this.#connect();
    const written = await writeParquet(this.#writer, `SELECT * FROM ${sqlName(table)}`, path);
    await this.#writer.run(`DROP TABLE ${sqlName(table)}`);
    this.files.push({ ...written, rows });
  }
}
