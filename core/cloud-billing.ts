import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { checkedJson } from './checked-json.ts';
import type { Config } from './config/schema.ts';
import { WorthwhileError } from './errors.ts';
import type { Workspace } from './workspace.ts';

const linkedProject = z.object({
  projectId: z.string(),
  /** False while billing is switched off for the project, and for every project of a closed account. */
  billingEnabled: z.boolean(),
  /** The first and the last run that found the project linked to the account; ISO instants. */
  firstLinkedAt: z.string(),
  lastLinkedAt: z.string(),
});

/** What the Cloud Billing API last said of one billing account (`cloud-billing/accounts/<accountId>.json`). */
export const billingAccountSnapshot = z.object({
  version: z.literal(1),
  accountId: z.string(),
  fetchedAt: z.string(),
  displayName: z.string(),
  open: z.boolean(),
  /** ISO 4217; null where the API does not say it. */
  currency: z.string().nullable(),
  /** Linked now. */
  projects: z.array(linkedProject),
  /** Linked when an earlier run looked, and no longer. */
  formerProjects: z.array(linkedProject),
});
export type BillingAccountSnapshot = z.infer<typeof billingAccountSnapshot>;
export type LinkedProject = z.infer<typeof linkedProject>;

const catalogSku = z.object({
  skuId: z.string(),
  description: z.string(),
  resourceFamily: z.string(),
  resourceGroup: z.string(),
  usageType: z.string(),
  /** `GLOBAL`, `REGIONAL` or `MULTI_REGIONAL`; null where the API does not say it. */
  geoType: z.string().nullable(),
  regions: z.array(z.string()),
  usageUnit: z.string(),
  usageUnitDescription: z.string(),
  effectiveAt: z.string().nullable(),
  /** Price of one `usageUnit` from `startUsageAmount` units a month on; exact decimals. */
  tiers: z.array(z.object({ startUsageAmount: z.string(), unitPrice: z.string() })),
});

/** Public list prices of one service in one currency (`cloud-billing/skus/<currency>/<serviceId>.json`). */
export const serviceSkus = z.object({
  version: z.literal(1),
  serviceId: z.string(),
  serviceName: z.string(),
  currency: z.string(),
  fetchedAt: z.string(),
  skus: z.array(catalogSku),
});
export type ServiceSkus = z.infer<typeof serviceSkus>;
export type CatalogSku = z.infer<typeof catalogSku>;

/** What the model reads of Cloud Billing: nothing of accounts that the configuration no longer names. */
export interface CloudBillingFacts {
  accounts: BillingAccountSnapshot[];
  skus: ServiceSkus[];
}

/** The stored snapshots that the configuration asks for, by account and by service; empty where it asks for none. */
export function cloudBillingFacts(config: Config, workspace: Workspace): CloudBillingFacts {
  const { cloudBilling } = config;
  if (!cloudBilling) return { accounts: [], skus: [] };
  const accounts = cloudBilling.accounts.flatMap((id) => readAccount(workspace, id) ?? []);
  return { accounts, skus: wantsSkuCatalog(config) ? storedSkus(workspace, accounts) : [] };
}

/** Whether list prices come from the public catalog: a pricing export says the same and the contract's prices besides. */
export function wantsSkuCatalog({ cloudBilling, sources }: Config): boolean {
  return (cloudBilling?.skuCatalog ?? false) && !sources.some(({ kind }) => kind === 'gcp-pricing');
}

export function accountFile(workspace: Workspace, accountId: string): string {
  return join(workspace.cloudBilling, 'accounts', `${accountId}.json`);
}

export function skusFile(
  workspace: Workspace,
  { currency, serviceId }: { currency: string; serviceId: string },
): string {
  return join(workspace.cloudBilling, 'skus', currency, `${serviceId}.json`);
}

/** Currencies in which list prices are asked for: those of the accounts, or US dollars while none is known. */
export function priceCurrencies(accounts: BillingAccountSnapshot[]): string[] {
  const known = accounts.flatMap(({ currency }) => currency ?? []);
  return known.length > 0 ? [...new Set(known)].sort() : ['USD'];
}

/** What is stored of one account; null where it was never read. Throws LAKE_CORRUPT naming the file. */
export function readAccount(workspace: Workspace, accountId: string): BillingAccountSnapshot | null {
  return readSnapshot(accountFile(workspace, accountId), billingAccountSnapshot);
}

/** What is stored of one service's list prices; null where they were never read. Throws LAKE_CORRUPT naming the file. */
export function readSkus(workspace: Workspace, key: { currency: string; serviceId: string }): ServiceSkus | null {
  return readSnapshot(skusFile(workspace, key), serviceSkus);
}

function storedSkus(workspace: Workspace, accounts: BillingAccountSnapshot[]): ServiceSkus[] {
  return priceCurrencies(accounts).flatMap((currency) => {
    const folder = join(workspace.cloudBilling, 'skus', currency);
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => /^[^.].*\.json$/.test(name)) : [];
    return names.sort().flatMap((name) => readSnapshot(join(folder, name), serviceSkus) ?? []);
  });
}

function readSnapshot<Schema extends z.ZodType>(path: string, schema: Schema): z.output<Schema> | null {
  if (!existsSync(path)) return null;
  const snapshot = checkedJson(schema, readFileSync(path, 'utf8'));
  if (snapshot !== null) return snapshot;
  throw new WorthwhileError('LAKE_CORRUPT', 'a stored answer of Cloud Billing cannot be read', {
    on: path,
    fix: 'delete the file and run `worthwhile run`; it is asked for again',
  });
}
