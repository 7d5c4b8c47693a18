import { createHash } from 'node:crypto';

/** A batch of charges as a generation was built from it, with the billing months it has charges of (first days). */
export interface BatchMonths {
  source: string;
  batchId: string;
  projection: string;
  billingPeriods: string[];
}

/** What decides the contents of the billing months of a generation. */
export interface MonthsBasis {
  /** Hash over everything besides the batches. */
  basis: string;
  batches: BatchMonths[];
}

/**
 * The billing months whose charges differ between two builds; null where all have to be made anew, because something besides the
 * batches differs or there is no build to compare with. A replaced batch counts with its old and its new months.
 */
export function changedMonths(before: MonthsBasis | null, now: MonthsBasis): string[] | null {
  if (before?.basis !== now.basis) return null;
  const changed = [...missingIn(now.batches, before.batches), ...missingIn(before.batches, now.batches)];
  return [...new Set(changed.flatMap(({ billingPeriods }) => billingPeriods))].sort();
}

function missingIn(batches: BatchMonths[], others: BatchMonths[]): BatchMonths[] {
  const known = new Set(others.map(keyOf));
  return batches.filter((batch) => !known.has(keyOf(batch)));
}

const keyOf = ({ source, batchId, projection }: BatchMonths): string => JSON.stringify([source, batchId, projection]);

/** Hash over what besides batches decides what billing months hold: the model, how charges are staged, the inputs they read. */
export function basisOf(given: { modelHash: string; staging: string[]; inputs: unknown }): string {
  return createHash('sha256')
    .update(JSON.stringify([given.modelHash, given.staging, given.inputs]))
    .digest('hex');
}
