type Row = Record<string, string | number | boolean | null>;

/** Rows cut down to the columns that a case is about, in a fixed order: no relation promises the order of its rows. */
export function only(rows: Row[], ...columns: string[]): unknown[][] {
  return rows
    .map((row) => columns.map((column) => (column in row ? row[column] : `no column ${column}`)))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** Days without bound, as input tables spell them. */
export const always = { ValidFrom: '1900-01-01', ValidTo: '2999-12-31' };
