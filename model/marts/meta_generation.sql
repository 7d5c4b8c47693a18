-- grain: the generation itself, one row
-- key: x_Generation
WITH
newest_usage AS (
  SELECT MAX(ChargePeriodStart) AS NewestDay
  FROM stg_charges
  WHERE ChargeCategory = 'Usage'
)

SELECT
  g.x_Generation,
  g.x_BuiltAt,
  g.x_Company,
  g.x_DefaultCurrency,
  g.x_Timezone,
  g.x_ModelHash,
  -- Google's last two usage days are always incomplete.
  u.NewestDay - 2 AS x_LastCompleteDay
FROM inp_generation AS g
CROSS JOIN newest_usage AS u
