import { mkdirSync, statfsSync } from 'node:fs';
import { version as duckdbVersion } from '@duckdb/node-api';
import type { Config } from '../../core/config/schema.ts';
import type { Effects } from '../../core/effects.ts';
import { workspaceHolder } from '../../core/lock.ts';
import { workspaceAt } from '../../core/workspace.ts';
import { failed, ok, warning, type Finding } from './finding.ts';

const NEARLY_FULL_BYTES = 500e6;
const TIGHT_BYTES = 5e9;

/** Versions of what we stand on. */
export function checkVersions(): Finding[] {
  return [
    ok('versions', `Node.js ${process.versions.node}, DuckDB ${duckdbVersion()}, ${process.platform} ${process.arch}`),
  ];
}

/** Room on the workspace's disk. A build needs room for the new generation beside the old one. */
export function checkDisk(config: Config): Finding[] {
  const { root } = workspaceAt(config.workspace);
  mkdirSync(root, { recursive: true });
  const { bavail, bsize } = statfsSync(root);
  const free = bavail * bsize;
  const detail = `${(free / 1e9).toFixed(1)} GB free at ${root}`;
  const fix = 'free some space, or move `workspace` to a larger disk';
  if (free < NEARLY_FULL_BYTES) return [failed('disk', detail, fix)];
  return [free < TIGHT_BYTES ? warning('disk', detail, fix) : ok('disk', detail)];
}

/** Who writes to the workspace at this moment. */
export function checkLock(config: Config, effects: Effects): Finding[] {
  const holder = workspaceHolder(workspaceAt(config.workspace), effects);
  if (!holder) return [ok('lock', 'nobody is writing to the workspace')];
  return [
    ok('lock', `\`worthwhile ${holder.command}\` (process ${holder.pid} on ${holder.host}) since ${holder.since}`),
  ];
}
