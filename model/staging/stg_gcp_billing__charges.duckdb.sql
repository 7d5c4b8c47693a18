-- grain: one Google Cloud charge of a batch: usage day x invoice month x project x SKU x resource x labels (hourly rows of Google's standard or detailed export, summed)
-- key: x_ChargeId
-- materialized: compacted
-- Rows are only ever summed: Google's export has no row id, and two equal rows are two charges.
WITH
raw_rows AS (
  SELECT
    x_BatchNumber,
    (usage_start_time AT TIME ZONE getvariable('billing_timezone'))::DATE AS ChargePeriodStart,
    invoice.month AS invoice_month,
    billing_account_id,
    cost_type,
    currency,
    project.id AS project_id,
    service.id AS service_id,
    sku.id AS sku_id,
    resource.name AS resource_name,
    resource.global_name AS resource_global_name,
    consumption_model.id AS consumption_model_id,
    subscription.instance_id AS subscription_instance_id,
    usage.pricing_unit AS pricing_unit,
    coalesce(location.region, location.location) AS region_id,
    CASE WHEN seller_name IS NULL OR transaction_type = 'GOOGLE' THEN 'Google Cloud' ELSE seller_name END AS publisher_name,
    coalesce(adjustment_info.id, adjustment_info.description, adjustment_info.mode, adjustment_info.type) IS NOT NULL AS is_correction,
    {'project': project.labels, 'resource': labels, 'tags': tags, 'ancestors': project.ancestors} AS label_sets,
    {'project': project.name, 'service': service.description, 'sku': sku.description} AS names,
    cost,
    coalesce(list_sum(list_transform(credits, lambda credit: credit.amount)), 0::DECIMAL(38, 9)) AS credit_amount,
    coalesce(cost_at_list, cost) AS list_cost,
    usage.amount_in_pricing_units AS pricing_quantity
  FROM raw_gcp_billing
),
-- Grouped by the plain columns and a hash of the nested rest, of which any row's is taken: two different rests in one
-- group would need equal plain columns and equal 64-bit hashes.
charges AS (
  SELECT
    x_BatchNumber, ChargePeriodStart, invoice_month, billing_account_id, cost_type, currency, project_id, service_id, sku_id,
    resource_name, resource_global_name, consumption_model_id, subscription_instance_id, pricing_unit, region_id,
    publisher_name, is_correction,
    hash(label_sets, names) AS rest_hash,
    any_value(label_sets) AS label_sets,
    any_value(names) AS names,
    sum(cost) AS ContractedCost,
    sum(credit_amount) AS x_CreditAmount,
    sum(list_cost) AS ListCost,
    sum(pricing_quantity::DECIMAL(38, 9)) AS PricingQuantity,
    count(*) AS x_ChargeCount
  FROM raw_rows
  GROUP BY ALL
),
described AS (
  SELECT names, cost_type, category, sku_group(names.service, names.sku, category) AS x_SkuGroup
  FROM (
    SELECT
      names, cost_type,
      CASE
        WHEN cost_type = 'tax' THEN 'Tax'
        WHEN cost_type IN ('adjustment', 'rounding_error') THEN 'Adjustment'
        WHEN is_commitment_fee(names.sku) THEN 'Purchase'
        ELSE 'Usage'
      END AS category
    FROM charges
    GROUP BY ALL
  )
),
labelled AS (
  SELECT label_sets, x_LabelSet, stable_id([x_LabelSet::VARCHAR]) AS x_LabelSetId
  FROM (
    SELECT
      label_sets,
      google_label_set(label_sets.resource, label_sets.tags, label_sets.project, label_sets.ancestors) AS x_LabelSet
    FROM charges
    GROUP BY label_sets
  )
)
SELECT
  stable_id([
    batch.x_SourceName, batch.x_BatchId, ChargePeriodStart::VARCHAR, invoice_month, billing_account_id, charges.cost_type, currency,
    project_id, service_id, sku_id, resource_name, resource_global_name, consumption_model_id, subscription_instance_id,
    pricing_unit, region_id, publisher_name, is_correction::VARCHAR, charges.names::VARCHAR, charges.label_sets::VARCHAR
  ]) AS x_ChargeId,
  batch.x_SourceName,
  batch.x_BatchId,
  'Google Cloud' AS ProviderName,
  publisher_name AS PublisherName,
  billing_account_id AS BillingAccountId,
  coalesce(strptime(invoice_month || '01', '%Y%m%d')::DATE, date_trunc('month', ChargePeriodStart)::DATE) AS BillingPeriodStart,
  ChargePeriodStart,
  date_trunc('month', ChargePeriodStart)::DATE AS x_ChargeMonth,
  category AS ChargeCategory,
  CASE WHEN is_correction THEN 'Correction' END AS ChargeClass,
  charges.cost_type AS x_CostType,
  project_id AS SubAccountId,
  charges.names.project AS SubAccountName,
  coalesce(charges.names.service, service_id, 'Unknown service') AS ServiceName,
  service_id AS x_ServiceId,
  sku_id AS SkuId,
  coalesce(charges.names.sku, sku_id, 'No description') AS x_SkuDescription,
  x_SkuGroup,
  region_id AS RegionId,
  coalesce(resource_global_name, resource_name) AS ResourceId,
  resource_name AS ResourceName,
  pricing_unit AS PricingUnit,
  consumption_model_id AS x_ConsumptionModelId,
  subscription_instance_id AS CommitmentDiscountId,
  currency AS BillingCurrency,
  x_LabelSetId,
  ListCost,
  ContractedCost,
  ContractedCost + x_CreditAmount AS BilledCost,
  ContractedCost + x_CreditAmount AS EffectiveCost,
  x_CreditAmount,
  PricingQuantity,
  x_ChargeCount,
  x_LabelSet
FROM charges
JOIN raw_batches AS batch USING (x_BatchNumber)
JOIN described ON described.names = charges.names AND described.cost_type IS NOT DISTINCT FROM charges.cost_type
JOIN labelled ON labelled.label_sets = charges.label_sets
