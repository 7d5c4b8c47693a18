import { createHash, type Hash } from 'node:crypto';
import { open, rm, stat } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { WorthwhileError } from '../../core/errors.ts';
import { explainSystemError } from '../system-errors.ts';
import { quoteLongNumbers } from './long-numbers.ts';
import type { SourceFile } from './source-file.ts';

/** A source file's own copy inside the workspace: unpacked, hashed on the way, never read from the source again. */
export interface StagedFile {
  file: SourceFile;
  /** Digest of the bytes at the source. */
  sourceSha256: string;
  /** The unpacked copy, and its own digest and size. */
  path: string;
  sha256: string;
  bytes: number;
}

const CHUNK_BYTES = 1 << 20;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Copies one file to `target` in a single pass: digest of the source, `.gz` taken off, and with `exactNumbers` long JSON numbers
 * put in quotes so that no digit of them is lost in a double. The copy is durable when this returns.
 * Throws FILE_CORRUPT (broken gzip), FILE_UNREADABLE (gone, forbidden, or written to meanwhile) or DISK_FULL.
 */
export async function stageFile(file: SourceFile, target: string, exactNumbers: boolean): Promise<StagedFile> {
  const sourceHash = createHash('sha256');
  const rewritten = file.gzipped || file.format !== 'parquet';
  const dataHash = rewritten ? createHash('sha256') : sourceHash;
  try {
    const bytes = rewritten
      ? await copyRewritten(file, target, { sourceHash, dataHash, exactNumbers })
      : await copyPlain(file.path, target, sourceHash);
    await assertUntouched(file);
    const sourceSha256 = sourceHash.digest('hex');
    return { file, sourceSha256, path: target, sha256: rewritten ? dataHash.digest('hex') : sourceSha256, bytes };
  } catch (cause) {
    await rm(target, { force: true });
    throw explainSystemError(cause, file.path, () => unreadable(file, cause));
  }
}

/** Plain copy through one reused buffer; the next chunk is read while the last one is hashed. */
async function copyPlain(source: string, target: string, hash: Hash): Promise<number> {
  const input = await open(source, 'r');
  try {
    const output = await open(target, 'wx');
    try {
      const buffers = [Buffer.allocUnsafe(CHUNK_BYTES), Buffer.allocUnsafe(CHUNK_BYTES)];
      let total = 0;
      let pending = input.read(buffers[0]!, 0, CHUNK_BYTES, 0);
      for (let turn = 0; ; turn = 1 - turn) {
        const { bytesRead } = await pending;
        if (bytesRead === 0) break;
        const chunk = buffers[turn]!.subarray(0, bytesRead);
        total += bytesRead;
        pending = input.read(buffers[1 - turn]!, 0, CHUNK_BYTES, total);
        const writing = writeAll(output, chunk);
        hash.update(chunk);
        await writing;
      }
      await output.datasync();
      return total;
    } finally {
      await output.close();
    }
  } finally {
    await input.close();
  }
}

async function copyRewritten(
  file: SourceFile,
  target: string,
  { sourceHash, dataHash, exactNumbers }: { sourceHash: Hash; dataHash: Hash; exactNumbers: boolean },
): Promise<number> {
  const output = await open(target, 'wx');
  let total = 0;
  try {
    const source = createReadStream(file.path, { highWaterMark: CHUNK_BYTES });
    source.on('data', (chunk) => sourceHash.update(chunk));
    const unpacked = file.gzipped ? pipeline(source, createGunzip({ chunkSize: CHUNK_BYTES }), () => {}) : source;
    for await (const chunk of readable(file, exactNumbers, unpacked)) {
      dataHash.update(chunk);
      total += chunk.byteLength;
      await writeAll(output, chunk);
    }
    await output.datasync();
    return total;
  } finally {
    await output.close();
  }
}

/** Google's own exports write exact amounts as JSON text already, and FLOAT columns are doubles anyway. */
function readable({ format }: SourceFile, exactNumbers: boolean, bytes: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  if (format === 'parquet') return bytes;
  const text = withoutByteOrderMark(bytes);
  return exactNumbers && format !== 'csv' ? quoteLongNumbers(text) : text;
}

async function* withoutByteOrderMark(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let first = true;
  for await (const chunk of chunks) {
    yield first && chunk.subarray(0, 3).equals(BYTE_ORDER_MARK) ? chunk.subarray(3) : chunk;
    first = false;
  }
}

async function writeAll(output: Awaited<ReturnType<typeof open>>, chunk: Buffer): Promise<void> {
  for (let offset = 0; offset < chunk.byteLength;) {
    offset += (await output.write(chunk, offset, chunk.byteLength - offset)).bytesWritten;
  }
}

async function assertUntouched(file: SourceFile): Promise<void> {
  const { size, mtimeMs } = await stat(file.path);
  if (size === file.size && mtimeMs === file.mtimeMs) return;
  throw new WorthwhileError('FILE_UNREADABLE', 'the file was written to while it was being read', {
    on: file.path,
    fix: 'run again when its writer has finished; best to write under another name and rename',
  });
}

function unreadable(file: SourceFile, cause: unknown): WorthwhileError {
  const { code = '', message = String(cause) } = cause as { code?: string; message?: string };
  if (code.startsWith('Z_') || code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return new WorthwhileError('FILE_CORRUPT', `the gzip file is broken or cut short (${message})`, {
      on: file.path,
      fix: 'export or copy the file again',
      cause,
    });
  }
  return new WorthwhileError('FILE_UNREADABLE', `the file cannot be read (${message})`, {
    on: file.path,
    fix: 'check that it exists and that this user may read it',
    cause,
  });
}
