import { createHash } from 'node:crypto';
import { catalogLoads, type CatalogLoad } from '../core/catalog.ts';
import { cloudBillingFacts, type CloudBillingFacts } from '../core/cloud-billing.ts';
import { closedMonths, type Close } from '../core/closes.ts';
import type { Config } from '../core/config/schema.ts';
import { currentBatches, readHeads, type LakeBatch, type SourceHeads } from '../core/lake.ts';
import { landedMeasures, type LandedMeasure } from '../core/measures.ts';
import { workspaceAt, type Workspace } from '../core/workspace.ts';
import { readModel, type ModelFiles } from './graph.ts';
import { modelHash } from './model-hash.ts';

/** Everything a build reads, besides the clock. */
export interface BuildInputs {
  workspace: Workspace;
  batches: LakeBatch[];
  heads: SourceHeads[];
  loads: CatalogLoad[];
  measures: LandedMeasure[];
  cloudBilling: CloudBillingFacts;
  /** Closed months, in the order in which they were closed. */
  closes: Close[];
  model: ModelFiles;
  modelHash: string;
}

/** Reads what lies in the workspace and the model's files. Throws LAKE_CORRUPT, LEDGER_CORRUPT, CATALOG_INVALID or MODEL_INVALID. */
export function readInputs(config: Config, modelFolder: string): BuildInputs {
  const workspace = workspaceAt(config.workspace);
  const named = config.sources.map(({ name }) => name);
  const batches = currentBatches(workspace, named);
  const sources = [...new Set(batches.map(({ manifest }) => manifest.source))];
  return {
    workspace,
    batches,
    heads: sources.flatMap((source) => readHeads(workspace, source) ?? []),
    loads: catalogLoads(workspace),
    measures: landedMeasures(workspace, config),
    cloudBilling: cloudBillingFacts(config, workspace),
    closes: closedMonths(workspace),
    model: readModel(modelFolder),
    modelHash: modelHash(modelFolder),
  };
}

/** Hash over everything that decides what a generation holds, besides its number and the clock. */
export function fingerprintOf(
  config: Config,
  { batches, heads, loads, measures, modelHash, cloudBilling, closes }: BuildInputs,
): string {
  const { company, currency, timezone, attribution, pools } = config;
  const parts = [
    modelHash,
    cloudBillingState(cloudBilling),
    { company, currency, timezone, attribution, pools },
    batches.map(({ manifest }) => [manifest.source, manifest.batchId]),
    heads.map(({ source, partitions }) =>
      Object.entries(partitions).map(([partition, { missingSince }]) => [source, partition, missingSince ?? null]),
    ),
    loads.map(({ validFrom, sha256 }) => [validFrom, sha256]),
    measures.map(({ manifest, title, format }) => [manifest.kind, manifest.name, manifest.sha256, title, format]),
    closes.map(({ month, version, seal }) => [month, version, seal]),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** What of Cloud Billing's answers makes another generation: a change, or another day on which it was asked. */
function cloudBillingState({ accounts, skus }: CloudBillingFacts): unknown[] {
  return [
    accounts.map((account) => {
      const linked = account.projects.map(({ projectId, billingEnabled }) => [projectId, billingEnabled]);
      return { ...account, fetchedAt: account.fetchedAt.slice(0, 10), projects: linked };
    }),
    skus.map(({ serviceId, currency, fetchedAt }) => [serviceId, currency, fetchedAt]),
  ];
}
