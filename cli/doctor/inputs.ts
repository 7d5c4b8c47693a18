import { catalogLoads } from '../../core/catalog.ts';
import type { BackstageConfig, Config } from '../../core/config/schema.ts';
import type { Effects } from '../../core/effects.ts';
import { WorthwhileError } from '../../core/errors.ts';
import { workspaceAt } from '../../core/workspace.ts';
import { countEntities } from '../../ingest/catalog/backstage-api.ts';
import { checkSources } from '../source-access.ts';
import { failed, ok, warning, type Finding } from './finding.ts';

const DOCTOR_TIMEOUT_MS = 10_000;

/** Whether each source's files or table are there and readable. */
export async function checkSourceAccess(config: Config, effects: Effects): Promise<Finding[]> {
  const sources = await checkSources(config, effects);
  return sources.map(({ name, found, newest, problem, fix }) => {
    const what = `source ${name}`;
    if (problem) return failed(what, problem, fix ?? `correct source "${name}" in ${config.path}`);
    return ok(what, `${found}, newest of ${newest?.slice(0, 16)}Z`);
  });
}

/** What is known of squads and components, and whether Backstage answers where the catalog comes from there. */
export async function checkCatalog(config: Config): Promise<Finding[]> {
  const { backstage, files } = config.catalog;
  const loads = catalogLoads(workspaceAt(config.workspace));
  const latest = loads.at(-1);
  const reached = backstage ? [await checkBackstage(backstage)] : [];
  if (!latest) {
    const [detail, fix] =
      backstage || files.length > 0
        ? [
            'not loaded yet',
            backstage
              ? 'run `worthwhile run`'
              : 'run `worthwhile run`; if it says that no file matches, correct `catalog.files`',
          ]
        : [
            'none configured, so every charge stays unallocated',
            'name Backstage files under `catalog.files`, or the API under `catalog.backstage`',
          ];
    return [...reached, warning('catalog', detail, fix)];
  }
  const { components, squads, validFrom } = latest;
  const detail = `${components.length} components, ${squads.length} squads; ${loads.length} loads kept, the latest valid from ${validFrom}`;
  return [
    ...reached,
    squads.length === 0
      ? warning('catalog', detail, 'see that Group entities of a type in `catalog.squadTypes` are in the catalog')
      : ok('catalog', detail),
  ];
}

async function checkBackstage(backstage: BackstageConfig): Promise<Finding> {
  try {
    const entities = await countEntities(backstage, { delaysMs: [], timeoutMs: DOCTOR_TIMEOUT_MS });
    return ok('backstage', `${backstage.url} answers${entities === null ? '' : `; ${entities} entities`}`);
  } catch (error) {
    if (!(error instanceof WorthwhileError)) throw error;
    return failed('backstage', `${error.reason} (${error.on ?? backstage.url})`, error.fix ?? 'see the message');
  }
}
