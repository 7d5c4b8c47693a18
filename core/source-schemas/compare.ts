import { sqlName, sqlText } from '../duckdb.ts';
import type { SourceKind } from '../lake.ts';
import { duckdbType, type ColumnType } from './column.ts';
import { fieldOf, fits, isText, landedByName, wrappedList, type LandedColumn } from './fit.ts';
import type { PhysicalType } from './physical-type.ts';
import { sourceSchema } from './source-schemas.ts';

/** What of a kind's declaration a file fails: paths such as `credits.amount`, with the type found. */
export interface SchemaFindings {
  missingRequired: string[];
  wrongType: TypeFault[];
  unknown: string[];
}

interface TypeFault {
  path: string;
  expected: string;
  found: string;
  /** SQL that is non-null in the rows that use the column; a file where none does may keep its odd type. */
  used: string;
}

/** Compares a file's columns with its kind's declaration; records and lists are compared field by field. */
export function compareWithSchema(kind: SourceKind, landed: LandedColumn[]): SchemaFindings {
  const byName = landedByName(landed);
  const findings: SchemaFindings = { missingRequired: [], wrongType: [], unknown: [] };
  const { columns, textValues = false } = sourceSchema(kind);
  for (const column of columns) {
    const found = byName.get(column.name.toLowerCase());
    byName.delete(column.name.toLowerCase());
    if (!found) {
      if (column.required) findings.missingRequired.push(column.name);
      continue;
    }
    for (const field of column.requiredFields ?? []) {
      if (!fieldOf(found.type, field)) findings.missingRequired.push(`${column.name}.${field}`);
    }
    if (textValues && isText(found.type) && typeof column.type === 'string') continue;
    findings.wrongType.push(...typeFaults(wholeColumn(column.name, found.name), found.type, column.type));
  }
  findings.unknown = [...byName.values()].map((column) => column.name);
  return findings;
}

function wholeColumn(path: string, physicalName: string): Place {
  return { path, value: sqlName(physicalName), used: (value) => value };
}

/** A place in a row: SQL of the value there, and of what is non-null exactly when the row uses that place. */
interface Place {
  path: string;
  value: string;
  used: (value: string) => string;
}

function typeFaults(at: Place, from: PhysicalType, to: ColumnType): TypeFault[] {
  const fault = { path: at.path, expected: duckdbType(to), found: physicalText(from), used: at.used(at.value) };
  if ('scalar' in from && from.scalar === 'NULL') return [];
  if (typeof to === 'string') return fits(from, to) ? [] : [fault];
  if ('list' in to) {
    const wrapped = wrappedList(from);
    const list = wrapped?.type ?? from;
    if (!('list' in list)) return [fault];
    const entries = wrapped?.unwrap(at.value) ?? at.value;
    const used = (value: string): string =>
      at.used(`nullif(len(list_filter(${entries}, lambda entry: ${value} IS NOT NULL)), 0)`);
    return typeFaults({ path: at.path, value: 'entry', used }, list.list, to.list);
  }
  if (!('struct' in from)) return [fault];
  return Object.entries(to.struct).flatMap(([name, type]) => {
    const found = fieldOf(from, name);
    if (!found) return [];
    const value = `struct_extract(${at.value}, ${sqlText(found.name)})`;
    return typeFaults({ path: `${at.path}.${name}`, value, used: at.used }, found.type, type);
  });
}

function physicalText(type: PhysicalType): string {
  if ('scalar' in type) return type.scalar;
  if ('list' in type) return `${physicalText(type.list)}[]`;
  if ('map' in type) return `MAP(${type.map.map(physicalText).join(', ')})`;
  return `STRUCT(${type.struct.map((field) => `${field.name} ${physicalText(field.type)}`).join(', ')})`;
}
