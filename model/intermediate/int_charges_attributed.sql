-- grain: a charge with what it is attributed to, and why; or why it is not
-- key: x_ChargeId
-- reconciles-with: stg_charges by BillingPeriodStart, BillingCurrency on ListCost, ContractedCost, BilledCost, EffectiveCost, x_CreditAmount, PricingQuantity
-- materialized: view
SELECT
  c.x_ChargeId,
  c.x_SourceName,
  c.x_BatchId,
  c.ProviderName,
  c.PublisherName,
  c.BillingAccountId,
  c.BillingPeriodStart,
  c.ChargePeriodStart,
  c.x_ChargeMonth,
  c.ChargeCategory,
  c.ChargeClass,
  c.x_CostType,
  c.SubAccountId,
  c.SubAccountName,
  c.ServiceName,
  c.x_ServiceId,
  c.SkuId,
  c.x_SkuDescription,
  c.x_SkuGroup,
  c.RegionId,
  c.ResourceId,
  c.ResourceName,
  c.PricingUnit,
  c.x_ConsumptionModelId,
  c.CommitmentDiscountId,
  c.BillingCurrency,
  c.x_LabelSetId,
  c.ListCost,
  c.ContractedCost,
  c.BilledCost,
  c.EffectiveCost,
  c.x_CreditAmount,
  c.PricingQuantity,
  c.x_ChargeCount,
  a.x_AttributionStep,
  a.x_MatchedKey,
  a.x_MatchedValue,
  a.ComponentId,
  a.SquadId,
  a.x_OwnerCount,
  a.x_LabelledSquadId,
  a.x_UnallocatedReason
FROM stg_charges AS c
CROSS JOIN int_rule_facets AS f
LEFT JOIN int_attributions AS a
  ON
    a.x_LabelSetId = c.x_LabelSetId
    AND a.SubAccountId IS NOT DISTINCT FROM c.SubAccountId
    AND a.x_RuleSource IS NOT DISTINCT FROM CASE WHEN f.x_ReadsSource THEN c.x_SourceName END
    AND a.x_RuleService IS NOT DISTINCT FROM CASE WHEN f.x_ReadsService THEN c.ServiceName END
    AND a.x_RuleSku IS NOT DISTINCT FROM CASE WHEN f.x_ReadsSku THEN c.SkuId END
    AND a.x_RuleSkuDescription IS NOT DISTINCT FROM CASE WHEN f.x_ReadsSku THEN c.x_SkuDescription END
    AND a.x_RuleRegion IS NOT DISTINCT FROM CASE WHEN f.x_ReadsRegion THEN c.RegionId END
    AND a.x_RuleChargeCategory IS NOT DISTINCT FROM CASE WHEN f.x_ReadsChargeCategory THEN c.ChargeCategory END
    AND a.ValidFrom <= c.ChargePeriodStart
    AND c.ChargePeriodStart < a.ValidTo
