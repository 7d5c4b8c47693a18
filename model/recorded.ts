import type { Config } from '../core/config/schema.ts';
import type { Effects } from '../core/effects.ts';
import type { RunNotes } from '../core/run-record.ts';
import { build, type BuildOptions, type BuildReport } from './build.ts';

/** As {@link build}, telling the run's record what was built and how long each stage took. */
export async function recordedBuild(
  config: Config,
  options: BuildOptions,
  effects: Effects,
  notes: RunNotes,
): Promise<BuildReport> {
  const report = await build(config, options, effects);
  const { generation, published, durationMs, checks, stages } = report;
  notes.build({ generation, published, durationMs, checksPassed: checks.passed, stages });
  return report;
}
