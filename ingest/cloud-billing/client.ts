import { setTimeout } from 'node:timers/promises';
import type { CloudBillingClient, CloudCatalogClient } from '@google-cloud/billing';
import type { CatalogSku } from '../../core/cloud-billing.ts';
import { DEADLINE_EXCEEDED, isPassing } from './faults.ts';
import { catalogSkuOf, type ApiSku } from './sku-prices.ts';

/** The reading half of the Cloud Billing API, as far as it is used. Nothing here can change an account or a project. */
export interface CloudBillingApi {
  account: (accountId: string) => Promise<{ displayName: string; open: boolean; currency: string | null }>;
  /** Every project that is linked to the account now. */
  projects: (accountId: string) => Promise<{ projectId: string; billingEnabled: boolean }[]>;
  /** Names of all services of the public price list, by id. */
  services: () => Promise<Map<string, string>>;
  skus: (serviceId: string, currency: string) => Promise<CatalogSku[]>;
  close: () => Promise<void>;
}

/** How a call that fails in passing is tried again: after each of these waits, each try for so long. */
export interface Patience {
  delaysMs: number[];
  timeoutMs: number;
}

export const USUAL_PATIENCE: Patience = { delaysMs: [500, 2_000, 8_000], timeoutMs: 30_000 };

/** The API's own upper bounds. */
const PROJECTS_A_PAGE = 100;
const SKUS_A_PAGE = 5000;
const NO_BACKOFF = { initialRetryDelayMillis: 0, retryDelayMultiplier: 1, maxRetryDelayMillis: 0 };

/**
 * Opens the API with Application Default Credentials, over HTTP/1.1 so that proxies let it pass. With `apiEndpoint` it is called
 * there without credentials.
 */
export async function openCloudBilling(
  apiEndpoint: string | null,
  patience: Patience = USUAL_PATIENCE,
): Promise<CloudBillingApi> {
  const { CloudBillingClient, CloudCatalogClient } = await import('@google-cloud/billing');
  const options = clientOptions(apiEndpoint);
  const accounts: CloudBillingClient = new CloudBillingClient(options);
  const catalog: CloudCatalogClient = new CloudCatalogClient(options);
  // The client's own retries know nothing of connections that break, and go on for ten minutes.
  const call = { timeout: patience.timeoutMs, retry: { retryCodes: [], backoffSettings: NO_BACKOFF } };
  const page = { ...call, autoPaginate: false };
  return {
    account: async (accountId) => {
      const request = { name: `billingAccounts/${accountId}` };
      const [found] = await patiently(patience, () => accounts.getBillingAccount(request, call));
      const { displayName, open, currencyCode } = found;
      return { displayName: displayName ?? '', open: open ?? false, currency: currencyCode || null };
    },
    projects: async (accountId) => {
      const items = await allPages(async (pageToken) => {
        const request = { name: `billingAccounts/${accountId}`, pageSize: PROJECTS_A_PAGE, pageToken };
        const [projects, , raw] = await patiently(patience, () => accounts.listProjectBillingInfo(request, page));
        return { items: projects, nextPageToken: raw.nextPageToken };
      });
      return items.map(({ projectId, billingEnabled }) => ({
        projectId: projectId ?? '',
        billingEnabled: billingEnabled ?? false,
      }));
    },
    services: async () => {
      const items = await allPages(async (pageToken) => {
        const request = { pageSize: SKUS_A_PAGE, pageToken };
        const [services, , raw] = await patiently(patience, () => catalog.listServices(request, page));
        return { items: services, nextPageToken: raw.nextPageToken };
      });
      return new Map(items.map(({ serviceId, displayName }) => [serviceId ?? '', displayName ?? '']));
    },
    skus: async (serviceId, currency) => {
      const items = await allPages(async (pageToken) => {
        const request = { parent: `services/${serviceId}`, currencyCode: currency, pageSize: SKUS_A_PAGE, pageToken };
        const [skus, , raw] = await patiently(patience, () => catalog.listSkus(request, page));
        return { items: skus, nextPageToken: raw.nextPageToken };
      });
      return items.map((sku) => catalogSkuOf(sku as ApiSku));
    },
    close: async () => {
      await Promise.all([accounts.close(), catalog.close()]);
    },
  };
}

/** All items of a list; a page that fails fails the whole list, so that no part of it is ever taken for all. */
async function allPages<Item>(
  read: (pageToken: string) => Promise<{ items: Item[]; nextPageToken?: string | null | undefined }>,
): Promise<Item[]> {
  const items: Item[] = [];
  for (let token: string | null = ''; token !== null;) {
    const { items: more, nextPageToken } = await read(token);
    items.push(...more);
    token = nextPageToken || null;
  }
  return items;
}

async function patiently<Answer>({ delaysMs, timeoutMs }: Patience, call: () => Promise<Answer>): Promise<Answer> {
  for (const delay of delaysMs) {
    try {
      return await withTimeout(timeoutMs, call);
    } catch (error) {
      if (!isPassing(error)) throw error;
      await setTimeout(delay);
    }
  }
  return withTimeout(timeoutMs, call);
}

/** The client's own time limit ends a call that has begun to answer, not one that never does. */
async function withTimeout<Answer>(timeoutMs: number, call: () => Promise<Answer>): Promise<Answer> {
  const ended = new AbortController();
  const limit = setTimeout(timeoutMs, null, { signal: ended.signal }).then(() => {
    throw Object.assign(new Error(`no answer in ${timeoutMs / 1000} s`), { code: DEADLINE_EXCEEDED });
  });
  limit.catch(() => {}); // aborted when the call is done first
  try {
    return await Promise.race([call(), limit]);
  } finally {
    ended.abort();
  }
}

type ClientOptions = ConstructorParameters<typeof CloudBillingClient>[0];

function clientOptions(apiEndpoint: string | null): ClientOptions {
  if (apiEndpoint === null) {
    return { fallback: true, scopes: ['https://www.googleapis.com/auth/cloud-billing.readonly'] };
  }
  const { protocol, hostname, port } = new URL(apiEndpoint);
  const secure = protocol === 'https:';
  return {
    fallback: true,
    apiEndpoint: hostname,
    port: Number(port) || (secure ? 443 : 80),
    protocol: secure ? 'https' : 'http',
    auth: withoutCredentials,
  } as unknown as ClientOptions;
}

/** What the client asks of Google's authentication; without it, it would look for credentials on this machine. */
const withoutCredentials = {
  getClient: async () => ({}),
  getUniverseDomain: async () => 'googleapis.com',
  getProjectId: async () => '',
  fetch: (url: string, options: RequestInit) => fetch(url, options),
};
