import { describe, expect, it } from 'vitest';
import { checkMeasures } from '../../cli/doctor/measures.ts';
import { checkPublished } from '../../cli/doctor/published.ts';
import { silentEffects } from '../../core/effects.ts';
import { openDatabase, selectRows, sqlText } from '../../core/duckdb.ts';
import { build } from '../../model/build.ts';
import { detailedRows, workbench } from '../ingest/workbench.ts';

const CONFIG = `
catalog: { files: ['./catalog.yaml'] }
drivers: [{ name: kafka, files: ['./kafka.csv'] }]
metrics: [{ name: dau, title: Daily users, files: ['./dau.csv'] }]
`;
const CATALOG = `
{ "apiVersion": "backstage.io/v1alpha1", "kind": "Group", "metadata": { "name": "lists" }, "spec": { "type": "squad", "children": [] } }
---
{ "apiVersion": "backstage.io/v1alpha1", "kind": "Component", "metadata": { "name": "playlist-api" },
  "spec": { "type": "service", "lifecycle": "production", "owner": "lists" } }
`;

describe('drivers and metrics from their files to the doctor', () => {
  it('are published with their consumers, make a new generation when they change, and what they lack is listed', async () => {
    const { config, write, writeParquet, ingest } = workbench('gcp-billing-detailed', CONFIG);
    await writeParquet('export/a.parquet', detailedRows());
    write('catalog.yaml', CATALOG);
    write('kafka.csv', 'month,consumer,quantity\n2026-06,Playlist_API,7\n2026-09,lists,1\n2026-09,ghost,2\n');
    write('dau.csv', 'date,value\n2026-09-29,1\n2026-09-30,2\n');
    expect(checkMeasures(config).map(({ what, status }) => [what, status])).toEqual([
      ['driver kafka', 'warning'],
      ['metric dau', 'warning'],
    ]);

    await ingest();
    const first = await build(config);

    expect(
      await published(first.path, 'SELECT x_Consumer, ComponentId, SquadId, x_Quantity FROM fct_driver_quantities'),
    ).toEqual([
      ['Playlist_API', 'playlist-api', null, '7.000000000'],
      ['ghost', null, null, '2.000000000'],
      ['lists', null, 'lists', '1.000000000'],
    ]);
    const findings = await checkPublished(config, { ...silentEffects, now: () => new Date('2026-10-05T09:00:00Z') });
    expect(findings.filter(({ what }) => /driver|metric/.test(what))).toEqual([
      {
        what: 'driver kafka',
        status: 'warning',
        detail:
          '3 rows, 2026-06-01 to 2026-09-01; nothing for 2026-07-01 to 2026-08-31; consumers that the catalog does not know: ghost',
        fix: expect.stringContaining('attribution.aliases'),
      },
      { what: 'metric dau', status: 'ok', detail: '2 rows, 2026-09-29 to 2026-09-30' },
    ]);
    expect(checkMeasures(config)).toEqual([]);

    await ingest();
    expect((await build(config)).published).toBe(false);
    write('dau.csv', 'date,value\n2026-09-29,1\n2026-09-30,3\n');
    await ingest();
    const second = await build(config);
    expect(second.published).toBe(true);
    expect(await published(second.path, 'SELECT x_Day, x_Value FROM fct_metric_daily')).toEqual([
      ['2026-09-29', '1.000000000'],
      ['2026-09-30', '3.000000000'],
    ]);
  });
});

async function published(path: string, sql: string): Promise<unknown[][]> {
  const database = await openDatabase();
  try {
    await database.connection.run(`ATTACH ${sqlText(path)} AS published (READ_ONLY)`);
    await database.connection.run('USE published');
    return (await selectRows(database.connection, `${sql} ORDER BY ALL`)).map((row) => Object.values(row));
  } finally {
    database.close();
  }
}
