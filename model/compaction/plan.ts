import type { Segment, SegmentBatch } from './segments.ts';

/** Raw rows that are compacted by one query, so that its memory stays bounded whatever the history. */
const ROWS_A_QUERY = 6_000_000;
/** Segments with fewer charges than this are merged once there are several. */
const SMALL_SEGMENT_CHARGES = 250_000;
const MANY_SMALL_SEGMENTS = 16;
/** A segment with less than this share of charges still current is rewritten without the rest. */
const WORTH_KEEPING_SHARE = 0.5;

export interface WantedBatch {
  batchId: string;
  source: string;
  projection: string;
  /** Only batches of one signature are compacted by one query. */
  signature: string;
  rows: number;
}

/** A batch as it lies in a segment. */
export interface PlacedBatch {
  segment: Segment;
  batch: SegmentBatch;
}

export interface CompactionPlan<Wanted> {
  reused: PlacedBatch[];
  /** Batches to compact, by query. */
  toCompact: Wanted[][];
  /** Sets of segments whose current batches go into one new segment each. */
  toMerge: PlacedBatch[][];
}

const keyOf = (batch: { source: string; batchId: string; projection: string }): string =>
  `${batch.source}/${batch.batchId}/${batch.projection}`;

/** Decides what is read from segments, what is compacted anew, and which segments are worth rewriting. */
export function planCompaction<Wanted extends WantedBatch>(
  wanted: Wanted[],
  segments: Segment[],
): CompactionPlan<Wanted> {
  const wantedKeys = new Set(wanted.map(keyOf));
  const placed = new Map<string, PlacedBatch>();
  for (const segment of segments) {
    for (const batch of segment.batches) {
      const key = keyOf(batch);
      if (wantedKeys.has(key) && !placed.has(key)) placed.set(key, { segment, batch });
    }
  }
  const reused = [...placed.values()];
  return {
    reused,
    toCompact: inQueries(wanted.filter((batch) => !placed.has(keyOf(batch)))),
    toMerge: worthMerging(reused),
  };
}

function inQueries<Wanted extends WantedBatch>(batches: Wanted[]): Wanted[][] {
  const queries: Wanted[][] = [];
  const open = new Map<string, { batches: Wanted[]; rows: number }>();
  for (const batch of batches) {
    let query = open.get(batch.signature);
    if (!query || query.rows + batch.rows > ROWS_A_QUERY) {
      query = { batches: [], rows: 0 };
      open.set(batch.signature, query);
      queries.push(query.batches);
    }
    query.batches.push(batch);
    query.rows += batch.rows;
  }
  return queries;
}

function worthMerging(reused: PlacedBatch[]): PlacedBatch[][] {
  const bySegment = new Map<Segment, PlacedBatch[]>();
  for (const place of reused) bySegment.set(place.segment, [...(bySegment.get(place.segment) ?? []), place]);
  const live = (places: PlacedBatch[]): number => places.reduce((sum, { batch }) => sum + batch.charges, 0);
  const mostlyDead: PlacedBatch[][] = [];
  const small: PlacedBatch[][] = [];
  for (const [segment, places] of bySegment) {
    if (live(places) < segment.charges * WORTH_KEEPING_SHARE) mostlyDead.push(places);
    else if (segment.charges < SMALL_SEGMENT_CHARGES) small.push(places);
  }
  return small.length >= MANY_SMALL_SEGMENTS ? [...mostlyDead, small.flat()] : mostlyDead;
}
