import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomFrom } from '../../../fixtures/random.ts';
import { readHeads } from '../../../core/lake.ts';
import { workspaceAt } from '../../../core/workspace.ts';
import { ingest } from '../../../ingest/ingest.ts';
import { soundManifest } from '../../../ingest/lake.ts';
import { effectsAt } from '../conformance/world.ts';
import type { RequestSort } from '../stand-in/faults.ts';
import { startStandIn, type StandIn } from '../stand-in/server.ts';
import { NOTHING_STRAY, pulledTable } from './pulled-table.ts';

const POINTS = 20;
/** A partition's pages make the middle of a run, where most of the time goes. */
const DAYS = 4;

let standIn: StandIn;
beforeAll(async () => {
  standIn = await startStandIn();
});
afterAll(() => standIn.close());

describe('kill -9', () => {
  it('at twenty random points of a pull loses nothing and lands nothing twice', async () => {
    const phases = new Set<RequestSort>();
    const landedAtDeath: number[] = [];
    const requests = await requestsOfOneRun();
    const random = randomFrom(20_260_701);
    let next = readyChild();
    for (let point = 0; point < POINTS; point++) {
      // One kill in every stretch of the run, at a random place of it; the last ones after the last answer.
      const at = 1 + Math.min(requests - 1, Math.floor(((point + random.next()) / POINTS) * (requests + 1)));
      const child = await next;
      next = point < POINTS - 1 ? readyChild() : next;
      // Files are written and landed after the answers, so the last kills wait longer.
      const reach = point < POINTS * 0.6 ? 12 : 120;
      const death = await killedAt(child, at, Math.floor(random.next() * reach));
      phases.add(death.phase);
      landedAtDeath.push(death.landed);
    }
    expect(phases.size).toBeGreaterThanOrEqual(3);
    expect(landedAtDeath).toContain(0);
    expect(landedAtDeath.some((landed) => landed > 0)).toBe(true);
  }, 180_000);
});

/** How many requests an undisturbed run makes. */
async function requestsOfOneRun(): Promise<number> {
  const table = await pulledTable(standIn, { days: DAYS, rowsPerDay: 30 });
  slow(() => {});
  await ingest(table.config, {}, effectsAt());
  const { length } = standIn.requests;
  expect(await table.strays()).toEqual(NOTHING_STRAY);
  table.remove();
  return length;
}

/** Kills the run `delay` ms after its request number `at` has come in, runs again, and holds the lake against the source. */
async function killedAt(
  child: ChildProcess,
  at: number,
  delay: number,
): Promise<{ phase: RequestSort; landed: number }> {
  const table = await pulledTable(standIn, { days: DAYS, rowsPerDay: 30 });
  const workspace = workspaceAt(table.config.workspace);
  let phase: RequestSort = 'table';
  let seen = 0;
  slow((sort) => {
    if (++seen !== at) return;
    phase = sort;
    void pause(delay).then(() => child.kill('SIGKILL'));
  });
  child.once('message', () => child.kill('SIGKILL'));
  child.send(table.configPath);
  await once(child, 'exit');
  const landed = table.batches().filter((batch) => soundManifest(workspace, 'gcp', batch) !== null);
  const heads = Object.keys(readHeads(workspace, 'gcp')?.partitions ?? {}).length;
  expect([0, DAYS]).toContain(heads);

  slow(() => {});
  await ingest(table.config, {}, effectsAt());
  const where = { at, delay, phase, landed: landed.length };
  expect({ ...where, ...(await table.strays()) }).toEqual({ ...where, ...NOTHING_STRAY });
  expect({ ...where, pulls: standIn.count('pull') }).toEqual({ ...where, pulls: DAYS - landed.length });
  table.remove();
  return { phase, landed: landed.length };
}

/** A server that takes a few milliseconds for everything, so that a run has a middle. */
function slow(onRequest: (sort: RequestSort) => void): void {
  standIn.reset();
  standIn.settings.pageRows = 10;
  standIn.faults.add({ on: 'any', times: Infinity, effect: { kind: 'delay', milliseconds: 6 } });
  standIn.settings.onRequest = ({ sort }) => onRequest(sort);
}

/** A child that has imported everything and waits: its start takes longer than its run. */
async function readyChild(): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'pull-on-request.ts'), {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, TZ: 'UTC' },
  });
  await once(child, 'message');
  return child;
}
