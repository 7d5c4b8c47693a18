import {
  parseEntityRef,
  stringifyEntityRef,
  type Entity,
  type GroupEntity,
  type UserEntity,
} from '@backstage/catalog-model';
import type { CatalogSquad } from '../../core/catalog.ts';
import type { CatalogConfig } from '../../core/config/schema.ts';
import { annotated, annotatedList, entityId, titleOf } from './entity-text.ts';

/** The groups of a catalog by lower-case ref, and who is above whom. */
export interface GroupTree {
  groups: Map<string, GroupEntity>;
  parentOf: Map<string, string>;
}

export function groupTree(entities: Entity[]): GroupTree {
  const groups = new Map<string, GroupEntity>();
  for (const entity of entities) {
    if (entity.kind.toLowerCase() === 'group') groups.set(stringifyEntityRef(entity), entity as GroupEntity);
  }
  const parentOf = new Map<string, string>();
  for (const [ref, group] of groups) {
    for (const child of group.spec.children) parentOf.set(groupRef(child, group), ref);
  }
  for (const [ref, group] of groups) {
    if (group.spec.parent) parentOf.set(ref, groupRef(group.spec.parent, group));
  }
  return { groups, parentOf };
}

/** A group ref as written in `from`, whose namespace a bare name takes; lower case. */
export function groupRef(written: string, from: Entity): string {
  return stringifyEntityRef(
    parseEntityRef(written, { defaultKind: 'Group', defaultNamespace: from.metadata.namespace ?? 'default' }),
  );
}

/** Groups of a squad type, each with its tribe (the nearest group above that is no squad itself) and inherited cost centre. */
export function squadsOf(tree: GroupTree, entities: Entity[], config: CatalogConfig): CatalogSquad[] {
  const members = membersByGroup(tree, entities);
  return [...tree.groups]
    .filter(([, group]) => isSquad(group, config))
    .map(([ref, group]): CatalogSquad => {
      const above = ancestors(tree, ref);
      const tribe = above.find((candidate) => !isSquad(candidate, config));
      const costCentre = [group, ...above]
        .map((candidate) => annotated(candidate, config.annotations.costCentre))
        .find((text) => text !== null);
      return {
        ref,
        id: entityId(group),
        name: titleOf(group),
        tribeId: tribe ? entityId(tribe) : null,
        tribeName: tribe ? titleOf(tribe) : null,
        costCentre: costCentre ?? null,
        memberCount: members.get(ref)?.size ?? 0,
        labelValues: annotatedList(group, config.annotations.labelValues),
        projects: annotatedList(group, config.annotations.projects),
        folders: annotatedList(group, config.annotations.folders),
      };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function isSquad(group: GroupEntity, config: CatalogConfig): boolean {
  return config.squadTypes.some((type) => type.toLowerCase() === group.spec.type.toLowerCase());
}

/** Nearest first. A circle of parents ends where it closes. */
function ancestors({ groups, parentOf }: GroupTree, ref: string): GroupEntity[] {
  const path: GroupEntity[] = [];
  const seen = new Set([ref]);
  for (let at = parentOf.get(ref); at !== undefined && !seen.has(at); at = parentOf.get(at)) {
    seen.add(at);
    const group = groups.get(at);
    if (group) path.push(group);
  }
  return path;
}

function membersByGroup(tree: GroupTree, entities: Entity[]): Map<string, Set<string>> {
  const members = new Map<string, Set<string>>([...tree.groups.keys()].map((ref) => [ref, new Set()]));
  for (const [ref, group] of tree.groups) {
    for (const written of group.spec.members ?? []) {
      const namespace = group.metadata.namespace ?? 'default';
      const user = parseEntityRef(written, { defaultKind: 'User', defaultNamespace: namespace });
      members.get(ref)!.add(stringifyEntityRef(user));
    }
  }
  for (const entity of entities) {
    if (entity.kind.toLowerCase() !== 'user') continue;
    for (const group of (entity as UserEntity).spec.memberOf ?? []) {
      members.get(groupRef(group, entity))?.add(stringifyEntityRef(entity));
    }
  }
  return members;
}
