import type { DuckDBInstance } from '@duckdb/node-api';
import type { Effects } from '../../core/effects.ts';
import { sqlName, sqlText } from '../../core/duckdb.ts';
import { generationFacts } from './facts.ts';
import { connectionPool, type PoolOptions } from './pool.ts';
import { readerOn, type GenerationFacts, type Reader } from './reader.ts';
import { makeRollups, NO_ROLLUPS, type Rollups } from './rollups.ts';

/** One attached generation file. It is detached when it has been retired and its last lease has ended. */
export interface Generation {
  fileName: string;
  stamp: string;
  facts: GenerationFacts;
  lease: <Result>(work: (reader: Reader) => Promise<Result>, signal?: AbortSignal | undefined) => Promise<Result>;
  /** No new work; resolves when the file is detached. */
  retire: () => Promise<void>;
  /** Resolves when background work on the generation is done. */
  settled: () => Promise<void>;
  running: () => number;
  waiting: () => number;
}

export interface AttachOptions {
  instance: DuckDBInstance;
  path: string;
  fileName: string;
  /** Tells this file from any other that has borne its name. */
  stamp: string;
  /** Name of the attached database; unique in the hub. */
  alias: string;
  pool: PoolOptions;
  exportFolder: string;
  /** Folder for rollups; null reads the marts alone. */
  rollupFolder: string | null;
}

/** Attaches a generation read-only and reads its facts; a file that cannot be served is detached again and the error thrown. */
export async function attachGeneration(options: AttachOptions, effects: Effects): Promise<Generation> {
  const { instance, alias } = options;
  await statement(instance, `attach ${sqlText(options.path)} as ${sqlName(alias)} (read_only)`);
  const pool = connectionPool(async () => {
    const connection = await instance.connect();
    await connection.run(`use ${sqlName(alias)}`);
    return connection;
  }, options.pool);

  let rollups: Rollups = NO_ROLLUPS;
  const detach = async (): Promise<void> => {
    await pool.close();
    await rollups.close();
    await statement(instance, `detach ${sqlName(alias)}`);
  };

  let facts: GenerationFacts;
  try {
    facts = await generationFacts(readerOn(pool, options.exportFolder));
  } catch (error) {
    await detach();
    throw error;
  }

  if (options.rollupFolder) rollups = makeRollups({ instance, alias, folder: options.rollupFolder }, effects);

  let leases = 0;
  let retired: (() => void) | null = null;
  return {
    fileName: options.fileName,
    stamp: options.stamp,
    facts,
    lease: async (work, signal) => {
      leases += 1;
      try {
        return await work({
          facts,
          identity: identityOf(facts, options.stamp),
          dailyCosts: rollups.relationFor,
          ...readerOn(pool, options.exportFolder, signal),
        });
      } finally {
        leases -= 1;
        if (leases === 0) retired?.();
      }
    },
    retire: async () => {
      await new Promise<void>((resolve) => {
        if (leases === 0) resolve();
        else retired = resolve;
      });
      await detach();
    },
    settled: () => rollups.made,
    running: pool.running,
    waiting: pool.waiting,
  };
}

/** Name of what is read, for caches: numbers begin anew in a workspace that was deleted and built again, stamps do not. */
export function identityOf(facts: GenerationFacts, stamp: string): string {
  return `g${facts.generation}-${stamp}`;
}

async function statement(instance: DuckDBInstance, sql: string): Promise<void> {
  const connection = await instance.connect();
  try {
    await connection.run(sql);
  } finally {
    connection.closeSync();
  }
}
