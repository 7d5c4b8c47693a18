import { googleType, type GoogleType } from '../../googlesql/types.ts';

/** A field as BigQuery's REST API describes it (`TableFieldSchema`). */
export interface BigQueryField {
  name: string;
  type: string;
  mode: 'NULLABLE' | 'REPEATED';
  fields?: BigQueryField[];
}

const REST_TYPES: Record<string, string> = {
  TYPE_BOOL: 'BOOLEAN',
  TYPE_INT64: 'INTEGER',
  TYPE_DOUBLE: 'FLOAT',
  TYPE_STRING: 'STRING',
  TYPE_DATE: 'DATE',
  TYPE_TIMESTAMP: 'TIMESTAMP',
  TYPE_DATETIME: 'DATETIME',
  TYPE_NUMERIC: 'NUMERIC',
  TYPE_BIGNUMERIC: 'BIGNUMERIC',
  TYPE_STRUCT: 'RECORD',
};

/** A column's or a result's type in the words of the REST API. Throws for types that BigQuery tables of billing do not have. */
export function fieldOf(name: string, type: GoogleType): BigQueryField {
  if (type.type_kind === 'TYPE_ARRAY') return { ...fieldOf(name, type.array_type!.element_type), mode: 'REPEATED' };
  const rest = REST_TYPES[type.type_kind];
  if (!rest) throw new Error(`the stand-in has no REST spelling of ${type.type_kind}`);
  const fields = type.struct_type?.field.map((part) => fieldOf(part.field_name, part.field_type));
  return { name, type: rest, mode: 'NULLABLE', ...(fields && { fields }) };
}

/** The field of a column whose DuckDB type is known. */
export function fieldOfColumn(column: { name: string; type: string }): BigQueryField {
  return fieldOf(column.name, googleType(column.type));
}

const GOOGLE_KINDS: Record<string, string> = {
  ...Object.fromEntries(Object.entries(REST_TYPES).map(([kind, rest]) => [rest, kind])),
  BOOL: 'TYPE_BOOL',
  INT64: 'TYPE_INT64',
  FLOAT64: 'TYPE_DOUBLE',
};

/** The type of a query parameter (`QueryParameterType`), which names types in either dialect. */
export function parameterType(type: RestParameterType): GoogleType {
  if (type.arrayType) return { type_kind: 'TYPE_ARRAY', array_type: { element_type: parameterType(type.arrayType) } };
  const kind = GOOGLE_KINDS[type.type];
  if (!kind) throw new Error(`the stand-in takes no parameter of type ${type.type}`);
  return { type_kind: kind };
}

export interface RestParameterType {
  type: string;
  arrayType?: RestParameterType;
}
