/** Something that was left out of an otherwise finished piece of work; a run that returns any exits with code 3. */
export interface Skipped {
  what: string;
  why: string;
}

/** How far a long piece of work is. `fraction` is 0 to 1, or null where the end is not known. */
export interface ProgressUpdate {
  step: string;
  fraction: number | null;
  detail?: string;
}

/** The outside world, handed to every function that acts; tests pass a fixed clock and collect what is said. */
export interface Effects {
  now: () => Date;
  progress: (update: ProgressUpdate) => void;
  /** A warning that a person should read; never carries a secret. */
  warn: (message: string) => void;
  /** Throws WORKSPACE_BUSY where the workspace is no longer ours; asked right before something becomes visible to others. */
  assertHeld?: () => void;
  /** Waits before something is asked for again; real time where left out. */
  pause?: (milliseconds: number) => Promise<unknown>;
}

export const silentEffects: Effects = { now: () => new Date(), progress: () => {}, warn: () => {} };
