import { describe, expect, test } from 'vitest';
import {
  formatAgo,
  formatInstant,
  formatMoney,
  formatMonth,
  formatNumber,
  formatRatio,
  formatShare,
  formatWeekday,
  isNegative,
  isZero,
} from '../../web/format.ts';

describe('money', () => {
  test('keeps every digit of an amount that a float cannot hold', () => {
    expect(formatMoney('90071992547409931.123456789', 'USD', { precision: 'exact' })).toBe(
      '$90,071,992,547,409,931.123456789',
    );
  });

  test('shows cents by default, and no more decimals than there are when exact', () => {
    expect(formatMoney('1234.500000000', 'USD')).toBe('$1,234.50');
    expect(formatMoney('1234.500000000', 'USD', { precision: 'exact' })).toBe('$1,234.50');
    expect(formatMoney('0.100000001', 'USD', { precision: 'exact' })).toBe('$0.100000001');
  });

  test('says that an amount is there even if it is too small to show', () => {
    expect(formatMoney('0.000000001', 'USD')).toBe('< $0.01');
    expect(formatMoney('-0.004', 'USD')).toBe('> −$0.01');
    expect(formatMoney('0.2', 'USD', { precision: 'whole' })).toBe('< $1');
    expect(formatMoney('0.000000000', 'USD')).toBe('$0.00');
  });

  test('never writes a minus before zero', () => {
    expect(formatMoney('-0.000000000', 'USD')).toBe('$0.00');
    expect(isNegative('-0.000000000')).toBe(false);
    expect(isZero('-0.000')).toBe(true);
  });

  test('signs a difference in both directions, with a real minus', () => {
    expect(formatMoney('12', 'USD', { precision: 'whole', signed: true })).toBe('+$12');
    expect(formatMoney('-12', 'USD', { precision: 'whole', signed: true })).toBe('−$12');
    expect(formatMoney('0', 'USD', { precision: 'whole', signed: true })).toBe('$0');
  });

  test('is compact on an axis', () => {
    expect(formatMoney('12500', 'USD', { precision: 'compact' })).toBe('$12.5K');
    expect(formatMoney('-2000000', 'EUR', { precision: 'compact' })).toBe('−€2M');
  });

  test('writes a code that is not ISO 4217 after the number', () => {
    expect(formatMoney('5', 'CREDITS')).toBe('5.00 CREDITS');
    expect(formatMoney('5', null)).toBe('5.00');
  });
});

describe('shares and ratios', () => {
  test('a share never rounds to all or nothing', () => {
    expect(formatShare(0.9999)).toBe('> 99.9%');
    expect(formatShare(0.0001)).toBe('< 0.1%');
    expect(formatShare(1)).toBe('100.0%');
    expect(formatShare(0)).toBe('0.0%');
  });

  test('what is not known is a dash, not zero', () => {
    expect(formatShare(null)).toBe('–');
    expect(formatRatio(null, { signed: true })).toBe('–');
  });

  test('a huge rise is bounded', () => {
    expect(formatRatio(42, { signed: true })).toBe('> +999%');
    expect(formatRatio(-0.125, { signed: true })).toBe('−12.5%');
  });
});

test('days and months are read on the calendar alone, whatever the zone of the machine', () => {
  expect(formatMonth('2026-01')).toBe('January 2026');
  expect(formatWeekday('2026-10-05')).toBe('Mon, Oct 5, 2026');
});

test('an instant names its zone', () => {
  expect(formatInstant('2026-11-20T22:05:00Z', 'America/Los_Angeles')).toContain('PST');
});

test('quantities keep their thousands', () => {
  expect(formatNumber('294368.810000000', 2)).toBe('294,368.81');
});

test('ages are told in the unit that fits', () => {
  const hour = 3_600_000;
  expect(formatAgo(0, 20_000)).toBe('just now');
  expect(formatAgo(0, hour)).toBe('1 hour ago');
  expect(formatAgo(0, 72 * hour)).toBe('3 days ago');
});
