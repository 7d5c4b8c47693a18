import type { CatalogComponent, CatalogLoad, CatalogSquad } from '../../../core/catalog.ts';

/** A catalog load of which a test names only what matters. */
export function load(validFrom: string, facts: Partial<CatalogLoad>): CatalogLoad {
  return {
    version: 1,
    loadedAt: `${validFrom}T00:00:00.000Z`,
    validFrom,
    origin: 'test',
    sha256: validFrom,
    components: [],
    squads: [],
    systems: [],
    domains: [],
    ...facts,
  };
}

export function component(
  id: string,
  owners: Record<string, string>,
  facts: Partial<CatalogComponent> = {},
): CatalogComponent {
  return {
    ref: `component:default/${id}`,
    id,
    kind: 'Component',
    title: id,
    type: null,
    lifecycle: null,
    systemId: null,
    domainId: null,
    owners: Object.entries(owners).map(([squadId, share]) => ({ squadId, share })),
    labelValues: [],
    projects: [],
    ...facts,
  };
}

export function squad(id: string, facts: Partial<CatalogSquad> = {}): CatalogSquad {
  return {
    ref: `group:default/${id}`,
    id,
    name: id,
    tribeId: null,
    tribeName: null,
    costCentre: null,
    memberCount: 0,
    labelValues: [],
    projects: [],
    folders: [],
    ...facts,
  };
}
