import type { ColumnType, SourceColumn, SourceSchema } from './column.ts';

const keyValue: ColumnType = { list: { struct: { key: 'VARCHAR', value: 'VARCHAR' } } };
const named: ColumnType = { struct: { id: 'VARCHAR', description: 'VARCHAR' } };

/**
 * Google Cloud's detailed and standard usage-cost exports, in live column order. The standard export is the detailed one
 * without `resource` and `subscription`, and before 2025-07-15 also without `price`, `consumption_model` and the two
 * `cost_at_…` columns after it; all of these are optional, so one declaration serves both.
 */
const columns: SourceColumn[] = [
  { name: 'billing_account_id', type: 'VARCHAR', required: true },
  { name: 'service', type: named, required: true },
  { name: 'sku', type: named, required: true },
  { name: 'usage_start_time', type: 'TIMESTAMPTZ', required: true, never: 'null' },
  { name: 'usage_end_time', type: 'TIMESTAMPTZ' },
  {
    name: 'project',
    type: {
      struct: {
        id: 'VARCHAR',
        number: 'VARCHAR',
        name: 'VARCHAR',
        labels: keyValue,
        ancestry_numbers: 'VARCHAR',
        ancestors: { list: { struct: { resource_name: 'VARCHAR', display_name: 'VARCHAR' } } },
      },
    },
  },
  { name: 'labels', type: keyValue },
  { name: 'system_labels', type: keyValue },
  {
    name: 'location',
    type: { struct: { location: 'VARCHAR', country: 'VARCHAR', region: 'VARCHAR', zone: 'VARCHAR' } },
  },
  { name: 'resource', type: { struct: { name: 'VARCHAR', global_name: 'VARCHAR' } } },
  {
    name: 'tags',
    type: { list: { struct: { key: 'VARCHAR', value: 'VARCHAR', inherited: 'BOOLEAN', namespace: 'VARCHAR' } } },
  },
  {
    name: 'price',
    type: {
      struct: {
        effective_price: 'DECIMAL(38,9)',
        tier_start_amount: 'DECIMAL(38,9)',
        unit: 'VARCHAR',
        pricing_unit_quantity: 'DECIMAL(38,9)',
        list_price: 'DECIMAL(38,9)',
        effective_price_default: 'DECIMAL(38,9)',
        list_price_consumption_model: 'DECIMAL(38,9)',
      },
    },
  },
  { name: 'subscription', type: { struct: { instance_id: 'VARCHAR' } } },
  { name: 'transaction_type', type: 'VARCHAR' },
  { name: 'seller_name', type: 'VARCHAR' },
  { name: 'export_time', type: 'TIMESTAMPTZ', required: true },
  { name: 'cost', type: 'FLOAT_MONEY', required: true, never: 'null' },
  { name: 'currency', type: 'VARCHAR', required: true, never: 'null' },
  { name: 'currency_conversion_rate', type: 'DOUBLE' },
  {
    name: 'usage',
    type: { struct: { amount: 'DOUBLE', unit: 'VARCHAR', amount_in_pricing_units: 'DOUBLE', pricing_unit: 'VARCHAR' } },
  },
  {
    name: 'credits',
    type: {
      list: {
        struct: { name: 'VARCHAR', amount: 'FLOAT_MONEY', full_name: 'VARCHAR', id: 'VARCHAR', type: 'VARCHAR' },
      },
    },
  },
  {
    name: 'invoice',
    type: { struct: { month: 'VARCHAR', publisher_type: 'VARCHAR' } },
    required: true,
    requiredFields: ['month'],
  },
  { name: 'cost_type', type: 'VARCHAR' },
  {
    name: 'adjustment_info',
    type: { struct: { id: 'VARCHAR', description: 'VARCHAR', mode: 'VARCHAR', type: 'VARCHAR' } },
  },
  { name: 'cost_at_list', type: 'FLOAT_MONEY' },
  {
    name: 'consumption_model',
    type: { struct: { id: 'VARCHAR', description: 'VARCHAR', applied_subscription_instance_id: 'VARCHAR' } },
  },
  { name: 'cost_at_effective_price_default', type: 'FLOAT_MONEY' },
  { name: 'cost_at_list_consumption_model', type: 'FLOAT_MONEY' },
];

/** Sum of a row's credits. A list lambda, because UNNEST would multiply `cost` by the number of credits. */
const creditSum = 'coalesce(list_sum(list_transform(credits, lambda credit: credit.amount)), 0::DECIMAL(38,9))';

export const gcpBillingSchema: SourceSchema = {
  columns,
  sums: { cost: 'cost', credits: creditSum, BilledCost: `cost + ${creditSum}` },
  currency: 'currency',
  exportTime: 'export_time',
  chargeStart: 'usage_start_time',
};
