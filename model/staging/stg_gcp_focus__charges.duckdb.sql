-- grain: one charge of a batch of Google's native FOCUS export: usage day x billing month x project x SKU x resource x labels (hourly rows, summed)
-- key: x_ChargeId
-- materialized: compacted
-- Google's files start a billing month at midnight in California. Costs keep the file's full scale here; stg_charges rounds them once.
WITH
raw_rows AS (
  SELECT
    x_BatchNumber,
    date_trunc('month', BillingPeriodStart AT TIME ZONE 'America/Los_Angeles')::DATE AS BillingPeriodStart,
    billing_day(ChargePeriodStart) AS ChargePeriodStart,
    coalesce(ProviderName, 'Google Cloud') AS ProviderName,
    coalesce(PublisherName, ProviderName, 'Google Cloud') AS PublisherName,
    BillingAccountId,
    coalesce(ChargeCategory, 'Usage') AS ChargeCategory,
    ChargeClass,
    x_CostType,
    coalesce(x_Project.Id, SubAccountId) AS SubAccountId,
    coalesce(x_Project.Name, SubAccountName) AS SubAccountName,
    coalesce(ServiceName, x_ServiceId, 'Unknown service') AS ServiceName,
    x_ServiceId,
    SkuId,
    coalesce(ChargeDescription, SkuId, 'No description') AS x_SkuDescription,
    RegionId,
    ResourceId,
    ResourceName,
    PricingUnit,
    x_ConsumptionModelId,
    x_SubscriptionInstanceId AS CommitmentDiscountId,
    BillingCurrency,
    google_label_set(
      list_transform(x_Labels, lambda label: {'key': label.Key, 'value': label.Value}),
      list_transform(x_Tags, lambda tag: {'key': tag.Key, 'value': tag.Value, 'inherited': tag.x_Inherited, 'namespace': tag.x_Namespace}),
      list_transform(x_ProjectLabels, lambda label: {'key': label.Key, 'value': label.Value}),
      list_transform(x_Project.Ancestors, lambda ancestor: {'resource_name': ancestor.ResourceName, 'display_name': ancestor.DisplayName})
    ) AS x_LabelSet,
    ListCost,
    ContractedCost,
    BilledCost,
    EffectiveCost,
    coalesce(list_sum(list_transform(x_Credits, lambda credit: credit.Amount)), 0::DECIMAL(38, 18)) AS x_CreditAmount,
    PricingQuantity
  FROM raw_gcp_focus
),
charges AS (
  SELECT
    * EXCLUDE (x_LabelSet, ListCost, ContractedCost, BilledCost, EffectiveCost, x_CreditAmount, PricingQuantity),
    stable_id([x_LabelSet::VARCHAR]) AS x_LabelSetId,
    any_value(x_LabelSet) AS x_LabelSet,
    sum(ListCost) AS ListCost,
    sum(ContractedCost) AS ContractedCost,
    sum(BilledCost) AS BilledCost,
    sum(EffectiveCost) AS EffectiveCost,
    sum(x_CreditAmount) AS x_CreditAmount,
    sum(PricingQuantity) AS PricingQuantity,
    count(*) AS x_ChargeCount
  FROM raw_rows
  GROUP BY ALL
),
described AS (
  SELECT ServiceName, x_SkuDescription, ChargeCategory, sku_group(ServiceName, x_SkuDescription, ChargeCategory) AS x_SkuGroup
  FROM charges
  GROUP BY ALL
)
SELECT
  stable_id([
    batch.x_SourceName, batch.x_BatchId, BillingPeriodStart::VARCHAR, ChargePeriodStart::VARCHAR, ProviderName, PublisherName,
    BillingAccountId, ChargeCategory, ChargeClass, x_CostType, SubAccountId, SubAccountName, ServiceName, x_ServiceId, SkuId,
    x_SkuDescription, RegionId, ResourceId, ResourceName, PricingUnit, x_ConsumptionModelId, CommitmentDiscountId,
    BillingCurrency, x_LabelSetId
  ]) AS x_ChargeId,
  batch.x_SourceName,
  batch.x_BatchId,
  ProviderName,
  PublisherName,
  BillingAccountId,
  BillingPeriodStart,
  ChargePeriodStart,
  date_trunc('month', ChargePeriodStart)::DATE AS x_ChargeMonth,
  CASE WHEN ChargeCategory = 'Usage' AND is_commitment_fee(x_SkuDescription) THEN 'Purchase' ELSE ChargeCategory END AS ChargeCategory,
  ChargeClass,
  x_CostType,
  SubAccountId,
  SubAccountName,
  ServiceName,
  x_ServiceId,
  SkuId,
  x_SkuDescription,
  x_SkuGroup,
  RegionId,
  ResourceId,
  ResourceName,
  PricingUnit,
  x_ConsumptionModelId,
  CommitmentDiscountId,
  BillingCurrency,
  x_LabelSetId,
  ListCost,
  ContractedCost,
  BilledCost,
  EffectiveCost,
  x_CreditAmount,
  PricingQuantity::DECIMAL(38, 9) AS PricingQuantity,
  x_ChargeCount,
  x_LabelSet
FROM charges
JOIN raw_batches AS batch USING (x_BatchNumber)
JOIN described USING (ServiceName, x_SkuDescription, ChargeCategory)
