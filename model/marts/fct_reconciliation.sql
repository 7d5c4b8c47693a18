-- grain: one comparison of two stages of the model in one money column, per billing month or, where that is null, over all time
-- key: x_Reconciliation, BillingPeriodStart?, BillingCurrency, x_CostColumn
-- materialized: table
--
-- By "staging-to-chargeback" what is charged in a month, less the true-ups of other months in it and with its own wherever they are
-- charged, is the month's bill, of an open month and of a closed one alike. By "closed-to-chargeback" a closed month is as sealed.
-- Expected and actual are equal to the last digit. Only money that came with more than 9 decimals may differ from its batch:
-- it is rounded once per billing month, so by less than 0.000000001 for each month.
WITH
charged_of_months AS (
  SELECT BillingPeriodStart, BillingCurrency, ListCost, ContractedCost, BilledCost, EffectiveCost
  FROM fct_chargeback
  UNION ALL
  SELECT
    BillingPeriodStart,
    BillingCurrency,
    -ListCost AS ListCost,
    -ContractedCost AS ContractedCost,
    -BilledCost AS BilledCost,
    -EffectiveCost AS EffectiveCost
  FROM fct_true_ups
  UNION ALL
  SELECT x_TrueUpOf AS BillingPeriodStart, BillingCurrency, ListCost, ContractedCost, BilledCost, EffectiveCost
  FROM fct_true_ups
),

stage_sums AS (
  SELECT x_Stage, BillingPeriodStart, BillingCurrency, ListCost, ContractedCost, BilledCost, EffectiveCost
  FROM fct_stage_sums
  UNION ALL
  SELECT
    'chargeback' AS x_Stage,
    BillingPeriodStart,
    BillingCurrency,
    SUM(ListCost) AS ListCost,
    SUM(ContractedCost) AS ContractedCost,
    SUM(BilledCost) AS BilledCost,
    SUM(EffectiveCost) AS EffectiveCost
  FROM charged_of_months
  GROUP BY BillingPeriodStart, BillingCurrency
  UNION ALL
  SELECT
    'charged-in-closed' AS x_Stage,
    f.BillingPeriodStart,
    f.BillingCurrency,
    SUM(f.ListCost) AS ListCost,
    SUM(f.ContractedCost) AS ContractedCost,
    SUM(f.BilledCost) AS BilledCost,
    SUM(f.EffectiveCost) AS EffectiveCost
  FROM fct_chargeback AS f
  INNER JOIN fct_closes AS c ON c.BillingPeriodStart = f.BillingPeriodStart
  GROUP BY f.BillingPeriodStart, f.BillingCurrency
  UNION ALL
  SELECT
    'closed' AS x_Stage,
    BillingPeriodStart,
    BillingCurrency,
    SUM(ListCost) AS ListCost,
    SUM(ContractedCost) AS ContractedCost,
    SUM(BilledCost) AS BilledCost,
    SUM(EffectiveCost) AS EffectiveCost
  FROM inp_closed_chargeback
  GROUP BY BillingPeriodStart, BillingCurrency
  UNION ALL
  SELECT
    'monthly' AS x_Stage,
    BillingPeriodStart,
    BillingCurrency,
    SUM(ListCost) AS ListCost,
    SUM(ContractedCost) AS ContractedCost,
    SUM(BilledCost) AS BilledCost,
    SUM(EffectiveCost) AS EffectiveCost
  FROM fct_cost_monthly
  GROUP BY BillingPeriodStart, BillingCurrency
  UNION ALL
  SELECT
    'daily' AS x_Stage,
    BillingPeriodStart,
    BillingCurrency,
    SUM(ListCost) AS ListCost,
    SUM(ContractedCost) AS ContractedCost,
    SUM(BilledCost) AS BilledCost,
    SUM(EffectiveCost) AS EffectiveCost
  FROM fct_cost_daily
  GROUP BY BillingPeriodStart, BillingCurrency
),

cost_columns AS (
  SELECT 'ListCost' AS x_CostColumn
  UNION ALL
  SELECT 'ContractedCost' AS x_CostColumn
  UNION ALL
  SELECT 'BilledCost' AS x_CostColumn
  UNION ALL
  SELECT 'EffectiveCost' AS x_CostColumn
),

stage_costs AS (
  SELECT
    s.x_Stage,
    s.BillingPeriodStart,
    s.BillingCurrency,
    c.x_CostColumn,
    CASE c.x_CostColumn
      WHEN 'ListCost' THEN s.ListCost
      WHEN 'ContractedCost' THEN s.ContractedCost
      WHEN 'BilledCost' THEN s.BilledCost
      ELSE s.EffectiveCost
    END AS x_Sum
  FROM stage_sums AS s
  CROSS JOIN cost_columns AS c
),

staged_in_all AS (
  SELECT BillingCurrency, x_CostColumn, SUM(x_Sum) AS x_Sum, COUNT(*) AS x_PeriodCount
  FROM stage_costs
  WHERE x_Stage = 'staging'
  GROUP BY BillingCurrency, x_CostColumn
),

-- Google's export has one sum for what FOCUS calls billed and effective, and none for the list price: that can be compared
-- only in a currency without such an export.
batch_costs AS (
  SELECT
    s.BillingCurrency,
    c.x_CostColumn,
    CAST(SUM(s.x_Sum) AS DECIMAL(38, 9)) AS x_Sum,
    COUNT(*) AS x_BatchCount,
    COUNTIF(NOT STARTS_WITH(b.x_SourceKind, 'gcp-billing')) AS x_FocusBatchCount
  FROM inp_batch_sums AS s
  INNER JOIN inp_batches AS b ON b.x_SourceName = s.x_SourceName AND b.x_BatchId = s.x_BatchId
  INNER JOIN cost_columns AS c
    ON
      CASE
        WHEN NOT STARTS_WITH(b.x_SourceKind, 'gcp-billing') THEN s.x_SumName = c.x_CostColumn
        WHEN s.x_SumName = 'cost' THEN c.x_CostColumn = 'ContractedCost'
        WHEN s.x_SumName = 'BilledCost' THEN c.x_CostColumn IN ('BilledCost', 'EffectiveCost')
        ELSE FALSE
      END
  GROUP BY s.BillingCurrency, c.x_CostColumn
),

whole_batch_costs AS (
  SELECT BillingCurrency, x_CostColumn, x_Sum, x_FocusBatchCount
  FROM batch_costs
  WHERE TRUE
  QUALIFY x_BatchCount = MAX(x_BatchCount) OVER (PARTITION BY BillingCurrency)
),

comparisons AS (
  SELECT 'staging-to-attributed' AS x_Reconciliation, 'staging' AS x_From, 'attributed' AS x_To
  UNION ALL
  SELECT 'attributed-to-allocated' AS x_Reconciliation, 'attributed' AS x_From, 'allocated' AS x_To
  UNION ALL
  SELECT 'staging-to-chargeback' AS x_Reconciliation, 'staging' AS x_From, 'chargeback' AS x_To
  UNION ALL
  SELECT 'closed-to-chargeback' AS x_Reconciliation, 'closed' AS x_From, 'charged-in-closed' AS x_To
  UNION ALL
  SELECT 'staging-to-monthly' AS x_Reconciliation, 'staging' AS x_From, 'monthly' AS x_To
  UNION ALL
  SELECT 'staging-to-daily' AS x_Reconciliation, 'staging' AS x_From, 'daily' AS x_To
),

periods AS (
  SELECT
    BillingPeriodStart,
    BillingCurrency,
    x_CostColumn,
    COUNTIF(x_Stage IN ('closed', 'charged-in-closed')) > 0 AS x_IsClosed
  FROM stage_costs
  WHERE BillingPeriodStart IS NOT NULL
  GROUP BY BillingPeriodStart, BillingCurrency, x_CostColumn
),

compared AS (
  SELECT
    c.x_Reconciliation,
    p.BillingPeriodStart,
    p.BillingCurrency,
    p.x_CostColumn,
    COALESCE(f.x_Sum, CAST(0 AS DECIMAL(38, 9))) AS x_Expected,
    COALESCE(t.x_Sum, CAST(0 AS DECIMAL(38, 9))) AS x_Actual,
    CAST(0 AS DECIMAL(38, 9)) AS x_Tolerance
  FROM comparisons AS c
  CROSS JOIN periods AS p
  LEFT JOIN stage_costs AS f
    ON
      f.x_Stage = c.x_From
      AND f.BillingPeriodStart = p.BillingPeriodStart
      AND f.BillingCurrency = p.BillingCurrency
      AND f.x_CostColumn = p.x_CostColumn
  LEFT JOIN stage_costs AS t
    ON
      t.x_Stage = c.x_To
      AND t.BillingPeriodStart = p.BillingPeriodStart
      AND t.BillingCurrency = p.BillingCurrency
      AND t.x_CostColumn = p.x_CostColumn
  WHERE p.x_IsClosed OR c.x_From <> 'closed'
  UNION ALL
  SELECT
    'batches-to-staging' AS x_Reconciliation,
    CAST(NULL AS DATE) AS BillingPeriodStart,
    f.BillingCurrency,
    f.x_CostColumn,
    f.x_Sum AS x_Expected,
    COALESCE(t.x_Sum, CAST(0 AS DECIMAL(38, 9))) AS x_Actual,
    CASE
      WHEN f.x_FocusBatchCount > 0 THEN CAST('0.000000001' AS DECIMAL(38, 9)) * t.x_PeriodCount
      ELSE CAST(0 AS DECIMAL(38, 9))
    END AS x_Tolerance
  FROM whole_batch_costs AS f
  LEFT JOIN staged_in_all AS t ON t.BillingCurrency = f.BillingCurrency AND t.x_CostColumn = f.x_CostColumn
)

SELECT
  x_Reconciliation,
  BillingPeriodStart,
  BillingCurrency,
  x_CostColumn,
  CAST(x_Expected AS DECIMAL(38, 9)) AS x_Expected,
  CAST(x_Actual AS DECIMAL(38, 9)) AS x_Actual,
  CAST(x_Actual - x_Expected AS DECIMAL(38, 9)) AS x_Difference,
  COALESCE(ABS(x_Actual - x_Expected) <= x_Tolerance, FALSE) AS x_Holds
FROM compared
