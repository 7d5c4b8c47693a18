-- grain: a charge, or one owner's part of it where its component has several owners
-- key: x_ChargeId, x_OwnerPosition
-- reconciles-with: int_charges_attributed by BillingPeriodStart, BillingCurrency on ListCost, ContractedCost, BilledCost, EffectiveCost, PricingQuantity
-- materialized: view
--
-- SquadId is `unallocated` where nobody owns it: with a reason, unless a pool takes the charge to pass it on.
WITH
shared AS (
  SELECT
    x_ChargeId,
    1 AS x_OwnerPosition,
    SquadId,
    CAST(1 AS DECIMAL(38, 9)) AS x_OwnerShare,
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
    x_ChargeCount,
    ListCost,
    ContractedCost,
    BilledCost,
    EffectiveCost,
    PricingQuantity,
    x_UnallocatedReason
  FROM int_charges_pooled
  WHERE x_OwnerCount IS NULL OR x_OwnerCount < 2
  UNION ALL
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
    x_ChargeCount,
    ListCost,
    ContractedCost,
    BilledCost,
    EffectiveCost,
    PricingQuantity,
    CASE WHEN SquadId IS NULL THEN 'owner-unknown' END AS x_UnallocatedReason
  FROM int_joint_charges
)

SELECT
  x_ChargeId,
  x_OwnerPosition,
  COALESCE(SquadId, 'unallocated') AS SquadId,
  ComponentId,
  CASE
    WHEN SquadId IS NULL AND x_PoolId IS NULL THEN 'Unallocated'
    WHEN ChargeCategory IN ('Tax', 'Adjustment') THEN ChargeCategory
    ELSE 'Direct'
  END AS ChargeKind,
  x_OwnerShare,
  BillingPeriodStart,
  ChargePeriodStart,
  x_ChargeMonth,
  BillingCurrency,
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
  x_ChargeCount,
  ListCost,
  ContractedCost,
  BilledCost,
  EffectiveCost,
  PricingQuantity,
  CASE WHEN x_PoolId IS NULL THEN x_UnallocatedReason END AS x_UnallocatedReason
FROM shared
