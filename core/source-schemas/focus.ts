import type { ColumnType, SourceColumn, SourceSchema } from './column.ts';

const text = (...names: string[]): SourceColumn[] => names.map((name) => ({ name, type: 'VARCHAR' }));
const price = (...names: string[]): SourceColumn[] => names.map((name) => ({ name, type: 'DECIMAL(38,18)' }));
const quantity = (...names: string[]): SourceColumn[] => names.map((name) => ({ name, type: 'DECIMAL(38,9)' }));
const json = (...names: string[]): SourceColumn[] => names.map((name) => ({ name, type: 'JSON' }));

/**
 * Money, currency and periods: what no version of FOCUS lets a file leave out and a bill cannot be read without.
 * Providers do leave `ContractedCost` and `ListCost` null on some rows (7 of 1000 in the sample published with FOCUS 1.0).
 */
const spine: SourceColumn[] = [
  { name: 'BilledCost', type: 'DECIMAL(38,18)', required: true, never: 'null' },
  { name: 'EffectiveCost', type: 'DECIMAL(38,18)', required: true, never: 'null' },
  { name: 'ContractedCost', type: 'DECIMAL(38,18)', fallback: ['EffectiveCost'] },
  { name: 'ListCost', type: 'DECIMAL(38,18)', fallback: ['ContractedCost', 'EffectiveCost'] },
  { name: 'BillingCurrency', type: 'VARCHAR', required: true, never: 'null' },
  { name: 'BillingPeriodStart', type: 'TIMESTAMPTZ', required: true, never: 'null' },
  { name: 'BillingPeriodEnd', type: 'TIMESTAMPTZ' },
  { name: 'ChargePeriodStart', type: 'TIMESTAMPTZ', required: true, never: 'null' },
  { name: 'ChargePeriodEnd', type: 'TIMESTAMPTZ' },
  { name: 'ChargeCategory', type: 'VARCHAR', required: true },
];

/** Columns that Google's native export and other providers' files share. */
const shared: SourceColumn[] = [
  ...spine,
  ...text('BillingAccountId', 'BillingAccountType', 'ChargeClass', 'ChargeDescription'),
  ...text('SubAccountId', 'SubAccountName', 'ProviderName', 'PublisherName', 'ServiceName'),
  ...text('RegionId', 'RegionName', 'AvailabilityZone', 'ResourceId', 'ResourceName', 'SkuId', 'SkuPriceId'),
  ...text('PricingCategory', 'PricingUnit', 'ConsumedUnit', 'PricingCurrency'),
  ...quantity('PricingQuantity', 'ConsumedQuantity'),
  ...price('ContractedUnitPrice', 'ListUnitPrice'),
  ...price('PricingCurrencyContractedUnitPrice', 'PricingCurrencyEffectiveCost', 'PricingCurrencyListUnitPrice'),
];

/** FOCUS cost and usage, versions 1.0 to 1.3 (and what 1.4 kept); columns of later versions are optional. */
const focusColumns: SourceColumn[] = [
  ...shared,
  ...text('BillingAccountName', 'SubAccountType', 'ChargeFrequency', 'InvoiceId', 'InvoiceIssuerName'),
  ...text(
    'ServiceProviderName',
    'HostProviderName',
    'ServiceCategory',
    'ServiceSubcategory',
    'ResourceType',
    'SkuMeter',
  ),
  ...text('CommitmentDiscountId', 'CommitmentDiscountName', 'CommitmentDiscountCategory', 'CommitmentDiscountType'),
  ...text('CommitmentDiscountStatus', 'CommitmentDiscountUnit', 'CapacityReservationId', 'CapacityReservationStatus'),
  ...text('AllocatedMethodId', 'AllocatedResourceId', 'AllocatedResourceName'),
  ...quantity('CommitmentDiscountQuantity'),
  ...json('Tags', 'SkuPriceDetails', 'AllocatedTags', 'AllocatedMethodDetails', 'ContractApplied'),
];

const keyValue: ColumnType = { list: { struct: { Key: 'VARCHAR', Value: 'VARCHAR' } } };

/** Google's native FOCUS 1.2 export (Preview since 2026-06-08): no `Tags`, but the labels and the project as records. */
const gcpFocusColumns: SourceColumn[] = [
  ...shared,
  {
    name: 'x_Credits',
    type: {
      list: {
        struct: { Name: 'VARCHAR', Amount: 'DECIMAL(38,18)', FullName: 'VARCHAR', Id: 'VARCHAR', Type: 'VARCHAR' },
      },
    },
  },
  { name: 'x_ExportTime', type: 'TIMESTAMPTZ' },
  {
    name: 'x_Project',
    type: {
      struct: {
        Id: 'VARCHAR',
        Number: 'VARCHAR',
        Name: 'VARCHAR',
        AncestryNumbers: 'VARCHAR',
        Ancestors: { list: { struct: { ResourceName: 'VARCHAR', DisplayName: 'VARCHAR' } } },
      },
    },
  },
  { name: 'x_Labels', type: keyValue },
  { name: 'x_ProjectLabels', type: keyValue },
  { name: 'x_SystemLabels', type: keyValue },
  {
    name: 'x_Tags',
    type: { list: { struct: { Key: 'VARCHAR', Value: 'VARCHAR', x_Inherited: 'BOOLEAN', x_Namespace: 'VARCHAR' } } },
  },
  { name: 'x_CurrencyConversionRate', type: 'DOUBLE' },
  ...text('x_CostType', 'x_Location', 'x_ServiceId', 'x_SubscriptionInstanceId'),
  ...text('x_ConsumptionModelId', 'x_ConsumptionModelDescription'),
  ...price('x_PriceEffectivePriceDefault', 'x_PriceListPriceConsumptionModel'),
  ...price('x_CostAtEffectivePriceDefault', 'x_CostAtListConsumptionModel'),
];

const sums = {
  ListCost: 'ListCost',
  ContractedCost: 'ContractedCost',
  BilledCost: 'BilledCost',
  EffectiveCost: 'EffectiveCost',
};
const clocks = { currency: 'BillingCurrency', chargeStart: 'ChargePeriodStart' };

export const focusSchema: SourceSchema = { columns: focusColumns, sums, ...clocks, exportTime: null, textValues: true };
export const gcpFocusSchema: SourceSchema = { columns: gcpFocusColumns, sums, ...clocks, exportTime: 'x_ExportTime' };
