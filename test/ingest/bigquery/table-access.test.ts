import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../core/config/load.ts';
import { checkTable, type TableAccess } from '../../../ingest/bigquery/table-access.ts';
import { failureOf } from '../workbench.ts';
import { FakeBigQuery, googleError } from './fake-bigquery.ts';

function check(bigquery: FakeBigQuery, kind = 'gcp-billing-detailed'): Promise<TableAccess> {
  const text = `sources: [{ name: s, kind: ${kind}, bigquery: { project: acme, dataset: billing, table: t } }]`;
  const source = parseConfig(text, '/company/worthwhile.yaml').sources[0]!;
  return checkTable(source, source.bigquery!, async () => bigquery.api);
}

const DAYS = [
  { day: '2026-10-01', cost: '1' },
  { day: '2026-10-02', cost: '1', exportTime: '2026-10-03T04:05:06Z' },
];

describe('access to a table', () => {
  it('is told with its rows, partitions and newest export, at the cost of one probe', async () => {
    const bigquery = new FakeBigQuery(DAYS);

    expect(await check(bigquery)).toEqual({
      table: 'acme.billing.t',
      rows: 2,
      partitions: 2,
      newest: '2026-10-03T04:05:06.000000Z',
    });
    expect(bigquery.statements).toHaveLength(1);
  });

  it('is told of a table without rows too', async () => {
    expect(await check(new FakeBigQuery([]))).toMatchObject({ rows: 0, partitions: 0, newest: null });
  });

  it('fails as a pull would, naming the role', async () => {
    const bigquery = new FakeBigQuery(DAYS);
    bigquery.before = () => {
      throw googleError(403, 'accessDenied', 'Access Denied: Table acme:billing.t');
    };

    expect(await failureOf(check(bigquery))).toMatchObject({
      code: 'SOURCE_FORBIDDEN',
      message: expect.stringContaining('roles/bigquery.dataViewer'),
    });
  });

  it('is refused for a kind that no table has', async () => {
    expect(await failureOf(check(new FakeBigQuery(DAYS), 'focus'))).toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
