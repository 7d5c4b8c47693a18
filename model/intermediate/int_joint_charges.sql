-- grain: one owner's part of a charge whose component has several owners on the usage day
-- key: x_ChargeId, x_OwnerPosition
-- materialized: table
--
-- Each part is the difference of two rounded running totals, so that the parts of a charge add up to it in every column.
-- x_ChargeCount stays whole with the first owner, so that it adds up too.
WITH
running AS (
  SELECT
    a.x_ChargeId,
    s.x_OwnerPosition,
    s.SquadId,
    s.x_OwnerShare,
    a.BillingPeriodStart,
    a.ChargePeriodStart,
    a.x_ChargeMonth,
    a.BillingCurrency,
    a.ComponentId,
    a.ChargeCategory,
    a.SubAccountId,
    a.ServiceName,
    a.SkuId,
    a.x_SkuDescription,
    a.x_SkuGroup,
    a.RegionId,
    a.ResourceId,
    a.PricingUnit,
    a.x_AttributionStep,
    a.x_MatchedKey,
    a.x_MatchedValue,
    a.x_LabelledSquadId,
    a.x_PoolId,
    a.x_ChargeCount,
    CASE WHEN s.x_ShareUpTo = 1 THEN a.ListCost ELSE ROUND(a.ListCost * s.x_ShareUpTo, 9) END AS ListCost,
    CASE WHEN s.x_ShareUpTo = 1 THEN a.ContractedCost ELSE ROUND(a.ContractedCost * s.x_ShareUpTo, 9) END AS ContractedCost,
    CASE WHEN s.x_ShareUpTo = 1 THEN a.BilledCost ELSE ROUND(a.BilledCost * s.x_ShareUpTo, 9) END AS BilledCost,
    CASE WHEN s.x_ShareUpTo = 1 THEN a.EffectiveCost ELSE ROUND(a.EffectiveCost * s.x_ShareUpTo, 9) END AS EffectiveCost,
    CASE WHEN s.x_ShareUpTo = 1 THEN a.PricingQuantity ELSE ROUND(a.PricingQuantity * s.x_ShareUpTo, 9) END AS PricingQuantity
  FROM int_charges_pooled AS a
  INNER JOIN int_component_shares AS s
    ON s.ComponentId = a.ComponentId AND s.ValidFrom <= a.ChargePeriodStart AND a.ChargePeriodStart < s.ValidTo
  WHERE a.x_OwnerCount > 1
)

SELECT
  x_ChargeId,
  x_OwnerPosition,
  SquadId,
  x_OwnerShare,
  BillingPeriodStart,
  ChargePeriodStart,
  x_ChargeMonth,
  BillingCurrency,
  ComponentId,
  ChargeCategory,
  SubAccountId,
  ServiceName,
  SkuId,
  x_SkuDescription,
  x_SkuGroup,
  RegionId,
  ResourceId,
  PricingUnit,
  x_AttributionStep,
  x_MatchedKey,
  x_MatchedValue,
  x_LabelledSquadId,
  x_PoolId,
  CASE WHEN LAG(x_OwnerPosition) OVER charge IS NULL THEN x_ChargeCount ELSE 0 END AS x_ChargeCount,
  CAST(ListCost - COALESCE(LAG(ListCost) OVER charge, 0) AS DECIMAL(38, 9)) AS ListCost,
  CAST(ContractedCost - COALESCE(LAG(ContractedCost) OVER charge, 0) AS DECIMAL(38, 9)) AS ContractedCost,
  CAST(BilledCost - COALESCE(LAG(BilledCost) OVER charge, 0) AS DECIMAL(38, 9)) AS BilledCost,
  CAST(EffectiveCost - COALESCE(LAG(EffectiveCost) OVER charge, 0) AS DECIMAL(38, 9)) AS EffectiveCost,
  CAST(PricingQuantity - COALESCE(LAG(PricingQuantity) OVER charge, 0) AS DECIMAL(38, 9)) AS PricingQuantity
FROM running
WINDOW charge AS (PARTITION BY x_ChargeId ORDER BY x_OwnerPosition)
