import { basename, dirname } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Skipped } from '../../core/effects.ts';
import { selectRows, sqlName, sqlText } from '../../core/duckdb.ts';
import { WorthwhileError } from '../../core/errors.ts';
import { missingNumbers, shardSets, timeSplit, type ShardSet, type TimeSplit } from './shards.ts';
import type { SourceFile } from './source-file.ts';

export interface GuardedFiles {
  files: SourceFile[];
  /** Shards that are proven to be left over from an earlier export. */
  skipped: Skipped[];
  /** Sets of shards that nobody can be sure of. */
  refused: WorthwhileError[];
}

const HOUR_MS = 3_600_000;
const SAMPLE_ROWS = 500;
const NAMED = 5;

/**
 * Keeps an export from being counted together with what an earlier one left. `EXPORT DATA` with `overwrite` replaces shards by number
 * and does not delete: a later run with fewer shards leaves the earlier run's higher numbers beside its own. Such shards are
 * left out where they are older and every row of theirs is in the newer ones; where that cannot be shown the set is refused, for
 * money would count twice or be lost. So is a set with a number missing. See docs/decisions/0008-stale-shards.md.
 *
 * Only partitions for which `isSettled` is false are looked at. A file that cannot be read is left to whoever takes it in.
 */
export async function withoutStaleShards(
  files: SourceFile[],
  isSettled: (partition: string) => boolean,
  database: () => Promise<DuckDBConnection>,
): Promise<GuardedFiles> {
  const guarded: GuardedFiles = { files, skipped: [], refused: [] };
  const stale = new Set<string>();
  for (const members of byUnsettledPartition(files, isSettled)) {
    for (const set of shardSets(members)) {
      const missing = missingNumbers(set);
      if (missing.length > 0) {
        guarded.refused.push(incomplete(set, missing));
        continue;
      }
      const verdict = await judge(set, members, database);
      if (verdict instanceof WorthwhileError) guarded.refused.push(verdict);
      else for (const { path } of verdict) stale.add(path);
    }
  }
  for (const path of stale) {
    guarded.skipped.push({
      what: path,
      why: 'an earlier export left it: it is older than the shards of lower numbers, and every row of it is in them; delete it',
    });
  }
  return { ...guarded, files: files.filter(({ path }) => !stale.has(path)) };
}

function byUnsettledPartition(files: SourceFile[], isSettled: (partition: string) => boolean): SourceFile[][] {
  const partitions = new Map<string, SourceFile[]>();
  for (const file of files) partitions.set(file.partition, [...(partitions.get(file.partition) ?? []), file]);
  return [...partitions].flatMap(([partition, members]) => (isSettled(partition) ? [] : [members]));
}

/** The shards to leave out, or why the set cannot be taken. */
async function judge(
  set: ShardSet,
  members: SourceFile[],
  database: () => Promise<DuckDBConnection>,
): Promise<SourceFile[] | WorthwhileError> {
  const split = timeSplit(set);
  const last = set.shards.at(-1)!;
  const others = members.filter((file) => isParquet(file) && file.path !== last.path);
  const twins = isParquet(last) && others.length > 0 ? await twinsOf(last, others, database) : null;
  if (twins !== null && twins.found > 0 && twins.found * 2 >= twins.sampled) {
    if (split && (await isContained(split, database))) return split.older;
    return mixed(
      set,
      split,
      `${twins.found} of ${twins.sampled} rows looked at in ${basename(last.path)} are in other shards too`,
    );
  }
  if (split && split.gapMs >= HOUR_MS && split.gapMs > 2 * split.spreadMs) {
    return mixed(set, split, `the higher numbers were written ${inWords(split.gapMs)} before the lower ones`);
  }
  return [];
}

const isParquet = ({ format, gzipped }: SourceFile): boolean => format === 'parquet' && !gzipped;

/** What is compared: a row with every column, as text. DuckDB's own hash does not tell adjacent lists apart. */
const ROW = 'md5(CAST(shard AS VARCHAR))';

/** How many of the first rows that cost something are to be found, equal in every column, in other files. */
async function twinsOf(
  shard: SourceFile,
  others: SourceFile[],
  database: () => Promise<DuckDBConnection>,
): Promise<{ found: number; sampled: number } | null> {
  const connection = await database();
  try {
    const from = relationOf([shard]);
    const amount = await amountOf(connection, from);
    const costs = amount === null ? 'true' : `${amount} <> 0`;
    const alike = amount === null ? 'true' : `${amount} IN (SELECT amount FROM sampled)`;
    const [counts] = await selectRows<{ found: string; sampled: string }>(
      connection,
      `WITH sampled AS MATERIALIZED (
         SELECT ${ROW} AS digest, ${amount ?? 'NULL'} AS amount FROM (SELECT * FROM ${from} WHERE ${costs} LIMIT ${SAMPLE_ROWS}) AS shard),
       elsewhere AS (SELECT DISTINCT ${ROW} AS digest FROM ${relationOf(others)} AS shard WHERE ${alike})
       SELECT count(*) AS sampled, count(e.digest) AS found FROM sampled AS s LEFT JOIN elsewhere AS e ON e.digest = s.digest`,
    );
    return { found: Number(counts!.found), sampled: Number(counts!.sampled) };
  } catch {
    return null; // a broken file is named, with its reason, where it is taken in
  }
}

/** The column of money by which twins are found without reading every column of every row. */
async function amountOf(connection: DuckDBConnection, from: string): Promise<string | null> {
  const columns = await selectRows<{ column_name: string }>(connection, `DESCRIBE SELECT * FROM ${from}`);
  const names = columns.map(({ column_name: name }) => name);
  const name = names.find((candidate) => ['cost', 'billedcost'].includes(candidate.toLowerCase()));
  return name === undefined ? null : sqlName(name);
}

/** Whether every row of the older shards is in the newer ones at least as often: leaving them out then loses nothing. */
async function isContained({ older, newer }: TimeSplit, database: () => Promise<DuckDBConnection>): Promise<boolean> {
  if (![...older, ...newer].every(isParquet)) return false;
  const rows = (shards: SourceFile[]): string =>
    `(SELECT ${ROW} AS digest, count(*) AS times FROM ${relationOf(shards)} AS shard GROUP BY ALL)`;
  try {
    const [lost] = await selectRows<{ rows: string }>(
      await database(),
      `SELECT count(*) AS "rows" FROM ${rows(older)} AS o LEFT JOIN ${rows(newer)} AS n ON n.digest = o.digest
       WHERE coalesce(n.times, 0) < o.times`,
    );
    return lost!.rows === '0';
  } catch {
    return false;
  }
}

function relationOf(files: SourceFile[]): string {
  return `read_parquet([${files.map(({ path }) => sqlText(path)).join(', ')}], hive_partitioning = false, union_by_name = true)`;
}

function mixed(set: ShardSet, split: TimeSplit | null, why: string): WorthwhileError {
  const named = split ? namesOf(split.older) : null;
  return new WorthwhileError('SOURCE_CHANGED', `shards of two exports seem to lie together: ${why}`, {
    on: set.set,
    fix: named
      ? `if ${named} are left from an earlier export, delete them; if they belong to the last one, \`touch\` them; empty the folder before each export`
      : `empty ${dirname(set.set)} and export it again; an export replaces shards by number and leaves the higher ones of an earlier run`,
  });
}

function incomplete(set: ShardSet, missing: number[]): WorthwhileError {
  const shown = missing.slice(0, NAMED).map((number) => String(number).padStart(12, '0'));
  const more = missing.length > NAMED ? ` and ${missing.length - NAMED} more` : '';
  return new WorthwhileError(
    'SOURCE_INCOMPLETE',
    `of ${set.shards.length + missing.length} shards some are missing: ${shown.join(', ')}${more}`,
    {
      on: set.set,
      fix: 'see that the copy has finished, or export again; an export numbers its shards without a gap',
    },
  );
}

function namesOf(shards: SourceFile[]): string {
  const names = shards.map(({ path }) => basename(path));
  if (names.length <= 2) return names.join(' and ');
  return `${names[0]} to ${names.at(-1)} (${names.length} files)`;
}

function inWords(ms: number): string {
  const hours = Math.round(ms / HOUR_MS);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
