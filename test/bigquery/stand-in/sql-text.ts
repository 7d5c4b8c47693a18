import { ARRIVAL } from './tables.ts';

/** What the stand-in reads off a query's text before Google's engine sees it. */
export interface QueryText {
  /** The query with every table under its one full name. */
  sql: string;
  /** Full names, `project.dataset.table`. */
  tables: string[];
}

const TABLE_PATH = /\b(FROM|JOIN)\s+((?:`[^`]+`|[\w-]+)(?:\.(?:`[^`]+`|[\w-]+))*)/gi;

/** Brings `` `p`.`d`.`t` ``, `p.d.t` and `` `d.t` `` to one backticked name; names without a dataset are not tables. */
export function readTables(sql: string, project: string, dataset: string | undefined): QueryText {
  const tables = new Set<string>();
  const text = sql.replace(TABLE_PATH, (found, keyword: string, path: string) => {
    const parts = path.replaceAll('`', '').split('.');
    if (parts.length === 1 && dataset !== undefined && path.startsWith('`')) parts.unshift(dataset);
    if (parts.length === 2) parts.unshift(project);
    if (parts.length !== 3) return found;
    const name = parts.join('.');
    tables.add(name);
    return `${keyword} \`${name}\``;
  });
  return { sql: text, tables: [...tables] };
}

const AGGREGATE = /\b(?:COUNT|SUM|MAX|MIN|AVG|ANY_VALUE|COUNTIF|LOGICAL_OR)\s*\(/i;

/** Whether a query brings one row for each row it reads, so that it may be run in parts. */
export function isRowWise(sql: string): boolean {
  const outer = withoutSubqueries(sql);
  return !AGGREGATE.test(outer) && !/\b(?:GROUP|ORDER)\s+BY\b|\bLIMIT\b|\bDISTINCT\b|\bOVER\s*\(|\bJOIN\b/i.test(outer);
}

/** Leaves out what stands in parentheses behind SELECT: array subqueries over a row's own elements. */
function withoutSubqueries(sql: string): string {
  let text = '';
  let depth = 0;
  const opened: number[] = [];
  for (let index = 0; index < sql.length; index++) {
    const character = sql[index]!;
    if (character === '(') {
      depth++;
      if (opened.length === 0 && /^\(\s*SELECT\b/i.test(sql.slice(index, index + 40))) opened.push(depth);
    }
    if (opened.length === 0) text += character;
    if (character === ')') {
      if (opened.at(-1) === depth) opened.pop();
      depth--;
    }
  }
  return text;
}

/** Columns of a table that a query may read: those whose name stands in it, all where it takes all. */
export function namedColumns<Column extends { name: string }>(sql: string, columns: Column[]): Column[] {
  if (/(?:\bSELECT|,|\.)\s*\*/i.test(sql)) return columns;
  const words = new Set((sql.match(/\w+/g) ?? []).map((word) => word.toLowerCase()));
  return columns.filter(({ name }) => words.has(name.toLowerCase()));
}

const VALUE = String.raw`(?:@\w+|(?:TIMESTAMP|DATE)\s*\(\s*(?:@\w+|'[^']*'|"[^"]*")\s*\)|(?:TIMESTAMP|DATE)?\s*(?:'[^']*'|"[^"]*"))`;

/**
 * The comparisons with constants by which BigQuery would leave partitions unread, or null where there are none: a whole WHERE
 * clause made of nothing else, or those that it joins by AND.
 */
export function partitionFilter(sql: string, column: string): string | null {
  const name = column === ARRIVAL ? '(?:_PARTITIONTIME|_PARTITIONDATE)' : column;
  const subject = String.raw`(?:(?:DATE|TIMESTAMP)\s*\(\s*)?\x60?\b${name}\b\x60?(?:\s*\))?`;
  const tests = [
    String.raw`${subject}\s*(?:>=|<=|=|<|>)\s*${VALUE}`,
    String.raw`${subject}\s+BETWEEN\s+${VALUE}\s+AND\s+${VALUE}`,
    String.raw`${subject}\s+IN\s+UNNEST\s*\(\s*@\w+\s*\)`,
    String.raw`${subject}\s+IN\s*\(\s*${VALUE}(?:\s*,\s*${VALUE})*\s*\)`,
    String.raw`${subject}\s+IS\s+NULL`,
  ];
  const test = new RegExp(tests.join('|'), 'gi');
  const found = sql.match(test) ?? [];
  if (found.length === 0) return null;
  const clause = /\bWHERE\b(.*?)(?:\bGROUP\s+BY\b|\bORDER\s+BY\b|\bLIMIT\b|$)/is.exec(sql)?.[1] ?? '';
  if (/^(?:[\s()]|\bAND\b|\bOR\b)*$/i.test(clause.replaceAll(test, ''))) return clause;
  return /\bOR\b/i.test(clause) ? null : found.map((one) => `(${one})`).join(' AND ');
}

/** Whether the whole query is an aggregate. */
export const isAggregate = (sql: string): boolean => AGGREGATE.test(withoutSubqueries(sql));
