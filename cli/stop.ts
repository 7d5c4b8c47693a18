/**
 * What happens when the process is asked to stop. A command that serves waits with `untilStopped` and closes in order;
 * any other ends at once: its lock goes with the process, and what was published before stays.
 */
export function listenForStop(say: (text: string) => void): { untilStopped: () => Promise<void> } {
  const waiting: (() => void)[] = [];
  let asked = false;
  const stop = (signal: 'SIGINT' | 'SIGTERM'): void => {
    if (waiting.length > 0 && !asked) {
      asked = true;
      for (const resolve of waiting) resolve();
      return;
    }
    say('\nstopped; what was published before is untouched\n');
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('SIGTERM', () => stop('SIGTERM'));
  return {
    untilStopped: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
      }),
  };
}
