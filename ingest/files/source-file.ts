export { dayOfPartition } from '../../core/lake.ts';

/** How a file is written, by its name; `.gz` in front of any of them is taken off while it is read. */
export type FileFormat = 'parquet' | 'ndjson' | 'json' | 'csv';

/** One file that a source's globs found. `partition` names the batch it belongs to. */
export interface SourceFile {
  path: string;
  partition: string;
  format: FileFormat;
  gzipped: boolean;
  size: number;
  mtimeMs: number;
  ctimeMs: number;
}

const EXTENSIONS: Record<string, FileFormat> = {
  '.parquet': 'parquet',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.json': 'json',
  '.csv': 'csv',
};

/** The format a file's name stands for, or null where it is none of ours. */
export function formatOf(path: string): { format: FileFormat; gzipped: boolean } | null {
  const lower = path.toLowerCase();
  const gzipped = lower.endsWith('.gz');
  const bare = gzipped ? lower.slice(0, -3) : lower;
  const extension = Object.keys(EXTENSIONS).find((candidate) => bare.endsWith(candidate));
  return extension ? { format: EXTENSIONS[extension]!, gzipped } : null;
}

/**
 * The partition of a file, from its path below the glob's fixed root. Hive folders (`export_day=2026-10-01/…`) make one
 * batch of all files below them, and so do the numbered shards of one export; any other file is a partition of its own.
 */
export function partitionOf(relativePath: string): string {
  const segments = relativePath.split('/');
  const lastHive = segments.slice(0, -1).findLastIndex((segment) => /^[^=]+=/.test(segment));
  return lastHive === -1 ? (shardOf(relativePath)?.set ?? relativePath) : segments.slice(0, lastHive + 1).join('/');
}

/**
 * The shards that one `EXPORT DATA` or extract job writes for a `*` in its URI: twelve digits, from 000000000000 up by one. Six
 * leading zeros are asked for, so that a time such as 202610010930 is not taken for a shard.
 */
const SHARD_NUMBER = /(?<!\d)0{6}\d{6}(?=(\.[A-Za-z0-9]+)+$)/;

/** The name that all shards of one export share (`day/*.parquet`) and the number of this one; null for any other file. */
export function shardOf(path: string): { set: string; number: number } | null {
  const found = SHARD_NUMBER.exec(path);
  if (!found) return null;
  const { 0: digits, index } = found;
  return { set: `${path.slice(0, index)}*${path.slice(index + digits.length)}`, number: Number(digits) };
}
