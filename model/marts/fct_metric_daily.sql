-- grain: the value of a metric on a day, of the company or of one squad or component
-- key: x_MetricName, x_Day, x_Consumer?
-- materialized: table
--
-- x_Consumer is null where the value is the whole company's. Values of squads need not add up to the company's: a user may use both.
SELECT
  x_MeasureName AS x_MetricName,
  x_PeriodStart AS x_Day,
  x_Consumer,
  ComponentId,
  SquadId,
  x_Value
FROM int_measure_values
WHERE x_MeasureKind = 'metric'
