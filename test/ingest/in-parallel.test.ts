import { describe, expect, it } from 'vitest';
import { inParallel } from '../../ingest/in-parallel.ts';

describe('working on many items at a time', () => {
  it('keeps the order of the items and never exceeds the width', async () => {
    let inside = 0;
    let most = 0;
    const doubled = await inParallel(3, [5, 4, 3, 2, 1], async (item) => {
      most = Math.max(most, ++inside);
      for (let turn = 0; turn < item; turn++) await Promise.resolve();
      inside--;
      return item * 2;
    });
    expect(doubled).toEqual([10, 8, 6, 4, 2]);
    expect(most).toBe(3);
  });

  it('begins nothing after a failure, and throws it when what had begun has ended', async () => {
    const begun: string[] = [];
    const ended: string[] = [];
    let release = (): void => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    const whole = inParallel(2, ['slow', 'failing', 'later'], async (item) => {
      begun.push(item);
      if (item === 'failing') throw new Error('disk gone');
      await released;
      ended.push(item);
    });
    const outcome = whole.catch((error: Error) => [error.message, ...ended]);
    await new Promise((resolve) => setImmediate(resolve));
    release();

    expect(await outcome).toEqual(['disk gone', 'slow']);
    expect(begun).toEqual(['slow', 'failing']);
  });
});
