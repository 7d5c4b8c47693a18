import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { checkedJson } from '../core/checked-json.ts';
import type { Config } from '../core/config/schema.ts';
import type { Effects } from '../core/effects.ts';
import { batchManifest } from '../core/lake.ts';
import type { RunNotes, RunSource } from '../core/run-record.ts';
import { workspaceAt, type Workspace } from '../core/workspace.ts';
import { ingest, type IngestOptions } from './ingest.ts';
import type { MeasureReport } from './measures/load-measures.ts';
import type { IngestReport, SourceReport } from './report.ts';

/** As {@link ingest}, telling the run's record of each source as it is done, also where a later one fails. */
export async function recordedIngest(
  config: Config,
  options: IngestOptions,
  effects: Effects,
  notes: RunNotes,
): Promise<IngestReport> {
  const workspace = workspaceAt(config.workspace);
  const onSource = (report: SourceReport): void => notes.source(sourceInRun(workspace, report));
  const report = await ingest(config, { ...options, onSource }, effects);
  for (const measure of report.measures) notes.source(measureInRun(measure));
  notes.catalog(report.catalog);
  return report;
}

function sourceInRun(workspace: Workspace, report: SourceReport): RunSource {
  const { name, kind, landed, replaced, unchanged, missing } = report;
  return {
    name,
    kind,
    rows: landed.reduce((sum, { rows }) => sum + rows, 0),
    bytes: landed.reduce((sum, { batchId }) => sum + bytesOf(workspace, name, batchId), 0),
    landed: landed.length,
    replaced: replaced.length,
    unchanged,
    missing: missing.length,
    pulled: report.pulled ?? null,
  };
}

/** A driver or metric as a source of one partition; the blank in its name keeps it apart from sources. */
function measureInRun(report: MeasureReport): RunSource {
  const { kind, name, status, rows, bytes, pulled } = report;
  const hasLanded = status === 'landed';
  return {
    name: `${kind} ${name}`,
    kind,
    rows: hasLanded ? rows : 0,
    bytes: hasLanded ? bytes : 0,
    landed: hasLanded ? 1 : 0,
    replaced: 0,
    unchanged: status === 'unchanged' ? 1 : 0,
    missing: status === 'kept' ? 1 : 0,
    pulled: pulled ? { queries: 1, ...pulled, transfer: null } : null,
  };
}

function bytesOf(workspace: Workspace, source: string, batchId: string): number {
  const manifest = checkedJson(
    batchManifest,
    readFileSync(join(workspace.lake, source, batchId, 'manifest.json'), 'utf8'),
  );
  return manifest?.files.reduce((sum, { bytes }) => sum + bytes, 0) ?? 0;
}
