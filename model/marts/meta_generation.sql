-- grain: the generation itself, one row
-- key: x_Generation
--
-- x_LastCompleteDay: the newest usage day that is no longer expected to grow. Google delivers usage within a day or two, so a
-- day is complete when an export two days younger has arrived; where a source tells no export time, its last two days are open.
WITH
newest_usage AS (
  SELECT MAX(ChargePeriodStart) AS NewestDay
  FROM fct_cost_daily
  WHERE ChargeCategory = 'Usage'
),

newest_export AS (
  SELECT CAST(MAX(x_ExportTimeMax) AS DATE) AS NewestDay
  FROM inp_batches
)

SELECT
  g.x_Generation,
  g.x_BuiltAt,
  g.x_Company,
  g.x_DefaultCurrency,
  g.x_Timezone,
  g.x_ModelHash,
  CASE
    WHEN u.NewestDay IS NOT NULL THEN LEAST(u.NewestDay, COALESCE(e.NewestDay, u.NewestDay) - 2)
  END AS x_LastCompleteDay
FROM inp_generation AS g
CROSS JOIN newest_usage AS u
CROSS JOIN newest_export AS e
