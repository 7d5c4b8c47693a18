import { openSync, readSync, closeSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { selectRows, sqlName, sqlText } from '../../core/duckdb.ts';
import type { SourceKind } from '../../core/lake.ts';
import { duckdbType } from '../../core/source-schemas/column.ts';
import { sourceSchema } from '../../core/source-schemas/source-schemas.ts';
import type { StagedFile } from './stage.ts';
import { textShape, typedFromText, type TextColumn, type TextRelation } from './text-relation.ts';

const LIMITS = 'maximum_object_size = 67108864';

/**
 * Newline-delimited JSON, or an array of objects. BigQuery leaves null columns out of a row, so a column is there when any row
 * has it; a file without rows says nothing of its columns and is given all of them.
 */
export async function jsonRelation(
  connection: DuckDBConnection,
  kind: SourceKind,
  staged: StagedFile,
): Promise<TextRelation> {
  const format = startsWith(staged.path, '[')
    ? 'array'
    : staged.file.format === 'ndjson'
      ? 'newline_delimited'
      : 'unstructured';
  const declared = sourceSchema(kind).columns;
  const keys = await keysOf(connection, staged.path, format);
  const present = keys.length === 0 ? declared.map(({ name }) => name) : keys;
  const known = present.map((key) => ({
    key,
    column: declared.find(({ name }) => name.toLowerCase() === key.toLowerCase()),
  }));
  const shapes = known.map(
    ({ key, column }) => `${sqlText(key)}: ${sqlText(column ? textShape(column.type) : 'VARCHAR')}`,
  );
  const columns = known.map(({ key, column }): TextColumn => {
    const raw = sqlName(key);
    if (!column) return { name: key, type: 'text', sql: raw, raw };
    return { name: column.name, type: duckdbType(column.type), sql: typedFromText(raw, column.type), raw };
  });
  return {
    from: `read_json(${sqlText(staged.path)}, format = '${format}', records = true, ${LIMITS}, columns = {${shapes.join(', ')}})`,
    columns,
  };
}

async function keysOf(connection: DuckDBConnection, path: string, format: string): Promise<string[]> {
  const rows = await selectRows<{ key: string }>(
    connection,
    `SELECT DISTINCT unnest(keys) AS key FROM (
       SELECT DISTINCT json_keys(json) AS keys FROM read_json_objects(${sqlText(path)}, format = '${format}', ${LIMITS})
     ) ORDER BY key`,
  );
  return rows.map(({ key }) => key);
}

function startsWith(path: string, character: string): boolean {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(4096);
    return head.toString('utf8', 0, readSync(file, head)).trimStart().startsWith(character);
  } finally {
    closeSync(file);
  }
}
