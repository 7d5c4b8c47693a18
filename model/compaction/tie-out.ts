import type { DuckDBConnection } from '@duckdb/node-api';
import { decimalUnits } from '../../core/decimal-sum.ts';
import { selectRows } from '../../core/duckdb.ts';
import { WorthwhileError } from '../../core/errors.ts';
import type { LakeBatch } from '../../core/lake.ts';

/** The staged column that each sum of a manifest must come out in. */
const STAGED_COLUMN: Readonly<Record<string, string>> = {
  cost: 'ContractedCost',
  credits: 'x_CreditAmount',
  ListCost: 'ListCost',
  ContractedCost: 'ContractedCost',
  BilledCost: 'BilledCost',
  EffectiveCost: 'EffectiveCost',
};

interface StagedSums extends Record<string, string | null> {
  x_SourceName: string;
  x_BatchId: string;
  BillingCurrency: string;
  /** Comma-separated days. */
  billingPeriods: string;
}

/** Decimals of the finest sums that a manifest holds. */
const SCALE = 18;

/** What a batch came to in compacted charges. */
export interface CompactedBatch {
  charges: number;
  billingPeriods: string[];
}

/**
 * Compares freshly compacted charges with their batches' manifests, row by row count and sum by sum, exactly. Returns
 * what each batch came to, in the order given. Throws CHECK_FAILED naming the batch.
 */
export async function tieOut(
  connection: DuckDBConnection,
  charges: string,
  batches: LakeBatch[],
): Promise<CompactedBatch[]> {
  const columns = [...new Set(Object.values(STAGED_COLUMN))].map((column) => `sum(${column})::VARCHAR AS ${column}`);
  const staged = await selectRows<StagedSums>(
    connection,
    `SELECT x_SourceName, x_BatchId, BillingCurrency, count(*)::VARCHAR AS charges, sum(x_ChargeCount)::VARCHAR AS x_ChargeCount,
       coalesce(string_agg(DISTINCT BillingPeriodStart::VARCHAR, ','), '') AS "billingPeriods", ${columns.join(', ')}
     FROM ${charges} GROUP BY x_SourceName, x_BatchId, BillingCurrency`,
  );
  const byBatch = new Map<string, StagedSums[]>();
  for (const row of staged) {
    const key = `${row.x_SourceName}/${row.x_BatchId}`;
    byBatch.set(key, [...(byBatch.get(key) ?? []), row]);
  }
  return batches.map((batch) =>
    tieOutBatch(batch, byBatch.get(`${batch.manifest.source}/${batch.manifest.batchId}`) ?? []),
  );
}

function tieOutBatch({ manifest, folder }: LakeBatch, staged: StagedSums[]): CompactedBatch {
  const total = (column: string): number => staged.reduce((sum, row) => sum + Number(row[column]), 0);
  const differences = [
    ...(total('x_ChargeCount') === manifest.rows ? [] : [`${total('x_ChargeCount')} rows instead of ${manifest.rows}`]),
    ...Object.entries(manifest.sums).flatMap(([currency, sums]) => {
      const own = staged.find((row) => row.BillingCurrency === currency);
      return Object.entries(sums).flatMap(([name, expected]) => {
        const actual = own?.[STAGED_COLUMN[name]!] ?? '0';
        return decimalUnits(actual, SCALE) === decimalUnits(expected, SCALE)
          ? []
          : [`${name} ${actual} ${currency} instead of ${expected}`];
      });
    }),
  ];
  if (differences.length === 0) {
    const months = staged.flatMap(({ billingPeriods }) => billingPeriods.split(',').filter(Boolean));
    return { charges: total('charges'), billingPeriods: [...new Set(months)].sort() };
  }
  throw new WorthwhileError('CHECK_FAILED', `staging does not tie to its batch: ${differences.join(', ')}`, {
    on: `${manifest.source}, partition ${manifest.partition} (${folder})`,
    fix: 'run `worthwhile ingest --full` to land the partition again; if it stays, report it with the names above',
  });
}
