import { readFile } from 'node:fs/promises';
import {
  componentEntityV1alpha1Validator,
  domainEntityV1alpha1Validator,
  FieldFormatEntityPolicy,
  groupEntityV1alpha1Validator,
  resourceEntityV1alpha1Validator,
  stringifyEntityRef,
  systemEntityV1alpha1Validator,
  userEntityV1alpha1Validator,
  type Entity,
  type KindValidator,
} from '@backstage/catalog-model';
import { parseAllDocuments } from 'yaml';
import type { Skipped } from '../../core/effects.ts';
import { WorthwhileError } from '../../core/errors.ts';

const VALIDATORS: Record<string, KindValidator> = {
  component: componentEntityV1alpha1Validator,
  resource: resourceEntityV1alpha1Validator,
  system: systemEntityV1alpha1Validator,
  domain: domainEntityV1alpha1Validator,
  group: groupEntityV1alpha1Validator,
  user: userEntityV1alpha1Validator,
};

/** An entity and where it was written, for messages: `file (document 3)`. */
export interface ReadEntity {
  entity: Entity;
  origin: string;
}

export interface ReadEntities {
  entities: ReadEntity[];
  skipped: Skipped[];
  /** Documents that hold anything, of whatever kind. */
  documents: number;
}

/**
 * Reads multi-document YAML in Backstage's format. Throws CATALOG_INVALID where a file is not YAML: nobody can say then what is
 * missing.
 */
export async function readEntities(paths: string[]): Promise<ReadEntities> {
  const documents: WrittenEntity[] = [];
  for (const path of paths) documents.push(...(await documentsOf(path)));
  return checkEntities(documents);
}

/** What may be an entity, and where it was found. */
export interface WrittenEntity {
  value: unknown;
  origin: string;
}

/**
 * Sorts out what are valid entities. Kinds that carry no ownership (API, Location, Template, ...) are passed over;
 * an invalid entity is left out and listed, so that one squad's mistake does not stop the company.
 */
export async function checkEntities(written: WrittenEntity[]): Promise<ReadEntities> {
  const read: ReadEntities = { entities: [], skipped: [], documents: written.length };
  const seen = new Map<string, string>();
  for (const { value, origin } of written) {
    const outcome = await checkEntity(value);
    if ('fault' in outcome) read.skipped.push({ what: `${origin}${nameOf(value)}`, why: outcome.fault });
    if (!('entity' in outcome)) continue;
    const ref = stringifyEntityRef(outcome.entity);
    const earlier = seen.get(ref);
    if (earlier)
      read.skipped.push({ what: `${origin}${nameOf(value)}`, why: `${ref} is already written in ${earlier}` });
    else read.entities.push({ entity: outcome.entity, origin });
    seen.set(ref, earlier ?? origin);
  }
  return read;
}

async function documentsOf(path: string): Promise<WrittenEntity[]> {
  const documents = parseAllDocuments(await readText(path));
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document, index) => {
    const origin = `${path} (document ${index + 1})`;
    const error = document.errors[0];
    if (error) throw notYaml(path, index, error.message.split('\n')[0]!, error);
    try {
      const value: unknown = document.toJS();
      return value === null || value === undefined ? [] : [{ value, origin }];
    } catch (cause) {
      throw notYaml(path, index, String(cause), cause);
    }
  });
}

async function checkEntity(value: unknown): Promise<{ entity: Entity } | { fault: string } | { ignored: true }> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { fault: 'this is not an entity' };
  const { kind } = value as { kind?: unknown };
  if (typeof kind !== 'string') return { fault: 'it has no kind' };
  const validator = VALIDATORS[kind.toLowerCase()];
  if (!validator) return { ignored: true };
  try {
    const entity = value as Entity;
    if (!(await validator.check(entity))) {
      return {
        fault: `${kind} with apiVersion "${entity.apiVersion}" is not one of Backstage's (backstage.io/v1alpha1)`,
      };
    }
    await new FieldFormatEntityPolicy().enforce(entity);
    return { entity };
  } catch (cause) {
    return { fault: (cause as Error).message.split('. To learn more')[0]! };
  }
}

function nameOf(value: unknown): string {
  const { kind, metadata } = (value ?? {}) as { kind?: string; metadata?: { name?: string } };
  return metadata?.name ? `: ${kind ?? 'entity'} ${metadata.name}` : '';
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new WorthwhileError('FILE_UNREADABLE', 'a catalog file cannot be read', {
      on: path,
      fix: 'check that it exists and that this user may read it',
      cause,
    });
  }
}

function notYaml(path: string, index: number, message: string, cause: unknown): WorthwhileError {
  return new WorthwhileError('CATALOG_INVALID', `the catalog file is not valid YAML: ${message}`, {
    on: `${path} (document ${index + 1})`,
    fix: 'mend the line it names; the catalog loaded before stays in force',
    cause,
  });
}
