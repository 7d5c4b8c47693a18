/**
 * How long the product takes from billing files to published marts, against DuckDB reading and grouping the same files in
 * the same run; and what one more day costs. `npm run bench build -- --rows 10000000 --repeat 3`
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compileProduct, gigabytes, measureCommand, measureTask, median, type Measured } from './measure.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000000' },
    repeat: { type: 'string', default: '3' },
    folder: { type: 'string' },
  },
});
const tasks = resolve(import.meta.dirname, 'tasks.ts');
const folder = resolve(values.folder ?? join('bench-data', `rows-${values.rows}`));
const exports = join(folder, 'export', 'detailed');

interface RunAnswer {
  build: { durationMs: number; monthsMade: string[] | null; stages: { name: string; ms: number }[] };
}

compileProduct();
await ensureInput();
const heldBack = join(folder, 'held-back');
const lastDay = readdirSync(exports).sort().at(-1)!;

const bare: number[] = [];
const full: Measured<RunAnswer>[] = [];
const increments: Measured<RunAnswer>[] = [];
for (let round = 1; round <= Number(values.repeat); round++) {
  rmSync(join(folder, 'data'), { recursive: true, force: true });
  await withoutLastDay(async () => {
    const baseline = await measureTask<{ rows: string; groups: string }>(tasks, [
      'bare',
      join(exports, '*', '*.parquet'),
    ]);
    bare.push(baseline.seconds);
    full.push(await runProduct());
    say(`round ${round}: ${baseline.answer.rows} rows to ${baseline.answer.groups} groups`);
  });
  increments.push(await runProduct());
  say(
    `  bare ${bare.at(-1)!.toFixed(2)} s, full ${full.at(-1)!.seconds.toFixed(2)} s, one more day ${increments.at(-1)!.seconds.toFixed(2)} s`,
  );
}

const bareSeconds = median(bare);
const fullSeconds = median(full.map((m) => m.seconds));
const dailySeconds = median(increments.map((m) => m.seconds));
const typical = full.toSorted((a, b) => a.seconds - b.seconds)[full.length >> 1]!;
say(
  `\nfull run / bare read-and-group   ${(fullSeconds / bareSeconds).toFixed(2)} x   (${fullSeconds.toFixed(2)} s / ${bareSeconds.toFixed(2)} s, goal 2.0)`,
);
say(
  `one more day / full run          ${((100 * dailySeconds) / fullSeconds).toFixed(1)} %   (${dailySeconds.toFixed(2)} s, goal 10 %)`,
);
say(`peak memory, full run            ${gigabytes(Math.max(...full.map((m) => m.peakBytes)))}`);
sayStages('the full run', typical);
sayStages('one more day', increments[increments.length >> 1]!);

function runProduct(): Promise<Measured<RunAnswer>> {
  return measureCommand<RunAnswer>(['--config', join(folder, 'worthwhile.yaml'), 'run']);
}

async function ensureInput(): Promise<void> {
  if (existsSync(join(folder, 'worthwhile.yaml'))) return;
  say(`making ${values.rows} rows in ${folder} (once) ...`);
  await measureTask(tasks, ['generate', folder, values.rows]);
}

async function withoutLastDay(work: () => Promise<void>): Promise<void> {
  mkdirSync(heldBack, { recursive: true });
  renameSync(join(exports, lastDay), join(heldBack, lastDay));
  try {
    await work();
  } finally {
    renameSync(join(heldBack, lastDay), join(exports, lastDay));
    rmSync(heldBack, { recursive: true });
  }
}

function sayStages(name: string, { seconds, answer: { build } }: Measured<RunAnswer>): void {
  const before = seconds - build.durationMs / 1000;
  const months = build.monthsMade === null ? 'every month' : build.monthsMade.join(', ');
  say(
    `\nof ${name}: start and ingest ${before.toFixed(2)} s, build ${(build.durationMs / 1000).toFixed(2)} s (${months})`,
  );
  const slowest = build.stages.filter(({ ms }) => ms >= 50).toSorted((a, b) => b.ms - a.ms);
  for (const stage of slowest) say(`  ${stage.name.padEnd(36)} ${(stage.ms / 1000).toFixed(2)} s`);
}

function say(line: string): void {
  console.log(line);
}
