import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import type { Config, FileSource } from '../core/config/schema.ts';
import type { Effects } from '../core/effects.ts';
import { discoverFiles } from '../ingest/files/discover.ts';

/** Whether the files of one source are there and may be read. `problem` is null where all is well. */
export interface SourceAccess {
  name: string;
  files: number;
  bytes: number;
  newest: string | null;
  problem: string | null;
}

/** Looks at every source of the configuration without reading a row. */
export async function checkSources(config: Config, effects: Effects): Promise<SourceAccess[]> {
  const access: SourceAccess[] = [];
  for (const source of config.sources.filter((each): each is FileSource => each.files !== undefined)) {
    const { files } = await discoverFiles(source, dirname(config.path), { ...effects, warn: () => {} });
    const unreadable = files.filter(({ path }) => !isReadable(path));
    access.push({
      name: source.name,
      files: files.length,
      bytes: files.reduce((sum, { size }) => sum + size, 0),
      newest: files.length > 0 ? new Date(Math.max(...files.map(({ mtimeMs }) => mtimeMs))).toISOString() : null,
      problem:
        files.length === 0
          ? `no billing file matches ${source.files.join(', ')}`
          : unreadable.length > 0
            ? `${unreadable.length} of ${files.length} files may not be read, the first is ${unreadable[0]!.path}`
            : null,
    });
  }
  return access;
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
