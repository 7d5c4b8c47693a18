import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { worthwhile } from './shell.ts';

/** Months long over whenever this runs. */
const company = join(import.meta.dirname, '..', 'golden', 'cases', 'focus-fine-scales', 'input');
const scratch = mkdtempSync(join(tmpdir(), 'worthwhile-cli-close-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('close, reopen and verify', () => {
  const folder = join(scratch, 'company');
  const month = (which: string) => worthwhile(folder, 'export', 'chargeback', '--month', which);
  beforeAll(async () => {
    cpSync(company, folder, { recursive: true });
    expect(await worthwhile(folder, 'run')).toMatchObject({ code: 0 });
  });

  it('say how they are to be used', async () => {
    const [unclear, without] = await Promise.all([
      worthwhile(folder, 'close', 'September'),
      worthwhile(folder, 'reopen', '2024-09'),
    ]);
    expect(unclear).toMatchObject({ code: 2, err: expect.stringMatching(/2026-09/) });
    expect(without).toMatchObject({ code: 2, err: expect.stringMatching(/--reason/) });
    expect(await worthwhile(folder, 'close', '2024-09', '--by', ' ')).toMatchObject({ code: 2 });
  });

  it('take a month from open to closed and back, in plain words and exit codes', { timeout: 120_000 }, async () => {
    expect(await worthwhile(folder, 'close', '2024-09')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/there is reason to wait; coverage: .* has no owner[^]*--yes/),
    });
    expect(await worthwhile(folder, 'close', '2024-09', '--check')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/✔ reconciliation: [^]*may be closed with --yes/),
    });
    const closed = await worthwhile(folder, 'close', '2024-09', '--yes', '--by', 'Jo', '--reason', 'booked', '--json');
    expect(closed.code).toBe(0);
    const { closed: sealed, build } = JSON.parse(closed.out);
    expect(sealed).toMatchObject({ month: '2024-09', version: 1, by: 'Jo', why: 'booked', number: 1 });
    expect(build).toMatchObject({ published: true, monthsMade: [] });
    const before = await month('2024-09');

    const again = await worthwhile(folder, 'close', '2024-09', '--yes', '--json');
    expect(again.code).toBe(1);
    expect(JSON.parse(again.out)).toMatchObject({ error: { code: 'CLOSE_REFUSED' } });

    const config = join(folder, 'worthwhile.yaml');
    writeFileSync(
      config,
      `${readFileSync(config, 'utf8')}\npools:\n  - { name: all, of: { service: '*' }, method: even }\n`,
    );
    expect(await worthwhile(folder, 'run')).toMatchObject({ code: 0 });
    expect((await month('2024-09')).out).toBe(before.out);
    expect((await month('2024-10')).out).toMatch(/,TrueUp,USD,/);

    const whole = await worthwhile(folder, 'verify', '--json');
    expect(whole.code).toBe(0);
    expect(JSON.parse(whole.out)).toMatchObject({ holds: true });
    const doctor = await worthwhile(folder, 'doctor');
    expect(doctor.out).toMatch(/✔ closed months: 1, the newest 2024-09; every seal holds/);

    expect(await worthwhile(folder, 'reopen', '2024-09', '--reason', 'a wrong pool')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/2024-09 is open again; version 1 is kept/),
    });
    expect((await month('2024-09')).out).not.toBe(before.out);
    expect((await month('2024-10')).out).not.toMatch(/TrueUp/);
  });

  it('find what was done to the ledger, as the doctor does', { timeout: 120_000 }, async () => {
    appendFileSync(join(folder, 'data', 'ledger', 'closes', '2024-09-v1.jsonl'), ' ');

    const [verified, doctor] = [await worthwhile(folder, 'verify'), await worthwhile(folder, 'doctor')];

    expect(verified).toMatchObject({
      code: 1,
      out: expect.stringMatching(/✖ seal of 2024-09, version 1: .*2024-09-v1\.jsonl[^]*differs from what was sealed/),
    });
    expect(doctor).toMatchObject({ code: 1, out: expect.stringMatching(/✖ seal of 2024-09, version 1/) });
  });
});
