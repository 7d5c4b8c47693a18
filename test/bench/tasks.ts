/**
 * The things that the build bench times, each in a process of its own:
 * `bare <glob>` reads and groups the files with DuckDB alone, `generate <folder> <rows>` makes the input. The last line printed is JSON.
 */
import { openDatabase, selectRows, sqlText } from '../../core/duckdb.ts';
import { silentEffects } from '../../core/effects.ts';
import { generateCompany } from '../../fixtures/generate.ts';

const [task, ...args] = process.argv.slice(2);

if (task === 'generate') await generate(args[0]!, Number(args[1]));
else if (task === 'bare') await bareGroup(args[0]!, args[1] ?? '4GB');
else throw new Error(`unknown bench task ${task}`);

async function generate(folder: string, rows: number): Promise<void> {
  await generateCompany({ folder, rows }, silentEffects);
  console.log(JSON.stringify({ folder }));
}

/** What anybody would write by hand to get daily cost per project, SKU, label set and resource, exact: the yardstick. */
async function bareGroup(glob: string, memoryLimit: string): Promise<void> {
  const database = await openDatabase({ memoryLimit });
  const rows = await selectRows(
    database.connection,
    `SELECT count(*) AS groups, sum(n) AS "rows", sum(BilledCost) AS "BilledCost"
     FROM (
       SELECT (usage_start_time AT TIME ZONE 'America/Los_Angeles')::DATE AS usage_day, invoice.month AS invoice_month,
         project.id AS project_id, sku.id AS sku_id, labels, resource.name AS resource_name, count(*) AS n,
         sum(CAST(cost AS DECIMAL(38, 9)))
           + sum(coalesce(list_sum(list_transform(credits, lambda c: CAST(c.amount AS DECIMAL(38, 9)))), 0)) AS BilledCost
       FROM read_parquet(${sqlText(glob)}, hive_partitioning = false)
       GROUP BY ALL
     )`,
  );
  database.close();
  console.log(JSON.stringify(rows[0]));
}
