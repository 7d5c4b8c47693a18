-- grain: one Google Cloud charge of a batch: usage day x invoice month x project x SKU x resource x labels (hourly rows of Google's standard or detailed export, summed)
-- key: x_ChargeId
-- materialized: compacted
--
-- Rows are only ever summed: Google's export has no row id, and two equal rows are two charges.
-- They are grouped by the plain columns and by hashes of labels and names, of which any row's are taken: mixing two label sets
-- would need two that are different and have the same 64-bit hash. Grouping by the lists themselves takes twice as long.
WITH
hourly_rows AS (
  SELECT
    x_BatchNumber,
    billing_day(usage_start_time) AS usage_day,
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
    subscription.instance_id AS subscription_id,
    usage.pricing_unit AS pricing_unit,
    coalesce(location.region, location.location) AS region_id,
    CASE WHEN transaction_type IS DISTINCT FROM 'GOOGLE' THEN seller_name END AS seller,
    coalesce(adjustment_info.id, adjustment_info.description, adjustment_info.mode, adjustment_info.type) IS NOT NULL AS is_correction,
    project.name AS project_name,
    service.description AS service_name,
    sku.description AS sku_name,
    hash(project.name, service.description, sku.description) AS names_hash,
    labels,
    tags,
    project.labels AS project_labels,
    project.ancestors AS ancestors,
    hash(labels, tags, project.labels, project.ancestors) AS labels_hash,
    cost,
    CASE WHEN len(credits) > 0 THEN list_sum(list_transform(credits, lambda credit: credit.amount)) END AS credit_amount,
    coalesce(cost_at_list, cost) AS list_cost,
    usage.amount_in_pricing_units::DECIMAL(38, 9) AS pricing_quantity
  FROM raw_gcp_billing
),
charges AS (
  SELECT
    x_BatchNumber, usage_day, invoice_month, billing_account_id, cost_type, currency, project_id, service_id, sku_id, resource_name,
    resource_global_name, consumption_model_id, subscription_id, pricing_unit, region_id, seller, is_correction, names_hash, labels_hash,
    any_value(project_name) AS project_name,
    any_value(service_name) AS service_name,
    any_value(sku_name) AS sku_name,
    any_value(labels) AS labels,
    any_value(tags) AS tags,
    any_value(project_labels) AS project_labels,
    any_value(ancestors) AS ancestors,
    sum(cost) AS contracted_cost,
    coalesce(sum(credit_amount), 0) AS credit_amount,
    sum(list_cost) AS list_cost,
    sum(pricing_quantity) AS pricing_quantity,
    count(*) AS charge_count
  FROM hourly_rows
  GROUP BY ALL
),
described AS (
  SELECT names_hash, cost_type, service_id, sku_id, category, service, sku, sku_group(service, sku, category) AS x_SkuGroup
  FROM (
    SELECT
      names_hash, cost_type, service_id, sku_id,
      coalesce(any_value(service_name), service_id, 'Unknown service') AS service,
      coalesce(any_value(sku_name), sku_id, 'No description') AS sku,
      CASE
        WHEN cost_type = 'tax' THEN 'Tax'
        WHEN cost_type IN ('adjustment', 'rounding_error') THEN 'Adjustment'
        WHEN is_commitment_fee(sku) THEN 'Purchase'
        ELSE 'Usage'
      END AS category
    FROM charges
    GROUP BY names_hash, cost_type, service_id, sku_id
  )
),
labelled AS (
  SELECT labels_hash, labels_id, x_LabelSet, stable_id([x_LabelSet::VARCHAR]) AS x_LabelSetId
  FROM (
    SELECT
      labels_hash,
      stable_id([any_value(labels)::VARCHAR, any_value(tags)::VARCHAR, any_value(project_labels)::VARCHAR, any_value(ancestors)::VARCHAR]) AS labels_id,
      google_label_set(any_value(labels), any_value(tags), any_value(project_labels), any_value(ancestors)) AS x_LabelSet
    FROM charges
    GROUP BY labels_hash
  )
)
SELECT
  stable_id([
    batch.x_SourceName, batch.x_BatchId, usage_day::VARCHAR, invoice_month, billing_account_id, charges.cost_type, currency, project_id,
    charges.service_id, charges.sku_id, resource_name, resource_global_name, consumption_model_id, subscription_id, pricing_unit,
    region_id, seller, is_correction::VARCHAR, project_name, service_name, sku_name, labels_id
  ]) AS x_ChargeId,
  batch.x_SourceName,
  batch.x_BatchId,
  'Google Cloud' AS ProviderName,
  coalesce(seller, 'Google Cloud') AS PublisherName,
  billing_account_id AS BillingAccountId,
  coalesce(strptime(invoice_month || '01', '%Y%m%d')::DATE, date_trunc('month', usage_day)::DATE) AS BillingPeriodStart,
  usage_day AS ChargePeriodStart,
  date_trunc('month', usage_day)::DATE AS x_ChargeMonth,
  category AS ChargeCategory,
  CASE WHEN is_correction THEN 'Correction' END AS ChargeClass,
  charges.cost_type AS x_CostType,
  project_id AS SubAccountId,
  project_name AS SubAccountName,
  service AS ServiceName,
  charges.service_id AS x_ServiceId,
  charges.sku_id AS SkuId,
  sku AS x_SkuDescription,
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
  x_LabelSet
FROM charges
JOIN raw_batches AS batch USING (x_BatchNumber)
JOIN labelled USING (labels_hash)
JOIN described
  ON described.names_hash = charges.names_hash
  AND described.cost_type IS NOT DISTINCT FROM charges.cost_type
  AND described.service_id IS NOT DISTINCT FROM charges.service_id
  AND described.sku_id IS NOT DISTINCT FROM charges.sku_id
