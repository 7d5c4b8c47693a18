import { dirname } from 'node:path';
import type { Config } from '../../core/config/schema.ts';
import type { Effects, Skipped } from '../../core/effects.ts';
import { WorthwhileError } from '../../core/errors.ts';
import type { Workspace } from '../../core/workspace.ts';
import { dayIn } from '../day-in.ts';
import { filesOf } from '../files/discover.ts';
import { loadBackstage, type BackstageOptions } from './backstage.ts';
import { normaliseCatalog, type CatalogContent } from './normalise.ts';
import type { CatalogOutcome } from './outcome.ts';
import { readEntities } from './read-entities.ts';
import { storeLoad } from './store-load.ts';

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
  for (const { validFrom, files } of [...past.sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1)), ...present]) {
    const content = await readCatalog(config, files, outcome, effects);
    if (!content) continue;
    const stored = storeLoad(workspace, content, { validFrom, origin: files.join(', '), now: effects.now() });
    if (stored || outcome.status === 'none') outcome.status = stored ? 'loaded' : 'unchanged';
    outcome.components = content.components.length;
    outcome.squads = content.squads.length;
  }
  if (!config.catalog.backstage) return outcome;
  const run = { catalog: config.catalog, backstage: config.catalog.backstage, workspace, today };
  const loaded = await loadBackstage(run, effects, options);
  const status = loaded.status === 'unchanged' && outcome.status === 'loaded' ? 'loaded' : loaded.status;
  return { ...loaded, status, skipped: [...outcome.skipped, ...loaded.skipped] };
}

async function readCatalog(
  config: Config,
  patterns: string[],
  outcome: CatalogOutcome,
  effects: Effects,
): Promise<CatalogContent | null> {
  const found = await Promise.all(patterns.map((pattern) => filesOf(pattern, dirname(config.path))));
  const paths = [...new Set(found.flat().map(({ path }) => path))].sort();
  const where = patterns.join(', ');
  if (paths.length === 0) {
    effects.warn(`catalog: no file matches ${where}; nothing can be attributed to a squad until there is one`);
    return null;
  }
  const read = await readEntities(paths);
  const { content, warnings, skipped } = normaliseCatalog(read.entities, config.catalog);
  outcome.skipped.push(...read.skipped, ...skipped);
  if (read.documents === 0) {
    effects.warn(`catalog: ${where} holds no entity; nothing can be attributed to a squad until there is one`);
    return null;
  }
  if (content.components.length + content.squads.length === 0)
    throw nothingUsable(where, read.documents, outcome.skipped);
  for (const warning of warnings) effects.warn(`catalog: ${warning}`);
  return content;
}

function nothingUsable(where: string, documents: number, skipped: Skipped[]): WorthwhileError {
  const why = skipped[0] ? `; the first: ${skipped[0].what}: ${skipped[0].why}` : '';
  return new WorthwhileError('CATALOG_INVALID', `none of ${documents} documents is a usable component or squad${why}`, {
    on: where,
    fix: 'name the files with your Backstage entities (Component, Resource, System, Domain, Group, User)',
  });
}
