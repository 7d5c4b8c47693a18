import { setTimeout as wait } from 'node:timers/promises';
import { isRetryable } from './faults.ts';

/** How often and how patiently something is asked for again. */
export interface RetryPolicy {
  /** Tries altogether. */
  attempts: number;
  firstDelayMs: number;
  longestDelayMs: number;
  pause: (milliseconds: number) => Promise<unknown>;
  /** 0 to 1; spreads the delays, so that many clients do not come back at once. */
  random: () => number;
}

export const patient: RetryPolicy = {
  attempts: 7,
  firstDelayMs: 1000,
  longestDelayMs: 32_000,
  pause: (milliseconds) => wait(milliseconds),
  random: Math.random,
};

/** The policy for a run: `pause` is replaced in tests. */
export function retryPolicy(pause: ((milliseconds: number) => Promise<unknown>) | undefined): RetryPolicy {
  return pause ? { ...patient, pause } : patient;
}

/** The pause before try number `attempt` + 1: doubled each time up to the longest, between half of that and all of it. */
export function delayBefore(attempt: number, { firstDelayMs, longestDelayMs, random }: RetryPolicy): number {
  const full = Math.min(longestDelayMs, firstDelayMs * 2 ** (attempt - 1));
  return Math.round(full / 2 + (full / 2) * random());
}

/**
 * Does `work` again while it fails with something that may pass by itself and that `also` lets pass. The last failure is
 * thrown as it is.
 */
export async function withRetries<Result>(
  policy: RetryPolicy,
  work: (attempt: number) => Promise<Result>,
  also: (error: unknown) => boolean = () => true,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      if (attempt >= policy.attempts || !isRetryable(error) || !also(error)) throw error;
      await policy.pause(delayBefore(attempt, policy));
    }
  }
}
