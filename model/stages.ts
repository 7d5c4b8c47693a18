import type { Effects } from '../core/effects.ts';

/** One step of a build and how long it took; `rows` where it made a table. */
export interface BuildStage {
  name: string;
  ms: number;
  rows: number | null;
}

/** Runs a step of a build; `fraction` is how far the build is when it begins. */
export type Stage = <Result>(name: string, fraction: number, work: () => Promise<Result>) => Promise<Result>;

/** Runs steps, tells of each before it begins, and keeps their times. */
export function stageClock(effects: Effects): { stage: Stage; stages: BuildStage[] } {
  const stages: BuildStage[] = [];
  return {
    stages,
    stage: async (name, fraction, work) => {
      effects.progress({ step: name, fraction });
      const begun = performance.now();
      const result = await work();
      stages.push({ name, ms: performance.now() - begun, rows: typeof result === 'number' ? result : null });
      return result;
    },
  };
}
