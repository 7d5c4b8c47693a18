import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { writeFileAtomic } from '../../core/atomic-file.ts';
import { catalogLoads, type CatalogLoad } from '../../core/catalog.ts';
import type { Workspace } from '../../core/workspace.ts';
import type { CatalogContent } from './normalise.ts';

/** Writes the load unless the one in force on its first day says the same. Returns whether it was written. */
export function storeLoad(
  workspace: Workspace,
  content: CatalogContent,
  { validFrom, origin, now }: { validFrom: string; origin: string; now: Date },
): boolean {
  const sha256 = digestOf(content);
  if (loadInForce(workspace, validFrom)?.sha256 === sha256) return false;
  const load: CatalogLoad = { version: 1, loadedAt: now.toISOString(), validFrom, origin, sha256, ...content };
  writeFileAtomic(
    join(workspace.catalogLoads, `${validFrom}-${sha256.slice(0, 12)}.json`),
    `${JSON.stringify(load, null, 1)}\n`,
  );
  return true;
}

/** The load that is the truth on a day, or null where none began by then. */
export function loadInForce(workspace: Workspace, day: string): CatalogLoad | null {
  return catalogLoads(workspace).findLast((load) => load.validFrom <= day) ?? null;
}

export function digestOf(content: CatalogContent): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
