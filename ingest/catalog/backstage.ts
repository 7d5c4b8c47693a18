import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeFileAtomic } from '../../core/atomic-file.ts';
import type { CatalogLoad } from '../../core/catalog.ts';
import { checkedJson } from '../../core/checked-json.ts';
import type { BackstageConfig, CatalogConfig } from '../../core/config/schema.ts';
import type { Effects, Skipped } from '../../core/effects.ts';
import { WorthwhileError } from '../../core/errors.ts';
import type { Workspace } from '../../core/workspace.ts';
import { pageMark, readPages, USUAL_PATIENCE, type Patience } from './backstage-api.ts';
import { normaliseCatalog } from './normalise.ts';
import type { CatalogOutcome } from './outcome.ts';
import { checkEntities } from './read-entities.ts';
import { digestOf, loadInForce, storeLoad } from './store-load.ts';

export interface BackstageOptions {
  /** Ask the API whatever the age of what is known, and take a catalog that has shrunk by more than half. */
  full?: boolean;
  patience?: Patience;
}

interface BackstageRun {
  catalog: CatalogConfig;
  backstage: BackstageConfig;
  workspace: Workspace;
  /** Today on the billing clock. */
  today: string;
}

/** What the last good answer was (`catalog/backstage.json`); it says what the load cannot: when, and what was left out of it. */
const stateSchema = z.object({
  version: z.literal(1),
  /** Digest of everything in the configuration that decides what an answer means. */
  settings: z.string(),
  askedAt: z.string(),
  /** Digest of the catalog that the answer made. */
  contentSha256: z.string(),
  skipped: z.array(z.object({ what: z.string(), why: z.string() })),
  warnings: z.array(z.string()),
  marks: z.array(pageMark),
});
type State = z.infer<typeof stateSchema>;

/** Below this many entities a catalog may halve by one squad's leaving. */
const SMALL_CATALOG = 20;

/**
 * Takes in the catalog that the Backstage API gives, unless it is younger than `maxAgeMinutes` or as it was. Where the API fails or
 * gives only part of a catalog, the one in force stays and `skipped` says so. Throws SECRET_MISSING, which waiting does not mend.
 */
export async function loadBackstage(
  run: BackstageRun,
  effects: Effects,
  { full = false, patience: chosen = USUAL_PATIENCE }: BackstageOptions = {},
): Promise<CatalogOutcome> {
  const patience = { ...chosen, ...(effects.pause && { pause: effects.pause }) };
  const { backstage, workspace, today } = run;
  const inForce = loadInForce(workspace, today);
  const settings = settingsOf(run);
  const state = full ? null : goodState(workspace, settings, inForce);
  if (state && inForce && isYoung(state, backstage, effects.now())) return asBefore(inForce, state, effects);
  effects.progress({ step: 'catalog', fraction: null, detail: `asking ${backstage.url}` });
  try {
    const pages = await readPages(backstage, state?.marks ?? [], patience);
    if (pages === null) {
      writeState(workspace, { ...state!, askedAt: effects.now().toISOString() });
      return asBefore(inForce!, state!, effects);
    }
    const origin = backstage.url;
    const read = await checkEntities(pages.entities.map((value) => ({ value, origin })));
    const { content, warnings, skipped } = normaliseCatalog(read.entities, run.catalog);
    refuseShrunken(content, inForce, { full, url: origin });
    const said: State = {
      version: 1,
      settings,
      askedAt: effects.now().toISOString(),
      contentSha256: digestOf(content),
      skipped: [...read.skipped, ...skipped],
      warnings,
      marks: pages.marks,
    };
    const stored = storeLoad(workspace, content, { validFrom: today, origin, now: effects.now() });
    writeState(workspace, said);
    for (const warning of warnings) effects.warn(`catalog: ${warning}`);
    return outcomeOf(stored ? 'loaded' : 'unchanged', content, said.skipped);
  } catch (error) {
    if (!(error instanceof WorthwhileError) || !KEEPS_THE_LAST.has(error.code)) throw error;
    return keepLast(error, inForce, backstage, effects);
  }
}

const KEEPS_THE_LAST = new Set([
  'SOURCE_UNREACHABLE',
  'SOURCE_FORBIDDEN',
  'SOURCE_NOT_FOUND',
  'SOURCE_INCOMPLETE',
  'CATALOG_INVALID',
]);

function keepLast(
  error: WorthwhileError,
  inForce: CatalogLoad | null,
  { url }: BackstageConfig,
  effects: Effects,
): CatalogOutcome {
  const consequence = inForce
    ? `ownership stays as loaded on ${inForce.loadedAt.slice(0, 10)}`
    : 'there is no earlier catalog, so nothing can be attributed to a squad until it answers';
  effects.warn(`catalog of ${error.on ?? url}: ${error.reason}; ${consequence}; next: ${error.fix ?? 'run again'}`);
  const skipped = [{ what: `catalog of ${url}`, why: `${error.reason}; ${consequence}` }];
  return inForce ? outcomeOf('kept', inForce, skipped) : { status: 'none', components: 0, squads: 0, skipped };
}

type Content = Pick<CatalogLoad, 'components' | 'squads'>;

function refuseShrunken(content: Content, inForce: CatalogLoad | null, facts: { full: boolean; url: string }): void {
  const now = content.components.length + content.squads.length;
  const before = inForce ? inForce.components.length + inForce.squads.length : 0;
  if (now === 0) {
    throw new WorthwhileError('CATALOG_INVALID', 'the catalog API gives no usable component or squad', {
      on: facts.url,
      fix: 'see that Backstage has entities, and that the token may read them',
    });
  }
  if (facts.full || before < SMALL_CATALOG || now * 2 >= before) return;
  throw new WorthwhileError(
    'SOURCE_INCOMPLETE',
    `the catalog API gives ${now} components and squads, where ${before} are known`,
    {
      on: facts.url,
      fix: 'see that the token may read them all; if the catalog did shrink so, run once with --full',
    },
  );
}

function asBefore(inForce: CatalogLoad, { skipped, warnings }: State, effects: Effects): CatalogOutcome {
  for (const warning of warnings) effects.warn(`catalog: ${warning}`);
  return outcomeOf('unchanged', inForce, skipped);
}

function outcomeOf(
  status: CatalogOutcome['status'],
  { components, squads }: Content,
  skipped: Skipped[],
): CatalogOutcome {
  return { status, components: components.length, squads: squads.length, skipped };
}

function isYoung({ askedAt }: State, { maxAgeMinutes }: BackstageConfig, now: Date): boolean {
  const age = now.getTime() - Date.parse(askedAt);
  return age >= 0 && age < maxAgeMinutes * 60_000;
}

/** The stored state, where it speaks of these settings and of the catalog that is in force. */
function goodState(workspace: Workspace, settings: string, inForce: CatalogLoad | null): State | null {
  if (!existsSync(workspace.backstageState)) return null;
  const state = checkedJson(stateSchema, readFileSync(workspace.backstageState, 'utf8'));
  return state && state.settings === settings && state.contentSha256 === inForce?.sha256 ? state : null;
}

function writeState(workspace: Workspace, state: State): void {
  writeFileAtomic(workspace.backstageState, `${JSON.stringify(state, null, 1)}\n`);
}

function settingsOf({ backstage, catalog }: BackstageRun): string {
  const facts = [backstage.url, backstage.tokenEnv ?? null, catalog.annotations, catalog.squadTypes];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}
