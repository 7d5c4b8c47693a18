import { WorthwhileError } from '../core/errors.ts';

/**
 * What an error of the operating system or of DuckDB's file layer means to a person. A full disk says so; anything else is
 * `fallback`, which the caller composes because it knows the file.
 */
export function explainSystemError<Other>(cause: unknown, on: string, fallback: () => Other): WorthwhileError | Other {
  if (cause instanceof WorthwhileError) return cause;
  const { code = '', message = '' } = cause as { code?: string; message?: string };
  if (
    ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code) ||
    /no space left on device|disk quota exceeded|file too large/i.test(message)
  ) {
    return new WorthwhileError('DISK_FULL', 'there is no room left on the disk to land this file', {
      on,
      fix: 'free some space (or point `workspace` at a larger disk) and run again; nothing that landed before is harmed',
      cause,
    });
  }
  return fallback();
}

/** One error for several refused files (or partitions): the first one's code, every one named. */
export function joinErrors(errors: WorthwhileError[], what: string, noun = 'files'): WorthwhileError {
  if (errors.length === 1) return errors[0]!;
  const first = errors[0]!;
  const listed = errors.map((error) => `${error.on ?? ''}: ${error.message.split('\n')[0]}`);
  return new WorthwhileError(
    first.code,
    `${errors.length} ${noun} of ${what} were refused, so none of this run's changes to it count`,
    {
      on: `\n    ${listed.join('\n    ')}`,
      ...(first.fix && { fix: first.fix }),
      cause: first,
    },
  );
}
