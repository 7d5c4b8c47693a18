import { z } from 'zod';
import { paging } from './paging.ts';
import { count, instant } from './primitives.ts';

/** `skipped`: done, with something left out that is listed. `interrupted`: its process ended before the run did. */
const RUN_OUTCOMES = ['running', 'done', 'skipped', 'failed', 'interrupted'] as const;

/** Bytes as a decimal integer, since a year of queries may pass what a JSON number holds exactly. */
const bytes = z.string().regex(/^\d+$/).meta({ description: 'Bytes, a decimal integer', example: '10485760' });
/** An exact decimal, with as many places as the price of a byte takes. */
const usd = z
  .string()
  .regex(/^\d+(\.\d+)?$/)
  .meta({ description: 'US dollars, exact decimal string', example: '0.000059605' });
const milliseconds = z.number().nonnegative();

/** What a pull from BigQuery took; null on a source whose rows lie in files. */
const pulled = z.object({
  queries: count,
  bytesProcessed: bytes,
  bytesBilled: bytes,
  /** Bytes billed at the configured price of a TiB, in US dollars. */
  priceUsd: usd,
  transfer: z.string().nullable(),
});

export const run = z.object({
  /** Sorts by the time the run began. */
  id: z.string(),
  command: z.enum(['run', 'ingest', 'build']),
  trigger: z.enum(['command line', 'schedule']),
  startedAt: instant,
  /** When it was last heard of; while it runs, at most seconds ago. */
  updatedAt: instant,
  /** Null while it runs, and where its process was killed. */
  endedAt: instant.nullable(),
  durationMs: milliseconds.nullable(),
  outcome: z.enum(RUN_OUTCOMES),
  exitCode: z.number().int().nullable(),
  /** What it was doing when last heard of; null where it ended well. */
  step: z.object({ name: z.string(), fraction: z.number().nullable() }).nullable(),
  error: z
    .object({ code: z.string(), reason: z.string(), on: z.string().nullable(), next: z.string().nullable() })
    .nullable(),
  /** Rows, bytes of Parquet and partitions that landed, over all sources. */
  rows: count,
  bytes: count,
  partitionsLanded: count,
  /** What pulling took over all sources; null where none was pulled. */
  pulled: pulled.omit({ transfer: true }).nullable(),
  sources: z.array(
    z.object({
      name: z.string(),
      kind: z.string(),
      rows: count,
      bytes: count,
      landed: count,
      replaced: count,
      unchanged: count,
      missing: count,
      pulled: pulled.nullable(),
    }),
  ),
  catalog: z.object({ status: z.string(), components: count, squads: count }).nullable(),
  build: z
    .object({
      generation: count,
      /** False where the served generation was already built from the same inputs. */
      published: z.boolean(),
      durationMs: milliseconds,
      checksPassed: count,
      stages: z.array(z.object({ name: z.string(), ms: milliseconds, rows: count.nullable() })),
    })
    .nullable(),
  skipped: z.array(z.object({ what: z.string(), why: z.string() })),
  warnings: z.array(z.string()),
});
export type Run = z.infer<typeof run>;

export const runsQuery = z.strictObject({
  outcome: z.enum(RUN_OUTCOMES).optional(),
  ...paging,
});

/** Newest first. A cursor stands behind a run, so a run that begins meanwhile shifts no page. */
export const runsAnswer = z.object({
  runs: z.array(run),
  count,
  nextCursor: z.string().nullable(),
  /** The schedule of the answering server; null where it has none. */
  schedule: z
    .object({
      expression: z.string(),
      timezone: z.string(),
      nextRunAt: instant.nullable(),
      /** Times at which no run was begun, and why; the newest first. */
      missed: z.array(z.object({ at: instant, why: z.string() })),
    })
    .nullable(),
});
export type RunsAnswer = z.infer<typeof runsAnswer>;

export const runParams = z.object({
  RunId: z.string().regex(/^\d{8}T\d{9}Z-[0-9a-f]{6}$/, 'an id as the list of runs gives it'),
});
export const runQuery = z.strictObject({});
export const runAnswer = z.object({ run });
