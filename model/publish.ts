import { constants, copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { fsyncPath, writeFileAtomic } from '../core/atomic-file.ts';
import { sqlText } from '../core/duckdb.ts';
import { silentEffects, type Effects } from '../core/effects.ts';
import type { Workspace } from '../core/workspace.ts';
import {
  currentGeneration,
  factsFile,
  generationFile,
  generationNumber,
  type Generation,
  type GenerationFacts,
} from './generation.ts';

/** The database name under which a generation being built is attached. */
export const GENERATION = 'generation';

const KEPT_GENERATIONS = 3;

/** One more than the highest there is; a number whose build died before it was served may come again. */
export function nextGenerationNumber(workspace: Workspace): number {
  if (!existsSync(workspace.warehouse)) return 1;
  return 1 + Math.max(0, ...readdirSync(workspace.warehouse).map((name) => generationNumber(name) ?? 0));
}

/**
 * Attaches a file for the generation, empty or a copy of an earlier one; it has a temporary name until {@link publish}. Returns
 * its path, and whether it is that copy: of a generation that cannot be read there is none.
 */
export async function beginGeneration(
  connection: DuckDBConnection,
  workspace: Workspace,
  number: number,
  earlier: Generation | null,
): Promise<{ path: string; isCopy: boolean }> {
  mkdirSync(workspace.warehouse, { recursive: true });
  const path = join(workspace.warehouse, `${generationFile(number)}.tmp`);
  if (earlier) {
    copyFileSync(earlier.path, path, constants.COPYFILE_FICLONE);
    try {
      await connection.run(`ATTACH ${sqlText(path)} AS ${GENERATION}`);
      return { path, isCopy: true };
    } catch {
      rmSync(path);
    }
  }
  await connection.run(`ATTACH ${sqlText(path)} AS ${GENERATION}`);
  return { path, isCopy: false };
}

/**
 * Makes the attached generation the served one: checkpoint, close, fsync, rename, then the pointer. Until the pointer is
 * replaced a reader sees the generation before, whatever happens here. Returns the path of the published file. Throws
 * WORKSPACE_BUSY where another process has taken the workspace over meanwhile.
 */
export async function publish(
  connection: DuckDBConnection,
  workspace: Workspace,
  temporary: string,
  facts: GenerationFacts,
  effects: Effects = silentEffects,
): Promise<string> {
  await connection.run(`CHECKPOINT ${GENERATION}`);
  await connection.run(`DETACH ${GENERATION}`);
  const path = join(workspace.warehouse, generationFile(facts.generation));
  fsyncPath(temporary);
  effects.assertHeld?.();
  renameSync(temporary, path);
  writeFileAtomic(join(workspace.warehouse, factsFile(facts.generation)), `${JSON.stringify(facts, null, 1)}\n`);
  writeFileAtomic(workspace.currentPointer, `${generationFile(facts.generation)}\n`);
  return path;
}

/** Removes what dead builds left (unfinished files, finished ones that were never pointed to) and old generations. */
export function sweepWarehouse(workspace: Workspace): void {
  if (!existsSync(workspace.warehouse)) return;
  const served = currentGeneration(workspace)?.number ?? null;
  const numbers = readdirSync(workspace.warehouse)
    .filter((name) => name.endsWith('.duckdb'))
    .flatMap((name) => generationNumber(name) ?? [])
    .sort((a, b) => b - a);
  const kept = new Set(numbers.filter((number) => served === null || number <= served).slice(0, KEPT_GENERATIONS));
  if (served !== null) kept.add(served);
  for (const name of readdirSync(workspace.warehouse)) {
    const number = generationNumber(name);
    if (number === null) continue;
    if (name.includes('.tmp') || !kept.has(number)) rmSync(join(workspace.warehouse, name), { force: true });
  }
}
