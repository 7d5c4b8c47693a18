import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { selectRows } from '../core/duckdb.ts';
import { WorthwhileError } from '../core/errors.ts';
import type { ComputedRelation } from './computed.ts';
import { parseRelation, relationName, type Relation } from './relation.ts';

export interface Check {
  name: string;
  path: string;
  sql: string;
}

export interface ModelFiles {
  relations: Relation[];
  checks: Check[];
}

const LAYERS = ['staging', 'intermediate', 'marts'] as const;

/** Reads the model's SQL files below `folder`; files for another engine (`*.bigquery.sql`) are left out. */
export function readModel(folder: string): ModelFiles {
  const relations = LAYERS.flatMap((layer) =>
    sqlFiles(join(folder, layer)).map((path) => parseRelation(path, readFileSync(path, 'utf8'))),
  );
  const checks = sqlFiles(join(folder, 'checks')).map((path) => ({
    name: relationName(path),
    path,
    sql: readFileSync(path, 'utf8').trim().replace(/;$/, ''),
  }));
  return { relations, checks };
}

function sqlFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql') && !name.endsWith('.bigquery.sql'))
    .sort()
    .map((name) => join(folder, name));
}

/** A relation of the model, made by an SQL file or by TypeScript. */
export type ModelRelation = Relation | ComputedRelation;
/** A relation with all that it reads directly: other relations and input tables. */
export type OrderedRelation = ModelRelation & { reads: string[] };

/**
 * The relations in an order in which each comes after all it reads. `inputs` are the names of tables that are there
 * before any SQL runs. Throws MODEL_INVALID naming the file for a duplicate name, a reference to nothing, a CTE that
 * takes another relation's name, or the loop for a cycle.
 */
export async function orderRelations(
  connection: DuckDBConnection,
  relations: ModelRelation[],
  inputs: ReadonlySet<string>,
): Promise<OrderedRelation[]> {
  const byName = uniqueByName(relations);
  const known = (name: string): boolean => byName.has(name) || inputs.has(name);
  const reads = new Map<string, string[]>();
  for (const relation of relations) {
    const { references, ctes } = await readsOf(connection, relation);
    const shadowed = ctes.find(known);
    if (shadowed) throw invalid(relation, `the CTE "${shadowed}" takes the name of another relation`);
    const unknown = references.find((name) => !known(name));
    if (unknown) throw invalid(relation, `"${unknown}" is neither a model file nor an input table`);
    const compared = 'sql' in relation && relation.reconcilesWith.find((other) => !known(other.relation));
    if (compared) throw invalid(relation, `reconciles-with names "${compared.relation}", which is no relation`);
    reads.set(relation.name, references);
  }
  return topologicalOrder(relations, reads, byName);
}

/** What a relation reads directly, and the CTEs it defines. */
export async function readsOf(
  connection: DuckDBConnection,
  relation: ModelRelation,
): Promise<{ references: string[]; ctes: string[] }> {
  return 'sql' in relation
    ? referencesOf(connection, relation.path, relation.sql)
    : { references: relation.dependsOn, ctes: [] };
}

/** The relations that a statement reads, and the CTEs it defines, as DuckDB's own parser sees them. */
export async function referencesOf(
  connection: DuckDBConnection,
  path: string,
  sql: string,
): Promise<{ references: string[]; ctes: string[] }> {
  const [row] = await selectRows<{ tree: string }>(connection, 'SELECT json_serialize_sql($1::VARCHAR) AS tree', [sql]);
  const parsed = JSON.parse(row!.tree) as { error: boolean; error_message?: string; statements?: unknown[] };
  if (parsed.error) throw invalid({ path }, `the SQL does not parse: ${parsed.error_message}`);
  if (parsed.statements?.length !== 1) throw invalid({ path }, 'a model file holds exactly one SELECT');
  const references = new Set<string>();
  const ctes = new Set<string>();
  collect(parsed.statements[0], new Set(), references, ctes);
  return { references: [...references].sort(), ctes: [...ctes].sort() };
}

interface Node {
  type?: string;
  table_name?: string;
  schema_name?: string;
  cte_map?: { map: { key: string; value: unknown }[] };
  [field: string]: unknown;
}

/** Walks the tree; a name is a CTE only inside the query that defines it, and only for CTEs defined before or by itself. */
function collect(node: unknown, scope: ReadonlySet<string>, references: Set<string>, ctes: Set<string>): void {
  if (Array.isArray(node)) {
    for (const child of node) collect(child, scope, references, ctes);
    return;
  }
  if (node === null || typeof node !== 'object') return;
  const { cte_map: cteMap, ...rest } = node as Node;
  let inner = scope;
  for (const { key, value } of cteMap?.map ?? []) {
    ctes.add(key);
    inner = new Set([...inner, key]);
    // Outside a recursive CTE its own name would be a reference to itself, which DuckDB refuses when it runs.
    collect(value, inner, references, ctes);
  }
  if (rest.type === 'BASE_TABLE' && rest.table_name && !(rest.schema_name === '' && inner.has(rest.table_name))) {
    references.add(rest.table_name);
  }
  for (const child of Object.values(rest)) collect(child, inner, references, ctes);
}

function uniqueByName(relations: ModelRelation[]): Map<string, ModelRelation> {
  const byName = new Map<string, ModelRelation>();
  for (const relation of relations) {
    const other = byName.get(relation.name);
    if (other) throw invalid(relation, `"${relation.name}" is also defined by ${placeOf(other)}`);
    byName.set(relation.name, relation);
  }
  return byName;
}

function topologicalOrder(
  relations: ModelRelation[],
  reads: Map<string, string[]>,
  byName: Map<string, ModelRelation>,
): OrderedRelation[] {
  const ordered: OrderedRelation[] = [];
  const done = new Set<string>();
  const visit = (name: string, trail: string[]): void => {
    if (done.has(name)) return;
    if (trail.includes(name)) {
      const loop = [...trail.slice(trail.indexOf(name)), name];
      throw invalid(byName.get(name)!, `the model reads in a circle: ${loop.join(' -> ')}`);
    }
    const references = reads.get(name)!;
    for (const upstream of references.filter((other) => byName.has(other))) visit(upstream, [...trail, name]);
    done.add(name);
    ordered.push({ ...byName.get(name)!, reads: references });
  };
  for (const relation of relations) visit(relation.name, []);
  return ordered;
}

function placeOf(relation: { path?: string; name?: string }): string {
  return relation.path ?? `computed relation ${relation.name}`;
}

function invalid(relation: { path?: string; name?: string }, reason: string): WorthwhileError {
  return new WorthwhileError('MODEL_INVALID', reason, { on: placeOf(relation), fix: 'correct the model file' });
}
