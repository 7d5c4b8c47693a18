-- The parts of a jointly owned charge add up to the charge, in every column.
WITH
parts AS (
  SELECT
    x_ChargeId,
    SUM(ListCost) AS ListCost,
    SUM(ContractedCost) AS ContractedCost,
    SUM(BilledCost) AS BilledCost,
    SUM(EffectiveCost) AS EffectiveCost,
    SUM(PricingQuantity) AS PricingQuantity,
    SUM(x_ChargeCount) AS x_ChargeCount
  FROM int_joint_charges
  GROUP BY x_ChargeId
)

SELECT p.x_ChargeId
FROM parts AS p
INNER JOIN stg_charges AS c ON c.x_ChargeId = p.x_ChargeId
WHERE
  p.ListCost <> c.ListCost
  OR p.ContractedCost <> c.ContractedCost
  OR p.BilledCost <> c.BilledCost
  OR p.EffectiveCost <> c.EffectiveCost
  OR p.PricingQuantity <> c.PricingQuantity
  OR p.x_ChargeCount <> c.x_ChargeCount
