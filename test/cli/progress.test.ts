import { describe, expect, it } from 'vitest';
import { startProgress } from '../../cli/progress.ts';
import { painter } from '../../cli/terminal.ts';

function watched(interactive: boolean) {
  const said: string[] = [];
  let now = 0;
  const terminal = { out: () => {}, err: (text: string) => said.push(text), interactive, columns: 50, colour: false };
  const progress = startProgress(terminal, painter(false), () => now);
  return { said, progress, wait: (ms: number) => (now += ms) };
}

describe('progress where nobody watches', () => {
  it('is a line for each step that took a while, and one every five seconds of a long one', () => {
    const { said, progress, wait } = watched(false);
    progress.update({ step: 'quick', fraction: 0 });
    wait(100);
    progress.update({ step: 'long', fraction: 0 });
    wait(5_000);
    progress.update({ step: 'long', fraction: 0.5, detail: '1 of 2 files' });
    wait(1_000);
    progress.update({ step: 'long', fraction: 0.9 });
    progress.finish('done');
    expect(said).toEqual(['long: 50 %, 1 of 2 files\n', 'long: done (6.0 s)\n']);
  });

  it('says which step failed', () => {
    const { said, progress } = watched(false);
    progress.update({ step: 'checks', fraction: null });
    progress.finish('failed');
    expect(said).toEqual(['checks: failed (0.0 s)\n']);
  });
});

describe('progress on a terminal', () => {
  it('draws over one line, keeps it within the width, and writes warnings above it', () => {
    const { said, progress, wait } = watched(true);
    progress.update({ step: 'ingest', fraction: 0.25, detail: 'a very long name of a file that does not fit' });
    progress.note('warning: new column');
    wait(1_000);
    progress.finish('done');
    const lines = said.filter((text) => !text.includes('\u001b'));
    expect(lines[0]).toMatch(/ingest \[██████░+\] {2}25 %/);
    expect(lines.every((line) => line.length <= 50 || line.startsWith('✔'))).toBe(true);
    expect(lines).toContain('warning: new column\n');
    expect(lines.at(-1)).toMatch(/^✔ ingest .* 1\.0 s\n$/);
  });
});
