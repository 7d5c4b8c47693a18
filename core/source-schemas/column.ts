/**
 * What one canonical column holds, as the model reads it.
 * `FLOAT_MONEY`: a FLOAT column of money in Google's export; each value becomes DECIMAL(38,9) before anything is summed
 * (as BigQuery's `CAST(x AS NUMERIC)`). `JSON`: text that holds a JSON object. Everything else is the DuckDB type itself.
 */
export type ScalarType =
  | 'VARCHAR'
  | 'BOOLEAN'
  | 'DOUBLE'
  | 'TIMESTAMPTZ'
  | 'DECIMAL(38,9)'
  | 'DECIMAL(38,18)'
  | 'FLOAT_MONEY'
  | 'JSON';

export type ColumnType = ScalarType | { struct: Record<string, ColumnType> } | { list: ColumnType };

export interface SourceColumn {
  name: string;
  type: ColumnType;
  /** A file without this column is refused; any other missing column reads as null. */
  required?: true;
  /** Fields of a record column that must be there too. */
  requiredFields?: string[];
  /** Rows where the value is null (or, for text, empty) are refused: without it the money has no amount, currency or month. */
  never?: 'null';
  /** Where the value is null, the first of these columns that has one stands in, as FOCUS defines the costs upon each other. */
  fallback?: string[];
}

/** The declared shape of one kind of source. */
export interface SourceSchema {
  columns: SourceColumn[];
  /** SQL over canonical columns, by the name of the sum; each row is cast before it is summed. Empty where rows are no charges. */
  sums: Record<string, string>;
  currency: string | null;
  /** The column that tells when the provider wrote a row; of a list, the time as of which it is drawn up. */
  exportTime: string | null;
  chargeStart: string | null;
  /**
   * The kind is a list that is written whole again and again, so only the newest counts: one value of `exportTime` for each
   * billing account, or one partition (a day) where the rows do not tell.
   */
  snapshot?: 'export-time' | 'partition';
  /**
   * Typed files of this kind may hold amounts and times as text, and write null as the word NULL or as an empty text: what
   * comes of passing the published FOCUS sample through tools. Text that cannot be read still refuses the file.
   */
  textValues?: true;
}

/** The DuckDB type of a canonical column. */
export function duckdbType(type: ColumnType): string {
  if (typeof type === 'string') return type === 'FLOAT_MONEY' ? 'DECIMAL(38,9)' : type === 'JSON' ? 'VARCHAR' : type;
  if ('list' in type) return `${duckdbType(type.list)}[]`;
  return `STRUCT(${Object.entries(type.struct)
    .map(([name, field]) => `"${name}" ${duckdbType(field)}`)
    .join(', ')})`;
}

/**
 * SQL that reads a text as a time. OCI writes minutes without seconds (`2024-09-01T00:00Z`); a time without a zone is UTC, the
 * session's zone.
 */
export function timeFromText(text: string): string {
  return `CAST(regexp_replace(${text}, '^(.{10}T\\d\\d:\\d\\d)(Z|[+-]\\d\\d:?\\d\\d)$', '\\1:00\\2') AS TIMESTAMPTZ)`;
}
