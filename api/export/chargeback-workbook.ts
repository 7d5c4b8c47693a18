import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { chargebackRow, costs, count } from '../contract/index.ts';
import { ApiProblem } from '../problems.ts';
import { CHARGEBACK_ORDER } from '../queries/chargeback.ts';
import { reconciliationRows } from '../queries/reconciliation.ts';
import type { Reader } from '../warehouse/reader.ts';
import { spreadsheetSafe, TEXT_COLUMNS, type ExportSelect } from './cells.ts';
import type { KindTotal, WorkbookJob } from './workbook-worker.ts';

/** Rows that fit a sheet below its header. */
const MAX_ROWS = 1_048_575;
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
  const { generation, builtAt, company } = reader.facts;
  await written({ path, month, facts: { generation, builtAt, company }, rows, totals, reconciliation });
}

/** Writes in a thread of its own: zipping 20 000 rows takes a second, in which nobody else would be answered. */
function written(job: WorkbookJob): Promise<void> {
  const entry = new URL(`./workbook-worker${extname(import.meta.url)}`, import.meta.url).href;
  // Sources need the loader that the main thread has; a thread does not inherit it.
  const loader = entry.endsWith('.ts') ? import.meta.resolve('tsx/esm/api') : null;
  const start = `import(${JSON.stringify(entry)})`;
  const code = loader ? `import(${JSON.stringify(loader)}).then((tsx) => tsx.register()).then(() => ${start})` : start;
  const worker = new Worker(code, { eval: true, workerData: job });
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', (status) =>
      status === 0 ? resolve() : reject(new Error(`the workbook's thread ended with code ${status}`)),
    );
  });
}

function refuseTooLong(totals: KindTotal[]): void {
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
