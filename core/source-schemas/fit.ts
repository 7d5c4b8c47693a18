import { sqlText } from '../duckdb.ts';
import type { ScalarType } from './column.ts';
import { parsePhysicalType, type PhysicalType } from './physical-type.ts';

/** A column of a landed Parquet file: its name and DuckDB's text of its type, as `DESCRIBE` or a manifest has them. */
export interface LandedColumn {
  name: string;
  type: string;
}

/** A file's columns by lower-case name, with their types read. */
export function landedByName(landed: LandedColumn[]): Map<string, { name: string; type: PhysicalType }> {
  return new Map(landed.map(({ name, type }) => [name.toLowerCase(), { name, type: parsePhysicalType(type) }]));
}

/** Text, which a kind with `textValues` may hold in place of any scalar. */
export function isText(type: PhysicalType): boolean {
  return 'scalar' in type && type.scalar === 'VARCHAR';
}

/** A record's field by its name in any case. */
export function fieldOf(type: PhysicalType, name: string): { name: string; type: PhysicalType } | undefined {
  return 'struct' in type ? type.struct.find((field) => field.name.toLowerCase() === name.toLowerCase()) : undefined;
}

/** The three-level list of BigQuery's older Parquet exports, which readers see as `STRUCT(list STRUCT(element …)[])`. */
export function wrappedList(from: PhysicalType): { type: PhysicalType; unwrap: (expression: string) => string } | null {
  if (!('struct' in from) || from.struct.length !== 1) return null;
  const { name, type } = from.struct[0]!;
  if (!('list' in type) || !('struct' in type.list) || type.list.struct.length !== 1) return null;
  const element = type.list.struct[0]!;
  if (!/^(list|bag|array)$/i.test(name) || !/^(element|item|array_element)$/i.test(element.name)) return null;
  return {
    type: { list: element.type },
    unwrap: (expression) =>
      `list_transform(struct_extract(${expression}, ${sqlText(name)}), lambda wrapped: struct_extract(wrapped, ${sqlText(element.name)}))`,
  };
}

const INTEGERS = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER)$/;
/** A binary floating-point number of either width. */
export const isFloat = (scalar: string): boolean => scalar === 'DOUBLE' || scalar === 'FLOAT';

/** Whether values of a physical type can be read as the canonical scalar without guessing. */
export function fits(from: PhysicalType, to: ScalarType): boolean {
  if (!('scalar' in from)) return to === 'JSON';
  const { scalar } = from;
  if (scalar === 'NULL') return true;
  switch (to) {
    case 'VARCHAR':
      return (
        scalar === 'VARCHAR' ||
        scalar === 'UUID' ||
        scalar === 'JSON' ||
        scalar.startsWith('ENUM') ||
        INTEGERS.test(scalar)
      );
    case 'JSON':
      return scalar === 'VARCHAR' || scalar === 'JSON';
    case 'BOOLEAN':
      return scalar === 'BOOLEAN' || INTEGERS.test(scalar);
    case 'TIMESTAMPTZ':
      return scalar === 'DATE' || scalar.startsWith('TIMESTAMP');
    default:
      return isFloat(scalar) || scalar.startsWith('DECIMAL') || INTEGERS.test(scalar);
  }
}
