-- grain: one FOCUS charge of a batch: UTC day x billing month x sub-account x SKU x resource x tags (the file's rows, summed)
-- key: x_ChargeId
-- materialized: compacted
-- Costs keep the file's full scale (18 places) here; stg_charges rounds them once.
WITH
raw_rows AS (
  SELECT
    x_BatchNumber,
    (x_FileNumber::BIGINT << 32) + x_FileRow AS position,
    date_trunc('month', BillingPeriodStart AT TIME ZONE 'UTC')::DATE AS BillingPeriodStart,
    (ChargePeriodStart AT TIME ZONE 'UTC')::DATE AS ChargePeriodStart,
    coalesce(ServiceProviderName, ProviderName, PublisherName, InvoiceIssuerName) AS ProviderName,
    coalesce(PublisherName, HostProviderName, ProviderName) AS PublisherName,
    BillingAccountId,
    coalesce(ChargeCategory, 'Usage') AS ChargeCategory,
    ChargeClass,
    SubAccountId,
    SubAccountName,
    coalesce(ServiceName, 'Unknown service') AS ServiceName,
    SkuId,
    coalesce(SkuMeter, ChargeDescription, SkuId, 'No description') AS sku_description,
    RegionId,
    ResourceId,
    ResourceName,
    PricingUnit,
    CommitmentDiscountId,
    BillingCurrency,
    Tags,
    ListCost,
    ContractedCost,
    BilledCost,
    EffectiveCost,
    PricingQuantity
  FROM raw_focus
),
charges AS (
  SELECT
    * EXCLUDE (position, sku_description, ListCost, ContractedCost, BilledCost, EffectiveCost, PricingQuantity),
    min(position) AS position,
    min(sku_description) AS x_SkuDescription,
    sum(ListCost) AS ListCost,
    sum(ContractedCost) AS ContractedCost,
    sum(BilledCost) AS BilledCost,
    sum(EffectiveCost) AS EffectiveCost,
    sum(PricingQuantity) AS PricingQuantity,
    count(*) AS x_ChargeCount
  FROM raw_rows
  GROUP BY ALL
),
described AS (
  SELECT ServiceName, x_SkuDescription, ChargeCategory, sku_group(ServiceName, x_SkuDescription, ChargeCategory) AS x_SkuGroup
  FROM charges
  GROUP BY ALL
),
tagged AS (
  SELECT Tags, position, stable_id([x_LabelSet::VARCHAR]) AS x_LabelSetId, x_LabelSet
  FROM (SELECT Tags, min(position) AS position, focus_label_set(Tags) AS x_LabelSet FROM charges GROUP BY Tags)
)
SELECT
  stable_id([
    batch.x_SourceName, batch.x_BatchId, BillingPeriodStart::VARCHAR, ChargePeriodStart::VARCHAR, ProviderName, PublisherName,
    BillingAccountId, ChargeCategory, ChargeClass, SubAccountId, SubAccountName, ServiceName, SkuId, RegionId, ResourceId,
    ResourceName, PricingUnit, CommitmentDiscountId, BillingCurrency, charges.Tags
  ]) AS x_ChargeId,
  batch.x_SourceName,
  batch.x_BatchId,
  ProviderName,
  PublisherName,
  BillingAccountId,
  BillingPeriodStart,
  ChargePeriodStart,
  date_trunc('month', ChargePeriodStart)::DATE AS x_ChargeMonth,
  ChargeCategory,
  ChargeClass,
  NULL::VARCHAR AS x_CostType,
  SubAccountId,
  SubAccountName,
  ServiceName,
  NULL::VARCHAR AS x_ServiceId,
  SkuId,
  x_SkuDescription,
  x_SkuGroup,
  RegionId,
  ResourceId,
  ResourceName,
  PricingUnit,
  NULL::VARCHAR AS x_ConsumptionModelId,
  CommitmentDiscountId,
  BillingCurrency,
  x_LabelSetId,
  ListCost,
  ContractedCost,
  BilledCost,
  EffectiveCost,
  NULL::DECIMAL(38, 18) AS x_CreditAmount,
  PricingQuantity::DECIMAL(38, 9) AS PricingQuantity,
  x_ChargeCount,
  -- A label set is told once, with the first charge that has it.
  CASE WHEN charges.position = tagged.position THEN x_LabelSet END AS x_LabelSet
FROM charges
JOIN raw_batches AS batch USING (x_BatchNumber)
JOIN described USING (ServiceName, x_SkuDescription, ChargeCategory)
JOIN tagged ON tagged.Tags IS NOT DISTINCT FROM charges.Tags
