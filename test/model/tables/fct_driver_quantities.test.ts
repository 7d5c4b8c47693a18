import { expect, test } from 'vitest';
import { given } from '../given.ts';

test('a driver keeps its quantities by period and consumer, exact; metrics are elsewhere', async () => {
  const period = { x_PeriodStart: '2026-06-01', x_PeriodEnd: '2026-07-01' };
  const rows = await given('fct_driver_quantities', {
    int_measure_values: [
      {
        x_MeasureKind: 'driver',
        x_MeasureName: 'kafka',
        ...period,
        x_Consumer: 'A',
        ComponentId: 'a',
        x_Value: '42000000000000.000000001',
      },
      { x_MeasureKind: 'metric', x_MeasureName: 'dau', ...period, x_Value: '1' },
    ],
  });

  expect(rows).toEqual([
    {
      x_DriverName: 'kafka',
      ...period,
      x_Consumer: 'A',
      ComponentId: 'a',
      SquadId: null,
      x_Quantity: '42000000000000.000000001',
    },
  ]);
});
