import { WorthwhileError } from '../core/errors.ts';
import { withoutSecrets } from './secrets.ts';
import type { Paint } from './terminal.ts';

/** Any error as one that says what failed, on what, and the next step. */
export function asFailure(error: unknown): WorthwhileError {
  if (error instanceof WorthwhileError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if ((error as NodeJS.ErrnoException)?.code === 'ENOSPC' || /no space left on device/i.test(message)) {
    return new WorthwhileError('DISK_FULL', 'the disk is full', {
      ...pathOf(error),
      fix: 'free some space and run again; what was finished before is kept, and the previous generation is still served',
      cause: error,
    });
  }
  if (['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException)?.code ?? '')) {
    return new WorthwhileError('FILE_UNREADABLE', `access was refused: ${message}`, {
      ...pathOf(error),
      fix: 'give this user the right to read the sources and to write the workspace',
      cause: error,
    });
  }
  return new WorthwhileError('INTERNAL', `something unexpected happened: ${firstLine(message)}`, {
    fix: 'run the same command with --verbose for the full stack, and report it',
    cause: error,
  });
}

function pathOf(error: unknown): { on?: string } {
  const path = (error as NodeJS.ErrnoException)?.path;
  return path ? { on: path } : {};
}

/** The error for a person, without credentials: reason, thing, next step; with `verbose` also every stack below it. */
export function describeFailure(failure: WorthwhileError, paint: Paint, verbose: boolean): string {
  const [reason = '', ...rest] = failure.message.split('\n');
  const lines = [`${paint('red', 'error:')} ${paint('bold', reason)}`, ...rest];
  if (verbose) lines.push(...stacksOf(failure));
  return `${withoutSecrets(lines.join('\n'))}\n`;
}

/** The error for a machine. */
export function failureJson(failure: WorthwhileError): object {
  const [reason] = failure.message.split('\n  on: ');
  return { error: { code: failure.code, reason, on: failure.on ?? null, fix: failure.fix ?? null } };
}

function stacksOf(failure: unknown): string[] {
  const stacks: string[] = [];
  for (let error = failure; error instanceof Error && stacks.length < 5; error = error.cause) {
    stacks.push(stacks.length === 0 ? '' : 'caused by:', error.stack ?? error.message);
  }
  return stacks;
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
