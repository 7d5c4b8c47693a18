import { dirname } from 'node:path';
import type { Config } from '../../core/config/schema.ts';
import type { Effects } from '../../core/effects.ts';
import type { Workspace } from '../../core/workspace.ts';
import { dayIn } from '../day-in.ts';
import { filesOf } from '../files/discover.ts';
import type { BackstageOptions } from './backstage.ts';
import type { CatalogOutcome } from './outcome.ts';
import { digestOf, storeLoad } from './store-load.ts';
import { knownReadings, readingMark, type KnownReadings } from './unchanged-files.ts';

/**
 * Loads the catalog's past states (`history`), then its present one from files or from Backstage, valid from today on the billing
 * clock. Every load that differs from the one in force is kept for ever, so ownership is dated. A catalog that has become empty
 * changes nothing, nor does an API that is down: that is listed in `skipped`.
 */
export async function loadCatalog(
  config: Config,
  workspace: Workspace,
  effects: Effects,
  options: BackstageOptions = {},
): Promise<CatalogOutcome> {
  const outcome: CatalogOutcome = { status: 'none', components: 0, squads: 0, skipped: [] };
  const past = config.catalog.history.map(({ asOf, files }) => ({ validFrom: asOf, files }));
  const today = dayIn(config.timezone, effects.now());
  const present = config.catalog.files.length > 0 ? [{ validFrom: today, files: config.catalog.files }] : [];
  const known = knownReadings(workspace);
  for (const state of [...past.sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1)), ...present]) {
    await loadFiles({ config, workspace, known, outcome }, state, effects);
  }
  known.save();
  if (!config.catalog.backstage) return outcome;
  const run = { catalog: config.catalog, backstage: config.catalog.backstage, workspace, today };
  const { loadBackstage } = await import('./backstage.ts');
  const loaded = await loadBackstage(run, effects, options);
  const status = loaded.status === 'unchanged' && outcome.status === 'loaded' ? 'loaded' : loaded.status;
  return { ...loaded, status, skipped: [...outcome.skipped, ...loaded.skipped] };
}

interface CatalogRun {
  config: Config;
  workspace: Workspace;
  known: KnownReadings;
  /** Told what becomes of each state. */
  outcome: CatalogOutcome;
}

/** Loads one state of the catalog from files; files that are as they were when they made the load in force are not parsed again. */
async function loadFiles(
  { config, workspace, known, outcome }: CatalogRun,
  { validFrom, files: patterns }: { validFrom: string; files: string[] },
  effects: Effects,
): Promise<void> {
  const found = await Promise.all(patterns.map((pattern) => filesOf(pattern, dirname(config.path))));
  const paths = [...new Set(found.flat().map(({ path }) => path))].sort();
  const where = patterns.join(', ');
  if (paths.length === 0) {
    effects.warn(`catalog: no file matches ${where}; nothing can be attributed to a squad until there is one`);
    return;
  }
  const key = `${patterns === config.catalog.files ? 'now' : validFrom} ${where}`;
  const mark = readingMark(paths, config.catalog);
  const before = known.unchanged(key, mark, validFrom);
  const { content, warnings, skipped } = before
    ? { content: before.load, ...before.reading }
    : await (await import('./read-catalog.ts')).readCatalog(paths, config.catalog, where);
  outcome.skipped.push(...skipped);
  for (const warning of warnings) effects.warn(`catalog: ${warning}`);
  if (!content) return;
  const stored = !before && storeLoad(workspace, content, { validFrom, origin: where, now: effects.now() });
  if (stored || outcome.status === 'none') outcome.status = stored ? 'loaded' : 'unchanged';
  outcome.components = content.components.length;
  outcome.squads = content.squads.length;
  if (!before) known.remember(key, { mark, contentSha256: digestOf(content), skipped, warnings });
}
