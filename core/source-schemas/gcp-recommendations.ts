import type { ColumnType, SourceColumn, SourceSchema } from './column.ts';

/** Google's `Money`: whole units and billionths of one, both with the amount's sign. */
const money: ColumnType = { struct: { currency_code: 'VARCHAR', units: 'DECIMAL(38,9)', nanos: 'DECIMAL(38,9)' } };

/**
 * The Recommender's BigQuery export (`recommendations_export`): every recommendation that stands on a day, each day whole again.
 * A negative cost is a saving over `duration`.
 */
const columns: SourceColumn[] = [
  { name: 'cloud_entity_type', type: 'VARCHAR' },
  { name: 'cloud_entity_id', type: 'VARCHAR' },
  { name: 'name', type: 'VARCHAR', required: true, never: 'null' },
  { name: 'location', type: 'VARCHAR' },
  { name: 'recommender', type: 'VARCHAR', required: true },
  { name: 'recommender_subtype', type: 'VARCHAR' },
  { name: 'target_resources', type: { list: 'VARCHAR' } },
  { name: 'description', type: 'VARCHAR' },
  { name: 'last_refresh_time', type: 'TIMESTAMPTZ', required: true },
  {
    name: 'primary_impact',
    type: {
      struct: {
        category: 'VARCHAR',
        cost_projection: {
          struct: {
            cost: money,
            cost_in_local_currency: money,
            duration: { struct: { seconds: 'DECIMAL(38,9)', nanos: 'DECIMAL(38,9)' } },
          },
        },
      },
    },
    required: true,
  },
  { name: 'state', type: 'VARCHAR', required: true },
  { name: 'ancestors', type: { struct: { organization_id: 'VARCHAR', folder_ids: { list: 'VARCHAR' } } } },
  { name: 'associated_insights', type: { list: 'VARCHAR' } },
  { name: 'recommendation_details', type: 'JSON' },
  { name: 'priority', type: 'VARCHAR' },
];

export const gcpRecommendationsSchema: SourceSchema = {
  columns,
  sums: {},
  currency: null,
  exportTime: 'last_refresh_time',
  chargeStart: null,
  snapshot: 'partition',
};
