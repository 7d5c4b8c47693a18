import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordRun } from '../../cli/recorded-run.ts';
import { withoutSecrets } from '../../cli/secrets.ts';
import type { Effects } from '../../core/effects.ts';
import { WorthwhileError } from '../../core/errors.ts';
import { withWorkspaceLock } from '../../core/lock.ts';
import { runHistory, type RunRecord } from '../../core/run-record.ts';
import { workspaceAt, type Workspace } from '../../core/workspace.ts';

const RUN = { command: 'run', trigger: 'schedule' } as const;
const SOURCE = {
  name: 'gcp',
  kind: 'gcp-billing-detailed',
  rows: 10,
  bytes: 400,
  landed: 1,
  replaced: 0,
  unchanged: 2,
  missing: 0,
  pulled: null,
};

let workspace: Workspace;
let clock: number;
let warnings: string[];
let effects: Effects;
beforeEach(() => {
  workspace = workspaceAt(mkdtempSync(join(tmpdir(), 'worthwhile-recorded-')));
  clock = Date.parse('2026-10-01T06:00:00.000Z');
  warnings = [];
  effects = { now: () => new Date(clock), progress: () => {}, warn: (message) => void warnings.push(message) };
});
afterEach(() => rmSync(workspace.root, { recursive: true }));

const latest = (): RunRecord => runHistory(workspace).list()[0]!;
const stored = (): RunRecord =>
  JSON.parse(readFileSync(join(workspace.runs, readdirSync(workspace.runs)[0]!), 'utf8')) as RunRecord;

describe('a recorded run', () => {
  it('is there while it goes on, with what is done so far and where it is', async () => {
    await withWorkspaceLock(
      workspace,
      'run',
      (held) =>
        recordRun(
          workspace,
          RUN,
          async (heard, notes) => {
            expect(latest()).toMatchObject({ outcome: 'running', endedAt: null, step: null, sources: [] });
            notes.source(SOURCE);
            expect(latest()).toMatchObject({ outcome: 'running', sources: [{ name: 'gcp', rows: 10 }] });
            clock += 3_000;
            heard.progress({ step: 'compaction', fraction: 0.25 });
            expect(latest()).toMatchObject({ step: { name: 'compaction', fraction: 0.25 } });
            return { skipped: [] };
          },
          held,
        ),
      effects,
    );
    expect(latest()).toMatchObject({ outcome: 'done', exitCode: 0, step: null, endedAt: '2026-10-01T06:00:03.000Z' });
  });

  it('is not written for every turn of the progress bar', async () => {
    await recordRun(
      workspace,
      RUN,
      async (heard) => {
        heard.progress({ step: 'compaction', fraction: 0.1 });
        clock += 1_999;
        heard.progress({ step: 'compaction', fraction: 0.2 });
        expect(stored().step).toBeNull();
        return { skipped: [] };
      },
      effects,
    );
  });

  it('that skipped something says what and why, and ends as 3', async () => {
    const skipped = [{ what: 'pool "kafka"', why: 'not in this version' }];
    await recordRun(workspace, RUN, async () => ({ skipped }), effects);
    expect(latest()).toMatchObject({ outcome: 'skipped', exitCode: 3, skipped });
  });

  it('that failed says what failed, on what and the next step, and keeps what was done before', async () => {
    const failure = new WorthwhileError('CHECK_FAILED', 'a check does not hold', { on: 'int_x', fix: 'report it' });
    const run = recordRun(
      workspace,
      RUN,
      async (heard, notes) => {
        notes.source(SOURCE);
        heard.warn('one partition is gone');
        heard.progress({ step: 'checks', fraction: 0.9 });
        throw failure;
      },
      effects,
    );
    await expect(run).rejects.toBe(failure);
    expect(latest()).toMatchObject({
      outcome: 'failed',
      exitCode: 1,
      error: { code: 'CHECK_FAILED', reason: 'a check does not hold', on: 'int_x', next: 'report it' },
      step: { name: 'checks' },
      sources: [{ name: 'gcp' }],
      warnings: ['one partition is gone'],
    });
    expect(warnings).toEqual(['one partition is gone']);
  });

  it('keeps no credential that a library wrote into its message', async () => {
    const run = recordRun(
      workspace,
      RUN,
      async () => {
        throw new Error('401 for https://u:hunter22@catalog.example/x?access_token=abc123 with Bearer abcdefgh12345');
      },
      effects,
    );
    await expect(run).rejects.toThrow('401');
    const text = JSON.stringify(stored());
    expect(text).toContain('catalog.example');
    expect(text).not.toMatch(/hunter22|abc123|abcdefgh12345/);
  });

  it('keeps none in what was skipped or on what it failed, either', async () => {
    const skipped = [{ what: 'catalog of https://u:hunter22@catalog.example', why: '401 with Bearer abcdefgh12345' }];
    await recordRun(workspace, RUN, async () => ({ skipped }), effects);
    expect(JSON.stringify(stored())).not.toMatch(/hunter22|abcdefgh12345/);
    clock += 1_000;
    const failed = async (): Promise<never> => {
      throw new WorthwhileError('SOURCE_FORBIDDEN', 'refused', { on: 'https://u:hunter22@catalog.example' });
    };
    await expect(recordRun(workspace, RUN, failed, effects)).rejects.toThrow('refused');
    expect(latest()).toMatchObject({ error: { on: 'https://u:(hidden)@catalog.example' } });
  });

  it('goes on where its record cannot be written any more, and says so once', async () => {
    const result = await recordRun(
      workspace,
      RUN,
      async (_heard, notes) => {
        rmSync(workspace.runs, { recursive: true });
        writeFileSync(workspace.runs, 'no folder any more');
        notes.source(SOURCE);
        notes.source(SOURCE);
        return { skipped: [] };
      },
      effects,
    );
    expect(result).toEqual({ skipped: [] });
    expect(warnings).toEqual([expect.stringMatching(/run history could not be written/)]);
  });
});

describe('what is kept of an error', () => {
  it.each([
    ['Authorization: Bearer ya29.A0ARrdaM-secret', 'ya29'],
    ['https://storage.example/x?X-Goog-Signature=0011aabb&a=1', '0011aabb'],
    ['token eyJhbGciOi.eyJzdWIi.c2ln was refused', 'eyJhbGciOi'],
    ['-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----', 'MIIE'],
  ])('hides the credential in %j', (text, secret) => {
    expect(withoutSecrets(text)).not.toContain(secret);
    expect(withoutSecrets(text)).toContain('(hidden)');
  });

  it('leaves what is none as it is', () => {
    const text =
      "the token's environment variable WORTHWHILE_TOKEN is not set; see https://backstage.example/docs?page=2";
    expect(withoutSecrets(text)).toBe(text);
  });
});
