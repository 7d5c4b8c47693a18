import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, sqlText, type Database } from '../../core/duckdb.ts';
import { silentEffects, type Effects } from '../../core/effects.ts';
import { WorthwhileError } from '../../core/errors.ts';
import type { Workspace } from '../../core/workspace.ts';
import { attachGeneration, identityOf, type Generation } from './generation.ts';
import { followPointer, readPointer, stampOf } from './pointer.ts';
import type { PoolOptions } from './pool.ts';
import type { GenerationFacts, Reader } from './reader.ts';

export interface WarehouseOptions {
  workspace: Workspace;
  memoryLimit?: string | undefined;
  threads?: number | undefined;
  pool?: PoolOptions;
  /** How often the pointer is read besides being watched; 0 reads it only on `refresh`. */
  pollMs?: number;
  /** Prepare sums for questions about the whole company in the background; for a process that serves. */
  rollups?: boolean;
}

export interface Warehouse {
  /** Facts of the generation that new questions go to; null until one is attached. */
  facts: () => GenerationFacts | null;
  /** Name of that generation for caches, unlike that of any other; null until one is attached. */
  identity: () => string | null;
  /** Runs `work` against the current generation, which stays attached until `work` ends. Throws NOT_BUILT while there is none. */
  read: <Result>(work: (reader: Reader) => Promise<Result>, signal?: AbortSignal | undefined) => Promise<Result>;
  /** Looks at the pointer now; resolves when what it names is served (or could not be, which is warned of). */
  refresh: () => Promise<void>;
  /** Resolves when background work on the current generation is done. */
  settled: () => Promise<void>;
  load: () => { attached: number; running: number; waiting: number };
  /** Waits for running work, then lets go of every file. */
  close: () => Promise<void>;
}

/**
 * The hub: one in-memory DuckDB that attaches generation files read-only and follows the pointer. SQL in it reaches only the
 * warehouse folder and a temporary folder of its own, and its settings are locked.
 */
export async function openWarehouse(options: WarehouseOptions, effects: Effects = silentEffects): Promise<Warehouse> {
  const { workspace } = options;
  const pool = options.pool ?? { size: 8, queue: 500 };
  const folder = mkdtempSync(join(tmpdir(), 'worthwhile-serve-'));
  const exportFolder = join(folder, 'export');
  mkdirSync(exportFolder);
  const database = await openHub(options, folder);

  let current: Generation | null = null;
  let attachments = 0;
  let lastFailure = '';
  const retiring = new Set<Promise<void>>();

  const retire = (generation: Generation): void => {
    const retired = generation
      .retire()
      .catch((error: unknown) =>
        effects.warn(`generation ${generation.fileName} could not be detached: ${String(error)}`),
      )
      .finally(() => retiring.delete(retired));
    retiring.add(retired);
  };

  const follow = async (): Promise<void> => {
    try {
      const fileName = readPointer(workspace);
      if (fileName === null) return;
      const stamp = stampOf(workspace, fileName);
      // A served file that has lost its name stays open; there is nothing newer to read instead.
      if (fileName === current?.fileName && (stamp === null || stamp === current.stamp)) return;
      attachments += 1;
      const next = await attachGeneration(
        {
          instance: database.instance,
          path: join(workspace.warehouse, fileName),
          fileName,
          stamp: stamp ?? '',
          alias: `g${attachments}`,
          pool,
          exportFolder,
          rollupFolder: options.rollups ? folder : null,
        },
        effects,
      );
      const old = current;
      current = next;
      lastFailure = '';
      if (old) retire(old);
    } catch (error) {
      const failure = `the new generation cannot be served: ${error instanceof Error ? error.message : String(error)}`;
      const kept = current ? `${current.fileName} stays served` : 'nothing is served yet';
      if (failure !== lastFailure) effects.warn(`${failure}; ${kept}`);
      lastFailure = failure;
    }
  };

  const pointer = followPointer(workspace, follow, options.pollMs ?? 2000);
  await pointer.refresh();

  return {
    facts: () => current?.facts ?? null,
    identity: () => (current ? identityOf(current.facts, current.stamp) : null),
    read: async (work, signal) => {
      if (!current) throw notBuilt(workspace, lastFailure);
      return current.lease(work, signal);
    },
    refresh: pointer.refresh,
    settled: async () => current?.settled(),
    load: () => ({
      attached: (current ? 1 : 0) + retiring.size,
      running: current?.running() ?? 0,
      waiting: current?.waiting() ?? 0,
    }),
    close: async () => {
      await pointer.close();
      if (current) retire(current);
      current = null;
      await Promise.all(retiring);
      database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function openHub(options: WarehouseOptions, folder: string): Promise<Database> {
  const database = await openDatabase({
    spillDirectory: join(folder, 'spill'),
    ...(options.memoryLimit && { memoryLimit: options.memoryLimit }),
    ...(options.threads && { threads: options.threads }),
  });
  const allowed = [options.workspace.warehouse, folder].map((path) => sqlText(`${path}/`)).join(', ');
  for (const sql of [
    "set global TimeZone = 'UTC'",
    `set global allowed_directories = [${allowed}]`,
    'set global enable_external_access = false',
    'set global lock_configuration = true',
  ]) {
    await database.connection.run(sql);
  }
  return database;
}

function notBuilt(workspace: Workspace, failure: string): WorthwhileError {
  return new WorthwhileError('NOT_BUILT', failure || 'no generation has been built yet', {
    on: workspace.warehouse,
    fix: 'run `worthwhile run`; the server picks the result up by itself',
  });
}
