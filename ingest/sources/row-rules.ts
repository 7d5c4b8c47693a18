import { sqlName } from '../../core/duckdb.ts';
import type { SourceKind } from '../../core/lake.ts';
import type { ColumnType } from '../../core/source-schemas/column.ts';
import { sourceSchema } from '../../core/source-schemas/source-schemas.ts';

/** A condition under which a row refuses its file: SQL over the one canonical column, and how a message puts it. */
export interface RowRule {
  column: string;
  says: string;
  faulty: string;
}

/**
 * What no row of a kind may lack (its amount, its currency, its day and the month it is invoiced in), and what no bill holds
 * and the model could not carry: days and months outside 2000 to 2100, amounts of 10^18 and more.
 * Rows of a list need what they are known by, and a time of this century.
 */
export function rowRules(kind: SourceKind): RowRule[] {
  const { columns, currency, chargeStart, exportTime } = sourceSchema(kind);
  const present = columns
    .filter((column) => column.never === 'null')
    .map(({ name, type }) => ({
      column: name,
      says: type === 'VARCHAR' ? 'is empty' : 'is empty or unreadable',
      faulty: type === 'VARCHAR' ? `coalesce(trim(${sqlName(name)}), '') = ''` : `${sqlName(name)} IS NULL`,
    }));
  if (!currency || !chargeStart) return [...present, ...(exportTime ? [thisCentury(exportTime)] : [])];
  const inGcpBilling = kind === 'gcp-billing-detailed' || kind === 'gcp-billing-standard';
  const months = inGcpBilling ? [invoiceMonth, invoiceCentury] : [thisCentury('BillingPeriodStart')];
  return [
    ...present,
    currencyCode(currency),
    ...months,
    thisCentury(chargeStart),
    ...columns.flatMap(({ name, type }) => tooLarge(name, type)),
  ];
}

const VALUE_RECORDS: ReadonlySet<string> = new Set([
  'credits',
  'x_Credits',
  'list_price',
  'billing_account_price',
  'consumption_model_prices',
  'primary_impact',
]);

/** Columns whose every value must be readable where there is one: amounts, prices, quantities, times and records of such. */
export function valueColumns(kind: SourceKind): string[] {
  return sourceSchema(kind)
    .columns.filter(({ name, type }) => {
      if (typeof type !== 'string') return VALUE_RECORDS.has(name);
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

const invoiceCentury: RowRule = {
  column: 'invoice',
  says: 'has a month outside 2000 to 2100',
  faulty: `coalesce(invoice.month NOT BETWEEN '200001' AND '209912', false)`,
};

/** ISO 4217 has three capitals; FOCUS allows longer names for the currencies that vendors make up, such as tokens. */
function currencyCode(column: string): RowRule {
  return {
    column,
    says: 'is not a currency code in capitals, such as USD',
    faulty: `coalesce(NOT regexp_full_match(${sqlName(column)}, '[A-Z]{3,8}'), false)`,
  };
}

function thisCentury(column: string): RowRule {
  const name = sqlName(column);
  return {
    column,
    says: 'is outside 2000 to 2100',
    faulty: `coalesce(${name} < TIMESTAMPTZ '2000-01-01 00:00:00+00' OR ${name} >= TIMESTAMPTZ '2100-01-01 00:00:00+00', false)`,
  };
}

/**
 * Where money of 18 decimal places meets money of 9, the model has 20 digits before the point; an amount of this size leaves
 * no room for a sum. Quantities have 29 digits and are let be: byte-seconds grow beyond this.
 */
const LARGEST_AMOUNT = '1000000000000000000';

function tooLarge(column: string, type: ColumnType): RowRule[] {
  const large = (amount: string): string => `abs(${amount}) >= ${LARGEST_AMOUNT}`;
  const says = 'is an amount of 10^18 or more';
  if (type === 'FLOAT_MONEY' || type === 'DECIMAL(38,18)') {
    return [{ column, says, faulty: `coalesce(${large(sqlName(column))}, false)` }];
  }
  if (typeof type === 'string' || !('list' in type) || typeof type.list === 'string' || !('struct' in type.list))
    return [];
  const amount = Object.keys(type.list.struct).find((field) => field.toLowerCase() === 'amount');
  if (!amount) return [];
  const any = `list_bool_or(list_transform(${sqlName(column)}, lambda entry: ${large(`entry.${sqlName(amount)}`)}))`;
  return [{ column, says: 'has an amount of 10^18 or more', faulty: `coalesce(${any}, false)` }];
}
