import { expect, test } from 'vitest';
import { reconciliationRow } from '../../api/contract/index.ts';
import { byMonth } from '../../web/reconciled.ts';

const sum = (month: string | null, column: string, holds: boolean, currency = 'USD') =>
  reconciliationRow.parse({
    x_Reconciliation: 'staging-to-chargeback',
    BillingPeriod: month,
    BillingCurrency: currency,
    x_CostColumn: column,
    x_Expected: '7',
    x_Actual: holds ? '7' : '8',
    x_Difference: holds ? '0' : '1',
    x_Holds: holds,
  });

test('a month that does not tie comes first, then the newest, each currency by itself', () => {
  const months = byMonth([
    sum('2026-08', 'ListCost', true),
    sum('2026-08', 'BilledCost', false),
    sum('2026-09', 'BilledCost', true, 'USD'),
    sum('2026-09', 'BilledCost', true, 'EUR'),
    sum('2026-10', 'BilledCost', true),
  ]);

  expect(months.map((one) => [one.month, one.currency, one.broken])).toEqual([
    ['2026-08', 'USD', 1],
    ['2026-10', 'USD', 0],
    ['2026-09', 'EUR', 0],
    ['2026-09', 'USD', 0],
  ]);
  expect(months[0]?.rows[0]?.x_CostColumn).toBe('BilledCost');
});

test('what was billed is told only where it is agreed', () => {
  expect(byMonth([sum('2026-10', 'BilledCost', true)])[0]?.billed).toBe('7');
  expect(byMonth([sum('2026-10', 'BilledCost', false)])[0]?.billed).toBeNull();
  const sealed = reconciliationRow.parse({
    ...sum('2026-10', 'BilledCost', true),
    x_Reconciliation: 'closed-to-chargeback',
    x_Expected: '6',
  });
  expect(byMonth([sealed, sum('2026-10', 'BilledCost', true)])[0]?.billed).toBe('7');
  expect(byMonth([sum(null, 'ListCost', true)])[0]?.billed).toBeNull();
});
