import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { WorthwhileError } from './errors.ts';
import type { Workspace } from './workspace.ts';

const owner = z.object({
  /** Squad id (entity name, `namespace/name` outside the default namespace). */
  squadId: z.string(),
  /** Share of the component's charges, decimal string; the shares of one component sum to exactly 1. */
  share: z.string(),
});

const component = z.object({
  ref: z.string(),
  id: z.string(),
  /** `Component` or `Resource`: both can carry cost. */
  kind: z.enum(['Component', 'Resource']),
  title: z.string(),
  type: z.string().nullable(),
  lifecycle: z.string().nullable(),
  systemId: z.string().nullable(),
  domainId: z.string().nullable(),
  owners: z.array(owner),
  /** Extra label values that mean this component (annotation `worthwhile.dev/label-values`). */
  labelValues: z.array(z.string()),
  /** Google Cloud project ids (or other SubAccountIds) that belong to it whole. */
  projects: z.array(z.string()),
});

const squad = z.object({
  ref: z.string(),
  id: z.string(),
  name: z.string(),
  tribeId: z.string().nullable(),
  tribeName: z.string().nullable(),
  costCentre: z.string().nullable(),
  memberCount: z.number().int(),
  labelValues: z.array(z.string()),
  projects: z.array(z.string()),
  /** Folder resource names such as `folders/123` that belong to it whole. */
  folders: z.array(z.string()),
});

/** One load of the catalog, normalised, kept for ever (`catalog/loads/<validFrom>-<sha>.json`). */
export const catalogLoad = z.object({
  version: z.literal(1),
  loadedAt: z.string(),
  /** First day (on the billing clock) for which this load is the truth. */
  validFrom: z.string(),
  origin: z.string(),
  sha256: z.string(),
  components: z.array(component),
  squads: z.array(squad),
  systems: z.array(z.object({ id: z.string(), title: z.string(), domainId: z.string().nullable() })),
  domains: z.array(z.object({ id: z.string(), title: z.string() })),
});
export type CatalogLoad = z.infer<typeof catalogLoad>;
export type CatalogComponent = z.infer<typeof component>;
export type CatalogSquad = z.infer<typeof squad>;

/** Every load, oldest `validFrom` first; of two with the same day the later loaded wins and the other is left out. */
export function catalogLoads(workspace: Workspace): CatalogLoad[] {
  if (!existsSync(workspace.catalogLoads)) return [];
  const byDay = new Map<string, CatalogLoad>();
  for (const name of readdirSync(workspace.catalogLoads).sort()) {
    if (!name.endsWith('.json')) continue;
    const load = readLoad(join(workspace.catalogLoads, name));
    const earlier = byDay.get(load.validFrom);
    if (!earlier || earlier.loadedAt <= load.loadedAt) byDay.set(load.validFrom, load);
  }
  return [...byDay.values()].sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1));
}

function readLoad(path: string): CatalogLoad {
  try {
    return catalogLoad.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new WorthwhileError('CATALOG_INVALID', 'a stored catalog load cannot be read', {
      on: path,
      fix: 'restore the file from a backup; ownership of past months is read from it',
      cause,
    });
  }
}
