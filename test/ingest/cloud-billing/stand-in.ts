import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface StandInAccount {
  displayName: string;
  open: boolean;
  currencyCode: string;
  /** By project id, whether billing is on. */
  projects: Record<string, boolean>;
}

/** A fault for the next requests to paths that contain `path`: a status with Google's error body, or one of its own. */
export interface Fault {
  path: string;
  status: number;
  times: number;
  body?: string;
}

/** What stands for Google's side; a test changes it between runs. */
export interface StandIn {
  url: string;
  accounts: Record<string, StandInAccount>;
  /** SKUs in the API's own JSON, by service id. */
  skus: Record<string, object[]>;
  services: Record<string, string>;
  faults: Fault[];
  /** `METHOD path` of every request, with the page token where there is one. */
  requests: string[];
  stop: () => Promise<void>;
}

const STATUS: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  503: 'UNAVAILABLE',
};

const PAGE = 2;

/** Cloud Billing's REST face on 127.0.0.1, as far as it is read; pages hold two items. It refuses whatever is not a GET. */
export async function startStandIn(): Promise<StandIn> {
  const server = createServer((request, response) => answer(standIn, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  const standIn: StandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accounts: {},
    skus: {},
    services: {},
    faults: [],
    requests: [],
    stop,
  };
  onTestFinished(stop);
  return standIn;
}

function answer(standIn: StandIn, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url!, standIn.url);
  const token = searchParams.get('pageToken');
  standIn.requests.push(`${request.method} ${pathname}${token ? ` page ${token}` : ''}`);
  if (request.method !== 'GET') return fail(response, 400);
  const fault = standIn.faults.find(({ path, times }) => times > 0 && `${pathname} ${token}`.includes(path));
  if (fault) {
    fault.times -= 1;
    return fail(response, fault.status, fault.body);
  }
  const [, , collection, id, list] = pathname.split('/');
  if (collection === 'services' && id === undefined) {
    const services = Object.entries(standIn.services).map(([serviceId, displayName]) => ({ serviceId, displayName }));
    return page(response, 'services', services, token);
  }
  if (collection === 'services') return page(response, 'skus', standIn.skus[id!] ?? [], token);
  const account = standIn.accounts[id!];
  if (!account) return fail(response, 404);
  const { projects, ...facts } = account;
  if (list !== 'projects') return send(response, { name: `billingAccounts/${id}`, ...facts });
  const items = Object.entries(projects).map(([projectId, billingEnabled]) => ({
    name: `projects/${projectId}/billingInfo`,
    projectId,
    billingAccountName: `billingAccounts/${id}`,
    billingEnabled,
  }));
  page(response, 'projectBillingInfo', items, token);
}

function page(response: ServerResponse, name: string, items: object[], token: string | null): void {
  const from = Number(token ?? 0);
  const next = from + PAGE < items.length ? { nextPageToken: String(from + PAGE) } : {};
  send(response, { [name]: items.slice(from, from + PAGE), ...next });
}

function send(response: ServerResponse, body: object): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
}

function fail(response: ServerResponse, status: number, body?: string): void {
  response.statusCode = status;
  response.setHeader('content-type', body ? 'text/html' : 'application/json');
  response.end(body ?? JSON.stringify({ error: { code: status, message: `said ${status}`, status: STATUS[status] } }));
}
