import type { RunRecord } from '../../core/run-record.ts';
import type { InputRow } from './tables.ts';

/** Rows of `inp_runs`: the runs that have ended; the one that builds is not among them. */
export function runRows(runs: RunRecord[]): InputRow[] {
  return ended(runs).map((run) => ({
    x_RunId: run.id,
    x_Command: run.command,
    x_Trigger: run.trigger,
    x_StartedAt: run.startedAt,
    x_EndedAt: run.endedAt,
    x_DurationMs: run.endedAt ? Date.parse(run.endedAt) - Date.parse(run.startedAt) : null,
    x_Outcome: run.outcome,
    x_ExitCode: run.exitCode,
    x_ErrorCode: run.error?.code ?? null,
    x_ErrorReason: run.error?.reason ?? null,
    x_Generation: run.build?.generation ?? null,
    x_IsPublished: run.build?.published ?? false,
    x_SkippedCount: run.skipped.length,
    x_WarningCount: run.warnings.length,
  }));
}

/** Rows of `inp_run_sources`, of the same runs. */
export function runSourceRows(runs: RunRecord[]): InputRow[] {
  return ended(runs).flatMap(({ id, sources }) =>
    sources.map((source) => ({
      x_RunId: id,
      x_SourceName: source.name,
      x_SourceKind: source.kind,
      x_RowCount: source.rows,
      x_ByteCount: source.bytes,
      x_LandedPartitionCount: source.landed,
      x_ReplacedPartitionCount: source.replaced,
      x_UnchangedPartitionCount: source.unchanged,
      x_MissingPartitionCount: source.missing,
      x_QueryCount: source.pulled?.queries ?? 0,
      x_BytesProcessed: source.pulled?.bytesProcessed ?? '0',
      x_BytesBilled: source.pulled?.bytesBilled ?? '0',
      x_PriceUsd: source.pulled?.priceUsd ?? '0',
    })),
  );
}

const ended = (runs: RunRecord[]): RunRecord[] => runs.filter(({ outcome }) => outcome !== 'running');
