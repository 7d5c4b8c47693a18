/** A GoogleSQL type as the evaluator's protocol writes it (`TypeProto`). */
export interface GoogleType {
  type_kind: string;
  array_type?: { element_type: GoogleType };
  struct_type?: { field: { field_name: string; field_type: GoogleType }[] };
}

const KINDS: Record<string, string> = {
  BOOLEAN: 'TYPE_BOOL',
  TINYINT: 'TYPE_INT64',
  SMALLINT: 'TYPE_INT64',
  INTEGER: 'TYPE_INT64',
  BIGINT: 'TYPE_INT64',
  UTINYINT: 'TYPE_INT64',
  USMALLINT: 'TYPE_INT64',
  UINTEGER: 'TYPE_INT64',
  // What DuckDB's sum() over integers returns; BigQuery's returns INT64.
  HUGEINT: 'TYPE_INT64',
  DOUBLE: 'TYPE_DOUBLE',
  VARCHAR: 'TYPE_STRING',
  DATE: 'TYPE_DATE',
  TIMESTAMP: 'TYPE_DATETIME',
  'TIMESTAMP WITH TIME ZONE': 'TYPE_TIMESTAMP',
};

/** The GoogleSQL type that holds every value of a DuckDB type, as DESCRIBE spells it. Throws where there is none. */
export function googleType(duckdbType: string): GoogleType {
  const type = duckdbType.trim();
  if (type.endsWith('[]')) {
    return { type_kind: 'TYPE_ARRAY', array_type: { element_type: googleType(type.slice(0, -2)) } };
  }
  const struct = /^STRUCT\((.*)\)$/s.exec(type);
  if (struct) return { type_kind: 'TYPE_STRUCT', struct_type: { field: structFields(struct[1]!) } };
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(type);
  if (decimal) return { type_kind: Number(decimal[2]) <= 9 ? 'TYPE_NUMERIC' : 'TYPE_BIGNUMERIC' };
  const kind = KINDS[type];
  if (!kind) throw new Error(`no GoogleSQL type is known for DuckDB's ${type}`);
  return { type_kind: kind };
}

function structFields(inner: string): { field_name: string; field_type: GoogleType }[] {
  return splitTopLevel(inner).map((field) => {
    const parts = /^(?:"((?:[^"]|"")*)"|(\S+))\s+(.*)$/s.exec(field.trim());
    if (!parts) throw new Error(`cannot read the struct field ${field}`);
    return { field_name: parts[1]?.replaceAll('""', '"') ?? parts[2]!, field_type: googleType(parts[3]!) };
  });
}

function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === '"') quoted = !quoted;
    if (quoted) continue;
    if (character === '(') depth++;
    if (character === ')') depth--;
    if (character === ',' && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)];
}
