import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { parseConfig } from '../../core/config/load.ts';
import type { Config } from '../../core/config/schema.ts';
import { openDatabase, selectRows, sqlText } from '../../core/duckdb.ts';
import type { Effects } from '../../core/effects.ts';
import { currentBatches, type BatchManifest, type SourceKind } from '../../core/lake.ts';
import { workspaceAt } from '../../core/workspace.ts';
import { ingest, type IngestOptions, type IngestReport } from '../../ingest/ingest.ts';

/** A temporary company folder with one source `bill` over `export/**`, and what a test does in it. */
export interface Workbench {
  folder: string;
  path: (relative: string) => string;
  write: (relative: string, content: string | Uint8Array) => string;
  /** Writes the rows of a SELECT as Parquet. */
  writeParquet: (relative: string, select: string) => Promise<string>;
  ingest: (options?: IngestOptions & { now?: string }) => Promise<IngestReport>;
  config: Config;
  batches: () => BatchManifest[];
}

export function workbench(kind: SourceKind = 'gcp-billing-detailed', extra = ''): Workbench {
  const folder = mkdtempSync(join(tmpdir(), 'worthwhile-ingest-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = (relative: string): string => join(folder, relative);
  const write = (relative: string, content: string | Uint8Array): string => {
    mkdirSync(dirname(path(relative)), { recursive: true });
    writeFileSync(path(relative), relative.endsWith('.gz') ? gzipSync(content) : content);
    return path(relative);
  };
  const text = `sources: [{ name: bill, kind: ${kind}, files: ['./export/**/*'] }]\n${extra}`;
  const config = parseConfig(text, path('worthwhile.yaml'));
  return {
    folder,
    path,
    write,
    config,
    writeParquet: async (relative, select) => {
      const plain = relative.replace(/\.gz$/, '');
      mkdirSync(dirname(path(plain)), { recursive: true });
      await query(`COPY (${select}) TO ${sqlText(path(plain))} (FORMAT parquet)`);
      if (plain !== relative) {
        write(relative, readFileSync(path(plain)));
        rmSync(path(plain));
      }
      return path(relative);
    },
    ingest: async ({ now = '2026-10-05T09:00:00Z', ...options } = {}) => ingest(config, options, effectsAt(now)),
    batches: () => currentBatches(workspaceAt(config.workspace)).map(({ manifest }) => manifest),
  };
}

function effectsAt(now: string): Effects {
  return { now: () => new Date(now), progress: () => {}, warn: () => {} };
}

/** One query in a database of its own; values as exact text. */
export async function query(sql: string): Promise<Record<string, unknown>[]> {
  const database = await openDatabase({ threads: 1 });
  try {
    return await selectRows(database.connection, sql);
  } finally {
    database.close();
  }
}

/** Rows of a detailed export; any column can be given another expression, or left out with null. */
export function detailedRows(columns: Record<string, string | null> = {}, from = 'range(3) AS t(i)'): string {
  const all: Record<string, string | null> = {
    billing_account_id: "'010101-F0FFF0-61C528'",
    service: "{'id': '6F81-5844-456A', 'description': 'Compute Engine'}",
    sku: "{'id': '2E27-4F75-95CD', 'description': 'N1 Predefined Instance Core'}",
    usage_start_time: "TIMESTAMPTZ '2026-10-01 08:00:00+00' + to_hours(CAST(i AS INTEGER))",
    project: "{'id': 'playlists', 'number': '1', 'name': 'Playlists'}",
    labels: "[{'key': 'component', 'value': 'playlist-api'}]",
    export_time: "TIMESTAMPTZ '2026-10-02 01:02:03+00'",
    cost: '0.1 + CAST(i AS DOUBLE)',
    currency: "'USD'",
    credits: "[{'name': 'SUD', 'amount': CAST(-0.05 AS DOUBLE), 'type': 'SUSTAINED_USAGE_DISCOUNT'}]",
    invoice: "{'month': '202610'}",
    cost_type: "'regular'",
    ...columns,
  };
  const list = Object.entries(all).flatMap(([name, sql]) => (sql === null ? [] : [`${sql} AS "${name}"`]));
  return `SELECT ${list.join(', ')} FROM ${from}`;
}

/** The WorthwhileError that `work` ends in. */
export async function failureOf(work: Promise<unknown>): Promise<{ code: string; message: string; on: string }> {
  try {
    await work;
  } catch (error) {
    const { code, message, on } = error as { code: string; message: string; on: string };
    return { code, message, on };
  }
  throw new Error('it did not fail');
}
