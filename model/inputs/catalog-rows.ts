import type { CatalogComponent, CatalogLoad } from '../../core/catalog.ts';
import { roundedShares } from './shares.ts';
import type { InputRow } from './tables.ts';
import { versionsOf, type Version } from './validity.ts';

/** Rows of `inp_catalog_states`; without any load the catalog was empty on every day. */
export function catalogStateRows(loads: CatalogLoad[]): InputRow[] {
  const states = (loads.length > 0 ? loads : [{ validFrom: '', components: [], squads: [] }]).map((load) => ({
    from: load.validFrom,
    entries: new Map([['catalog', load.components.length + load.squads.length === 0]]),
  }));
  return versionsOf(states).map((version) => ({ ...days(version), x_IsEmpty: version.value }));
}

export function componentRows(loads: CatalogLoad[]): InputRow[] {
  const states = loads.map((load) => {
    const systems = new Map(load.systems.map((system) => [system.id, system.title]));
    const domains = new Map(load.domains.map((domain) => [domain.id, domain.title]));
    const describe = (component: CatalogComponent) => ({
      ComponentName: component.title,
      x_ComponentKind: component.kind,
      x_ComponentType: component.type,
      x_Lifecycle: component.lifecycle,
      SystemId: component.systemId,
      SystemName: titleOf(component.systemId, systems),
      DomainId: component.domainId,
      DomainName: titleOf(component.domainId, domains),
    });
    return { from: load.validFrom, entries: mapValues(componentsById(load), describe) };
  });
  return versionsOf(states).map((version) => ({ ComponentId: version.id, ...days(version), ...version.value }));
}

/** Rows of `inp_component_owners`; an owner that is no squad of the same load is kept and marked. */
export function ownerRows(loads: CatalogLoad[]): InputRow[] {
  const states = loads.map((load) => {
    const squads = new Set(load.squads.map((squad) => squad.id));
    const ownersOf = (component: CatalogComponent) => {
      const shares = roundedShares(component.owners.map((owner) => owner.share));
      return component.owners.map((owner, index) => ({
        x_OwnerPosition: index + 1,
        SquadId: owner.squadId,
        x_OwnerShare: shares[index]!,
        x_OwnerShareText: shares[index]!.replace(/\.?0+$/, ''),
        x_IsSquad: squads.has(owner.squadId),
      }));
    };
    return { from: load.validFrom, entries: mapValues(componentsById(load), ownersOf) };
  });
  return versionsOf(states).flatMap((version) =>
    version.value.map((owner) => ({ ComponentId: version.id, ...days(version), ...owner })),
  );
}

export function squadRows(loads: CatalogLoad[]): InputRow[] {
  const states = loads.map((load) => ({
    from: load.validFrom,
    entries: new Map(
      load.squads.map((squad) => [
        squad.id,
        {
          SquadName: squad.name,
          TribeId: squad.tribeId,
          TribeName: squad.tribeName,
          CostCentre: squad.costCentre,
          x_MemberCount: squad.memberCount,
        },
      ]),
    ),
  }));
  return versionsOf(states).map((version) => ({ SquadId: version.id, ...days(version), ...version.value }));
}

/** The load's components by id; of a Component and a Resource of one name, the Component. */
export function componentsById(load: CatalogLoad): Map<string, CatalogComponent> {
  const byId = new Map<string, CatalogComponent>();
  for (const component of load.components) {
    const other = byId.get(component.id);
    if (!other || (other.kind === 'Resource' && component.kind === 'Component')) byId.set(component.id, component);
  }
  return byId;
}

function mapValues<From, To>(entries: Map<string, From>, change: (value: From) => To): Map<string, To> {
  return new Map([...entries].map(([id, value]) => [id, change(value)]));
}

function titleOf(id: string | null, titles: Map<string, string>): string | null {
  return id === null ? null : (titles.get(id) ?? id);
}

export function days(version: Version<unknown>): { ValidFrom: string; ValidTo: string } {
  return { ValidFrom: version.ValidFrom, ValidTo: version.ValidTo };
}
