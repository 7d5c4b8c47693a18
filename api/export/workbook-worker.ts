import { workerData } from 'node:worker_threads';
import writeXlsxFile, { type Cell, type Row } from 'write-excel-file/node';
import type { ChargebackRow, ReconciliationRow } from '../contract/index.ts';
import type { GenerationFacts } from '../warehouse/reader.ts';

/** What the worker is started with; it writes the workbook to `path` and ends. */
export interface WorkbookJob {
  path: string;
  month: string;
  facts: Pick<GenerationFacts, 'generation' | 'builtAt' | 'company'>;
  rows: ChargebackRow[];
  totals: KindTotal[];
  reconciliation: ReconciliationRow[];
}

/** Exact sums of a charge kind, or of all kinds where it is null. */
export interface KindTotal extends Pick<ChargebackRow, MoneyColumn> {
  BillingCurrency: string;
  ChargeKind: string | null;
  rowCount: number;
}

type MoneyColumn = (typeof MONEY_COLUMNS)[number];

const MONEY_COLUMNS = ['ListCost', 'ContractedCost', 'BilledCost', 'EffectiveCost'] as const;
const MONEY_FORMAT = '#,##0.00';
const HEADER = { fontWeight: 'bold', backgroundColor: '#e8ecf1', bottomBorderStyle: 'thin' } as const;

const WIDTHS: Record<keyof ChargebackRow, number> = {
  BillingPeriod: 13,
  SquadId: 24,
  SquadName: 24,
  CostCentre: 13,
  ComponentId: 30,
  ServiceName: 26,
  ChargeKind: 13,
  BillingCurrency: 15,
  ListCost: 16,
  ContractedCost: 16,
  BilledCost: 16,
  EffectiveCost: 16,
};
const COLUMNS = Object.keys(WIDTHS) as (keyof ChargebackRow)[];
const isMoney = (column: keyof ChargebackRow): column is MoneyColumn =>
  (MONEY_COLUMNS as readonly string[]).includes(column);

function chargebackCells(row: ChargebackRow): Row {
  return COLUMNS.map((column): Cell =>
    isMoney(column)
      ? { value: Number(row[column]), type: Number, format: MONEY_FORMAT }
      : { value: row[column], type: String },
  );
}

function summaryCells({ month, facts, totals, reconciliation }: WorkbookJob): Row[] {
  const header = (...texts: string[]): Row => texts.map((value) => ({ value, ...HEADER }));
  const { generation, builtAt, company } = facts;
  return [
    [{ value: `Chargeback ${month}`, fontWeight: 'bold', fontSize: 14 }],
    [`${company}, generation ${generation}, built ${builtAt}. Amounts below are exact decimals, kept as text.`],
    [],
    header('Charge kind', 'Currency', 'Rows', 'ListCost', 'ContractedCost', 'BilledCost', 'EffectiveCost'),
    ...totals.map((row): Row => {
      const style = row.ChargeKind === null ? { fontWeight: 'bold' as const } : {};
      return [
        { value: row.ChargeKind ?? 'Total', ...style },
        { value: row.BillingCurrency, ...style },
        { value: row.rowCount, type: Number, ...style },
        ...[row.ListCost, row.ContractedCost, row.BilledCost, row.EffectiveCost].map((value): Cell => ({
          value,
          type: String,
          align: 'right',
          ...style,
        })),
      ];
    }),
    [],
    header('Reconciliation of the whole month', 'Currency', 'Cost column', 'Expected', 'Actual', 'Difference', 'Holds'),
    ...reconciliation.map((row): Row => [
      row.x_Reconciliation,
      row.BillingCurrency,
      row.x_CostColumn,
      ...[row.x_Expected, row.x_Actual, row.x_Difference].map((value): Cell => ({
        value,
        type: String,
        align: 'right',
      })),
      row.x_Holds ? 'yes' : 'NO',
    ]),
  ];
}

const job = workerData as WorkbookJob;
await writeXlsxFile([
  {
    sheet: 'Chargeback',
    data: [COLUMNS.map((column) => ({ value: column, ...HEADER })), ...job.rows.map(chargebackCells)],
    columns: COLUMNS.map((column) => ({ width: WIDTHS[column] })),
    stickyRowsCount: 1,
  },
  {
    sheet: 'Summary',
    data: summaryCells(job),
    columns: [34, 16, 20, 26, 26, 26, 26].map((width) => ({ width })),
  },
]).toFile(job.path);
