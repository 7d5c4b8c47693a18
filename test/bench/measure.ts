import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What one finished child process took. `peakBytes` is the largest resident set seen, sampled every 50 ms from /proc. */
export interface Measured<Answer> {
  seconds: number;
  peakBytes: number;
  answer: Answer;
}

/**
 * Runs a bench task in a process of its own, so that its memory is its own, and reads its last line of output as JSON.
 * Wall time includes starting the process. Fails with the child's stderr where the child fails.
 */
export async function measureTask<Answer>(task: string, args: string[] = []): Promise<Measured<Answer>> {
  const started = performance.now();
  const child = spawn(process.execPath, ['--import', 'tsx', task, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TZ: 'UTC', UV_THREADPOOL_SIZE: '16' },
  });
  const output: Buffer[] = [];
  const complaints: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
  let peakBytes = 0;
  const sampler = setInterval(() => {
    peakBytes = Math.max(peakBytes, residentBytes(child.pid));
  }, 50);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  }).finally(() => clearInterval(sampler));
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0)
    throw new Error(`${task} ${args.join(' ')} ended with ${code}:\n${Buffer.concat(complaints).toString()}`);
  const lastLine = Buffer.concat(output).toString().trim().split('\n').at(-1) ?? 'null';
  return { seconds, peakBytes, answer: JSON.parse(lastLine) as Answer };
}

function residentBytes(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`;
