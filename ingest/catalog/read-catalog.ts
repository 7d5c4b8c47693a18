import type { CatalogConfig } from '../../core/config/schema.ts';
import type { Skipped } from '../../core/effects.ts';
import { WorthwhileError } from '../../core/errors.ts';
import { normaliseCatalog, type CatalogContent } from './normalise.ts';
import { readEntities } from './read-entities.ts';

/** What a set of catalog files says; no content where they hold no entity at all. */
export interface ReadCatalog {
  content: CatalogContent | null;
  warnings: string[];
  skipped: Skipped[];
}

/**
 * Reads catalog files and puts them into the house's own terms. `where` is what a message calls them. Throws CATALOG_INVALID where
 * none of what they hold is usable.
 */
export async function readCatalog(paths: string[], catalog: CatalogConfig, where: string): Promise<ReadCatalog> {
  const read = await readEntities(paths);
  const { content, warnings, skipped } = normaliseCatalog(read.entities, catalog);
  const left = [...read.skipped, ...skipped];
  if (read.documents === 0) {
    const empty = `${where} holds no entity; nothing can be attributed to a squad until there is one`;
    return { content: null, warnings: [empty], skipped: left };
  }
  if (content.components.length + content.squads.length === 0) throw nothingUsable(where, read.documents, left);
  return { content, warnings, skipped: left };
}

function nothingUsable(where: string, documents: number, skipped: Skipped[]): WorthwhileError {
  const why = skipped[0] ? `; the first: ${skipped[0].what}: ${skipped[0].why}` : '';
  return new WorthwhileError('CATALOG_INVALID', `none of ${documents} documents is a usable component or squad${why}`, {
    on: where,
    fix: 'name the files with your Backstage entities (Component, Resource, System, Domain, Group, User)',
  });
}
