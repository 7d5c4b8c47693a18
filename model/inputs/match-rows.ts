import type { CatalogComponent, CatalogLoad } from '../../core/catalog.ts';
import { componentsById, days } from './catalog-rows.ts';
import { normalForm } from './normal-form.ts';
import type { InputRow } from './tables.ts';
import { versionsOf } from './validity.ts';

interface Target {
  ComponentId: string | null;
  SquadId: string | null;
}

type Claims = Map<string, Set<string>>[];

const AMBIGUOUS: Target = { ComponentId: null, SquadId: null };

/** Rows of `inp_catalog_matches`: what each name, label value, project and folder means, day by day. */
export function matchRows(loads: CatalogLoad[]): InputRow[] {
  const states = loads.map((load) => ({ from: load.validFrom, entries: matchesOf(load) }));
  return versionsOf(states).map((version) => {
    const [scope, value] = JSON.parse(version.id) as [string, string];
    return { x_MatchScope: scope, x_MatchValue: value, ...days(version), ...version.value };
  });
}

function matchesOf(load: CatalogLoad): Map<string, Target> {
  const components = componentsById(load);
  const matches = new Map<string, Target>();
  const put = (scope: string, entries: Map<string, Target>): void => {
    for (const [value, target] of entries) matches.set(JSON.stringify([scope, value]), target);
  };
  const componentTarget = (ids: string[]): Target => targetOfComponents(ids, components);
  put('component', resolve(nameClaims([...components.values()]), componentTarget));
  put('squad', resolve(nameClaims(load.squads), targetOfSquads));
  const squadProjects = resolve([claimsOf(load.squads, (squad) => squad.projects.map(lower))], targetOfSquads);
  const componentProjects = resolve([claimsOf(components.values(), (c) => c.projects.map(lower))], componentTarget);
  put('sub-account', componentProjects);
  // A project that several components share, or that none claims, may still belong to one squad.
  for (const [project, target] of squadProjects) {
    const claimed = componentProjects.get(project);
    if (!claimed || claimed === AMBIGUOUS) put('sub-account', new Map([[project, target]]));
  }
  put('folder', resolve([claimsOf(load.squads, (squad) => squad.folders.map(lower))], targetOfSquads));
  return matches;
}

/** Strongest claim first: an id of the default namespace, another namespace's id, a stated label value, a bare name. */
function nameClaims(entities: { id: string; labelValues: string[] }[]): Claims {
  const named = entities.filter(({ id }) => !id.includes('/'));
  const namespaced = entities.filter(({ id }) => id.includes('/'));
  return [
    claimsOf(named, ({ id }) => [normalForm(id)]),
    claimsOf(namespaced, ({ id }) => [normalForm(id)]),
    claimsOf(entities, ({ labelValues }) => labelValues.map(normalForm)),
    claimsOf(namespaced, ({ id }) => [normalForm(id.slice(id.lastIndexOf('/') + 1))]),
  ];
}

function claimsOf<Entity extends { id: string }>(
  entities: Iterable<Entity>,
  values: (entity: Entity) => string[],
): Map<string, Set<string>> {
  const claims = new Map<string, Set<string>>();
  for (const entity of entities) {
    for (const value of values(entity)) {
      if (value !== '') claims.set(value, (claims.get(value) ?? new Set()).add(entity.id));
    }
  }
  return claims;
}

function resolve(claims: Claims, target: (ids: string[]) => Target): Map<string, Target> {
  const resolved = new Map<string, Target>();
  for (const tier of claims) {
    for (const [value, ids] of tier) {
      if (!resolved.has(value)) resolved.set(value, target([...ids].sort()));
    }
  }
  return resolved;
}

function targetOfSquads(ids: string[]): Target {
  return ids.length === 1 ? { ComponentId: null, SquadId: ids[0]! } : AMBIGUOUS;
}

/** Several components that claim one value: none of them is meant, but their squad is where it is the same for all. */
function targetOfComponents(ids: string[], components: Map<string, CatalogComponent>): Target {
  if (ids.length === 1) return { ComponentId: ids[0]!, SquadId: null };
  const owners = new Set(ids.map((id) => JSON.stringify(components.get(id)!.owners.map((owner) => owner.squadId))));
  const [squadIds] = [...owners].map((text) => JSON.parse(text) as string[]);
  return owners.size === 1 && squadIds!.length === 1 ? { ComponentId: null, SquadId: squadIds![0]! } : AMBIGUOUS;
}

function lower(value: string): string {
  return value.trim().toLowerCase();
}
