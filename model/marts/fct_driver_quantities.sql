-- grain: how much of a driver a consumer used in a period
-- key: x_DriverName, x_PeriodStart, x_Consumer
-- materialized: table
--
-- Quantities are in the driver's own unit and never below zero. ComponentId and SquadId are both null where the consumer is not in the
-- catalog or its name means several.
SELECT
  x_MeasureName AS x_DriverName,
  x_PeriodStart,
  x_PeriodEnd,
  x_Consumer,
  ComponentId,
  SquadId,
  x_Value AS x_Quantity
FROM int_measure_values
WHERE x_MeasureKind = 'driver'
