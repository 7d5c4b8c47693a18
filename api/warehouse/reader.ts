import type { DuckDBConnection } from '@duckdb/node-api';
import type { z } from 'zod';
import { selectRows } from '../../core/duckdb.ts';
import { WorthwhileError } from '../../core/errors.ts';
import type { MetaAnswer } from '../contract/index.ts';
import type { ConnectionPool } from './pool.ts';
import type { CostColumn } from './rollups.ts';

export type Bound = Record<string, string | number | boolean | null>;

/** What every question needs to know of the generation it reads; loaded once, when the generation is attached. */
export type GenerationFacts = Omit<MetaAnswer, 'decisions'>;

/** One generation, as a question sees it. */
export interface Reader {
  facts: GenerationFacts;
  /** Of this generation and no other, also where a workspace was deleted and its numbers began anew. */
  identity: string;
  /** Rows of `sql` over the marts, each parsed by `row`. Values are bound (`$name`), never spelled into the text. */
  select: <Row extends z.ZodType>(row: Row, sql: string, parameters?: Bound) => Promise<z.output<Row>[]>;
  /** Relation to read daily costs from where a question needs no other columns than these (besides day and currency). */
  dailyCosts: (columns: CostColumn[]) => string;
  /** Runs a statement that writes a file (COPY ... TO). */
  run: (sql: string, parameters?: Bound) => Promise<void>;
  /** Folder that COPY may write to; whoever writes there deletes. */
  exportFolder: string;
}

type QueryReader = Omit<Reader, 'facts' | 'identity' | 'dailyCosts'>;

/** A reader whose queries end when `signal` aborts. */
export function readerOn(pool: ConnectionPool, exportFolder: string, signal?: AbortSignal): QueryReader {
  return {
    select: async (row, sql, parameters = {}) => {
      const rows = await pool
        .run((connection: DuckDBConnection) => selectRows(connection, sql, parameters), signal)
        .catch((error: unknown) => {
          throw isMissing(error) ? outdated(error) : error;
        });
      return rows.map((raw) => parsed(row, raw, sql));
    },
    run: (sql, parameters = {}) =>
      pool.run(async (connection) => {
        await connection.run(sql, parameters);
      }, signal),
    exportFolder,
  };
}

/** The questions fit the marts of this version; one that is not there, or lacks a column, was published by an earlier one. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && /^(Catalog Error: Table|Binder Error: Referenced column)/.test(error.message);
}

function outdated(cause: unknown): WorthwhileError {
  return new WorthwhileError('OUTDATED', 'this question needs a table that the published data does not have yet', {
    fix: 'run `worthwhile run` (or `worthwhile build`) with this version; what is published is served meanwhile',
    cause,
  });
}

function parsed<Row extends z.ZodType>(schema: Row, raw: unknown, sql: string): z.output<Row> {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new WorthwhileError(
    'INTERNAL',
    `a row of the marts does not fit the contract: ${issue?.path.join('.')}: ${issue?.message}`,
    {
      on: `${JSON.stringify(raw)} of ${sql.trim().slice(0, 300)}`,
      fix: 'build again with this version; if it persists, report it with this message',
      cause: result.error,
    },
  );
}
