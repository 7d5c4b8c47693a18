import type { Skipped } from '../../core/effects.ts';

/** What became of the questions to Cloud Billing in one run. `kept`: it could not be asked, the last good answer stays. */
export interface CloudBillingOutcome {
  accounts: {
    accountId: string;
    status: 'read' | 'kept' | 'unknown';
    /** Null where nothing was ever read. */
    open: boolean | null;
    projects: number;
  }[];
  /** Null where list prices are not asked for. */
  skus: { status: 'read' | 'unchanged' | 'kept'; services: number; skus: number } | null;
  skipped: Skipped[];
}
