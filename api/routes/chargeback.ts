import { createRoute } from '@hono/zod-openapi';
import { CHARGEBACK_EXPORT_PATH, chargebackExportJson, chargebackExportQuery, questions } from '../contract/index.ts';
import { apiRouter } from '../env.ts';
import { exportChargeback } from '../export/chargeback.ts';
import { streamAndDelete } from '../export/file.ts';
import { chargeback, chargebackMonths } from '../queries/chargeback.ts';
import { answered, problems } from './responses.ts';

const tags = ['Chargeback'];
const file = { schema: { type: 'string' as const, format: 'binary' } };

const monthsRoute = createRoute({
  method: 'get',
  path: questions.chargebackMonths.path,
  tags,
  operationId: 'listChargebackMonths',
  summary: 'Billing months with charges',
  description:
    'Newest first, one row a currency, with the part that no squad owns and whether every reconciliation holds.',
  request: { query: questions.chargebackMonths.query },
  responses: answered(questions.chargebackMonths.answer, 'Billing months'),
});

const exportRoute = createRoute({
  method: 'get',
  path: CHARGEBACK_EXPORT_PATH,
  tags,
  operationId: 'exportChargeback',
  summary: 'Download a billing month',
  description:
    'CSV carries every decimal with 9 places; text cells that a spreadsheet would take for a formula begin with an apostrophe in CSV and XLSX. XLSX cells are numbers (doubles); its Summary sheet has the exact totals. Parquet columns are DECIMAL(38,9), JSON money is decimal strings.',
  request: { query: chargebackExportQuery },
  responses: {
    200: {
      description: 'The file',
      content: {
        'text/csv': file,
        'application/json': { schema: chargebackExportJson },
        'application/vnd.apache.parquet': file,
        'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': file,
      },
    },
    ...problems,
  },
});

const chargebackRoute = createRoute({
  method: 'get',
  path: questions.chargeback.path,
  tags,
  operationId: 'getChargeback',
  summary: 'Who is charged what for a billing month',
  description: 'Rows in the columns of the export; totals are over all pages and tie to the invoice.',
  request: { query: questions.chargeback.query },
  responses: answered(questions.chargeback.answer, 'A page of the chargeback'),
});

/** Questions about what is booked to whom. */
export function chargebackRoutes() {
  return apiRouter()
    .openapi(monthsRoute, async (c) => c.json(await chargebackMonths(c.var.reader), 200))
    .openapi(exportRoute, async (c) => {
      const exported = await exportChargeback(c.var.reader, c.req.valid('query'));
      const headers = {
        'Content-Type': exported.contentType,
        'Content-Length': String(exported.bytes),
        'Content-Disposition': `attachment; filename="${exported.fileName}"`,
        'Cache-Control': 'no-store',
      };
      const file = streamAndDelete(exported.path);
      if (c.req.method !== 'HEAD') return c.body(file, 200, headers);
      await file.cancel();
      return c.body(null, 200, headers);
    })
    .openapi(chargebackRoute, async (c) => c.json(await chargeback(c.var.reader, c.req.valid('query')), 200));
}
