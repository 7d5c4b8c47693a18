import { closest, distance } from 'fastest-levenshtein';
import type { CatalogLoad } from '../../core/catalog.ts';
import type { AttributionConfig } from '../../core/config/schema.ts';
import { entityId } from './normal-form.ts';

/**
 * Warnings about rules and aliases that name what no load of the catalog knows. They still decide, as configured: a component
 * then has no owner, a squad no name. Without any load nothing is known, so nothing is warned of.
 */
export function unknownTargets({ rules, aliases }: AttributionConfig, loads: CatalogLoad[]): string[] {
  if (loads.length === 0) return [];
  const components = [...new Set(loads.flatMap((load) => load.components.map(({ id }) => id)))];
  const squads = [...new Set(loads.flatMap((load) => load.squads.map(({ id }) => id)))];
  const named = [
    ...rules.map((rule, index) => ({ where: `rule ${index + 1}`, ...rule })),
    ...aliases.map((alias) => ({ where: `the alias of "${alias.value}"`, ...alias })),
  ];
  return named.flatMap(({ where, component, squad }) =>
    component === undefined
      ? describeUnknown(where, 'squad', squad!, squads)
      : describeUnknown(where, 'component', component, components),
  );
}

function describeUnknown(where: string, kind: string, name: string, known: string[]): string[] {
  const id = entityId(name);
  if (known.includes(id)) return [];
  const near = known.length > 0 ? closest(id, known) : '';
  const hint = near !== '' && distance(id, near) <= Math.max(2, id.length / 4) ? `; did you mean "${near}"?` : '';
  return [`attribution: ${where} names the ${kind} "${id}", which the catalog does not have${hint}`];
}
