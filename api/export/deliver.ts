import { createReadStream } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fsyncPath } from '../../core/atomic-file.ts';
import { WorthwhileError } from '../../core/errors.ts';

/** Copies an exported file to where it was asked for; a reader of `target` sees the old file or the whole new one. */
export async function deliverToFile(exported: string, target: string): Promise<string> {
  const path = resolve(target);
  try {
    await mkdir(dirname(path), { recursive: true });
    await copyAtomic(exported, path);
    return path;
  } catch (cause) {
    const isFull = (cause as NodeJS.ErrnoException).code === 'ENOSPC';
    throw new WorthwhileError(isFull ? 'DISK_FULL' : 'FILE_UNREADABLE', 'the export cannot be written', {
      on: path,
      fix: 'name a file in a folder that you may write to, on a disk with space',
      cause,
    });
  }
}

async function copyAtomic(from: string, to: string): Promise<void> {
  const temporary = join(dirname(to), `.${basename(to)}.${process.pid}.tmp`);
  try {
    await copyFile(from, temporary);
    fsyncPath(temporary);
    await rename(temporary, to);
    fsyncPath(dirname(to));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Writes an exported file to a stream and leaves the stream open; a reader that has seen enough (`| head`) is no failure. */
export async function deliverToStream(exported: string, output: Writable): Promise<void> {
  try {
    await pipeline(createReadStream(exported), output, { end: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}
