import { poolShares } from './allocation/pool-shares.ts';
import { poolWeights } from './allocation/pool-weights.ts';
import { labelSuggestions } from './attribution/label-suggestions.ts';
import type { ComputedRelation } from './computed.ts';

/** Every relation of the model that TypeScript makes. */
export const COMPUTED_RELATIONS: ComputedRelation[] = [labelSuggestions, poolWeights, poolShares];
