import { spawn } from 'node:child_process';
import { EXIT } from '../../core/errors.ts';

export interface RunInChild {
  /** Never rejects. `words` say how it ended, as the end of a sentence. */
  ended: Promise<{ failed: boolean; words: string }>;
  /** Asks it to end; it is killed where it does not within ten seconds. */
  stop: () => void;
}

const GRACE_MS = 10_000;

/**
 * Begins `worthwhile run` in a process of its own. A build takes every core and more than half of the memory for minutes; in this
 * process it would share libuv's threads, DuckDB's memory and the event loop with the questions of everyone who looks at a page,
 * and a build that runs out of memory would take the server with it. What it says goes to our standard error.
 */
export function runInChild(script: string, configPath: string): RunInChild {
  const line = [...process.execArgv, script, '--config', configPath, '--no-color', 'run', '--trigger', 'schedule'];
  const child = spawn(process.execPath, line, { stdio: ['ignore', 2, 2] });
  let kill: NodeJS.Timeout | undefined;
  const ended = new Promise<{ failed: boolean; words: string }>((resolve) => {
    child.once('error', (error) => resolve({ failed: true, words: `could not be begun: ${error.message}` }));
    child.once('exit', (code, signal) => resolve(endOf(code, signal)));
  }).finally(() => clearTimeout(kill));
  return {
    ended,
    stop: () => {
      child.kill('SIGTERM');
      kill = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    },
  };
}

function endOf(code: number | null, signal: NodeJS.Signals | null): { failed: boolean; words: string } {
  if (code === EXIT.done) return { failed: false, words: 'is done' };
  if (code === EXIT.skipped) return { failed: false, words: 'is done, with something skipped that is listed above' };
  if (signal) return { failed: true, words: `was ended by ${signal}` };
  return { failed: true, words: `ended with exit code ${code}; the reason stands above and in the run history` };
}
