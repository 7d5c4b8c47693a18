import { isBillingKind, type LakeBatch, type SourceHeads } from '../../core/lake.ts';
import type { InputRow } from './tables.ts';

/** Rows of `inp_batches`, charges alone; `heads` tell which partitions are no longer found at their source. */
export function batchRows(batches: LakeBatch[], heads: SourceHeads[]): InputRow[] {
  const isMissing = missingPartitions(heads);
  return batches.filter(isCharges).map(({ manifest }) => ({
    x_SourceName: manifest.source,
    x_SourceKind: manifest.kind,
    x_Partition: manifest.partition,
    x_BatchId: manifest.batchId,
    x_RowCount: manifest.rows,
    x_ExportTimeMax: manifest.exportTimeMax,
    x_ChargePeriodMin: manifest.chargePeriodMin?.slice(0, 10) ?? null,
    x_ChargePeriodMax: manifest.chargePeriodMax?.slice(0, 10) ?? null,
    x_PulledAt: manifest.pulledAt,
    x_IsMissing: isMissing(manifest.source, manifest.partition),
  }));
}

/** Which partitions are no longer found at their source. */
export function missingPartitions(heads: SourceHeads[]): (source: string, partition: string) => boolean {
  const missing = new Set(
    heads.flatMap(({ source, partitions }) =>
      Object.entries(partitions)
        .filter(([, head]) => head.missingSince !== undefined)
        .map(([partition]) => JSON.stringify([source, partition])),
    ),
  );
  return (source, partition) => missing.has(JSON.stringify([source, partition]));
}

const isCharges = ({ manifest }: LakeBatch): boolean => isBillingKind(manifest.kind);

export function batchSumRows(batches: LakeBatch[]): InputRow[] {
  return batches.filter(isCharges).flatMap(({ manifest }) =>
    Object.entries(manifest.sums).flatMap(([currency, sums]) =>
      Object.entries(sums).map(([name, sum]) => ({
        x_SourceName: manifest.source,
        x_BatchId: manifest.batchId,
        BillingCurrency: currency,
        x_SumName: name,
        x_Sum: sum,
      })),
    ),
  );
}
