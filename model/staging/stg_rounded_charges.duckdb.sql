-- grain: one charge of a source whose costs may have more than 9 decimals, rounded to 9
-- key: x_ChargeId
--
-- Every month's total per currency and cost column is the exact total, rounded half away from zero: each cost is cut down to
-- 9 decimals, and the nano-units lost go back to the charges with the largest remainders, ties in the order of x_ChargeId.
WITH
exact_charges AS (
  SELECT * FROM stg_gcp_focus__charges
  UNION ALL BY NAME
  SELECT * FROM stg_focus__charges
),
cut_charges AS (
  SELECT
    *,
    cut_to_nano(ListCost) AS list_cut,
    cut_to_nano(ContractedCost) AS contracted_cut,
    cut_to_nano(BilledCost) AS billed_cut,
    cut_to_nano(EffectiveCost) AS effective_cut
  FROM exact_charges
),
fine_charges AS (
  SELECT
    *,
    row_number() OVER (month ORDER BY ListCost - list_cut DESC, x_ChargeId) AS list_rank,
    row_number() OVER (month ORDER BY ContractedCost - contracted_cut DESC, x_ChargeId) AS contracted_rank,
    row_number() OVER (month ORDER BY BilledCost - billed_cut DESC, x_ChargeId) AS billed_rank,
    row_number() OVER (month ORDER BY EffectiveCost - effective_cut DESC, x_ChargeId) AS effective_rank
  FROM cut_charges
  WHERE ListCost <> list_cut OR ContractedCost <> contracted_cut OR BilledCost <> billed_cut OR EffectiveCost <> effective_cut
  WINDOW month AS (PARTITION BY BillingPeriodStart, BillingCurrency)
),
-- The sign of the whole month decides which way a half is rounded, so charges without a remainder count here too.
fine_months AS (
  SELECT DISTINCT BillingPeriodStart, BillingCurrency FROM fine_charges
),
month_totals AS (
  SELECT
    BillingPeriodStart, BillingCurrency,
    sum(ListCost) AS list_total, sum(list_cut) AS list_cut_total,
    sum(ContractedCost) AS contracted_total, sum(contracted_cut) AS contracted_cut_total,
    sum(BilledCost) AS billed_total, sum(billed_cut) AS billed_cut_total,
    sum(EffectiveCost) AS effective_total, sum(effective_cut) AS effective_cut_total
  FROM (
    SELECT
      BillingPeriodStart, BillingCurrency, ListCost, list_cut, ContractedCost, contracted_cut, BilledCost, billed_cut,
      EffectiveCost, effective_cut
    FROM cut_charges
    UNION ALL
    -- A union of DECIMAL(38, 18) with DECIMAL(38, 9) would become the coarser of the two (DuckDB 1.5.6).
    SELECT
      BillingPeriodStart, BillingCurrency, ListCost::DECIMAL(38, 18), ListCost, ContractedCost::DECIMAL(38, 18),
      ContractedCost, BilledCost::DECIMAL(38, 18), BilledCost, EffectiveCost::DECIMAL(38, 18), EffectiveCost
    FROM stg_gcp_billing__charges
  )
  WHERE (BillingPeriodStart, BillingCurrency) IN (SELECT (BillingPeriodStart, BillingCurrency) FROM fine_months)
  GROUP BY ALL
),
lost_units AS (
  SELECT
    BillingPeriodStart, BillingCurrency,
    ((list_total::DECIMAL(38, 9) - list_cut_total) * 1000000000)::BIGINT AS list_units,
    ((contracted_total::DECIMAL(38, 9) - contracted_cut_total) * 1000000000)::BIGINT AS contracted_units,
    ((billed_total::DECIMAL(38, 9) - billed_cut_total) * 1000000000)::BIGINT AS billed_units,
    ((effective_total::DECIMAL(38, 9) - effective_cut_total) * 1000000000)::BIGINT AS effective_units
  FROM month_totals
),
rounded_charges AS (
  SELECT
    * REPLACE (
      list_cut + CASE WHEN list_rank <= list_units THEN nano() ELSE 0 END AS ListCost,
      contracted_cut + CASE WHEN contracted_rank <= contracted_units THEN nano() ELSE 0 END AS ContractedCost,
      billed_cut + CASE WHEN billed_rank <= billed_units THEN nano() ELSE 0 END AS BilledCost,
      effective_cut + CASE WHEN effective_rank <= effective_units THEN nano() ELSE 0 END AS EffectiveCost,
      x_CreditAmount::DECIMAL(38, 9) AS x_CreditAmount
    )
  FROM fine_charges
  JOIN lost_units USING (BillingPeriodStart, BillingCurrency)
)
SELECT * EXCLUDE (list_cut, contracted_cut, billed_cut, effective_cut) REPLACE (
  list_cut AS ListCost,
  contracted_cut AS ContractedCost,
  billed_cut AS BilledCost,
  effective_cut AS EffectiveCost,
  x_CreditAmount::DECIMAL(38, 9) AS x_CreditAmount
)
FROM cut_charges
WHERE ListCost = list_cut AND ContractedCost = contracted_cut AND BilledCost = billed_cut AND EffectiveCost = effective_cut
UNION ALL BY NAME
SELECT * EXCLUDE (
  list_cut, contracted_cut, billed_cut, effective_cut, list_rank, contracted_rank, billed_rank, effective_rank,
  list_units, contracted_units, billed_units, effective_units
)
FROM rounded_charges
