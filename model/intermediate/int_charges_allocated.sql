-- grain: a charge, or one owner's part of it where its component has several owners
-- key: x_ChargeId, x_OwnerPosition
-- reconciles-with: int_charges_attributed by BillingPeriodStart, BillingCurrency on ListCost, ContractedCost, BilledCost, EffectiveCost, x_CreditAmount, PricingQuantity
-- materialized: view
--
-- SquadId is `unallocated`, with a reason, where nobody owns it.
WITH
shared AS (
  SELECT
    a.x_ChargeId,
    COALESCE(s.x_OwnerPosition, 1) AS x_OwnerPosition,
    CASE WHEN a.ComponentId IS NULL THEN a.SquadId ELSE s.SquadId END AS SquadId,
    COALESCE(s.x_OwnerShare, CAST(1 AS DECIMAL(38, 9))) AS x_OwnerShare,
    a.x_SourceName,
    a.BillingPeriodStart,
    a.ChargePeriodStart,
    a.x_ChargeMonth,
    a.BillingCurrency,
    a.ComponentId,
    a.ChargeCategory,
    a.ChargeClass,
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
    a.x_ChargeCount,
    a.ListCost,
    a.ContractedCost,
    a.BilledCost,
    a.EffectiveCost,
    a.x_CreditAmount,
    a.PricingQuantity,
    a.x_UnallocatedReason
  FROM int_charges_attributed AS a
  LEFT JOIN int_component_shares AS s
    ON s.ComponentId = a.ComponentId AND s.ValidFrom <= a.ChargePeriodStart AND a.ChargePeriodStart < s.ValidTo
  WHERE s.x_OwnerShare IS NULL OR s.x_OwnerShare = 1
  UNION ALL
  SELECT
    x_ChargeId,
    x_OwnerPosition,
    SquadId,
    x_OwnerShare,
    x_SourceName,
    BillingPeriodStart,
    ChargePeriodStart,
    x_ChargeMonth,
    BillingCurrency,
    ComponentId,
    ChargeCategory,
    ChargeClass,
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
    x_ChargeCount,
    ListCost,
    ContractedCost,
    BilledCost,
    EffectiveCost,
    x_CreditAmount,
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
    WHEN SquadId IS NULL THEN 'Unallocated'
    WHEN ChargeCategory IN ('Tax', 'Adjustment') THEN ChargeCategory
    ELSE 'Direct'
  END AS ChargeKind,
  x_OwnerShare,
  x_SourceName,
  BillingPeriodStart,
  ChargePeriodStart,
  x_ChargeMonth,
  BillingCurrency,
  ChargeCategory,
  ChargeClass,
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
  x_ChargeCount,
  ListCost,
  ContractedCost,
  BilledCost,
  EffectiveCost,
  x_CreditAmount,
  PricingQuantity,
  x_UnallocatedReason
FROM shared
