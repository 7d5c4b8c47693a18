import type { GoogleType } from '../../googlesql/types.ts';

/** A value as DuckDB's JSON rows spell it, as a literal of GoogleSQL with the same value to the last digit. */
export function googleLiteral(value: unknown, type: GoogleType): string {
  if (type.type_kind === 'TYPE_ARRAY') {
    const element = type.array_type!.element_type;
    const items = ((value as unknown[] | null) ?? []).map((item) => googleLiteral(item, element));
    return `ARRAY<${typeText(element)}>[${items.join(', ')}]`;
  }
  if (value === null || value === undefined) return 'NULL';
  switch (type.type_kind) {
    case 'TYPE_STRUCT': {
      const record = value as Record<string, unknown>;
      const parts = type.struct_type!.field.map((part) => googleLiteral(record[part.field_name], part.field_type));
      return `${typeText(type)}(${parts.join(', ')})`;
    }
    case 'TYPE_STRING':
      return JSON.stringify(String(value));
    case 'TYPE_DOUBLE':
      return Number(value).toExponential();
    case 'TYPE_NUMERIC':
      return `NUMERIC '${String(value)}'`;
    case 'TYPE_TIMESTAMP':
      return `TIMESTAMP '${String(value)}'`;
    case 'TYPE_DATE':
      return `DATE '${String(value)}'`;
    default:
      return String(value);
  }
}

const NAMES: Record<string, string> = { TYPE_DOUBLE: 'FLOAT64' };

/** A type as GoogleSQL spells it. */
export function typeText(type: GoogleType): string {
  if (type.type_kind === 'TYPE_ARRAY') return `ARRAY<${typeText(type.array_type!.element_type)}>`;
  const fields = type.struct_type?.field.map((part) => `\`${part.field_name}\` ${typeText(part.field_type)}`);
  if (fields) return `STRUCT<${fields.join(', ')}>`;
  return NAMES[type.type_kind] ?? type.type_kind.replace('TYPE_', '');
}
