import type { Skipped } from '../../core/effects.ts';

/** What became of the catalog in one run. */
export interface CatalogOutcome {
  /** `kept`: the catalog could not be read this time, the one in force stays. */
  status: 'loaded' | 'unchanged' | 'kept' | 'none';
  components: number;
  squads: number;
  skipped: Skipped[];
}
