import type { DuckDBConnection } from '@duckdb/node-api';
import { selectRows } from '../../core/duckdb.ts';
import { WorthwhileError } from '../../core/errors.ts';
import type { LandedMeasure } from '../../core/measures.ts';
import type { InputRow } from './tables.ts';

/** Rows of `inp_measures`. */
export function measureRows(measures: LandedMeasure[]): InputRow[] {
  return measures.map(({ manifest, title, format }) => ({
    x_MeasureKind: manifest.kind,
    x_MeasureName: manifest.name,
    x_Title: title,
    x_Format: format,
    x_PeriodUnit: manifest.unit,
    x_PulledAt: manifest.pulledAt,
  }));
}

/** Fills `inp_measure_values` from the Parquet of each measure: there may be millions, which never pass through JavaScript. */
export async function loadMeasureValues(connection: DuckDBConnection, measures: LandedMeasure[]): Promise<void> {
  for (const { manifest, path } of measures) {
    const { kind, name, rows } = manifest;
    try {
      await connection.run(
        `INSERT INTO inp_measure_values BY NAME
         SELECT $1::VARCHAR AS x_MeasureKind, $2::VARCHAR AS x_MeasureName, * FROM read_parquet($3::VARCHAR)`,
        [kind, name, path],
      );
    } catch (cause) {
      throw unreadable(path, 'cannot be read', cause);
    }
    const [found] = await selectRows<{ rows: string }>(
      connection,
      `SELECT count(*) AS "rows" FROM inp_measure_values WHERE x_MeasureKind = $1 AND x_MeasureName = $2`,
      [kind, name],
    );
    if (Number(found!.rows) !== rows) throw unreadable(path, `hold ${found!.rows} rows where ${rows} landed`, null);
  }
}

function unreadable(path: string, how: string, cause: unknown): WorthwhileError {
  return new WorthwhileError('LAKE_CORRUPT', `the stored values of a driver or metric ${how}`, {
    on: path,
    fix: 'delete the folder it is in and run `worthwhile ingest`; it is read again from its files',
    cause,
  });
}
