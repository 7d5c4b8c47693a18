import {
  BIGINT,
  BLOB,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  LIST,
  STRUCT,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  VARCHAR,
  type DuckDBType,
} from '@duckdb/node-api';
import { WorthwhileError } from '../../core/errors.ts';
import type { LandedColumn } from '../../core/source-schemas/fit.ts';

/** A field as BigQuery describes it, in a table's or a result's schema. */
export interface TableField {
  name: string;
  type: string;
  mode?: string;
  fields?: TableField[];
}

/** One spelling for the types that BigQuery's REST API names in two ways. */
export function typeName(field: TableField): string {
  const type = field.type.toUpperCase();
  const legacy: Record<string, string> = {
    INT64: 'INTEGER',
    FLOAT64: 'FLOAT',
    BOOL: 'BOOLEAN',
    STRUCT: 'RECORD',
    DECIMAL: 'NUMERIC',
    BIGDECIMAL: 'BIGNUMERIC',
  };
  return legacy[type] ?? type;
}

export const isRepeated = (field: TableField): boolean => field.mode?.toUpperCase() === 'REPEATED';

/** Digits after the point that a BIGNUMERIC lands with; a value with more is refused, never rounded. */
export const BIGNUMERIC_SCALE = 18;

const SCALARS: Record<string, DuckDBType> = {
  STRING: VARCHAR,
  BYTES: BLOB,
  INTEGER: BIGINT,
  FLOAT: DOUBLE,
  NUMERIC: DECIMAL(38, 9),
  BIGNUMERIC: DECIMAL(38, BIGNUMERIC_SCALE),
  BOOLEAN: BOOLEAN,
  TIMESTAMP: TIMESTAMPTZ,
  DATE,
  TIME,
  DATETIME: TIMESTAMP,
  GEOGRAPHY: VARCHAR,
  JSON: VARCHAR,
};

/** The DuckDB type a field lands with: the one BigQuery's own Parquet export of it reads as. Throws SCHEMA_WRONG_TYPE. */
export function landedType(field: TableField): DuckDBType {
  const element = elementType(field);
  return isRepeated(field) ? LIST(element) : element;
}

function elementType(field: TableField): DuckDBType {
  const type = typeName(field);
  if (type === 'RECORD') {
    return STRUCT(Object.fromEntries((field.fields ?? []).map((child) => [child.name, landedType(child)])));
  }
  const scalar = SCALARS[type];
  if (scalar) return scalar;
  throw new WorthwhileError('SCHEMA_WRONG_TYPE', `column ${field.name} is of type ${field.type}, which is not read`, {
    on: field.name,
    fix: 'cast the column to STRING in a view, and name the view',
  });
}

/** A table's fields as the columns that a Parquet file of them would have. */
export function landedColumns(fields: TableField[]): LandedColumn[] {
  return fields.map((field) => ({ name: field.name, type: landedType(field).toString() }));
}
