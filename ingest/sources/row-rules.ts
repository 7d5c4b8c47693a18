import { sqlName } from '../../core/duckdb.ts';
import type { SourceKind } from '../../core/lake.ts';
import { sourceSchema } from '../../core/source-schemas/source-schemas.ts';

/** A condition under which a row refuses its file: SQL over the one canonical column, and how a message puts it. */
export interface RowRule {
  column: string;
  says: string;
  faulty: string;
}

/** What no row of a kind may lack: its amount, its currency, its day and the month it is invoiced in. */
export function rowRules(kind: SourceKind): RowRule[] {
  const present = sourceSchema(kind)
    .columns.filter((column) => column.never === 'null')
    .map(({ name, type }) => ({
      column: name,
      says: type === 'VARCHAR' ? 'is empty' : 'is empty or unreadable',
      faulty: type === 'VARCHAR' ? `coalesce(trim(${sqlName(name)}), '') = ''` : `${sqlName(name)} IS NULL`,
    }));
  return kind === 'gcp-billing-detailed' || kind === 'gcp-billing-standard' ? [...present, invoiceMonth] : present;
}

/** Columns whose every value must be readable where there is one: amounts, prices, quantities, times and the credits' amounts. */
export function valueColumns(kind: SourceKind): string[] {
  return sourceSchema(kind)
    .columns.filter(({ name, type }) => {
      if (typeof type !== 'string') return name === 'credits' || name === 'x_Credits';
      return type === 'FLOAT_MONEY' || type === 'TIMESTAMPTZ' || type.startsWith('DECIMAL');
    })
    .map(({ name }) => name);
}

/** `invoice.month` is text `YYYYMM`, the only clock that ties to an invoice. */
const invoiceMonth: RowRule = {
  column: 'invoice',
  says: 'has no month of the form YYYYMM',
  faulty: `NOT coalesce(regexp_full_match(invoice.month, '[0-9]{4}(0[1-9]|1[0-2])'), false)`,
};
