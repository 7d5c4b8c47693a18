import { catalogLoads } from '../../core/catalog.ts';
import type { Config } from '../../core/config/schema.ts';
import type { Effects } from '../../core/effects.ts';
import { workspaceAt } from '../../core/workspace.ts';
import { checkSources } from '../source-access.ts';
import { failed, ok, warning, type Finding } from './finding.ts';

/** Whether each source's files are there and readable. */
export async function checkSourceFiles(config: Config, effects: Effects): Promise<Finding[]> {
  const sources = await checkSources(config, effects);
  return sources.map(({ name, files, bytes, newest, problem }) => {
    const what = `source ${name}`;
    if (problem)
      return failed(what, problem, `correct \`files\` of "${name}" in ${config.path}, or the files' permissions`);
    return ok(what, `${files} files, ${(bytes / 1e6).toFixed(1)} MB, newest of ${newest?.slice(0, 16)}Z`);
  });
}

/** What is known of squads and components. */
export function checkCatalog(config: Config): Finding[] {
  const loads = catalogLoads(workspaceAt(config.workspace));
  const latest = loads.at(-1);
  if (!latest) {
    return config.catalog.files.length === 0
      ? [
          warning(
            'catalog',
            'none configured, so every charge stays unallocated',
            'name Backstage files under `catalog.files`',
          ),
        ]
      : [
          warning(
            'catalog',
            'not loaded yet',
            'run `worthwhile run`; if it says that no file matches, correct `catalog.files`',
          ),
        ];
  }
  const { components, squads, validFrom } = latest;
  const detail = `${components.length} components, ${squads.length} squads; ${loads.length} loads kept, the latest valid from ${validFrom}`;
  return [
    squads.length === 0
      ? warning('catalog', detail, 'see that Group entities of a type in `catalog.squadTypes` are among the files')
      : ok('catalog', detail),
  ];
}
