import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

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
  const { answer, ...measured } = await measureNode(task, ['--import', 'tsx', task, ...args]);
  return { ...measured, answer: JSON.parse(answer.trim().split('\n').at(-1) ?? 'null') as Answer };
}

/** Compiles the product as a package has it. */
export function compileProduct(): void {
  const root = resolve(import.meta.dirname, '..', '..');
  const node = (...args: string[]): void => void execFileSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json');
  node('--import', 'tsx', 'scripts/copy-model.ts');
}

/** As {@link measureTask}, for a command of the compiled product (see {@link compileProduct}) with `--json`. */
export async function measureCommand<Answer>(args: string[]): Promise<Measured<Answer>> {
  const cli = resolve(import.meta.dirname, '..', '..', 'dist', 'cli.js');
  const { answer, ...measured } = await measureNode('worthwhile', [cli, ...args, '--json', '--quiet']);
  return { ...measured, answer: JSON.parse(answer) as Answer };
}

/** What a Node.js process printed. */
async function measureNode(task: string, args: string[]): Promise<Measured<string>> {
  const started = performance.now();
  const child = spawn(process.execPath, args, {
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
  return { seconds, peakBytes, answer: Buffer.concat(output).toString() };
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
