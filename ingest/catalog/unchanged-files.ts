import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../../core/atomic-file.ts';
import type { CatalogLoad } from '../../core/catalog.ts';
import { checkedJson } from '../../core/checked-json.ts';
import type { CatalogConfig } from '../../core/config/schema.ts';
import type { Workspace } from '../../core/workspace.ts';
import { loadInForce } from './store-load.ts';

/** What a set of files was read as (`catalog/files.json`, by first valid day and patterns). */
const reading = z.object({
  /** Digest of the files, of the settings they were read by and of the code that read them. */
  mark: z.string(),
  contentSha256: z.string(),
  skipped: z.array(z.object({ what: z.string(), why: z.string() })),
  warnings: z.array(z.string()),
});
export type Reading = z.infer<typeof reading>;
const readings = z.object({ version: z.literal(1), readings: z.record(z.string(), reading) });

/** Remembers how catalog files were read, because parsing a company's YAML takes longer than everything else of a run without news. */
export interface KnownReadings {
  /** The load that the files would make again, with what was said of them; null where they have to be read. */
  unchanged: (key: string, mark: string, validFrom: string) => { load: CatalogLoad; reading: Reading } | null;
  remember: (key: string, reading: Reading) => void;
  save: () => void;
}

export function knownReadings(workspace: Workspace): KnownReadings {
  const path = join(workspace.root, 'catalog', 'files.json');
  const stored = existsSync(path) ? checkedJson(readings, readFileSync(path, 'utf8')) : null;
  const before = stored?.readings ?? {};
  const now: Record<string, Reading> = {};
  return {
    unchanged: (key, mark, validFrom) => {
      const known = before[key];
      if (known?.mark !== mark) return null;
      const load = loadInForce(workspace, validFrom);
      if (load?.sha256 !== known.contentSha256) return null;
      now[key] = known;
      return { load, reading: known };
    },
    remember: (key, read) => void (now[key] = read),
    save: () => {
      if (JSON.stringify(now) === JSON.stringify(before)) return;
      writeFileAtomic(path, `${JSON.stringify({ version: 1, readings: now }, null, 1)}\n`);
    },
  };
}

/** Digest of everything that decides what these files mean. */
export function readingMark(paths: string[], { annotations, squadTypes }: CatalogConfig): string {
  const hash = createHash('sha256').update(JSON.stringify([codeMark(), annotations, squadTypes]));
  for (const path of paths) hash.update(`\0${path}\0`).update(readFileSync(path));
  return hash.digest('hex');
}

/** Another version of the reading code may read other things out of the same files. */
function codeMark(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(import.meta.dirname).sort())
    hash.update(readFileSync(join(import.meta.dirname, name)));
  return hash.digest('hex');
}
