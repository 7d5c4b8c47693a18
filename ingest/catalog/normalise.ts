import { parseEntityRef, stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import type { CatalogComponent, CatalogLoad } from '../../core/catalog.ts';
import type { CatalogConfig } from '../../core/config/schema.ts';
import type { Skipped } from '../../core/effects.ts';
import { annotated, annotatedList, entityId, titleOf } from './entity-text.ts';
import { groupRef, groupTree, squadsOf } from './groups.ts';
import { parseOwners, sharesOf } from './owner-shares.ts';
import type { ReadEntity } from './read-entities.ts';

export type CatalogContent = Pick<CatalogLoad, 'components' | 'squads' | 'systems' | 'domains'>;

export interface Normalised {
  content: CatalogContent;
  warnings: string[];
  skipped: Skipped[];
}

/** Turns valid entities into what the model reads: components with dated-ready owners, squads with tribes, systems, domains. Pure. */
export function normaliseCatalog(read: ReadEntity[], config: CatalogConfig): Normalised {
  const entities = read.map(({ entity }) => entity);
  const ofKind = (kind: string): Entity[] => entities.filter((entity) => entity.kind.toLowerCase() === kind);
  const squads = squadsOf(groupTree(entities), entities, config);
  const byRef = new Map(entities.map((entity) => [stringifyEntityRef(entity), entity]));
  const world: World = { config, byRef, squadIds: new Map(squads.map(({ ref, id }) => [ref, id])), warnings: [] };
  const skipped: Skipped[] = [];
  const componentNames = new Set(ofKind('component').map((entity) => entityId(entity).toLowerCase()));
  const components = read.flatMap(({ entity, origin }) => {
    const kind = entity.kind.toLowerCase();
    if (kind !== 'component' && kind !== 'resource') return [];
    const owners = ownersOf(entity, world);
    if (owners === null) {
      skipped.push({
        what: `${origin}: ${entity.kind} ${entity.metadata.name}`,
        why: `its joint owners cannot be read; write them as "squad-a=60, squad-b=40"`,
      });
      return [];
    }
    // A resource may bear the name of a component; ids are one space.
    const shadowed = kind === 'resource' && componentNames.has(entityId(entity).toLowerCase());
    return [componentOf(entity, shadowed ? `resource:${entityId(entity)}` : entityId(entity), owners, world)];
  });
  const systems = ofKind('system').map((entity) => ({
    id: entityId(entity),
    title: titleOf(entity),
    domainId: relatedId(entity, 'domain', world),
  }));
  const domains = ofKind('domain').map((entity) => ({ id: entityId(entity), title: titleOf(entity) }));
  const content = { components: sorted(components), squads, systems: sorted(systems), domains: sorted(domains) };
  const noSquad =
    squads.length > 0 ? [] : [`no group has one of the types ${config.squadTypes.join(', ')}; set catalog.squadTypes`];
  return { content, warnings: [...world.warnings, ...doubleClaims(content), ...noSquad], skipped };
}

interface World {
  config: CatalogConfig;
  byRef: Map<string, Entity>;
  squadIds: Map<string, string>;
  warnings: string[];
}

function componentOf(entity: Entity, id: string, owners: CatalogComponent['owners'], world: World): CatalogComponent {
  const { annotations } = world.config;
  const system = related(entity, 'system', world);
  return {
    ref: stringifyEntityRef(entity),
    id,
    kind: entity.kind.toLowerCase() === 'resource' ? 'Resource' : 'Component',
    title: titleOf(entity),
    type: textOf(entity.spec?.['type']),
    lifecycle: textOf(entity.spec?.['lifecycle']),
    systemId: system ? entityId(system) : null,
    domainId: system ? relatedId(system, 'domain', world) : null,
    owners,
    labelValues: annotatedList(entity, annotations.labelValues),
    projects: annotatedList(entity, annotations.projects),
  };
}

/**
 * Owning squads with their shares. An owner that is a user, a group that is no squad or not in the catalog at all owns nothing:
 * the component then has no owner, visibly. Null where the annotation cannot be read.
 */
function ownersOf(entity: Entity, world: World): CatalogComponent['owners'] | null {
  const joint = annotated(entity, world.config.annotations.owners);
  const written = joint === null ? [{ ref: textOf(entity.spec?.['owner']) ?? '', weight: null }] : parseOwners(joint);
  if (written === null) return null;
  const squadIds: string[] = [];
  for (const { ref } of written) {
    const squadId = squadIdOf(ref, entity, world);
    if (squadId === null) return [];
    squadIds.push(squadId);
  }
  if (new Set(squadIds).size < squadIds.length) return null;
  const shares = sharesOf(written.map(({ weight }) => weight));
  return squadIds.map((squadId, index) => ({ squadId, share: shares[index]! }));
}

function squadIdOf(written: string, entity: Entity, world: World): string | null {
  const about = `${entity.kind} ${entityId(entity)}: owner "${written}"`;
  let ref: string;
  try {
    ref = groupRef(written, entity);
  } catch {
    world.warnings.push(`${about} is not an entity ref; the component has no owner`);
    return null;
  }
  const squadId = world.squadIds.get(ref);
  if (squadId !== undefined) return squadId;
  const owner = world.byRef.get(ref);
  const types = world.config.squadTypes.join(', ');
  if (ref.startsWith('user:')) world.warnings.push(`${about} is a user, not a squad; the component has no owner`);
  else if (owner)
    world.warnings.push(
      `${about} is a group of type ${String(owner.spec?.['type'])}, not one of ${types}; the component has no owner`,
    );
  else world.warnings.push(`${about} is not in the catalog; the component has no owner`);
  return null;
}

function related(entity: Entity, kind: 'system' | 'domain', world: World): Entity | null {
  const written = textOf(entity.spec?.[kind]);
  if (written === null) return null;
  const defaults = { defaultKind: kind, defaultNamespace: entity.metadata.namespace ?? 'default' };
  const found = world.byRef.get(stringifyEntityRef(parseEntityRef(written, defaults)));
  if (!found) world.warnings.push(`${entity.kind} ${entityId(entity)}: ${kind} "${written}" is not in the catalog`);
  return found ?? null;
}

function relatedId(entity: Entity, kind: 'system' | 'domain', world: World): string | null {
  const found = related(entity, kind, world);
  return found && entityId(found);
}

/** A project that two entities claim whole can be given to only one of them. */
function doubleClaims({ components, squads }: CatalogContent): string[] {
  const claims = new Map<string, string[]>();
  for (const { id, projects } of [...components, ...squads]) {
    for (const project of projects) claims.set(project, [...(claims.get(project) ?? []), id]);
  }
  return [...claims]
    .filter(([, ids]) => ids.length > 1)
    .map(([project, ids]) => `project ${project} is claimed by ${ids.join(' and ')}`);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

function sorted<Item extends { id: string }>(items: Item[]): Item[] {
  return items.sort((a, b) => (a.id < b.id ? -1 : 1));
}
