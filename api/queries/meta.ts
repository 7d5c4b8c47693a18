import type { MetaAnswer } from '../contract/index.ts';
import type { Reader } from '../warehouse/reader.ts';

/** What is served; no query, the generation's facts were read when it was attached. */
export function meta(reader: Reader, decisions: MetaAnswer['decisions']): MetaAnswer {
  return { ...reader.facts, decisions };
}
