-- grain: one Google Cloud charge of a batch: usage day x invoice month x project x SKU x resource x labels (hourly rows of Google's standard or detailed export, summed)
-- key: x_ChargeId
-- materialized: compacted
--
-- Rows are only ever summed: Google's export has no row id, and two equal rows are two charges.
-- Labels and the columns of few values are grouped by 64-bit hashes, and read again from one row of each: two contexts would be
-- taken for one only where their hashes are equal, less than once in a billion segments. Grouping by the values takes twice as long.
WITH
hourly_rows AS (
  SELECT
    x_BatchNumber,
    (x_FileNumber::BIGINT << 32) + x_FileRow AS position,
    billing_day(usage_start_time) AS usage_day,
    resource.name AS resource_name,
    resource.global_name AS resource_global_name,
    hash(
      invoice.month, billing_account_id, cost_type, currency, project.id, project.name, service.id, service.description, sku.id,
      sku.description, consumption_model.id, subscription.instance_id, usage.pricing_unit, location.region, location.location,
      transaction_type, seller_name, adjustment_info.id, adjustment_info.description, adjustment_info.mode, adjustment_info.type
    ) AS context_hash,
    lists_hash(labels, tags, project.labels, project.ancestors) AS labels_hash,
    cost,
    CASE WHEN len(credits) > 0 THEN list_sum(list_transform(credits, lambda credit: credit.amount)) END AS credit_amount,
    coalesce(cost_at_list, cost) AS list_cost,
    usage.amount_in_pricing_units::DECIMAL(38, 9) AS pricing_quantity
  FROM raw_gcp_billing
),
charges AS (
  SELECT
    x_BatchNumber, usage_day, resource_name, resource_global_name, context_hash, labels_hash,
    min(position) AS position,
    sum(cost) AS contracted_cost,
    coalesce(sum(credit_amount), 0) AS credit_amount,
    sum(list_cost) AS list_cost,
    sum(pricing_quantity) AS pricing_quantity,
    count(*) AS charge_count
  FROM hourly_rows
  GROUP BY ALL
),
context_rows AS (
  SELECT context_hash, (min(position) >> 32)::UBIGINT AS file_number, (min(position) & 4294967295)::BIGINT AS file_row
  FROM charges
  GROUP BY context_hash
),
contexts AS (
  SELECT
    picked.context_hash,
    strptime(invoice.month || '01', '%Y%m%d')::DATE AS invoice_start,
    billing_account_id,
    cost_type,
    currency,
    project.id AS project_id,
    project.name AS project_name,
    service.id AS service_id,
    coalesce(service.description, service.id, 'Unknown service') AS service_name,
    sku.id AS sku_id,
    coalesce(sku.description, sku.id, 'No description') AS sku_description,
    consumption_model.id AS consumption_model_id,
    subscription.instance_id AS subscription_id,
    usage.pricing_unit AS pricing_unit,
    coalesce(location.region, location.location) AS region_id,
    CASE WHEN transaction_type IS DISTINCT FROM 'GOOGLE' THEN seller_name END AS seller,
    coalesce(adjustment_info.id, adjustment_info.description, adjustment_info.mode, adjustment_info.type) IS NOT NULL AS is_correction,
    stable_id([
      invoice.month, billing_account_id, cost_type, currency, project.id, project.name, service.id, service.description, sku.id,
      sku.description, consumption_model.id, subscription.instance_id, usage.pricing_unit, location.region, location.location,
      transaction_type, seller_name, adjustment_info.id, adjustment_info.description, adjustment_info.mode, adjustment_info.type
    ]) AS context_id,
    CASE
      WHEN cost_type = 'tax' THEN 'Tax'
      WHEN cost_type IN ('adjustment', 'rounding_error') THEN 'Adjustment'
      WHEN is_commitment_fee(sku.description) THEN 'Purchase'
      ELSE 'Usage'
    END AS category
  FROM raw_gcp_billing AS raw_row
  JOIN context_rows AS picked ON picked.file_number = raw_row.x_FileNumber AND picked.file_row = raw_row.x_FileRow
),
sku_groups AS (
  SELECT service_name, sku_description, category, sku_group(service_name, sku_description, category) AS x_SkuGroup
  FROM contexts
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
    stable_id([labels::VARCHAR, tags::VARCHAR, project.labels::VARCHAR, project.ancestors::VARCHAR]) AS labels_id,
    google_label_set(labels, tags, project.labels, project.ancestors) AS x_LabelSet,
    stable_id([x_LabelSet::VARCHAR]) AS x_LabelSetId
  FROM raw_gcp_billing AS raw_row
  JOIN label_rows AS picked ON picked.file_number = raw_row.x_FileNumber AND picked.file_row = raw_row.x_FileRow
)
SELECT
  stable_id([
    batch.x_SourceName || '/' || batch.x_BatchId, usage_day::VARCHAR, context_id, labels_id, resource_name, resource_global_name
  ]) AS x_ChargeId,
  batch.x_SourceName,
  batch.x_BatchId,
  'Google Cloud' AS ProviderName,
  coalesce(seller, 'Google Cloud') AS PublisherName,
  billing_account_id AS BillingAccountId,
  coalesce(invoice_start, date_trunc('month', usage_day)::DATE) AS BillingPeriodStart,
  usage_day AS ChargePeriodStart,
  date_trunc('month', usage_day)::DATE AS x_ChargeMonth,
  category AS ChargeCategory,
  CASE WHEN is_correction THEN 'Correction' END AS ChargeClass,
  cost_type AS x_CostType,
  project_id AS SubAccountId,
  project_name AS SubAccountName,
  service_name AS ServiceName,
  service_id AS x_ServiceId,
  sku_id AS SkuId,
  sku_description AS x_SkuDescription,
  x_SkuGroup,
  region_id AS RegionId,
  coalesce(resource_global_name, resource_name) AS ResourceId,
  resource_name AS ResourceName,
  pricing_unit AS PricingUnit,
  consumption_model_id AS x_ConsumptionModelId,
  subscription_id AS CommitmentDiscountId,
  currency AS BillingCurrency,
  x_LabelSetId,
  list_cost AS ListCost,
  contracted_cost AS ContractedCost,
  contracted_cost + credit_amount AS BilledCost,
  contracted_cost + credit_amount AS EffectiveCost,
  credit_amount AS x_CreditAmount,
  pricing_quantity AS PricingQuantity,
  charge_count AS x_ChargeCount,
  -- A label set is told once, with the first charge that has it.
  CASE WHEN charges.position = label_sets.position THEN x_LabelSet END AS x_LabelSet
FROM charges
JOIN raw_batches AS batch USING (x_BatchNumber)
JOIN label_sets USING (labels_hash)
JOIN contexts USING (context_hash)
JOIN sku_groups USING (service_name, sku_description, category)
