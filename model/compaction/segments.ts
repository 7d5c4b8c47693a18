import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { areWhole, fsyncPath } from '../../core/atomic-file.ts';
import { checkedJson } from '../../core/checked-json.ts';

const segmentBatch = z.object({
  batchId: z.string(),
  source: z.string(),
  projection: z.string(),
  /** Charges that the batch was compacted to. */
  charges: z.number().int(),
  /** First days of the billing months it has charges of. */
  billingPeriods: z.array(z.string()),
});
export type SegmentBatch = z.infer<typeof segmentBatch>;

const segmentFile = z.object({
  version: z.literal(1),
  charges: z.number().int(),
  batches: z.array(segmentBatch),
  /** Bytes of each file, by name. */
  bytes: z.record(z.string(), z.number().int()),
});

/**
 * Compacted charges of some batches, on disk and never changed: `charges.parquet`, `label-sets.parquet` and `segment.json`,
 * in a folder that appears whole or not at all.
 */
export interface Segment {
  folder: string;
  charges: number;
  batches: SegmentBatch[];
}

export const chargesFile = (segment: Segment): string => join(segment.folder, 'charges.parquet');
export const labelSetsFile = (segment: Segment): string => join(segment.folder, 'label-sets.parquet');

/**
 * The sound segments below a folder, oldest name first. Segments are made from the lake and can be made again, so what a dead
 * build left unfinished is removed, and what is damaged too, with a warning.
 */
export function readSegments(folder: string, warn: (message: string) => void): Segment[] {
  if (!existsSync(folder)) return [];
  const segments: Segment[] = [];
  for (const name of foldersIn(folder)) {
    const segment = name.endsWith('.tmp') ? null : soundSegment(join(folder, name));
    if (segment) segments.push(segment);
    else {
      if (!name.endsWith('.tmp'))
        warn(`compacted charges in ${join(folder, name)} are damaged; they are made again from the lake`);
      rmSync(join(folder, name), { recursive: true, force: true });
    }
  }
  return segments;
}

/** Names of the folders in a folder, sorted; files that something else put there are nobody's business here. */
export function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

function soundSegment(folder: string): Segment | null {
  const path = join(folder, 'segment.json');
  if (!existsSync(path)) return null;
  const segment = checkedJson(segmentFile, readFileSync(path, 'utf8'));
  if (!segment) return null;
  const { charges, batches, bytes } = segment;
  const files = Object.entries(bytes).map(([name, size]) => ({ name, bytes: size }));
  return areWhole(folder, files) ? { folder, charges, batches } : null;
}

/**
 * Writes a segment: `fill` puts its two Parquet files into the folder it is given and says what they hold; then everything
 * is made durable and the folder renamed to its final name.
 */
export async function writeSegment(
  parent: string,
  name: string,
  fill: (folder: string) => Promise<SegmentBatch[]>,
): Promise<Segment> {
  const folder = join(parent, name);
  const temporary = `${folder}.tmp`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  const batches = await fill(temporary);
  const charges = batches.reduce((sum, batch) => sum + batch.charges, 0);
  const bytes = Object.fromEntries(readdirSync(temporary).map((file) => [file, statSync(join(temporary, file)).size]));
  writeFileSync(join(temporary, 'segment.json'), JSON.stringify({ version: 1, charges, batches, bytes }, null, 1));
  for (const file of readdirSync(temporary)) fsyncPath(join(temporary, file));
  fsyncPath(temporary);
  rmSync(folder, { recursive: true, force: true });
  renameSync(temporary, folder);
  fsyncPath(parent);
  return { folder, charges, batches };
}
