import type { ColumnType, SourceColumn, SourceSchema } from './column.ts';

const aggregation: ColumnType = { struct: { aggregation_level: 'VARCHAR', aggregation_interval: 'VARCHAR' } };

/** Amounts and quantities of a tier; Google writes the quantities as FLOAT and joins them to usage by equality. */
const tieredRates: ColumnType = {
  list: {
    struct: {
      pricing_unit_quantity: 'DECIMAL(38,9)',
      start_usage_amount: 'DECIMAL(38,9)',
      usd_amount: 'DECIMAL(38,9)',
      account_currency_amount: 'DECIMAL(38,9)',
    },
  },
};
const listPrice: ColumnType = { struct: { aggregation_info: aggregation, tiered_rates: tieredRates } };
const accountPrice: ColumnType = {
  struct: {
    aggregation_info: aggregation,
    tiered_rates: tieredRates,
    price_info: { struct: { price_reason: 'VARCHAR', discount_percent: 'DECIMAL(38,9)' } },
  },
};

/**
 * Google Cloud's pricing export (`cloud_pricing_export`): the whole price list of a billing account, once for each
 * `pricing_as_of_time`. `billing_account_price` is null where the account has no contract.
 */
const columns: SourceColumn[] = [
  { name: 'export_time', type: 'TIMESTAMPTZ' },
  { name: 'pricing_as_of_time', type: 'TIMESTAMPTZ', required: true, never: 'null' },
  { name: 'billing_account_id', type: 'VARCHAR', required: true },
  { name: 'business_entity_name', type: 'VARCHAR' },
  { name: 'service', type: { struct: { id: 'VARCHAR', description: 'VARCHAR' } }, required: true },
  {
    name: 'sku',
    type: { struct: { id: 'VARCHAR', description: 'VARCHAR', destination_migration_mappings: { list: 'VARCHAR' } } },
    required: true,
    requiredFields: ['id'],
  },
  { name: 'product_taxonomy', type: { list: 'VARCHAR' } },
  { name: 'geo_taxonomy', type: { struct: { type: 'VARCHAR', regions: { list: 'VARCHAR' } } } },
  { name: 'pricing_unit', type: 'VARCHAR' },
  { name: 'pricing_unit_description', type: 'VARCHAR' },
  { name: 'account_currency_code', type: 'VARCHAR', required: true, never: 'null' },
  // Documented as a text; live tables have been seen with a number.
  { name: 'currency_conversion_rate', type: 'DOUBLE' },
  { name: 'list_price', type: listPrice, required: true },
  { name: 'billing_account_price', type: accountPrice },
  {
    name: 'consumption_model_prices',
    type: {
      list: {
        struct: {
          consumption_model_id: 'VARCHAR',
          consumption_model_display_name: 'VARCHAR',
          list_price: listPrice,
          billing_account_price: accountPrice,
        },
      },
    },
  },
];

export const gcpPricingSchema: SourceSchema = {
  columns,
  sums: {},
  currency: null,
  exportTime: 'pricing_as_of_time',
  chargeStart: null,
  snapshot: 'export-time',
  textValues: true,
};
