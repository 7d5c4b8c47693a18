import { statSync } from 'node:fs';
import { z } from 'zod';
import { sqlText } from '../../core/duckdb.ts';
import { UNALLOCATED, type ExportFormat } from '../contract/index.ts';
import { CHARGEBACK_COLUMNS, CHARGEBACK_ORDER } from '../queries/chargeback.ts';
import { billingMonthOf, currencyOf, notFound, scopeFilters } from '../queries/filters.ts';
import type { Reader } from '../warehouse/reader.ts';
import { spreadsheetSafe, TEXT_COLUMNS, type ExportSelect } from './cells.ts';
import { writeChargebackWorkbook } from './chargeback-workbook.ts';
import { intoFile, type ExportedFile } from './file.ts';

export interface ChargebackExport {
  month: string;
  format: ExportFormat;
  squad?: string | undefined;
  currency?: string | undefined;
}

const CONTENT_TYPES: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  parquet: 'application/vnd.apache.parquet',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

const MONEY_COLUMNS = ['ListCost', 'ContractedCost', 'BilledCost', 'EffectiveCost'];

/**
 * Writes a billing month's chargeback to a file of the reader's export folder: the export's columns in their order, rows in a
 * total order, so that the same generation gives the same bytes (XLSX aside, which dates itself). Throws NOT_FOUND with the
 * months that have charges.
 */
export async function exportChargeback(reader: Reader, options: ChargebackExport): Promise<ExportedFile> {
  const month = billingMonthOf(reader.facts, options.month);
  if (month === null)
    throw notFound(`there are no charges for the billing month ${options.month}`, 'run `worthwhile run`');
  if (options.currency) currencyOf(reader.facts, options.currency);
  if (options.squad && options.squad !== UNALLOCATED) await refuseUnknownSquad(reader, options.squad);
  const select = chargebackSelect(month, options);
  const path = await intoFile(reader.exportFolder, (path) => writeAs(reader, options.format, select, path));
  const about = [options.squad, options.currency].filter(Boolean).map((part) => part!.replaceAll(/[^\w.-]/g, '_'));
  return {
    path,
    bytes: statSync(path).size,
    fileName: `${['chargeback', month, ...about].join('-')}.${options.format}`,
    contentType: CONTENT_TYPES[options.format],
  };
}

async function refuseUnknownSquad(reader: Reader, squad: string): Promise<void> {
  const found = await reader.select(
    z.object({ SquadId: z.string() }),
    'select SquadId from dim_squads where SquadId = $squad',
    { squad },
  );
  if (found.length === 0) throw notFound(`there is no squad "${squad}"`, 'list the squads at /api/v1/squads');
}

function chargebackSelect(month: string, { squad, currency }: ChargebackExport): ExportSelect {
  const filters = scopeFilters({ squad });
  return {
    sql: `select ${CHARGEBACK_COLUMNS} from fct_chargeback f
      where f.BillingPeriodStart = $monthStart::date ${currency ? 'and f.BillingCurrency = $currency' : ''} ${filters.sql}`,
    bound: { monthStart: `${month}-01`, ...(currency && { currency }), ...filters.bound },
  };
}

async function writeAs(reader: Reader, format: ExportFormat, select: ExportSelect, path: string): Promise<void> {
  const rows = `with rows as (${select.sql})`;
  const target = sqlText(path);
  switch (format) {
    case 'csv': {
      const escaped = TEXT_COLUMNS.map((name) => `${spreadsheetSafe(name)} as ${name}`).join(', ');
      const sql = `${rows} select * replace (${escaped}) from rows order by ${CHARGEBACK_ORDER}`;
      return reader.run(`copy (${sql}) to ${target} (format csv, header)`, select.bound);
    }
    case 'json': {
      const texts = MONEY_COLUMNS.map((name) => `${name}::varchar as ${name}`).join(', ');
      const sql = `${rows} select * replace (${texts}) from rows order by ${CHARGEBACK_ORDER}`;
      return reader.run(`copy (${sql}) to ${target} (format json, array true)`, select.bound);
    }
    case 'parquet':
      return reader.run(
        `copy (${rows} select * from rows order by ${CHARGEBACK_ORDER}) to ${target} (format parquet, compression zstd)`,
        select.bound,
      );
    case 'xlsx':
      return writeChargebackWorkbook(reader, select, path);
  }
}
