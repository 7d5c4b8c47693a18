import type { DuckDBConnection } from '@duckdb/node-api';
import type { KeyColumn } from './relation.ts';

/**
 * A relation of the model that TypeScript makes instead of SQL. It takes its place in the build order by `dependsOn`,
 * and has the same header facts as a model file; `compute` creates the table `name`, reading only what it depends on.
 */
export interface ComputedRelation {
  name: string;
  grain: string;
  key: KeyColumn[];
  /** Column names and types as in `CREATE TABLE`. */
  columns: string;
  dependsOn: string[];
  compute: (connection: DuckDBConnection) => Promise<void>;
}
