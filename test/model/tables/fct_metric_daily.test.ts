import { expect, test } from 'vitest';
import { given } from '../given.ts';

test('a metric has a value a day, of the company or of a squad; drivers are elsewhere', async () => {
  const day = { x_MeasureKind: 'metric', x_MeasureName: 'dau', x_PeriodStart: '2026-06-01', x_PeriodEnd: '2026-06-02' };
  const rows = await given('fct_metric_daily', {
    int_measure_values: [
      { ...day, x_Value: '-8.5' },
      { ...day, x_Consumer: 'group:growth', SquadId: 'growth', x_Value: '3' },
      { ...day, x_MeasureKind: 'driver', x_Consumer: 'a', x_Value: '1' },
    ],
  });

  expect(rows).toEqual([
    {
      x_MetricName: 'dau',
      x_Day: '2026-06-01',
      x_Consumer: null,
      ComponentId: null,
      SquadId: null,
      x_Value: '-8.500000000',
    },
    {
      x_MetricName: 'dau',
      x_Day: '2026-06-01',
      x_Consumer: 'group:growth',
      ComponentId: null,
      SquadId: 'growth',
      x_Value: '3.000000000',
    },
  ]);
});
