import { createHash } from 'node:crypto';
import type { Skipped } from '../core/effects.ts';
import type { SourceHeads, SourceKind } from '../core/lake.ts';
import type { CountedElsewhere } from './counted-elsewhere.ts';
import type { SourceFile } from './files/source-file.ts';

/** A live file whose digest is known. `rows` is null where its partition has landed with just these bytes. */
export interface KnownFile extends SourceFile {
  sha256: string;
  rows: number | null;
}

export interface Plan {
  /** Partitions whose batch differs from the head: what to land. */
  changed: { partition: string; batchId: string; files: KnownFile[] }[];
  /** Partitions whose batch is the head's; their files' dates and sizes are noted anew. */
  unchanged: { partition: string; batchId: string; files: KnownFile[] }[];
  /** Partitions no longer at the source; their rows are kept. */
  missing: string[];
  /** Partitions whose files all live on under another name. */
  renamed: string[];
  skipped: Skipped[];
}

/** The files that need no reading: their whole partition has the same names, sizes and times as when it landed. */
export function settledFiles(files: SourceFile[], heads: SourceHeads | null): KnownFile[] {
  return [...byPartition(files)].flatMap(([partition, live]) => {
    const head = heads?.partitions[partition];
    if (!head || head.files.length !== live.length) return [];
    const known = live.flatMap((file) => {
      const before = head.files.find((candidate) => candidate.path === file.path);
      const same =
        before?.size === file.size &&
        before.mtimeMs === file.mtimeMs &&
        before.ctimeMs === file.ctimeMs &&
        before.sha256;
      return same ? [{ ...file, sha256: same, rows: null }] : [];
    });
    return known.length === live.length ? known : [];
  });
}

/**
 * Compares what lies at the source with what the lake stands on. `expected` says which partitions of the heads this run
 * looks at (all, or those `--since` names); the others are neither changed nor missing.
 * A second live file with the bytes of another one, here or at another source, would count its money twice, so it is left
 * out and listed.
 */
export function planSource(input: {
  kind: SourceKind;
  heads: SourceHeads | null;
  files: KnownFile[];
  expected: (partition: string) => boolean;
  elsewhere: CountedElsewhere;
}): Plan {
  const { kind, files } = input;
  const heads = input.heads?.partitions ?? {};
  const live = new Set(files.map((file) => file.partition));
  const liveDigests = new Set(files.map((file) => file.sha256));
  const gone = Object.keys(heads).filter((partition) => !live.has(partition));
  const renamed = gone.filter((partition) => heads[partition]!.files.every((file) => liveDigests.has(file.sha256)));
  const kept = gone.filter((partition) => !renamed.includes(partition));
  const keptDigests = kept.flatMap((partition) =>
    heads[partition]!.files.map((file) => [file.sha256, file.path] as const),
  );
  const { distinct, skipped } = withoutTwins(files, heads, new Map(keptDigests), input.elsewhere);
  const batches = [...byPartition(distinct)].map(([partition, batch]) => ({
    partition,
    files: batch,
    batchId: batchIdOf(kind, partition, batch),
  }));
  const isHead = ({ partition, batchId }: { partition: string; batchId: string }): boolean =>
    heads[partition]?.batchId === batchId;
  const emptied = [...live].filter(
    (partition) => heads[partition] && !batches.some((batch) => batch.partition === partition),
  );
  return {
    changed: batches.filter((batch) => !isHead(batch)),
    unchanged: batches.filter(isHead),
    missing: [...kept.filter(input.expected), ...emptied].sort(),
    renamed,
    skipped,
  };
}

/** First 20 hex digits of SHA-256 over kind, partition and the files' digests: the same content is the same batch. */
function batchIdOf(kind: SourceKind, partition: string, files: KnownFile[]): string {
  const digests = files.map((file) => file.sha256).sort();
  return createHash('sha256')
    .update([kind, partition, ...digests].join('\n'))
    .digest('hex')
    .slice(0, 20);
}

function withoutTwins(
  files: KnownFile[],
  heads: SourceHeads['partitions'],
  keptDigests: Map<string, string>,
  elsewhere: CountedElsewhere,
): { distinct: KnownFile[]; skipped: Skipped[] } {
  const landed = (file: KnownFile): boolean =>
    heads[file.partition]?.files.some((head) => head.path === file.path && head.sha256 === file.sha256) ?? false;
  const ordered = [...files].sort((a, b) => Number(landed(b)) - Number(landed(a)) || (a.path < b.path ? -1 : 1));
  const seen = new Map(keptDigests);
  const distinct: KnownFile[] = [];
  const skipped: Skipped[] = [];
  for (const file of ordered) {
    const hasRows = file.rows !== null && file.rows > 0;
    const twin = hasRows ? (seen.get(file.sha256) ?? elsewhere(file.sha256, landed(file))) : null;
    if (twin !== null) {
      skipped.push({
        what: file.path,
        why: `it holds the same bytes as ${twin}; counting both would double their cost`,
      });
      continue;
    }
    seen.set(file.sha256, file.path);
    distinct.push(file);
  }
  return { distinct: distinct.sort((a, b) => (a.path < b.path ? -1 : 1)), skipped };
}

function byPartition<File extends SourceFile>(files: File[]): Map<string, File[]> {
  const groups = new Map<string, File[]>();
  for (const file of files) {
    const group = groups.get(file.partition);
    if (group) group.push(file);
    else groups.set(file.partition, [file]);
  }
  return groups;
}
