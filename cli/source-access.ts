import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import type { BigQueryTable, Config, FileSource, SourceConfig } from '../core/config/schema.ts';
import type { Effects } from '../core/effects.ts';
import { WorthwhileError } from '../core/errors.ts';
import { checkTable, type TableAccess } from '../ingest/bigquery/table-access.ts';
import { discoverFiles } from '../ingest/files/discover.ts';

/** Whether one source is there and may be read. */
export interface SourceAccess {
  name: string;
  /** What is there, in words; empty where nothing can be said. */
  found: string;
  files?: { count: number; bytes: number };
  table?: TableAccess;
  /** When the newest of it was written: a file's change, a table's newest export. */
  newest: string | null;
  /** Null where all is well. */
  problem: string | null;
  /** The next step where there is a problem. */
  fix: string | null;
}

/** Looks at every source of the configuration without reading a row of its bills. */
export async function checkSources(config: Config, effects: Effects): Promise<SourceAccess[]> {
  const access: SourceAccess[] = [];
  for (const source of config.sources) {
    if (source.bigquery) access.push(await accessOfTable(source, source.bigquery));
    else access.push(await accessOfFiles(config, source as FileSource, effects));
  }
  return access;
}

async function accessOfTable(source: SourceConfig, settings: BigQueryTable): Promise<SourceAccess> {
  const { name } = source;
  try {
    const table = await checkTable(source, settings);
    const { rows, partitions, newest } = table;
    const found = `${partitions} partitions, ${rows.toLocaleString('en')} rows in ${table.table}`;
    if (rows > 0) return { name, found, table, newest, problem: null, fix: null };
    const problem = `${table.table} has no rows yet`;
    return { name, found, table, newest, problem, fix: 'see that the export is on; its first rows may take a day' };
  } catch (error) {
    if (!(error instanceof WorthwhileError)) throw error;
    const problem = error.on ? `${error.reason}: ${error.on}` : error.reason;
    return { name, found: '', newest: null, problem, fix: error.fix ?? null };
  }
}

async function accessOfFiles(config: Config, source: FileSource, effects: Effects): Promise<SourceAccess> {
  const { files } = await discoverFiles(source, dirname(config.path), { ...effects, warn: () => {} });
  const unreadable = files.filter(({ path }) => !isReadable(path));
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const problem =
    files.length === 0
      ? `no billing file matches ${source.files.join(', ')}`
      : unreadable.length > 0
        ? `${unreadable.length} of ${files.length} files may not be read, the first is ${unreadable[0]!.path}`
        : null;
  return {
    name: source.name,
    found: `${files.length} files, ${(bytes / 1e6).toFixed(1)} MB`,
    files: { count: files.length, bytes },
    newest: files.length > 0 ? new Date(Math.max(...files.map(({ mtimeMs }) => mtimeMs))).toISOString() : null,
    problem,
    fix: problem && `correct \`files\` of "${source.name}" in ${config.path}, or the files' permissions`,
  };
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
