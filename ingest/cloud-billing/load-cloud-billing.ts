import { writeFileAtomic } from '../../core/atomic-file.ts';
import {
  accountFile,
  priceCurrencies,
  readAccount,
  readSkus,
  skusFile,
  wantsSkuCatalog,
  type ServiceSkus,
} from '../../core/cloud-billing.ts';
import type { Config } from '../../core/config/schema.ts';
import type { Effects } from '../../core/effects.ts';
import { WorthwhileError } from '../../core/errors.ts';
import type { Workspace } from '../../core/workspace.ts';
import { nextAccountSnapshot } from './account-snapshot.ts';
import { openCloudBilling, USUAL_PATIENCE, type CloudBillingApi, type Patience } from './client.ts';
import { cloudBillingFault } from './faults.ts';
import type { CloudBillingOutcome } from './outcome.ts';
import { servicesSeen } from './services-seen.ts';

export interface CloudBillingRun {
  config: Config;
  workspace: Workspace;
  /** Ask for list prices also where those known are younger than a day. */
  full: boolean;
}

interface Asking extends CloudBillingRun {
  api: CloudBillingApi;
  effects: Effects;
  outcome: CloudBillingOutcome;
  /** Set once the API did not answer; nothing more is asked of it in this run then. */
  unreachable: WorthwhileError | null;
}

const SKUS_YOUNG_MS = 24 * 3_600_000;

/**
 * Asks Cloud Billing for the state of each configured account, for the projects linked to it and, where no pricing export is
 * configured, for the list prices of the services in the lake. What cannot be asked stays as last answered, and `skipped` says so.
 * Null where `cloudBilling` is not configured. Nothing is ever written there.
 */
export async function loadCloudBilling(
  run: CloudBillingRun,
  effects: Effects,
  patience: Patience = USUAL_PATIENCE,
): Promise<CloudBillingOutcome | null> {
  const { cloudBilling } = run.config;
  if (!cloudBilling) return null;
  const outcome: CloudBillingOutcome = { accounts: [], skus: null, skipped: [] };
  const api = await openCloudBilling(cloudBilling.apiEndpoint ?? null, patience);
  const asking: Asking = { ...run, api, effects, outcome, unreachable: null };
  try {
    for (const accountId of cloudBilling.accounts) {
      effects.progress({ step: 'cloud billing', fraction: null, detail: `account ${accountId}` });
      await loadAccount(asking, accountId);
    }
    if (wantsSkuCatalog(run.config)) await loadSkus(asking);
  } finally {
    await api.close();
  }
  return outcome;
}

async function loadAccount(asking: Asking, accountId: string): Promise<void> {
  const { api, workspace, effects, outcome } = asking;
  const before = readAccount(workspace, accountId);
  const what = `billing account ${accountId}`;
  const state = await ask(asking, what, async () => ({
    ...(await api.account(accountId)),
    projects: await api.projects(accountId),
  }));
  if (state instanceof WorthwhileError) {
    const stands = before
      ? `what was known on ${before.fetchedAt.slice(0, 10)} stays in use`
      : 'nothing is known of it and its projects yet';
    leftOut(asking, what, state, stands);
    const { open = null, projects = [] } = before ?? {};
    outcome.accounts.push({ accountId, status: before ? 'kept' : 'unknown', open, projects: projects.length });
    return;
  }
  const snapshot = nextAccountSnapshot(accountId, state, before, effects.now());
  write(asking, accountFile(workspace, accountId), snapshot);
  outcome.accounts.push({ accountId, status: 'read', open: state.open, projects: snapshot.projects.length });
}

async function loadSkus(asking: Asking): Promise<void> {
  const { api, config, workspace, effects, outcome } = asking;
  const accounts = config.cloudBilling!.accounts.flatMap((id) => readAccount(workspace, id) ?? []);
  const seen = await servicesSeen(config, workspace);
  const wanted = priceCurrencies(accounts).flatMap((currency) => seen.map((serviceId) => ({ currency, serviceId })));
  const stored = wanted.map((key) => ({ key, before: readSkus(workspace, key) }));
  const due = stored.filter(({ before }) => asking.full || !before || !isYoung(before, effects.now()));
  const known = new Map(stored.flatMap(({ key, before }) => (before ? [[JSON.stringify(key), before]] : [])));
  const told = (status: 'read' | 'unchanged' | 'kept'): void => {
    const all = [...known.values()];
    outcome.skus = { status, services: all.length, skus: all.reduce((sum, { skus }) => sum + skus.length, 0) };
  };
  if (due.length === 0) return told('unchanged');
  const what = 'public price list';
  const services = await ask(asking, what, () => api.services());
  let fault = services instanceof WorthwhileError ? services : null;
  for (const [index, { key }] of due.entries()) {
    // A service of the marketplace has charges and no public price list.
    const serviceName = services instanceof Map ? services.get(key.serviceId) : undefined;
    if (serviceName === undefined || fault) continue;
    effects.progress({ step: 'cloud billing', fraction: index / due.length, detail: `prices of ${serviceName}` });
    const skus = await ask(asking, `${what} of ${serviceName}`, () => api.skus(key.serviceId, key.currency));
    if (skus instanceof WorthwhileError) {
      fault = skus;
      continue;
    }
    const snapshot: ServiceSkus = { version: 1, ...key, serviceName, fetchedAt: effects.now().toISOString(), skus };
    write(asking, skusFile(workspace, key), snapshot);
    known.set(JSON.stringify(key), snapshot);
  }
  if (fault) {
    const priced = known.size;
    leftOut(
      asking,
      what,
      fault,
      `${priced} of ${wanted.length} services have list prices of an earlier run or of this one`,
    );
  }
  told(fault ? 'kept' : 'read');
}

/** The answer, or why there is none. After the API has once not answered it is not asked again in this run. */
async function ask<Answer>(
  asking: Asking,
  on: string,
  question: () => Promise<Answer>,
): Promise<Answer | WorthwhileError> {
  if (asking.unreachable) return asking.unreachable;
  try {
    return await question();
  } catch (error) {
    const fault = cloudBillingFault(error, on);
    if (fault.code === 'SOURCE_UNREACHABLE') asking.unreachable = fault;
    return fault;
  }
}

function leftOut({ effects, outcome }: Asking, what: string, fault: WorthwhileError, stands: string): void {
  effects.warn(`${what}: ${fault.reason}; ${stands}; next: ${fault.fix}`);
  outcome.skipped.push({ what, why: `${fault.reason}; ${stands}; ${fault.fix}` });
}

function write({ effects }: Asking, path: string, snapshot: object): void {
  effects.assertHeld?.();
  writeFileAtomic(path, `${JSON.stringify(snapshot, null, 1)}\n`);
}

function isYoung({ fetchedAt }: ServiceSkus, now: Date): boolean {
  const age = now.getTime() - Date.parse(fetchedAt);
  return age >= 0 && age < SKUS_YOUNG_MS;
}
