import type { DuckDBConnection } from '@duckdb/node-api';
import type { Config } from '../../core/config/schema.ts';
import { selectRows } from '../../core/duckdb.ts';
import { landedMeasures } from '../../core/measures.ts';
import { workspaceAt } from '../../core/workspace.ts';
import { ok, warning, type Finding } from './finding.ts';

const NAMED = 5;

/** Whether every configured driver and metric has been taken in. */
export function checkMeasures(config: Config): Finding[] {
  const landed = new Set(
    landedMeasures(workspaceAt(config.workspace), config).map(({ manifest }) => `${manifest.kind} ${manifest.name}`),
  );
  const configured = [
    ...config.drivers.map(({ name }) => `driver ${name}`),
    ...config.metrics.map(({ name }) => `metric ${name}`),
  ];
  return configured
    .filter((name) => !landed.has(name))
    .map((name) =>
      warning(name, 'not taken in yet', 'run `worthwhile run`; if it refuses it, the message names file and row'),
    );
}

/** What each driver and metric of the served generation covers, and what it lacks. */
export async function checkMeasureGaps(connection: DuckDBConnection): Promise<Finding[]> {
  const measures = await selectRows<{ kind: string; name: string; rows: string; first: string; last: string }>(
    connection,
    `SELECT x_MeasureKind AS kind, x_MeasureName AS name, CAST(x_RowCount AS VARCHAR) AS "rows",
       CAST(x_FirstPeriod AS VARCHAR) AS first, CAST(x_LastPeriod AS VARCHAR) AS last
     FROM dim_measures ORDER BY ALL`,
  );
  const gaps = await selectRows<{ kind: string; name: string; missing: string[]; unknown: string[] }>(
    connection,
    `SELECT x_MeasureKind AS kind, x_MeasureName AS name,
       list(x_GapStart || ' to ' || CAST(x_GapEnd - 1 AS DATE) ORDER BY x_GapStart)
         FILTER (WHERE x_GapKind = 'missing-periods') AS missing,
       list(DISTINCT x_Consumer ORDER BY x_Consumer) FILTER (WHERE x_GapKind <> 'missing-periods') AS unknown
     FROM fct_measure_gaps GROUP BY ALL`,
  );
  return measures.map(({ kind, name, rows, first, last }) => {
    const what = `${kind} ${name}`;
    const detail = `${rows} rows, ${first} to ${last}`;
    const found = gaps.find((gap) => gap.kind === kind && gap.name === name);
    if (!found) return ok(what, detail);
    const lacks = [
      ...(found.missing ? [`nothing for ${listed(found.missing)}`] : []),
      ...(found.unknown ? [`consumers that the catalog does not know: ${listed(found.unknown)}`] : []),
    ];
    return warning(
      what,
      `${detail}; ${lacks.join('; ')}`,
      'fill the periods, and name consumers as the catalog does, or give an alias under `attribution.aliases`',
    );
  });
}

function listed(names: string[]): string {
  const shown = names.slice(0, NAMED).join(', ');
  return names.length > NAMED ? `${shown} and ${names.length - NAMED} more` : shown;
}
