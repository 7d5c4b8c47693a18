import { expect, test } from 'vitest';
import { given } from '../given.ts';

test('a measure says what it covers and how many gaps it has', async () => {
  const kafka = { x_MeasureKind: 'driver', x_MeasureName: 'kafka' };
  const rows = await given('dim_measures', {
    inp_measures: [
      { ...kafka, x_Title: 'kafka', x_Format: 'number', x_PeriodUnit: 'month', x_PulledAt: '2026-07-01 00:00:00+00' },
    ],
    int_measure_values: [
      { ...kafka, x_PeriodStart: '2026-01-01', x_Consumer: 'a' },
      { ...kafka, x_PeriodStart: '2026-03-01', x_Consumer: 'a' },
      { ...kafka, x_PeriodStart: '2026-03-01', x_Consumer: 'ghost' },
    ],
    fct_measure_gaps: [
      { ...kafka, x_GapKind: 'missing-periods', x_GapStart: '2026-02-01' },
      { ...kafka, x_GapKind: 'unknown-consumer', x_GapStart: '2026-03-01', x_Consumer: 'ghost' },
    ],
  });

  expect(rows).toEqual([
    {
      ...kafka,
      x_Title: 'kafka',
      x_Format: 'number',
      x_PeriodUnit: 'month',
      x_FirstPeriod: '2026-01-01',
      x_LastPeriod: '2026-03-01',
      x_RowCount: '3',
      x_ConsumerCount: '2',
      x_MissingPeriodCount: '1',
      x_UnknownConsumerCount: '1',
      x_PulledAt: expect.stringContaining('2026-07-01'),
    },
  ]);
});
