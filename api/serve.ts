import type { Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { createAdaptorServer } from '@hono/node-server';
import type { Config } from '../core/config/schema.ts';
import { silentEffects, type Effects } from '../core/effects.ts';
import { WorthwhileError } from '../core/errors.ts';
import { runHistory } from '../core/run-record.ts';
import { workspaceAt } from '../core/workspace.ts';
import { createApp } from './app.ts';
import type { RunsAnswer } from './contract/index.ts';
import { isLoopback } from './loopback.ts';
import { openWarehouse } from './warehouse/hub.ts';

export interface ServeOptions {
  port: number;
  host: string;
  /** Folder of the built dashboard; by default where `npm run build` puts it. */
  webRoot?: string;
  /** What the schedule that goes with this server says of itself. */
  schedule?: () => RunsAnswer['schedule'];
}

export interface RunningServer {
  url: string;
  /** Takes no new connections, lets running requests end (10 s at most), and lets go of the data. */
  close: () => Promise<void>;
}

const GRACE_MS = 10_000;
const IDLE_CHECK_MS = 50;

/**
 * Serves API and dashboard on one port, following new generations; before the first build it answers that there is no data yet.
 * Throws PORT_IN_USE.
 */
export async function serve(
  config: Config,
  options: ServeOptions,
  effects: Effects = silentEffects,
): Promise<RunningServer> {
  const warehouse = await openWarehouse(
    {
      workspace: workspaceAt(config.workspace),
      memoryLimit: config.resources.memory,
      threads: config.resources.threads,
      rollups: true,
    },
    effects,
  );
  const app = createApp({
    warehouse,
    decisions: { ...config.decisions, BillingCurrency: config.currency },
    history: runHistory(workspaceAt(config.workspace)),
    ...(options.schedule && { schedule: options.schedule }),
    webRoot: options.webRoot ?? builtDashboard(),
    loopbackOnly: isLoopback(options.host),
    effects,
  });
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  try {
    await listening(server, options);
  } catch (error) {
    await warehouse.close();
    throw error;
  }
  if (!isLoopback(options.host)) {
    effects.warn(`the server listens on ${options.host} with open access: whoever can reach it sees every cost`);
  }
  return {
    url: urlOf(server, options.host),
    close: async () => {
      await drained(server);
      await warehouse.close();
    },
  };
}

function listening(server: Server, { port, host }: ServeOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? portInUse(port, host, error) : error),
    );
    server.listen(port, host, resolve);
  });
}

function drained(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // A connection that answers its last request stays open for the next one; it is closed as soon as it is idle.
    const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
    const impatience = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(impatience);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${shown}:${port}`;
}

function portInUse(port: number, host: string, cause: unknown): WorthwhileError {
  return new WorthwhileError('PORT_IN_USE', `port ${port} is in use`, {
    on: host,
    fix: `stop what listens there, or choose another port: worthwhile serve --port ${port + 1}`,
    cause,
  });
}

/** `dist/web`, seen from this file as source (api/serve.ts) or as built (dist/api/serve.js). */
function builtDashboard(): string {
  const fromHere = import.meta.url.endsWith('.ts') ? '../dist/web' : '../web';
  return fileURLToPath(new URL(fromHere, import.meta.url));
}
