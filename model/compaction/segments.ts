import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { fsyncPath } from '../../core/atomic-file.ts';
import { WorthwhileError } from '../../core/errors.ts';

const segmentBatch = z.object({
  batchId: z.string(),
  source: z.string(),
  projection: z.string(),
  /** Charges that the batch was compacted to. */
  charges: z.number().int(),
});
export type SegmentBatch = z.infer<typeof segmentBatch>;

const segmentFile = z.object({ version: z.literal(1), charges: z.number().int(), batches: z.array(segmentBatch) });

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

/** The finished segments below a folder, oldest name first; what a dead build left unfinished is removed. */
export function readSegments(folder: string): Segment[] {
  if (!existsSync(folder)) return [];
  const segments: Segment[] = [];
  for (const name of readdirSync(folder).sort()) {
    if (name.endsWith('.tmp')) rmSync(join(folder, name), { recursive: true, force: true });
    else segments.push(readSegment(join(folder, name)));
  }
  return segments;
}

function readSegment(folder: string): Segment {
  const path = join(folder, 'segment.json');
  try {
    const { charges, batches } = segmentFile.parse(JSON.parse(readFileSync(path, 'utf8')));
    return { folder, charges, batches };
  } catch (cause) {
    throw new WorthwhileError('LAKE_CORRUPT', 'a compacted segment cannot be read', {
      on: path,
      fix: `delete the folder ${folder}; the next build compacts its batches again from the lake`,
      cause,
    });
  }
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
  writeFileSync(join(temporary, 'segment.json'), JSON.stringify({ version: 1, charges, batches }, null, 1));
  for (const file of readdirSync(temporary)) fsyncPath(join(temporary, file));
  fsyncPath(temporary);
  rmSync(folder, { recursive: true, force: true });
  renameSync(temporary, folder);
  fsyncPath(parent);
  return { folder, charges, batches };
}
