import type { Entity } from '@backstage/catalog-model';

/** Entity name, `namespace/name` outside the default namespace: the id used for squads and components everywhere. */
export function entityId({ metadata }: Entity): string {
  const namespace = metadata.namespace ?? 'default';
  return namespace.toLowerCase() === 'default' ? metadata.name : `${namespace}/${metadata.name}`;
}

/** What people call it: a group's display name, else the title, else the name. */
export function titleOf({ metadata, spec }: Entity): string {
  const profile = spec?.['profile'] as { displayName?: string } | undefined;
  return profile?.displayName ?? metadata.title ?? metadata.name;
}

/** The first of these annotations that is there and not blank. */
export function annotated({ metadata }: Entity, keys: string[]): string | null {
  const texts = keys.map((key) => metadata.annotations?.[key]?.trim() ?? '');
  return texts.find((text) => text !== '') ?? null;
}

/** The comma-separated values of all these annotations, each once. */
export function annotatedList({ metadata }: Entity, keys: string[]): string[] {
  const values = keys.flatMap((key) => (metadata.annotations?.[key] ?? '').split(','));
  return [...new Set(values.map((value) => value.trim()).filter((value) => value !== ''))];
}
