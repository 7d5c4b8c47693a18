/** Exit codes of the command line (design: 0 done, 1 failed, 2 bad usage or config, 3 done but something was skipped). */
export const EXIT = { done: 0, failed: 1, usage: 2, skipped: 3 } as const;

export type ErrorCode =
  | 'CONFIG_INVALID'
  | 'CONFIG_NOT_FOUND'
  | 'USAGE'
  | 'SOURCE_EMPTY'
  | 'SOURCE_UNREACHABLE'
  | 'SOURCE_FORBIDDEN'
  | 'SOURCE_NOT_FOUND'
  | 'SOURCE_CHANGED'
  | 'SOURCE_INCOMPLETE'
  | 'COST_GUARD'
  | 'SECRET_MISSING'
  | 'FILE_UNREADABLE'
  | 'FILE_CORRUPT'
  | 'SCHEMA_MISSING_COLUMN'
  | 'SCHEMA_WRONG_TYPE'
  | 'VALUE_INVALID'
  | 'CATALOG_INVALID'
  | 'LAKE_CORRUPT'
  | 'LEDGER_CORRUPT'
  | 'CLOSE_REFUSED'
  | 'WORKSPACE_BUSY'
  | 'MODEL_INVALID'
  | 'CHECK_FAILED'
  | 'NOT_BUILT'
  | 'OUTDATED'
  | 'NOT_FOUND'
  | 'PORT_IN_USE'
  | 'DISK_FULL'
  | 'INTERNAL';

export interface ErrorFacts {
  /** What it failed on: file, partition, row, config path, table. */
  on?: string;
  /** The next step for the person who reads the message. */
  fix?: string;
  cause?: unknown;
}

/**
 * Every failure that a user may see. The message is composed once, here: reason first, then the thing, then the next step.
 * `CONFIG_*` and `USAGE` map to exit code 2, everything else to 1.
 */
export class WorthwhileError extends Error {
  readonly code: ErrorCode;
  /** The first part of the message alone, for edges that show `on` and `fix` in places of their own. */
  readonly reason: string;
  readonly on: string | undefined;
  readonly fix: string | undefined;

  constructor(code: ErrorCode, reason: string, facts: ErrorFacts = {}) {
    super([reason, facts.on && `  on: ${facts.on}`, facts.fix && `  next: ${facts.fix}`].filter(Boolean).join('\n'), {
      cause: facts.cause,
    });
    this.name = 'WorthwhileError';
    this.code = code;
    this.reason = reason;
    this.on = facts.on;
    this.fix = facts.fix;
  }

  get exitCode(): number {
    return this.code.startsWith('CONFIG_') || this.code === 'USAGE' ? EXIT.usage : EXIT.failed;
  }
}
