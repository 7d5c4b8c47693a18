import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Workspace } from '../core/workspace.ts';

/** What a published generation was built from (`gen-N.json` beside `gen-N.duckdb`). */
const generationFacts = z.object({
  version: z.literal(2),
  generation: z.number().int(),
  builtAt: z.string(),
  /** Hash over everything that decides what the generation holds; the same again means there is nothing to build. */
  fingerprint: z.string(),
  modelHash: z.string(),
  /** What its billing months were made from, for carrying them over; see `months/changed-months.ts`. */
  months: z.object({
    basis: z.string(),
    batches: z.array(
      z.object({
        source: z.string(),
        batchId: z.string(),
        projection: z.string(),
        billingPeriods: z.array(z.string()),
      }),
    ),
  }),
});
export type GenerationFacts = z.infer<typeof generationFacts>;

export interface Generation {
  number: number;
  path: string;
  /** Null where the facts file is missing or unreadable; the warehouse itself is whole. */
  facts: GenerationFacts | null;
}

export const generationFile = (generation: number): string => `gen-${generation}.duckdb`;
export const factsFile = (generation: number): string => `gen-${generation}.json`;

/** The generation that is served, or null where nothing was ever published. */
export function currentGeneration(workspace: Workspace): Generation | null {
  if (!existsSync(workspace.currentPointer)) return null;
  const name = readFileSync(workspace.currentPointer, 'utf8').trim();
  const number = generationNumber(name);
  const path = join(workspace.warehouse, name);
  if (number === null || !existsSync(path)) return null;
  const factsPath = join(workspace.warehouse, factsFile(number));
  return { number, path, facts: existsSync(factsPath) ? readFacts(factsPath) : null };
}

/** The number in `gen-12.duckdb`, `gen-12.json` or an unfinished `gen-12.duckdb.tmp`; null for any other name. */
export function generationNumber(name: string): number | null {
  const match = /^gen-(\d+)\.(duckdb|json)(\.tmp)?(\.wal)?$/.exec(name);
  return match ? Number(match[1]) : null;
}

function readFacts(path: string): GenerationFacts | null {
  const text = readFileSync(path, 'utf8');
  try {
    return generationFacts.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
