/**
 * The form in which label values and catalog names are compared: lower case, with `_`, `.`, `/` and blank as `-`.
 * A label value cannot hold `/`, a dot or a capital, so a name has to bend. `int_attribution_labels` spells the same in SQL.
 */
export function normalForm(value: string): string {
  return value
    .trim()
    .toLowerCase()
    .replace(/[_./ ]/g, '-');
}

/** An entity as configuration may name it (`component:default/a`, `default/a`, `a`) as the id that the catalog gives it. */
export function entityId(name: string): string {
  return name
    .trim()
    .replace(/^(component|resource|group):/i, '')
    .replace(/^default\//i, '');
}
