import { describe, expect, test } from 'vitest';
import { calendarInWords, daysInWords, splitChange } from '../../web/calendar.ts';
import { monthRange } from '../../web/periods.ts';

const october = { current: monthRange('2026-10'), previous: monthRange('2026-09') };
const february = { current: monthRange('2026-02'), previous: monthRange('2026-01') };

describe('a change is split into what the days make and what happened beside them', () => {
  test('the same cost per day in a longer month is no change', () => {
    const split = splitChange({ previous: '3000.000000000', change: '100.000000000' }, october);
    expect(split).toMatchObject({ calendar: '100.000000000', beyond: '0.000000000', ratio: 0, days: 1 });
  });

  test('the parts sum to the change exactly, also where a float could not hold them', () => {
    const split = splitChange({ previous: '90071992547409931.000000001', change: '-0.000000001' }, october)!;
    expect(split.calendar).toBe('3002399751580331.033333333');
    expect(split.beyond).toBe('-3002399751580331.033333334');
  });

  test('a fall by three days of February hides a rise', () => {
    const split = splitChange({ previous: '3100', change: '-250' }, february);
    expect(split).toMatchObject({ calendar: '-300.000000000', beyond: '50.000000000', days: -3 });
  });

  test('what did not change, such as a fee by the month, has no calendar part', () => {
    expect(splitChange({ previous: '9000', change: '0.000000000' }, october)?.beyond).toBe('0.000000000');
  });

  test('what is new is all beside the calendar', () => {
    const split = splitChange({ previous: '0.000000000', change: '500' }, october);
    expect(split).toMatchObject({ calendar: '0.000000000', beyond: '500.000000000', ratio: null });
  });

  test('months of the same length are compared as they are', () => {
    const ranges = { current: monthRange('2026-08'), previous: monthRange('2026-07') };
    expect(splitChange({ previous: '310', change: '-12.5' }, ranges)?.beyond).toBe('-12.500000000');
  });

  test('without an earlier amount there is nothing to split', () => {
    expect(splitChange({ previous: null, change: null }, october)).toBeNull();
  });
});

describe('the calendar in words', () => {
  const words = (previous: string, change: string, ranges = october) =>
    calendarInWords(splitChange({ previous, change }, ranges)!, 'USD');

  test('is a part of a change that goes the same way', () => {
    expect(words('2223722.27', '102386.40')).toBe('of which $74,124 is one more day');
    expect(words('3100', '-400', february)).toBe('of which $300 is three fewer days');
  });

  test('stands beside a change that is smaller or goes the other way', () => {
    expect(words('3000', '20')).toBe('where one more day alone would be +$100');
    expect(words('3000', '-20')).toBe('where one more day alone would be +$100');
  });

  test('is silent where the months are equally long', () => {
    expect(words('310', '5', { current: monthRange('2026-08'), previous: monthRange('2026-07') })).toBeNull();
    expect(daysInWords(-1)).toBe('one fewer day');
  });
});
