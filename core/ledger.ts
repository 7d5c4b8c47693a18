import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { createFileOnce } from './atomic-file.ts';
import { checkedJson } from './checked-json.ts';
import type { Effects } from './effects.ts';
import { WorthwhileError } from './errors.ts';
import type { Workspace } from './workspace.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * One decision of a person (`<workspace>/ledger/decisions/<number>.json`): canonical JSON on one line, never changed afterwards.
 * `hash` is the SHA-256 of that line without itself, and `previous` the hash of the entry before, so that nothing can be changed,
 * taken out or put in between without breaking what follows.
 */
const ledgerEntry = z.object({
  version: z.literal(1),
  /** 1 for the first decision, without gaps. */
  number: z.number().int().positive(),
  /** Instant in UTC. */
  at: z.string(),
  by: z.string(),
  /** What sort of decision; `what` has its facts. Readers pass over those they do not know. */
  kind: z.string(),
  why: z.string().nullable(),
  what: z.record(z.string(), z.unknown()),
  previous: sha256.nullable(),
  hash: sha256,
});
export type LedgerEntry = z.infer<typeof ledgerEntry>;

/** A decision before it has its place in the ledger. */
export type Decision = Pick<LedgerEntry, 'by' | 'kind' | 'why' | 'what'>;

/** Something in the ledger that is not as it was written: the file, and what is wrong with it. */
export interface LedgerDamage {
  file: string;
  what: string;
}

export interface Ledger {
  /** Every entry that can be read, the oldest first. */
  entries: LedgerEntry[];
  damage: LedgerDamage[];
  /** Files that a process left which died while it wrote: a decision that was never taken, or is in the ledger as well. */
  unfinished: string[];
}

const ENTRY_NAME = /^(\d{6,})\.json$/;
/** Two writers that hit on the same number try again; each time at least one of them gets through. */
const ATTEMPTS = 1000;

/** Reads the whole ledger and checks its chain; says what is damaged instead of throwing. */
export function readLedger(workspace: Workspace): Ledger {
  const folder = decisionsFolder(workspace);
  if (!existsSync(folder)) return { entries: [], damage: [], unfinished: [] };
  const names = readdirSync(folder);
  const ledger: Ledger = { entries: [], damage: [], unfinished: names.filter((name) => name.endsWith('.tmp')) };
  const last = Math.max(0, ...names.map((name) => Number(ENTRY_NAME.exec(name)?.[1] ?? 0)));
  let previous: LedgerEntry | null = null;
  for (let number = 1; number <= last; number++) {
    const file = join(folder, fileName(number));
    const text = existsSync(file) ? readFileSync(file, 'utf8') : null;
    const entry: LedgerEntry | null = text === null ? null : checkedJson(ledgerEntry, text);
    const damage = text === null ? 'is gone' : damageOf(text, entry, number, previous);
    if (damage) ledger.damage.push({ file, what: damage });
    if (entry) ledger.entries.push(entry);
    // After a gap or a file that cannot be read there is nothing to hold the next one against.
    previous = entry;
  }
  return ledger;
}

function damageOf(
  text: string,
  entry: LedgerEntry | null,
  number: number,
  previous: LedgerEntry | null,
): string | null {
  if (!entry) return `cannot be read: its ${Buffer.byteLength(text)} bytes are no whole decision`;
  if (entry.hash !== hashOf(entry) || text !== textOf(entry)) return 'was changed: it does not match its own hash';
  if (entry.number !== number) return `says that it is decision ${entry.number}`;
  const follows = number === 1 ? entry.previous === null : !previous || entry.previous === previous.hash;
  return follows ? null : 'does not follow from the decision before it, which was changed or replaced';
}

/** Every entry, the oldest first. Throws LEDGER_CORRUPT where anything is not as it was written. */
export function ledgerEntries(workspace: Workspace): LedgerEntry[] {
  const { entries, damage } = readLedger(workspace);
  const [first] = damage;
  if (!first) return entries;
  throw new WorthwhileError('LEDGER_CORRUPT', `a decision in the ledger ${first.what}`, {
    on: first.file,
    fix: 'restore `ledger` in the workspace from a backup; `worthwhile verify` lists all that differs',
  });
}

/**
 * Adds a decision and returns its entry. `decide` is shown every entry before it, and asked again where another process was
 * quicker; what it throws is thrown. The entry is durable when this returns, and there whole or not at all if the process dies.
 * Throws LEDGER_CORRUPT where the ledger is damaged.
 */
export function appendDecision(
  workspace: Workspace,
  decide: (entries: LedgerEntry[]) => Decision,
  effects: Pick<Effects, 'now'>,
): LedgerEntry {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const entries = ledgerEntries(workspace);
    const facts = {
      version: 1 as const,
      number: entries.length + 1,
      at: effects.now().toISOString(),
      ...decide(entries),
      previous: entries.at(-1)?.hash ?? null,
    };
    const entry = { ...facts, hash: hashOf(facts) };
    if (createFileOnce(join(decisionsFolder(workspace), fileName(entry.number)), textOf(entry))) return entry;
  }
  throw new WorthwhileError('WORKSPACE_BUSY', 'other processes keep writing to the ledger', {
    on: workspace.ledger,
    fix: 'try again in a moment',
  });
}

/** JSON with the members of every object in the order of their names: the same value is always the same text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** SHA-256 of a text, or of a value's canonical JSON, in hex. */
export function sha256Of(value: unknown): string {
  return createHash('sha256')
    .update(typeof value === 'string' ? value : canonicalJson(value))
    .digest('hex');
}

const decisionsFolder = (workspace: Workspace): string => join(workspace.ledger, 'decisions');

const fileName = (number: number): string => `${String(number).padStart(6, '0')}.json`;

const textOf = (entry: LedgerEntry): string => `${canonicalJson(entry)}\n`;

function hashOf({ hash: _hash, ...facts }: Omit<LedgerEntry, 'hash'> & { hash?: string }): string {
  return sha256Of(facts);
}
