import type { ReconciliationRow } from '../api/contract/index.ts';

/** The reconciliations of one billing month in one currency. */
export interface ReconciledMonth {
  key: string;
  /** Null: over all months. */
  month: string | null;
  currency: string;
  /** Billed cost of the month's charges; null where nothing is held against it. */
  billed: string | null;
  broken: number;
  /** Broken ones first. */
  rows: ReconciliationRow[];
}

/** What was sealed of a closed month is not its bill where rows came later. */
function isBill(row: ReconciliationRow): boolean {
  return row.x_CostColumn === 'BilledCost' && row.x_Holds && row.x_Reconciliation !== 'closed-to-chargeback';
}

/** Groups reconciliations by month and currency: what does not tie first, then newest first. */
export function byMonth(rows: readonly ReconciliationRow[]): ReconciledMonth[] {
  const groups = new Map<string, ReconciliationRow[]>();
  for (const row of rows) {
    const key = `${row.BillingPeriod ?? ''}:${row.BillingCurrency}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups]
    .map(([key, all]): ReconciledMonth => {
      const { BillingPeriod: month, BillingCurrency: currency } = all[0]!;
      return {
        key,
        month,
        currency,
        billed: all.find(isBill)?.x_Expected ?? null,
        broken: all.filter((row) => !row.x_Holds).length,
        rows: all.toSorted((a, b) => Number(a.x_Holds) - Number(b.x_Holds)),
      };
    })
    .sort(
      (a, b) =>
        Number(b.broken > 0) - Number(a.broken > 0) ||
        (b.month ?? '').localeCompare(a.month ?? '') ||
        a.currency.localeCompare(b.currency),
    );
}
