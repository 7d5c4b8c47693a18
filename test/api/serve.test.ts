import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, describe, expect, it } from 'vitest';
import { registerApiCommands } from '../../api/commands.ts';
import { serve } from '../../api/serve.ts';
import type { CommandContext, CommandResult } from '../../core/command.ts';
import { parseConfig } from '../../core/config/load.ts';
import type { Config } from '../../core/config/schema.ts';
import { silentEffects } from '../../core/effects.ts';
import { workspaceAt } from '../../core/workspace.ts';
import { startTestApi } from './client.ts';
import { publishGeneration } from './warehouse.ts';

const folders: string[] = [];
const folder = (): string => {
  folders.push(mkdtempSync(join(tmpdir(), 'worthwhile-serve-test-')));
  return folders.at(-1)!;
};
afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

async function builtConfig(publish = true): Promise<Config> {
  const root = folder();
  const config = parseConfig('sources: [{ name: gcp, kind: focus, files: [x.csv] }]', join(root, 'worthwhile.yaml'));
  if (publish) await publishGeneration(workspaceAt(config.workspace), 1);
  return config;
}

/** Status and content type of an answer to a request with this Host header, which fetch does not let one set. */
function statusFor(url: string, host: string): Promise<[number | undefined, string | undefined]> {
  return new Promise((resolve, reject) => {
    request(`${url}/api/v1/meta`, { headers: { Host: host }, agent: false }, (response) => {
      response.resume().on('end', () => resolve([response.statusCode, response.headers['content-type']]));
    })
      .on('error', reject)
      .end();
  });
}

describe('serving', () => {
  it('answers on a free port of loopback and lets go of it', async () => {
    const server = await serve(await builtConfig(), { port: 0, host: '127.0.0.1' });
    const response = await fetch(`${server.url}/api/v1/meta`);
    await server.close();

    expect(response.status).toBe(200);
    await expect(fetch(`${server.url}/api/v1/meta`)).rejects.toThrow();
  });

  it('on loopback answers to names of this machine, and to no other that resolves to it', async () => {
    const server = await serve(await builtConfig(), { port: 0, host: '127.0.0.1' });
    const own = await Promise.all(
      ['localhost', 'LOCALHOST:1', '127.0.0.1:80', '[::1]:80', '[::1]'].map((host) => statusFor(server.url, host)),
    );
    const foreign = await Promise.all(
      [
        'rebound.example',
        'rebound.example:80',
        'localhost.rebound.example',
        '127.0.0.1.rebound.example',
        '192.168.1.2',
      ].map((host) => statusFor(server.url, host)),
    );
    await server.close();

    expect(own).toEqual(own.map(() => [200, 'application/json']));
    expect(foreign).toEqual(foreign.map(() => [421, 'application/problem+json']));
  });

  it('on other addresses answers to every name', async () => {
    const server = await serve(await builtConfig(), { port: 0, host: '0.0.0.0' });
    const answer = await statusFor(server.url, 'costs.example');
    await server.close();

    expect(answer).toEqual([200, 'application/json']);
  });

  it('lets a running request end before it closes', async () => {
    const server = await serve(await builtConfig(), { port: 0, host: '127.0.0.1' });
    const answer = fetch(`${server.url}/api/v1/chargeback/export?month=2026-08&format=csv`);
    await fetch(`${server.url}/healthz`);
    const [response] = await Promise.all([answer, server.close()]);

    expect((await response.text()).split('\n')).toHaveLength(12);
  });

  it('says when the port is taken and what to do', async () => {
    const taken: Server = createServer();
    await new Promise<void>((resolve) => {
      taken.listen(0, '127.0.0.1', resolve);
    });
    const { port } = taken.address() as AddressInfo;

    await expect(serve(await builtConfig(), { port, host: '127.0.0.1' })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      fix: expect.stringContaining(`--port ${port + 1}`),
    });
    taken.close();
  });

  it('warns when anybody on the network may read', async () => {
    const warnings: string[] = [];
    const server = await serve(
      await builtConfig(),
      { port: 0, host: '0.0.0.0' },
      { ...silentEffects, warn: (text) => warnings.push(text) },
    );
    await server.close();

    expect(warnings.join()).toContain('whoever can reach it');
    expect(server.url).toMatch(/^http:\/\/localhost:\d+$/);
  });

  it('begins without any data and has it once it is built', async () => {
    const config = await builtConfig(false);
    const server = await serve(config, { port: 0, host: '127.0.0.1' });
    const status = async (): Promise<number> => (await fetch(`${server.url}/readyz`)).status;
    const before = await status();
    await publishGeneration(workspaceAt(config.workspace), 1);
    let after = before;
    while (after === 503) after = await status();
    await server.close();

    expect([before, after]).toEqual([503, 200]);
  });
});

describe('the dashboard', () => {
  const page =
    '<!doctype html><script>document.documentElement.dataset.theme = "dark"</script><script src="/assets/app-1a2b.js"></script>';
  const webRoot = (): string => {
    const root = folder();
    mkdirSync(join(root, 'assets'));
    writeFileSync(join(root, 'index.html'), page);
    writeFileSync(join(root, 'assets', 'app-1a2b.js'), 'console.log(1)');
    writeFileSync(join(root, 'favicon.svg'), '<svg/>');
    return root;
  };

  it('is served at the root and for every path of its router, and asked for again each time', async () => {
    const api = await startTestApi({ webRoot: webRoot() });
    const pages = await Promise.all(
      ['/', '/squads/sales%2Fads', '/components/a.b', '/spend?by=squad'].map((path) =>
        api.get(path, { Accept: 'text/html' }),
      ),
    );
    await api.close();

    for (const response of pages) {
      expect(response.status).toBe(200);
      expect(response.headers.get('Cache-Control')).toBe('no-cache');
      expect(await response.text()).toBe(page);
    }
  });

  it('keeps hashed files for ever, has no page for a missing one, and leaves /api to problems', async () => {
    const api = await startTestApi({ webRoot: webRoot() });
    const [asset, icon, missing, unknown] = await Promise.all(
      ['/assets/app-1a2b.js', '/favicon.svg', '/assets/gone.js', '/api/unknown'].map((path) => api.get(path)),
    );
    await api.close();

    expect(asset!.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable');
    expect(asset!.headers.get('Content-Type')).toContain('javascript');
    expect([icon!.status, missing!.status, unknown!.status]).toEqual([200, 404, 404]);
    expect(missing!.headers.get('Cache-Control')).not.toContain('immutable');
    expect(unknown!.headers.get('Content-Type')).toBe('application/problem+json');
  });

  it('allows the inline script it was built with, and no other', async () => {
    const api = await startTestApi({ webRoot: webRoot() });
    const policy = (await api.get('/')).headers.get('Content-Security-Policy')!;
    await api.close();

    expect(policy).toMatch(/script-src 'self' 'sha256-[\w+/=]{44}';/);
    expect(policy.match(/script-src[^;]*/)![0]).not.toContain('unsafe');
  });

  it.each([
    '/../worthwhile.yaml',
    '/..%2fworthwhile.yaml',
    '/assets/..%2f..%2fpackage.json',
    '/%2e%2e/package.json',
    '/assets/%00',
  ])('reads nothing outside its folder at %s', async (path) => {
    const api = await startTestApi({ webRoot: webRoot() });
    const response = await api.get(path);
    const body = await response.text();
    await api.close();

    expect(body === page || response.status === 404).toBe(true);
  });

  it('that has not been built is said so, with the way to the documentation', async () => {
    const api = await startTestApi();
    const response = await api.get('/');
    const body = await response.text();
    await api.close();

    expect(response.status).toBe(503);
    expect(body).toContain('npm run build');
    expect(body).toContain('/api/docs');
  });
});

describe('commands', () => {
  async function run(config: Config, ...args: string[]): Promise<CommandResult | void> {
    let result: CommandResult | void = undefined;
    const context: CommandContext = {
      config: () => config,
      effects: silentEffects,
      json: () => false,
      action:
        (work) =>
        async (...values) => {
          result = await work(...values);
        },
      locked: (_command, work) => work(silentEffects),
      recorded: () => Promise.reject(new Error('nothing here runs')),
      untilStopped: async () => {},
    };
    const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
    registerApiCommands(program, context);
    for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => {} });
    await program.parseAsync(['node', 'worthwhile', ...args]);
    return result;
  }

  it('writes the export where --out says, in the format of its ending', async () => {
    const config = await builtConfig();
    const out = join(folder(), 'books.parquet');
    const result = await run(config, 'export', 'chargeback', '--month', '2026-08', '--out', out);

    expect(result).toMatchObject({
      json: { month: '2026-08', format: 'parquet', path: out },
      text: expect.stringContaining(out),
    });
  });

  it('fails with the next step before the first build, and for a month without charges', async () => {
    const out = join(folder(), 'x.csv');

    await expect(
      run(await builtConfig(false), 'export', 'chargeback', '--month', '2026-08', '--out', out),
    ).rejects.toMatchObject({
      code: 'NOT_BUILT',
      exitCode: 1,
      fix: expect.stringContaining('worthwhile run'),
    });
    await expect(
      run(await builtConfig(), 'export', 'chargeback', '--month', '2020-01', '--out', out),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
      fix: expect.stringContaining('2026-09'),
    });
  });

  it('says in its help what a month without charges does', async () => {
    const written: string[] = [];
    const program = new Command();
    registerApiCommands(program, { action: () => async () => {} } as unknown as CommandContext);
    const command = program.commands.find((one) => one.name() === 'export')!.commands[0]!;
    command.configureOutput({ writeOut: (text) => void written.push(text) }).outputHelp();

    expect(written.join('')).toContain('exits 1, naming the months');
  });

  it('refuses a month, a format or a port that is none', async () => {
    const config = await builtConfig();

    await expect(run(config, 'export', 'chargeback', '--month', '2026-8')).rejects.toThrow(/month/);
    await expect(run(config, 'export', 'chargeback', '--month', '2026-08', '--format', 'pdf')).rejects.toThrow(
      /csv, json, parquet, xlsx/,
    );
    await expect(run(config, 'serve', '--port', '99999')).rejects.toThrow(/port/);
  });
});
