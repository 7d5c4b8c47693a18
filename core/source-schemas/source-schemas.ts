import type { SourceKind } from '../lake.ts';
import type { SourceSchema } from './column.ts';
import { focusSchema, gcpFocusSchema } from './focus.ts';
import { gcpBillingSchema } from './gcp-billing.ts';
import { gcpPricingSchema } from './gcp-pricing.ts';
import { gcpRecommendationsSchema } from './gcp-recommendations.ts';

const schemas: Record<SourceKind, SourceSchema> = {
  'gcp-billing-detailed': gcpBillingSchema,
  'gcp-billing-standard': gcpBillingSchema,
  'gcp-focus': gcpFocusSchema,
  focus: focusSchema,
  'gcp-pricing': gcpPricingSchema,
  'gcp-recommendations': gcpRecommendationsSchema,
};

/** The canonical columns of a kind: what ingest demands of a file and what the model reads from a batch. */
export function sourceSchema(kind: SourceKind): SourceSchema {
  return schemas[kind];
}
