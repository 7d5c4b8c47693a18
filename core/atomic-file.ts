import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join, basename } from 'node:path';

/**
 * Replaces a file so that a reader sees either the old content or the new, whatever happens in between:
 * temp name in the same folder, fsync, rename, fsync of the folder.
 */
export function writeFileAtomic(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    writeDurably(temporary, content);
    renameSync(temporary, path);
    fsyncPath(dirname(path));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * Makes a file that was not there, whole or not at all, whatever happens in between: temp name in the same folder, fsync, link.
 * False where the name is taken, also by a process that was quicker; the file there stays as it is.
 */
export function createFileOnce(path: string, content: string): boolean {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${randomUUID().slice(0, 8)}.tmp`);
  try {
    writeDurably(temporary, content);
    linkSync(temporary, path);
    fsyncPath(dirname(path));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

function writeDurably(path: string, content: string | Uint8Array): void {
  const file = openSync(path, 'w');
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    let written = 0;
    while (written < bytes.byteLength) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes a file's or folder's last change durable. */
export function fsyncPath(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Whether every file is in the folder in its full length; a name with fewer or more bytes was cut off or is another file. */
export function areWhole(folder: string, files: readonly { name: string; bytes: number }[]): boolean {
  return files.every(({ name, bytes }) => {
    const path = join(folder, name);
    return existsSync(path) && statSync(path).size === bytes;
  });
}
