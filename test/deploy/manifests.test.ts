import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { Cron } from 'croner';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { registerApiCommands } from '../../api/commands.ts';
import { registerRunCommand } from '../../cli/run.ts';
import { createProgram } from '../../cli/program.ts';
import type { CommandContext } from '../../core/command.ts';
import { parseConfig } from '../../core/config/load.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (name: string): string => readFileSync(join(root, 'deploy', name), 'utf8');

/** The command line as far as the templates use it, parsed and not acted on: the name of the command and its options. */
async function understood(args: string[]): Promise<{ command: string; options: Record<string, unknown> }> {
  let said: { command: string; options: Record<string, unknown> } | undefined;
  const program = createProgram({ out: () => {}, err: () => {}, interactive: false, columns: 80, colour: false });
  const context = {
    action: () => async (options: Record<string, unknown>, command: Command) => {
      said = { command: command.name(), options };
    },
  } as unknown as CommandContext;
  registerApiCommands(program, context);
  registerRunCommand(program, context);
  for (const command of program.commands) command.exitOverride();
  await program.parseAsync(args, { from: 'user' });
  return said!;
}

const words = (line: string): string[] => line.trim().split(/\s+/);
/** What stands after the script on a line that runs it. */
const argsOn = (line: string): string[] => {
  const parts = words(line.replace(/\s*>\S+$/, ''));
  const script = parts.findIndex((part) => part.endsWith('/bin/worthwhile.cjs'));
  expect(parts[script - 1]).toBe('/usr/bin/node');
  return parts.slice(script + 1);
};
const SCHEDULED_RUN = { command: 'run', options: { trigger: 'schedule' } };

const isTimezone = (name: string): boolean => Intl.supportedValuesOf('timeZone').includes(name);

it('every template is looked at here', () => {
  expect(readdirSync(join(root, 'deploy')).sort()).toEqual([
    'Containerfile',
    'cloud-run-job.yaml',
    'crontab',
    'kubernetes.yaml',
    'worthwhile-run.service',
    'worthwhile-run.timer',
    'worthwhile-serve.service',
  ]);
});

describe('the crontab', () => {
  const lines = read('crontab')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const settings = Object.fromEntries(lines.flatMap((line) => (/^[A-Z_]+=/.test(line) ? [line.split('=')] : [])));

  it('runs once a day at a time and on a clock that exist, as a scheduled run', async () => {
    const [job, ...others] = lines.filter((line) => !/^[A-Z_]+=/.test(line));
    const times = new Cron(words(job!).slice(0, 5).join(' '), {
      mode: '5-part',
      paused: true,
      timezone: settings['CRON_TZ'],
    });

    expect(others).toEqual([]);
    expect(isTimezone(settings['CRON_TZ'])).toBe(true);
    expect(times.nextRuns(2, '2026-10-01T00:00:00Z').map((at) => at.toISOString())).toEqual([
      '2026-10-01T04:00:00.000Z',
      '2026-10-02T04:00:00.000Z',
    ]);
    expect(words(job!)[5]).toBe('worthwhile');
    expect(await understood(argsOn(job!))).toMatchObject(SCHEDULED_RUN);
  });
});

describe('the systemd units', () => {
  const KNOWN: Record<string, string[]> = {
    Unit: ['Description', 'Wants', 'After'],
    Service: [
      'Type',
      'User',
      'StateDirectory',
      'WorkingDirectory',
      'ExecStart',
      'SuccessExitStatus',
      'TimeoutStopSec',
      'TimeoutStartSec',
      'Nice',
      'NoNewPrivileges',
      'PrivateTmp',
      'ProtectSystem',
      'ProtectHome',
      'Restart',
      'RestartSec',
    ],
    Timer: ['OnCalendar', 'Persistent', 'RandomizedDelaySec'],
    Install: ['WantedBy'],
  };
  const unit = (name: string): Record<string, Record<string, string>> => {
    const sections: Record<string, Record<string, string>> = {};
    let section = '';
    for (const line of read(name).split('\n')) {
      if (line === '' || line.startsWith('#')) continue;
      const header = /^\[(\w+)\]$/.exec(line);
      const [, key, value] = /^(\w+)=(.+)$/.exec(line) ?? [];
      if (header) sections[(section = header[1]!)] = {};
      else sections[section]![key ?? `not a setting: ${line}`] = value ?? '';
    }
    return sections;
  };

  it.each(['worthwhile-run.service', 'worthwhile-run.timer', 'worthwhile-serve.service'])(
    '%s has known keys only',
    (name) => {
      for (const [section, settings] of Object.entries(unit(name))) {
        expect(
          Object.keys(settings).filter((key) => !KNOWN[section]?.includes(key)),
          section,
        ).toEqual([]);
      }
    },
  );

  it('run as a scheduled run for which exit code 3 is no failure, and serve', async () => {
    const run = unit('worthwhile-run.service')['Service']!;
    const serve = unit('worthwhile-serve.service')['Service']!;

    expect(await understood(argsOn(run['ExecStart']!))).toMatchObject(SCHEDULED_RUN);
    expect([run['Type'], run['SuccessExitStatus']]).toEqual(['oneshot', '3']);
    expect((await understood(argsOn(serve['ExecStart']!))).command).toBe('serve');
  });

  it('have a timer with a day, a time and a time zone that exist, which makes up for what was missed', () => {
    const timer = unit('worthwhile-run.timer')['Timer']!;
    const [, timezone] = /^\*-\*-\* ([01]\d|2[0-3]):[0-5]\d:00 (\S+)$/.exec(timer['OnCalendar']!)?.slice(1) ?? [];

    expect(isTimezone(timezone!)).toBe(true);
    expect(timer['Persistent']).toBe('true');
  });
});

interface Manifest {
  kind: string;
  metadata: { name: string };
  data?: Record<string, string>;
  spec: Record<string, never>;
}

function manifests(name: string): Manifest[] {
  return parseAllDocuments(read(name)).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Manifest;
  });
}
/** Every value under this key, wherever it stands. */
function valuesOf(key: string, value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => [...(name === key ? [part] : []), ...valuesOf(key, part)]);
}

describe('the Kubernetes manifest', () => {
  const all = manifests('kubernetes.yaml');
  const one = (kind: string): Manifest => all.find((manifest) => manifest.kind === kind)!;

  it('holds server, service, volume, configuration and the job', () => {
    const kinds = ['ConfigMap', 'ServiceAccount', 'PersistentVolumeClaim', 'Deployment', 'Service', 'CronJob'];
    expect(all.map(({ kind }) => kind)).toEqual(kinds);
  });

  it('runs at a time that exists, never two at once, on the node that has the volume', async () => {
    const { spec } = one('CronJob') as unknown as {
      spec: { schedule: string; timeZone: string; concurrencyPolicy: string };
    };
    const [args] = valuesOf('args', spec) as string[][];

    expect(new Cron(spec.schedule, { mode: '5-part', paused: true, timezone: spec.timeZone }).nextRun()).not.toBeNull();
    expect([isTimezone(spec.timeZone), spec.concurrencyPolicy]).toEqual([true, 'Forbid']);
    expect(await understood(args!)).toMatchObject(SCHEDULED_RUN);
    expect(valuesOf('podAffinity', spec)).toHaveLength(1);
    expect(valuesOf('labelSelector', spec)).toEqual([(one('Deployment').spec as Record<string, unknown>)['selector']]);
  });

  it('serves where the service looks for it', async () => {
    const [args] = valuesOf('args', one('Deployment')) as string[][];

    expect(await understood(args!)).toMatchObject({ command: 'serve', options: { host: '0.0.0.0', port: 4000 } });
    expect(valuesOf('containerPort', one('Deployment'))).toEqual([4000]);
    expect(valuesOf('selector', one('Service'))).toEqual(valuesOf('matchLabels', one('Deployment')));
  });

  it('mounts only volumes that it declares, as nobody in particular', () => {
    for (const { kind, spec } of [one('Deployment'), one('CronJob')]) {
      const declared = (valuesOf('volumes', spec) as { name: string }[][]).flat().map(({ name }) => name);
      const mounted = (valuesOf('volumeMounts', spec) as { name: string }[][]).flat().map(({ name }) => name);
      expect(mounted.toSorted(), kind).toEqual(declared.toSorted());
      expect(valuesOf('runAsNonRoot', spec), kind).toEqual([true]);
      expect(valuesOf('claimName', spec), kind).toEqual([one('PersistentVolumeClaim').metadata.name]);
    }
  });

  it('carries a configuration that loads', () => {
    const config = parseConfig(one('ConfigMap').data!['worthwhile.yaml']!, '/config/worthwhile.yaml');
    expect(config.workspace).toBe('/data');
  });
});

describe('the Cloud Run job', () => {
  it('is one task that is not tried again, with the workspace on a share, as a scheduled run', async () => {
    const [job, ...others] = manifests('cloud-run-job.yaml');
    const [args] = valuesOf('args', job) as string[][];

    expect(others).toEqual([]);
    expect(job!.kind).toBe('Job');
    expect([valuesOf('parallelism', job), valuesOf('taskCount', job), valuesOf('maxRetries', job)]).toEqual([
      [1],
      [1],
      [0],
    ]);
    expect(valuesOf('nfs', job)).toHaveLength(1);
    expect(await understood(args!)).toMatchObject(SCHEDULED_RUN);
  });
});

describe('the Containerfile', () => {
  const steps = read('Containerfile')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => [words(line)[0]!, line.slice(line.indexOf(' ') + 1)] as const);
  const argumentsOf = (name: string): string[] => steps.filter(([step]) => step === name).map(([, text]) => text);

  it('builds in one stage of node:20-slim and keeps only what runs in another', () => {
    expect(argumentsOf('FROM')).toEqual(['node:20-slim AS build', 'node:20-slim']);
    const copied = argumentsOf('COPY').flatMap((text) =>
      text.startsWith('--from=build') ? words(text).slice(1, -1) : [],
    );
    const made = new Set(['dist', 'node_modules']);
    const known = new Set(readdirSync(root));
    for (const path of copied.map((text) => text.replace('/build/', '')))
      expect(known.has(path) || made.has(path), path).toBe(true);
  });

  it('runs as the user node, serves by default, and is asked for its health', async () => {
    expect(argumentsOf('USER')).toEqual(['node']);
    expect(JSON.parse(argumentsOf('ENTRYPOINT')[0]!)).toEqual(['node', '/app/bin/worthwhile.cjs']);
    expect(await understood(JSON.parse(argumentsOf('CMD')[0]!) as string[])).toMatchObject({ command: 'serve' });
    expect(argumentsOf('HEALTHCHECK')[0]).toContain('/healthz');
  });

  it('fetches nothing but npm packages', () => {
    expect(argumentsOf('RUN').join('\n')).not.toMatch(/curl|wget|apt|git |https?:/);
  });
});
