import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentEffects } from '../../core/effects.ts';
import { appendDecision, canonicalJson, ledgerEntries, readLedger, type LedgerEntry } from '../../core/ledger.ts';
import { workspaceAt, type Workspace } from '../../core/workspace.ts';

let workspace: Workspace;
beforeEach(() => {
  workspace = workspaceAt(mkdtempSync(join(tmpdir(), 'worthwhile-ledger-')));
});
afterEach(() => rmSync(workspace.root, { recursive: true }));

const effects = { ...silentEffects, now: () => new Date('2026-10-05T08:00:00Z') };
const note = (text: string): LedgerEntry =>
  appendDecision(workspace, () => ({ by: 'jo', kind: 'note', why: 'asked', what: { text } }), effects);
const fileOf = (number: number): string =>
  join(workspace.ledger, 'decisions', `${String(number).padStart(6, '0')}.json`);
const damage = (): string[] => readLedger(workspace).damage.map(({ file, what }) => `${file.slice(-6, -5)} ${what}`);

describe('a decision', () => {
  it('is kept with who, when and why, and follows from the one before it', () => {
    const first = note('one');
    const second = note('two');

    expect(ledgerEntries(workspace)).toEqual([first, second]);
    expect(first).toMatchObject({ number: 1, at: '2026-10-05T08:00:00.000Z', by: 'jo', why: 'asked', previous: null });
    expect(second).toMatchObject({ number: 2, what: { text: 'two' }, previous: first.hash });
    expect(readLedger(workspace)).toMatchObject({ damage: [], unfinished: [] });
  });

  it('is taken with all that was decided before it in sight, and not at all where that speaks against it', () => {
    note('one');
    const refuse = (): never => {
      throw new Error('no');
    };

    expect(() => appendDecision(workspace, refuse, effects)).toThrow('no');
    expect(ledgerEntries(workspace)).toHaveLength(1);
  });

  it('is the same text whatever the order of its members', () => {
    expect(canonicalJson({ b: [{ d: 1, c: undefined }], a: null })).toBe('{"a":null,"b":[{"d":1}]}');
  });
});

describe('what was done to the ledger', () => {
  beforeEach(() => ['one', 'two', 'three'].forEach(note));

  it.each<[string, (file: string) => void, string[]]>([
    [
      'a changed word',
      (file) => writeFileSync(file, readFileSync(file, 'utf8').replace('two', 'twp')),
      ['2 was changed: it does not match its own hash'],
    ],
    [
      'a last line that was cut short',
      (file) => truncateSync(file, 40),
      ['2 cannot be read: its 40 bytes are no whole decision'],
    ],
    ['an empty file', (file) => truncateSync(file, 0), ['2 cannot be read: its 0 bytes are no whole decision']],
    [
      'a space too many',
      (file) => writeFileSync(file, `${readFileSync(file, 'utf8')} `),
      ['2 was changed: it does not match its own hash'],
    ],
    ['a decision that is gone', (file) => rmSync(file), ['2 is gone']],
    [
      'another in its place',
      (file) => writeFileSync(file, readFileSync(fileOf(1))),
      ['2 says that it is decision 1', '3 does not follow from the decision before it, which was changed or replaced'],
    ],
  ])('%s is told, and nothing more is decided on top of it', (_, change, told) => {
    change(fileOf(2));

    expect(damage()).toEqual(told);
    expect(() => note('four')).toThrow(/ledger.*000002\.json[^]*restore/s);
    expect(readdirSync(join(workspace.ledger, 'decisions'))).not.toContain('000004.json');
  });

  it('also where its own hash was made to match: the next one does not follow', async () => {
    const other = workspaceAt(mkdtempSync(join(tmpdir(), 'worthwhile-ledger-other-')));
    try {
      note('four');
      const entries = ledgerEntries(workspace);
      for (const { what } of [entries[0]!, { what: { text: 'forged' } }])
        appendDecision(other, () => ({ by: 'jo', kind: 'note', why: 'asked', what }), effects);
      writeFileSync(fileOf(2), readFileSync(join(other.ledger, 'decisions', '000002.json')));

      expect(damage()).toEqual(['3 does not follow from the decision before it, which was changed or replaced']);
    } finally {
      rmSync(other.root, { recursive: true });
    }
  });
});

/** A process that adds decisions; ends it when it has said so many. */
function writer(by: string, count: number, killAfter = Infinity): Promise<{ said: number[]; signal: string | null }> {
  const script = join(import.meta.dirname, 'ledger-writer.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, workspace.root, by, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    if (out.split('\n').length > killAfter) child.kill('SIGKILL');
  });
  return new Promise((resolve) => {
    child.on('close', (_, signal) => resolve({ said: out.split('\n').slice(0, -1).map(Number), signal }));
  });
}

describe('processes at once', () => {
  it('lose nothing and give every decision a place of its own', { timeout: 60_000 }, async () => {
    const [one, two] = await Promise.all([writer('one', 40), writer('two', 40)]);

    const entries = ledgerEntries(workspace);
    const numbersOf = (by: string): number[] => entries.filter((entry) => entry.by === by).map(({ number }) => number);
    expect(entries).toHaveLength(80);
    expect(numbersOf('one')).toEqual(one.said);
    expect(numbersOf('two')).toEqual(two.said);
  });

  it('that are killed leave each decision whole or not there, and all that was said', { timeout: 60_000 }, async () => {
    for (const killAfter of [3, 5, 8]) {
      const before = ledgerEntries(workspace).length;
      const { said, signal } = await writer('victim', 100_000, killAfter);
      expect(signal).toBe('SIGKILL');
      const entries = ledgerEntries(workspace);
      expect(entries.length - before).toBeGreaterThanOrEqual(said.length);
      expect(entries.slice(before, before + said.length).map(({ number }) => number)).toEqual(said);
    }
    expect(note('after').number).toBe(ledgerEntries(workspace).length);
  });
});
