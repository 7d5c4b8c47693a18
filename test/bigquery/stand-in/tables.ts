import { openDatabase, selectRows, sqlName, sqlText, type Database } from '../../../core/duckdb.ts';
import { parsePhysicalType, type PhysicalType } from '../../../core/source-schemas/physical-type.ts';
import type { GoogleTable } from '../../googlesql/evaluator.ts';

/** What a table of the stand-in is made from. */
export interface TableSpec {
  project: string;
  dataset: string;
  table: string;
  /** Where the dataset lies; `EU` where left out. */
  location?: string;
  /** A SELECT in DuckDB's SQL; for a table partitioned by arrival with a column `_PARTITIONTIME` (TIMESTAMPTZ). */
  select: string;
  /** The partitioning column; by time of arrival where left out, none where null. */
  partitionColumn?: string | null;
  partitionType?: 'DAY' | 'MONTH';
  requirePartitionFilter?: boolean;
  /** How many times over every row is in the table. */
  repeat?: number;
}

export interface StandInTable {
  project: string;
  dataset: string;
  table: string;
  /** `project.dataset.table`. */
  name: string;
  location: string;
  /** `_PARTITIONTIME`, a column's name, or null. */
  partitionColumn: string | null;
  partitionType: 'DAY' | 'MONTH';
  requirePartitionFilter: boolean;
  repeat: number;
  relation: string;
}

export const ARRIVAL = '_PARTITIONTIME';

/** The stand-in's tables: rows lie in a DuckDB database of its own, which tests change by plain SQL. */
export class StandInTables {
  readonly #database: Database;
  readonly #tables = new Map<string, StandInTable>();
  /** Grows with every change; results of earlier versions are not used again. */
  version = 0;

  private constructor(database: Database) {
    this.#database = database;
  }

  static async open(): Promise<StandInTables> {
    return new StandInTables(await openDatabase({ threads: 1 }));
  }

  close(): void {
    this.#database.close();
  }

  async create(spec: TableSpec): Promise<StandInTable> {
    const { project, dataset, table } = spec;
    const name = `${project}.${dataset}.${table}`;
    const relation = sqlName(name);
    this.version++;
    await this.#database.connection.run(`CREATE OR REPLACE TABLE ${relation} AS ${spec.select}`);
    const made: StandInTable = {
      project,
      dataset,
      table,
      name,
      location: spec.location ?? 'EU',
      partitionColumn: spec.partitionColumn === undefined ? ARRIVAL : spec.partitionColumn,
      partitionType: spec.partitionType ?? 'DAY',
      requirePartitionFilter: spec.requirePartitionFilter ?? false,
      repeat: spec.repeat ?? 1,
      relation,
    };
    this.#tables.set(name, made);
    return made;
  }

  get(name: string): StandInTable | undefined {
    return this.#tables.get(name);
  }

  inDataset(project: string, dataset: string): StandInTable[] {
    return [...this.#tables.values()].filter((table) => table.project === project && table.dataset === dataset);
  }

  /** Runs a statement in DuckDB's SQL: the way to add a column, rewrite a partition, and so on. */
  async change(sql: string): Promise<void> {
    this.version++;
    await this.#database.connection.run(sql);
  }

  async columns({ relation, partitionColumn }: StandInTable): Promise<GoogleTable['columns']> {
    const described = await selectRows<{ column_name: string; column_type: string }>(
      this.#database.connection,
      `DESCRIBE ${relation}`,
    );
    return described.map(({ column_name: name, column_type: type }) => ({
      name,
      type,
      isPseudo: name === ARRIVAL && partitionColumn === ARRIVAL,
    }));
  }

  /** The distinct values of the partitioning column, in order. */
  async partitions({ relation, partitionColumn }: StandInTable): Promise<unknown[]> {
    if (partitionColumn === null) return [];
    const found = await selectRows<{ value: unknown }>(
      this.#database.connection,
      `SELECT DISTINCT ${sqlName(partitionColumn)} AS value FROM ${relation} ORDER BY ALL`,
    );
    return found.map(({ value }) => value);
  }

  /** Rows of the chosen partitions (of all where null), with the chosen columns alone, in the order they were written. */
  async rows(table: StandInTable, columns: string[], partitions: unknown[] | null): Promise<Record<string, unknown>[]> {
    const list = columns.length === 0 ? '1 AS one' : columns.map(sqlName).join(', ');
    return selectRows(this.#database.connection, `SELECT ${list} FROM ${table.relation} ${where(table, partitions)}`);
  }

  /** Logical bytes of columns in the chosen partitions, by BigQuery's sizes of types. */
  async bytes(table: StandInTable, columns: GoogleTable['columns'], partitions: unknown[] | null): Promise<number> {
    const sizes = columns.map(({ name, type }) => `coalesce(${sizeOf(sqlName(name), parsePhysicalType(type))}, 0)`);
    const [answer] = await selectRows<{ bytes: string | null }>(
      this.#database.connection,
      `SELECT sum(${sizes.length === 0 ? '0' : sizes.join(' + ')}) AS bytes FROM ${table.relation} ${where(table, partitions)}`,
    );
    return Number(answer?.bytes ?? 0) * table.repeat;
  }

  async count(table: StandInTable): Promise<number> {
    const [answer] = await selectRows<{ n: string }>(
      this.#database.connection,
      `SELECT count(*) AS n FROM ${table.relation}`,
    );
    return Number(answer!.n) * table.repeat;
  }
}

function where({ partitionColumn }: StandInTable, partitions: unknown[] | null): string {
  if (partitions === null || partitionColumn === null) return '';
  const values = partitions.filter((value) => value !== null).map((value) => sqlText(String(value)));
  const column = sqlName(partitionColumn);
  const isNull = values.length < partitions.length ? ` OR ${column} IS NULL` : '';
  return `WHERE (${values.length === 0 ? 'false' : `${column} IN (${values.join(', ')})`}${isNull})`;
}

/** https://cloud.google.com/bigquery/pricing#data : the size of each type. */
function sizeOf(expression: string, type: PhysicalType): string {
  if ('list' in type) return `list_sum(list_transform(${expression}, lambda x: ${sizeOf('x', type.list)}))`;
  if ('struct' in type) {
    return type.struct
      .map((part) => `coalesce(${sizeOf(`(${expression}).${sqlName(part.name)}`, part.type)}, 0)`)
      .join(' + ');
  }
  if (!('scalar' in type)) throw new Error('BigQuery has no maps');
  if (type.scalar === 'VARCHAR') return `(2 + strlen(${expression}))`;
  const bytes = type.scalar.startsWith('DECIMAL') ? 16 : type.scalar === 'BOOLEAN' ? 1 : 8;
  return `(CASE WHEN ${expression} IS NULL THEN 0 ELSE ${bytes} END)`;
}
