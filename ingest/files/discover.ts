import { existsSync, statSync } from 'node:fs';
import { basename, dirname, relative, sep } from 'node:path';
import { glob } from 'tinyglobby';
import type { FileSource } from '../../core/config/schema.ts';
import type { Effects, Skipped } from '../../core/effects.ts';
import { WorthwhileError } from '../../core/errors.ts';
import { formatOf, partitionOf, type SourceFile } from './source-file.ts';

interface FoundFile {
  path: string;
  /** The folder a glob starts from, up to its first special character. */
  root: string;
}

/**
 * The files of a source, sorted by path, with the partition of each. Files of no known format are left out and listed;
 * names that begin with `.` or `_` (markers such as `_SUCCESS`) are passed over.
 * `configFolder` is where the patterns were relative to: what is in its own name is never taken for a pattern.
 */
export async function discoverFiles(
  source: FileSource,
  configFolder: string,
  effects: Effects,
): Promise<{ files: SourceFile[]; skipped: Skipped[] }> {
  const found = new Map<string, FoundFile>();
  for (const pattern of source.files) {
    const matches = await filesOf(pattern, configFolder);
    if (matches.length === 0) effects.warn(`source "${source.name}": no file matches ${pattern}`);
    for (const file of matches) if (!found.has(file.path)) found.set(file.path, file);
  }
  const files = [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  const skipped: Skipped[] = [];
  const readable = files.filter(({ path }) => {
    if (formatOf(path)) return true;
    skipped.push({ what: path, why: 'its name ends in none of .parquet .ndjson .jsonl .json .csv (each also .gz)' });
    return false;
  });
  return { files: readable.map(withPartition(readable)).map(withStat), skipped };
}

/** The files a pattern (absolute, or a plain path) finds, with the folder its fixed part names. */
export async function filesOf(pattern: string, configFolder: string): Promise<FoundFile[]> {
  if (existsSync(pattern) && statSync(pattern).isFile()) return [{ path: pattern, root: dirname(pattern) }];
  const inside = pattern.startsWith(`${configFolder}/`);
  const cwd = inside ? configFolder : '/';
  const relativePattern = pattern.slice(inside ? configFolder.length + 1 : 1);
  const paths = await glob([relativePattern], { cwd, absolute: true, onlyFiles: true, expandDirectories: false });
  const root = fixedRoot(cwd, relativePattern);
  return paths.filter((path) => !/^[._]/.test(basename(path))).map((path) => ({ path, root }));
}

function fixedRoot(cwd: string, pattern: string): string {
  const segments = pattern.split('/').slice(0, -1);
  const firstSpecial = segments.findIndex((segment) => /[*?[\]{}()!]/.test(segment));
  const fixed = firstSpecial === -1 ? segments : segments.slice(0, firstSpecial);
  return [cwd === '/' ? '' : cwd, ...fixed].join('/') || '/';
}

/** Two roots may hold files of the same relative name; those are then named from the folder above both. */
function withPartition(all: FoundFile[]): (file: FoundFile) => { path: string; partition: string } {
  const below = (root: string, path: string): string => partitionOf(relative(root, path).split(sep).join('/'));
  const rootsOf = new Map<string, Set<string>>();
  for (const { path, root } of all) {
    const partition = below(root, path);
    rootsOf.set(partition, (rootsOf.get(partition) ?? new Set()).add(root));
  }
  const above = commonFolder([...new Set(all.map(({ root }) => root))]);
  return ({ path, root }) => {
    const partition = below(root, path);
    return { path, partition: rootsOf.get(partition)!.size > 1 ? below(above, path) : partition };
  };
}

function commonFolder(folders: string[]): string {
  const [first = '', ...others] = folders.map((folder) => `${folder}/`);
  const segments = first.split('/');
  const shared = segments.findIndex((_, index) => {
    const prefix = `${segments.slice(0, index + 1).join('/')}/`;
    return !others.every((other) => other.startsWith(prefix));
  });
  return (shared === -1 ? segments : segments.slice(0, shared)).join('/') || '/';
}

function withStat({ path, partition }: { path: string; partition: string }): SourceFile {
  try {
    const { size, mtimeMs, ctimeMs } = statSync(path);
    return { path, partition, ...formatOf(path)!, size, mtimeMs, ctimeMs };
  } catch (cause) {
    throw new WorthwhileError('FILE_UNREADABLE', 'a source file vanished while the run began', {
      on: path,
      fix: 'run again when nothing moves the files',
      cause,
    });
  }
}
