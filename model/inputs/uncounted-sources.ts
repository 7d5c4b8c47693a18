import { join } from 'node:path';
import type { Config } from '../../core/config/schema.ts';
import type { Skipped } from '../../core/effects.ts';
import { currentBatches, sourcesInLake } from '../../core/lake.ts';
import type { Workspace } from '../../core/workspace.ts';

/**
 * The sources that have landed and that the configuration no longer names: renamed or removed. Counting them would double
 * what has landed again under a new name, so a build leaves them out and says so.
 */
export function uncountedSources(config: Config, workspace: Workspace): Skipped[] {
  const configured = new Set(config.sources.map(({ name }) => name));
  return sourcesInLake(workspace)
    .filter((source) => !configured.has(source))
    .map((source) => {
      const rows = currentBatches(workspace, [source]).reduce((sum, { manifest }) => sum + manifest.rows, 0);
      return {
        what: `source "${source}"`,
        why:
          `is in the lake but not in the configuration; its ${rows} rows are not counted; ` +
          `name it there again, or delete ${join(workspace.lake, source)}`,
      };
    });
}
