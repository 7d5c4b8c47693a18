import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { areWhole } from './atomic-file.ts';
import { checkedJson } from './checked-json.ts';
import type { Config } from './config/schema.ts';
import { WorthwhileError } from './errors.ts';
import type { Workspace } from './workspace.ts';

/** `driver`: who used how much of something shared, by consumer. `metric`: what the business counts, a day. */
export const MEASURE_KINDS = ['driver', 'metric'] as const;
export type MeasureKind = (typeof MEASURE_KINDS)[number];

/**
 * What a landed driver or metric says of itself (`measures/<kind>-<name>/manifest.json`). Its values lie beside it as Parquet with the
 * columns of {@link MEASURE_COLUMNS}; days are first days of their period.
 */
export const measureManifest = z.object({
  version: z.literal(1),
  kind: z.enum(MEASURE_KINDS),
  name: z.string(),
  /** How long a period is. */
  unit: z.enum(['day', 'month']),
  rows: z.number().int(),
  /** Digest of the values, whatever they were read from. */
  sha256: z.string(),
  /** What they were read from: files with their digests, or the digest of a query's text. */
  inputs: z.array(z.object({ path: z.string(), sha256: z.string() })),
  file: z.object({ name: z.string(), bytes: z.number().int() }),
  firstPeriod: z.string(),
  lastPeriod: z.string(),
  pulledAt: z.string(),
});
export type MeasureManifest = z.infer<typeof measureManifest>;

/**
 * One row: a quantity or value of a period. `x_Consumer` is a name as written, null where the value is the whole company's;
 * `x_ConsumerScope` says whether it has to be a `component` or a `squad`, or may be `any`.
 */
export const MEASURE_COLUMNS = `x_PeriodStart DATE, x_PeriodEnd DATE, x_Consumer VARCHAR, x_ConsumerScope VARCHAR,
  x_ConsumerValue VARCHAR, x_Value DECIMAL(38,9)`;

/** A driver or metric that has landed; `title` and `format` are as configured now. */
export interface LandedMeasure {
  manifest: MeasureManifest;
  path: string;
  title: string;
  format: 'number' | 'currency';
}

export function measureFolder(workspace: Workspace, kind: MeasureKind, name: string): string {
  return join(workspace.measures, `${kind}-${name}`);
}

/** What a measure stands on, or null where nothing whole has landed. */
export function readMeasure(workspace: Workspace, kind: MeasureKind, name: string): MeasureManifest | null {
  const path = join(measureFolder(workspace, kind, name), 'manifest.json');
  return existsSync(path) ? checkedJson(measureManifest, readFileSync(path, 'utf8')) : null;
}

/**
 * Every configured driver and metric that has landed, in the order of the configuration. Throws LAKE_CORRUPT where one has a
 * manifest that cannot be read, or whose values are not there in full length.
 */
export function landedMeasures(workspace: Workspace, config: Config): LandedMeasure[] {
  return [
    ...config.drivers.map(({ name, title = name }) => ({
      kind: 'driver' as const,
      name,
      title,
      format: 'number' as const,
    })),
    ...config.metrics.map(({ name, title, format }) => ({ kind: 'metric' as const, name, title, format })),
  ].flatMap(({ kind, name, title, format }) => {
    const folder = measureFolder(workspace, kind, name);
    if (!existsSync(join(folder, 'manifest.json'))) return [];
    const manifest = readMeasure(workspace, kind, name);
    if (manifest && areWhole(folder, [manifest.file])) {
      return [{ manifest, path: join(folder, manifest.file.name), title, format }];
    }
    throw new WorthwhileError('LAKE_CORRUPT', `the stored values of the ${kind} "${name}" cannot be read`, {
      on: folder,
      fix: 'run `worthwhile ingest`; it is read again from where it came from',
    });
  });
}
