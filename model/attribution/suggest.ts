import { distance } from 'fastest-levenshtein';

export interface CatalogName {
  /** In normal form. */
  name: string;
  ComponentId: string | null;
  SquadId: string | null;
}

export interface Suggestion {
  /** The unknown label value, in normal form. */
  value: string;
  ComponentId: string | null;
  SquadId: string | null;
  /** Edits between the name and what is left of the value; 0 where the value only adds words around a name. */
  distance: number;
}

/** Words around a name that say where or in which version it runs, not what it is. */
const ENVIRONMENT =
  /^(prod|production|prd|live|stg|stage|staging|preprod|nonprod|dev|devel|development|test|testing|qa|uat|sandbox|canary|v?\d+)$/;

/** A shorter run of words may name half the catalog (`api`, `web`). */
const SHORTEST_LEADING_NAME = 5;

/**
 * For each unknown value the catalog name that is probably meant, if any: the value without environment words; then
 * the longest leading run of its words that is a name (`playlist-api` for `playlist-api-worker-v2`); then the nearest name
 * within a tenth to a fifth of its length. A component goes before a squad. Values and names are in normal form.
 */
export function suggest(values: string[], names: CatalogName[]): Suggestion[] {
  const index = indexOf(names);
  return values.flatMap((value) => {
    const bare = withoutEnvironment(value);
    const known = index.byName.get(bare) ?? leadingName(bare, index.byName);
    if (known) return [suggestion(value, known, 0)];
    const near = nearest(bare, index) ?? nearest(value, index);
    return near ? [suggestion(value, near.name, near.distance)] : [];
  });
}

interface NameIndex {
  byName: Map<string, CatalogName>;
  byLength: Map<number, { name: CatalogName; letters: number }[]>;
}

function indexOf(names: CatalogName[]): NameIndex {
  const byName = new Map<string, CatalogName>();
  for (const name of [...names].sort(componentsFirst)) if (!byName.has(name.name)) byName.set(name.name, name);
  const byLength = new Map<number, { name: CatalogName; letters: number }[]>();
  for (const name of byName.values()) {
    const sameLength = byLength.get(name.name.length) ?? [];
    sameLength.push({ name, letters: lettersOf(name.name) });
    byLength.set(name.name.length, sameLength);
  }
  return { byName, byLength };
}

function componentsFirst(a: CatalogName, b: CatalogName): number {
  const kind = Number(a.ComponentId === null) - Number(b.ComponentId === null);
  return kind !== 0 ? kind : a.name < b.name ? -1 : 1;
}

function withoutEnvironment(value: string): string {
  const words = value.split('-').filter((word) => word !== '');
  let from = 0;
  let to = words.length;
  while (to - from > 1 && ENVIRONMENT.test(words[to - 1]!)) to -= 1;
  while (to - from > 1 && ENVIRONMENT.test(words[from]!)) from += 1;
  return words.slice(from, to).join('-');
}

function leadingName(value: string, byName: Map<string, CatalogName>): CatalogName | undefined {
  for (let end = value.lastIndexOf('-'); end >= SHORTEST_LEADING_NAME; end = value.lastIndexOf('-', end - 1)) {
    const name = byName.get(value.slice(0, end));
    if (name) return name;
  }
  return undefined;
}

function nearest(value: string, { byLength }: NameIndex): { name: CatalogName; distance: number } | undefined {
  const limit = tolerance(value.length);
  const letters = lettersOf(value);
  let best: { name: CatalogName; distance: number } | undefined;
  for (let length = value.length - limit; length <= value.length + limit; length += 1) {
    for (const candidate of byLength.get(length) ?? []) {
      // An edit changes at most two bits of the letter sets, so most names need no measuring.
      if (bitCount(letters ^ candidate.letters) > 2 * limit) continue;
      const edits = distance(value, candidate.name.name);
      if (edits > limit) continue;
      if (
        !best ||
        edits < best.distance ||
        (edits === best.distance && componentsFirst(candidate.name, best.name) < 0)
      ) {
        best = { name: candidate.name, distance: edits };
      }
    }
  }
  return best;
}

/** Edits allowed: none below 4 letters, then 1, from 8 letters 2, from 15 letters 3. */
function tolerance(length: number): number {
  return length < 4 ? 0 : length < 8 ? 1 : length < 15 ? 2 : 3;
}

function lettersOf(text: string): number {
  let letters = 0;
  for (let index = 0; index < text.length; index += 1) letters |= 1 << (text.charCodeAt(index) & 31);
  return letters;
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits >>> 0; rest !== 0; rest = (rest & (rest - 1)) >>> 0) count += 1;
  return count;
}

function suggestion(value: string, { ComponentId, SquadId }: CatalogName, edits: number): Suggestion {
  return { value, ComponentId, SquadId, distance: edits };
}
