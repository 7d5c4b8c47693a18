-- grain: one charge of a batch of Google's native FOCUS export: usage day x billing month x project x SKU x resource x labels (hourly rows, summed)
-- key: x_ChargeId
-- materialized: compacted
--
-- Google's files start a billing month at midnight in California. Costs keep the file's full scale here; they are rounded
-- once, in stg_rounded_charges. Labels are grouped by a 64-bit hash and read again from one row of each, as for Google's usage exports.
WITH
raw_rows AS (
  SELECT
    x_BatchNumber,
    (x_FileNumber::BIGINT << 32) + x_FileRow AS position,
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
    lists_hash(x_Labels, x_Tags, x_ProjectLabels, x_Project.Ancestors) AS labels_hash,
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
    * EXCLUDE (position, ListCost, ContractedCost, BilledCost, EffectiveCost, x_CreditAmount, PricingQuantity),
    min(position) AS position,
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
label_rows AS (
  SELECT
    labels_hash,
    min(position) AS position,
    (min(position) >> 32)::UBIGINT AS file_number,
    (min(position) & 4294967295)::BIGINT AS file_row
  FROM charges
  GROUP BY labels_hash
),
label_sets AS (
  SELECT
    picked.labels_hash,
    picked.position,
    stable_id([x_Labels::VARCHAR, x_Tags::VARCHAR, x_ProjectLabels::VARCHAR, x_Project.Ancestors::VARCHAR]) AS labels_id,
    google_label_set(
      list_transform(x_Labels, lambda label: {'key': label.Key, 'value': label.Value}),
      list_transform(x_Tags, lambda tag: {'key': tag.Key, 'value': tag.Value, 'inherited': tag.x_Inherited, 'namespace': tag.x_Namespace}),
      list_transform(x_ProjectLabels, lambda label: {'key': label.Key, 'value': label.Value}),
      list_transform(x_Project.Ancestors, lambda ancestor: {'resource_name': ancestor.ResourceName, 'display_name': ancestor.DisplayName})
    ) AS x_LabelSet,
    stable_id([x_LabelSet::VARCHAR]) AS x_LabelSetId
  FROM raw_gcp_focus AS raw_row
  JOIN label_rows AS picked ON picked.file_number = raw_row.x_FileNumber AND picked.file_row = raw_row.x_FileRow
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
    BillingCurrency, labels_id
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
  -- A label set is told once, with the first charge that has it.
  CASE WHEN charges.position = label_sets.position THEN x_LabelSet END AS x_LabelSet
FROM charges
JOIN raw_batches AS batch USING (x_BatchNumber)
JOIN described USING (ServiceName, x_SkuDescription, ChargeCategory)
JOIN label_sets USING (labels_hash)
