import { shardOf, type SourceFile } from './source-file.ts';

/** Shards of one name, lowest number first. */
export interface ShardSet {
  set: string;
  shards: (SourceFile & { number: number })[];
}

export function shardSets(files: SourceFile[]): ShardSet[] {
  const sets = new Map<string, ShardSet>();
  for (const file of files) {
    const shard = shardOf(file.path);
    if (!shard) continue;
    const found = sets.get(shard.set) ?? { set: shard.set, shards: [] };
    found.shards.push({ ...file, number: shard.number });
    sets.set(shard.set, found);
  }
  for (const { shards } of sets.values()) shards.sort((a, b) => a.number - b.number);
  return [...sets.values()];
}

/** Numbers that an export must have written, because it wrote higher ones. */
export function missingNumbers({ shards }: ShardSet): number[] {
  const there = new Set(shards.map(({ number }) => number));
  const highest = shards.at(-1)!.number;
  return Array.from({ length: highest }, (_, number) => number).filter((number) => !there.has(number));
}

/** Where the shards fall into newer ones and older ones of higher numbers, as a later, smaller export leaves them. */
export interface TimeSplit {
  newer: ShardSet['shards'];
  older: ShardSet['shards'];
  /** Between the last write of the older and the first of the newer. */
  gapMs: number;
  /** The longer of the times over which the newer and over which the older were written. */
  spreadMs: number;
}

/** The split with the widest gap; null where no number has all that is older on its far side. */
export function timeSplit({ shards }: ShardSet): TimeSplit | null {
  let widest: TimeSplit | null = null;
  for (let at = 1; at < shards.length; at++) {
    const newer = shards.slice(0, at);
    const older = shards.slice(at);
    const [since, until] = span(newer);
    const [from, to] = span(older);
    const gapMs = since - to;
    if (gapMs > (widest?.gapMs ?? 0)) widest = { newer, older, gapMs, spreadMs: Math.max(until - since, to - from) };
  }
  return widest;
}

function span(shards: SourceFile[]): [number, number] {
  const times = shards.map(({ mtimeMs }) => mtimeMs);
  return [Math.min(...times), Math.max(...times)];
}
