import type { Config } from '../core/config/schema.ts';
import { readHeads } from '../core/lake.ts';
import type { Workspace } from '../core/workspace.ts';
import { soundManifest } from './lake.ts';

/** Where another source already counts a file with these bytes, in words; null where none does. `landed`: also here. */
export type CountedElsewhere = (sha256: string, landed: boolean) => string | null;

/**
 * Looks through the heads of the other configured sources, as they stand now. What has landed stays where it is; of two
 * sources in which the same bytes have landed, the one that the configuration names first keeps them. Files without rows
 * count nothing, so they may be alike.
 */
export function countedElsewhere(config: Config, workspace: Workspace, source: string): CountedElsewhere {
  const ours = config.sources.findIndex(({ name }) => name === source);
  const found = new Map<string, { rank: number; source: string; batchId: string; path: string }>();
  for (const [rank, { name }] of config.sources.entries()) {
    if (rank === ours) continue;
    for (const { batchId, files } of Object.values(readHeads(workspace, name)?.partitions ?? {})) {
      for (const { sha256, path } of files) {
        if (!found.has(sha256)) found.set(sha256, { rank, source: name, batchId, path });
      }
    }
  }
  return (sha256, landed) => {
    const twin = found.get(sha256);
    if (!twin || (landed && twin.rank > ours)) return null;
    const files = soundManifest(workspace, twin.source, twin.batchId)?.files ?? [];
    const hasRows = files.some((file) => file.sourceSha256 === sha256 && file.rows > 0);
    return hasRows ? `${twin.path} of source "${twin.source}"` : null;
  };
}
