import { randomUUID } from 'node:crypto';
import { createReadStream, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';

/** A finished file in the hub's export folder; whoever takes it deletes it. */
export interface ExportedFile {
  path: string;
  bytes: number;
  fileName: string;
  contentType: string;
}

/** Lets `write` make a file of its own in `folder`; a file that was not finished is deleted. */
export async function intoFile(folder: string, write: (path: string) => Promise<void>): Promise<string> {
  const path = join(folder, randomUUID());
  try {
    await write(path);
    return path;
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
}

/** The file's bytes. The file leaves its folder now, so nothing stays behind however the stream ends. */
export function streamAndDelete(path: string): ReadableStream {
  const descriptor = openSync(path, 'r');
  rmSync(path);
  return Readable.toWeb(createReadStream(path, { fd: descriptor })) as WebStream as ReadableStream;
}
