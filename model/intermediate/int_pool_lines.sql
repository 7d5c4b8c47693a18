-- grain: what of one owner's component fell into a pool on a usage day, by service, charge category and billing month
-- key: x_PoolLineId
-- materialized: table
--
-- What is passed on carries no project and no SKU: at that depth it would be many times the charges themselves.
WITH
lines AS (
  SELECT
    x_PoolId,
    BillingPeriodStart,
    BillingCurrency,
    ChargePeriodStart,
    x_ChargeMonth,
    SquadId,
    ComponentId,
    ServiceName,
    ChargeCategory,
    CAST(SUM(ListCost) AS DECIMAL(38, 9)) AS ListCost,
    CAST(SUM(ContractedCost) AS DECIMAL(38, 9)) AS ContractedCost,
    CAST(SUM(BilledCost) AS DECIMAL(38, 9)) AS BilledCost,
    CAST(SUM(EffectiveCost) AS DECIMAL(38, 9)) AS EffectiveCost
  FROM int_charges_owned
  WHERE x_PoolId IS NOT NULL
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
)

SELECT
  ROW_NUMBER() OVER (
    ORDER BY
      x_PoolId,
      BillingPeriodStart,
      BillingCurrency,
      ChargePeriodStart,
      SquadId,
      COALESCE(ComponentId, ''),
      ComponentId IS NULL,
      COALESCE(ServiceName, ''),
      ServiceName IS NULL,
      ChargeCategory
  ) AS x_PoolLineId,
  x_PoolId,
  BillingPeriodStart,
  BillingCurrency,
  ChargePeriodStart,
  x_ChargeMonth,
  SquadId,
  ComponentId,
  ServiceName,
  ChargeCategory,
  ListCost,
  ContractedCost,
  BilledCost,
  EffectiveCost
FROM lines
