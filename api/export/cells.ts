import type { Bound } from '../warehouse/reader.ts';

/** A billing month's rows as SQL with the values it binds. */
export interface ExportSelect {
  sql: string;
  bound: Bound;
}

/** Columns whose text comes from outside: catalogs and bills. */
export const TEXT_COLUMNS = ['SquadId', 'SquadName', 'CostCentre', 'ComponentId', 'ServiceName'];

/** SQL of a text cell that no spreadsheet takes for a formula; empty text is no value at all, so that CSV shows nothing for it. */
export function spreadsheetSafe(column: string): string {
  return `case when ${column} = '' then null
    when left(${column}, 1) in ('=', '+', '-', '@', chr(9), chr(13)) then '''' || ${column} else ${column} end`;
}
