import writeXlsxFile, { type Cell, type Row, type Sheet } from 'write-excel-file/node';
import { z } from 'zod';
import { chargebackRow, costs, count, type ChargebackRow } from '../contract/index.ts';
import { ApiProblem } from '../problems.ts';
import { CHARGEBACK_ORDER } from '../queries/chargeback.ts';
import { reconciliationRows } from '../queries/reconciliation.ts';
import type { Reader } from '../warehouse/reader.ts';
import { spreadsheetSafe, TEXT_COLUMNS, type ExportSelect } from './cells.ts';

/** Rows that fit a sheet below its header. */
const MAX_ROWS = 1_048_575;
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
const isMoney = (column: keyof ChargebackRow): column is keyof z.infer<typeof costs> => column in costs.shape;

const totalRow = costs.extend({ BillingCurrency: z.string(), ChargeKind: z.string().nullable(), rowCount: count });

/**
 * A workbook of two sheets: Chargeback, whose cells are numbers that a pivot can sum, and Summary, with exact totals by kind as
 * text and the month's reconciliation, because a spreadsheet's numbers are doubles with 15 digits.
 */
export async function writeChargebackWorkbook(reader: Reader, select: ExportSelect, path: string): Promise<void> {
  const { sql, bound } = select;
  const totals = await reader.select(
    totalRow,
    `with rows as (${sql})
     select BillingCurrency, ChargeKind, sum(ListCost) as ListCost, sum(ContractedCost) as ContractedCost, sum(BilledCost) as BilledCost,
            sum(EffectiveCost) as EffectiveCost, count(*) as rowCount
     from rows group by grouping sets ((BillingCurrency, ChargeKind), (BillingCurrency))
     order by BillingCurrency, ChargeKind nulls last`,
    bound,
  );
  refuseTooLong(totals);
  const escaped = TEXT_COLUMNS.map((name) => `coalesce(${spreadsheetSafe(name)}, '') as ${name}`).join(', ');
  const rows = await reader.select(
    chargebackRow,
    `with rows as (${sql}) select * replace (${escaped}) from rows order by ${CHARGEBACK_ORDER}`,
    bound,
  );
  const month = String(bound['monthStart']).slice(0, 7);
  const reconciliation = await reconciliationRows(reader, { month });
  const sheets: Sheet<Buffer>[] = [
    {
      sheet: 'Chargeback',
      data: [COLUMNS.map((column) => ({ value: column, ...HEADER })), ...rows.map(chargebackCells)],
      columns: COLUMNS.map((column) => ({ width: WIDTHS[column] })),
      stickyRowsCount: 1,
    },
    {
      sheet: 'Summary',
      data: summaryCells(reader, month, totals, reconciliation),
      columns: [34, 16, 20, 26, 26, 26, 26].map((width) => ({ width })),
    },
  ];
  await writeXlsxFile(sheets).toFile(path);
}

function chargebackCells(row: ChargebackRow): Row {
  return COLUMNS.map((column): Cell =>
    isMoney(column)
      ? { value: Number(row[column]), type: Number, format: MONEY_FORMAT }
      : { value: row[column], type: String },
  );
}

function summaryCells(
  reader: Reader,
  month: string,
  totals: z.output<typeof totalRow>[],
  reconciliation: Awaited<ReturnType<typeof reconciliationRows>>,
): Row[] {
  const header = (...texts: string[]): Row => texts.map((value) => ({ value, ...HEADER }));
  const { generation, builtAt, company } = reader.facts;
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

function refuseTooLong(totals: z.output<typeof totalRow>[]): void {
  const rows = totals.filter((row) => row.ChargeKind === null).reduce((sum, row) => sum + row.rowCount, 0);
  if (rows <= MAX_ROWS) return;
  throw new ApiProblem({
    status: 422,
    kind: 'too-many-rows',
    title: 'Too many rows for a sheet',
    detail: `the month has ${rows} rows, a sheet holds ${MAX_ROWS}`,
    fix: 'export csv or parquet, or one squad',
  });
}
