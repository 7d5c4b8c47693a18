import { join } from 'node:path';
import { z } from 'zod';
import { WorthwhileError } from './errors.ts';
import { ledgerEntries, sha256Of, type LedgerEntry } from './ledger.ts';
import type { Workspace } from './workspace.ts';

/** Sums over a month's sealed rows, exact decimal text. */
const sealedCosts = z.object({
  ListCost: z.string(),
  ContractedCost: z.string(),
  BilledCost: z.string(),
  EffectiveCost: z.string(),
});

/**
 * Hashes over what a month's charges follow from besides the model: its batches, the catalog's loads up to its end, its drivers,
 * and the rules and pools as they hold up to its end.
 */
const monthState = z.object({
  batches: z.string(),
  catalog: z.string(),
  drivers: z.string(),
  attribution: z.string(),
  pools: z.string(),
});
export type MonthState = z.infer<typeof monthState>;

/** What is sealed when a billing month is closed. The rows lie in `ledger/closes/<rows.file>`. */
const sealedFacts = z.object({
  /** `YYYY-MM`. */
  month: z.string(),
  /** 1 when the month is closed for the first time, one more each time it is closed again. */
  version: z.number().int().positive(),
  rows: z.object({ file: z.string(), count: z.number().int(), bytes: z.number().int(), sha256: z.string() }),
  /** By currency. */
  totals: z.record(z.string(), sealedCosts),
  /** The generation whose rows these are. */
  generation: z.number().int(),
  builtAt: z.string(),
  modelHash: z.string(),
  /** Of the whole configuration of these, as it was. */
  attribution: z.string(),
  pools: z.string(),
  catalogLoads: z.array(z.object({ validFrom: z.string(), sha256: z.string() })),
  /** Of every month that was closed by then, this one included. */
  states: z.record(z.string(), monthState),
  /** Doubts that the person who closed was shown and accepted. */
  accepted: z.array(z.string()),
  /** The seal of the close before, of whatever month; null for the first. */
  previousSeal: z.string().nullable(),
});
export type SealedFacts = z.infer<typeof sealedFacts>;

const closed = sealedFacts.extend({ seal: z.string() });
const reopened = z.object({ month: z.string(), version: z.number().int(), seal: z.string() });

/** One version of a closed month, with who closed it, when and why. */
export type Close = z.infer<typeof closed> & Pick<LedgerEntry, 'number' | 'at' | 'by' | 'why'>;

/** SHA-256 over all that is sealed, the rows by their own hash. */
export const sealOf = (facts: SealedFacts): string => sha256Of(sealedFacts.parse(facts));

/** Every close there ever was, in the order in which they were decided. */
export function closesOf(entries: LedgerEntry[]): Close[] {
  return entries
    .filter(({ kind }) => kind === 'close')
    .map(({ number, at, by, why, what }) => ({ ...readAs(closed, number, what), number, at, by, why }));
}

/** The closes that hold: of each closed month the last, none of a month that was reopened since. In the order of the decisions. */
export function closesInForce(entries: LedgerEntry[]): Close[] {
  const inForce = new Map<string, Close>();
  const all = new Map(closesOf(entries).map((close) => [close.number, close]));
  for (const { number, kind, what } of entries) {
    const close = all.get(number);
    if (close) inForce.set(close.month, close);
    if (kind === 'reopen') inForce.delete(readAs(reopened, number, what).month);
  }
  return [...inForce.values()].sort((a, b) => a.number - b.number);
}

/** The closes of a workspace that hold. Throws LEDGER_CORRUPT. */
export function closedMonths(workspace: Workspace): Close[] {
  return closesInForce(ledgerEntries(workspace));
}

export const closesFolder = (workspace: Workspace): string => join(workspace.ledger, 'closes');

function readAs<Schema extends z.ZodType>(schema: Schema, number: number, what: unknown): z.output<Schema> {
  const parsed = schema.safeParse(what);
  if (parsed.success) return parsed.data;
  throw new WorthwhileError('LEDGER_CORRUPT', 'a decision about a month does not have the facts it should', {
    on: `decision ${number}: ${z.prettifyError(parsed.error)}`,
    fix: 'it may be written by a later version of this product: use that one',
    cause: parsed.error,
  });
}
