import { COMPACTED_LABEL_SETS } from './compaction/compaction.ts';
import { rawTables } from './compaction/raw.ts';
import { RAW_PRICING } from './inputs/price-list.ts';
import { inputTables } from './inputs/tables.ts';

/** One row: what is known of the generation before it is built. */
export const GENERATION_FACTS = `x_Generation BIGINT, x_BuiltAt TIMESTAMPTZ, x_Company VARCHAR, x_DefaultCurrency VARCHAR,
  x_Timezone VARCHAR, x_ModelHash VARCHAR`;

/** Tables that are there before any SQL of the model runs, with their columns as DuckDB declares them. */
export const builtInTables: Readonly<Record<string, string>> = {
  ...inputTables,
  ...rawTables,
  raw_gcp_pricing: RAW_PRICING,
  inp_generation: GENERATION_FACTS,
  compacted_label_sets: COMPACTED_LABEL_SETS,
};
